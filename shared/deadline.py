"""How much time is left for a request; nothing else in the house asks Lambda."""

import time
from collections.abc import Callable
from typing import Protocol

Clock = Callable[[], float]
"""Seconds on a clock that never goes back, such as `time.monotonic`."""


class LambdaContext(Protocol):
    """The part of Lambda's context object that this bundle uses."""

    @property
    def aws_request_id(self) -> str:
        """The invocation's id, which is the request id everywhere."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the platform kills the process."""


class Deadline:
    """A point in time after which nothing may still be waited for."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._ends_at = clock() + seconds

    @classmethod
    def of(cls, context: LambdaContext, clock: Clock = time.monotonic) -> "Deadline":
        """The deadline of an invocation: the platform's time-out less a reserve for answering and logging."""
        left = context.get_remaining_time_in_millis() / 1000
        return cls(left - _reserve(left), clock)

    def remaining(self) -> float:
        """Seconds that are left; 0 when there are none."""
        return max(0.0, self._ends_at - self._clock())


def _reserve(seconds: float) -> float:
    """Seconds kept back: 5 % of what there is, at least half a second, at most two."""
    return min(2.0, max(0.5, seconds * 0.05))
