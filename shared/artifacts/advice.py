"""What models say on an artifact that they do not write: its plan, and its review; answers and events give both."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

Severity = Literal["minor", "major", "blocking"]
"""How bad a finding is, the least bad first."""


class PlanBody(TypedDict):
    """What a model planned before an artifact was built; each item is a sentence."""

    shows: list[str]
    """What the artifact shows."""
    states: list[str]
    """The states that it can be in."""
    interactions: list[str]
    """What can be done with it."""
    edgeCases: list[str]
    """What it has to get right beside the usual."""


class FindingBody(TypedDict):
    """What a review found in what was built."""

    what: str
    where: str
    """The place in it; empty where the reviewer names none."""
    severity: Severity
    """`blocking`: it does not do what was asked for; `major`: a part of that is missing or wrong; `minor`: the rest."""


class ReviewBody(TypedDict):
    """What a model found that looked at what was built, and what became of it."""

    verdict: Literal["approved", "changes_requested"]
    findings: list[FindingBody]
    """In the reviewer's order; they are about the first build, whether that was rebuilt or not."""
    changes: NotRequired[list[str]]
    """What was to be changed for the findings; left out where that was not planned."""
    rebuild: NotRequired[Literal["kept", "discarded"]]
    """What became of the rebuild: given back, or discarded for the first build; left out where there was none."""
