"""What an observer is told of a request while it is served: its phase, text as it comes, and text withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

Phase = Literal["thinking", "writing", "checking", "repairing", "retrying", "planning", "reviewing", "changing"]
"""What happens now.

In `thinking` and `writing` the model works, in `checking` this service. `repairing` and `retrying` begin another
attempt: the first because an answer could not be rendered, the second after a failure or a truncated answer.
`planning`, `reviewing` and `changing` are the steps before and after the building of a reviewed artifact.
"""
StepResult = Literal["plan", "review"]
"""The steps of a reviewed request whose results are told while it goes on."""


class ToolCallPiece(NamedTuple):
    """A piece of a call of a tool; a stream names a call once, and sends its arguments in pieces."""

    place: int
    """Of the call in the answer, from 0."""
    id: str
    """Empty, like the name, but in the piece that first says it."""
    name: str
    arguments: str


class Progress(Protocol):
    """Observes one request. Its methods are called in the order of events, and must not raise."""

    @property
    def is_final(self) -> bool:
        """Whether text was passed on that cannot be withdrawn, so that no further attempt may begin."""

    def phase(self, phase: Phase) -> None:
        """Note that this phase begins."""

    def text(self, piece: str) -> None:
        """Note a piece of the model's answer, without its reasoning, as the host sent it."""

    def reasoning(self, piece: str) -> None:
        """Note a piece of the model's reasoning; empty where it cannot be read."""

    def tool_calls(self, pieces: Sequence[ToolCallPiece]) -> None:
        """Note pieces of the model's calls of tools."""

    def reset(self) -> None:
        """Note that all text so far is withdrawn because another attempt begins."""

    def step_result(self, step: StepResult, body: Mapping[str, Any]) -> None:
        """Note what a step of a reviewed request brought, as the answer will have it."""


class Silent:
    """An observer that ignores everything."""

    @property
    def is_final(self) -> bool:
        """Return that nothing was passed on."""
        return False

    def phase(self, phase: Phase) -> None:
        """Ignore it, as all methods do."""

    def text(self, piece: str) -> None:
        """Ignore it."""

    def reasoning(self, piece: str) -> None:
        """Ignore it."""

    def tool_calls(self, pieces: Sequence[ToolCallPiece]) -> None:
        """Ignore them."""

    def reset(self) -> None:
        """Ignore it."""

    def step_result(self, step: StepResult, body: Mapping[str, Any]) -> None:
        """Ignore it."""


SILENT: Progress = Silent()
"""The observer that ignores everything; the default."""


class OnePhase(Silent):
    """Tells an observer of one phase, and of nothing that a model writes in it: that is not the artifact."""

    def __init__(self, progress: Progress, phase: Phase) -> None:
        self._progress = progress
        self._phase = phase

    def phase(self, phase: Phase) -> None:
        """Tell of the one phase, whatever an attempt does in it."""
        if phase != "checking":
            self._progress.phase(self._phase)
