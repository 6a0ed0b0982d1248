"""What is to be made: the brief of one artifact."""

from typing import NamedTuple

from shared.artifacts.artifact import Artifact
from shared.artifacts.kinds import Kind
from shared.costs.attempt_lines import Purpose


class Brief(NamedTuple):
    """What is to be made, or what is to be changed in an artifact that is there."""

    prompt: str
    kind: Kind | None = None
    """The wanted kind; None: the model chooses, and a change keeps the kind."""
    session_id: str | None = None
    given: Artifact | None = None
    """What is to be changed."""
    plan: str = ""
    """What an artifact has to show and to do, in lines; empty where nothing was planned."""
    purpose: Purpose = "first"
    """That of the first attempt."""
