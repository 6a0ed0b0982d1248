"""What an observer sees of a request while it is served: the phase, text as it comes, and text that is withdrawn."""

from typing import Literal, Protocol

Phase = Literal["thinking", "writing", "checking", "repairing", "retrying"]
"""What happens now.

`thinking` and `writing` are the model's, `checking` is ours; `repairing` and `retrying` begin another attempt: one that
repairs an answer which could not be rendered, or one after a failure or a truncated answer.
"""


class Progress(Protocol):
    """Observes one request. Its methods are called in the order of events and must not raise."""

    def phase(self, phase: Phase) -> None:
        """Note that this phase begins."""

    def text(self, piece: str) -> None:
        """Note a piece of the model's answer, without its reasoning, as the host sent it."""

    def reset(self) -> None:
        """Note that all text so far is withdrawn, because another attempt begins."""


class _Silent:
    def phase(self, phase: Phase) -> None:
        pass

    def text(self, piece: str) -> None:
        pass

    def reset(self) -> None:
        pass


SILENT: Progress = _Silent()
"""The observer of a request that nobody watches."""
