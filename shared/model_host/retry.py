"""Whether to try again, and when: exponential backoff with full jitter, or after the host's hint."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.errors import Failure
from shared.model_host.errors import ModelGone, ModelHostFailure

_BACKOFF_SECONDS = 1.0
_BACKOFF_CAP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The bounds of trying again; waits in seconds."""

    max_attempts: int
    """Attempts per model."""
    max_calls: int
    """Calls to the host per request, whatever they are for."""
    max_wait: float
    """A host that asks for a longer wait is not tried again."""
    jitter: Callable[[float, float], float]

    def wait(self, failure: Failure, *, attempts: int, calls: int, spare: float) -> float | None:
        """Seconds to wait before the same model is asked again; None when it is not.

        Args:
            failure: what the last attempt ended in.
            attempts: how often this model has been asked.
            calls: how often the host has been called for this request.
            spare: seconds that may pass before it is too late for an attempt (see `Deadline.spare`).
        """
        if not (isinstance(failure, ModelHostFailure) and failure.transient):
            return None
        if attempts >= self.max_attempts or self.spent(calls) or self._asks_for_too_much(failure, spare):
            return None
        wait = failure.retry_after_seconds
        if wait is None:
            wait = self.jitter(0.0, min(_BACKOFF_CAP_SECONDS, _BACKOFF_SECONDS * 2.0 ** (attempts - 1)))
        return wait if wait <= spare else None

    def next_model(self, failure: Failure, *, calls: int, spare: float) -> bool:
        """Whether another model may succeed where this one failed for the last time."""
        if self.spent(calls) or spare < 0:
            return False
        if isinstance(failure, ModelGone):
            return True
        transient = isinstance(failure, ModelHostFailure) and failure.transient
        return transient and not self._asks_for_too_much(failure, spare)

    def spent(self, calls: int) -> bool:
        """Whether the host has been called as often as a request may call it."""
        return calls >= self.max_calls

    def _asks_for_too_much(self, failure: Failure, spare: float) -> bool:
        """Whether the host's hint is longer than we wait: then the caller is told at once, with the hint."""
        hint = failure.retry_after_seconds
        return hint is not None and (hint > self.max_wait or hint > spare)
