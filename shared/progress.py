"""What an observer is told of a request while it is served: its phase, text as it comes, and text withdrawn."""

from typing import Literal, Protocol

Phase = Literal["thinking", "writing", "checking", "repairing", "retrying"]
"""What happens now.

In `thinking` and `writing` the model works, in `checking` this service. `repairing` and `retrying` begin another
attempt: the first because an answer could not be rendered, the second after a failure or a truncated answer.
"""


class Progress(Protocol):
    """Observes one request. Its methods are called in the order of events, and must not raise."""

    def phase(self, phase: Phase) -> None:
        """Note that this phase begins."""

    def text(self, piece: str) -> None:
        """Note a piece of the model's answer, without its reasoning, as the host sent it."""

    def reset(self) -> None:
        """Note that all text so far is withdrawn because another attempt begins."""


class _Silent:
    def phase(self, phase: Phase) -> None:
        pass

    def text(self, piece: str) -> None:
        pass

    def reset(self) -> None:
        pass


SILENT: Progress = _Silent()
"""The observer that ignores everything; the default."""
