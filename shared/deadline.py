"""How much time is left for a request; nothing else in the house asks Lambda."""

import time
from collections.abc import Callable
from typing import Protocol

_USEFUL_SECONDS = 20.0
"""Nothing comes of calling a model that thinks with less time left than this..."""
_USEFUL_SHARE = 0.1
"""...or than this part of all the time, where that is less."""

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

    def __init__(self, seconds: float, clock: Clock = time.monotonic, grace: float = 0.25) -> None:
        self._clock = clock
        self._ends_at = clock() + seconds
        self._grace = grace
        self._useful = min(_USEFUL_SECONDS, seconds * _USEFUL_SHARE)

    @classmethod
    def of(cls, context: LambdaContext, clock: Clock = time.monotonic) -> "Deadline":
        """The deadline of an invocation: the platform's time-out less a reserve for answering and logging."""
        left = context.get_remaining_time_in_millis() / 1000
        reserve = _reserve(left)
        return cls(left - reserve, clock, grace=reserve / 2)

    def remaining(self) -> float:
        """Seconds that are left; 0 when there are none."""
        return max(0.0, self._ends_at - self._clock())

    def grace(self) -> float:
        """Seconds that are left for all that no answer depends on: half of what is kept back is for that as well."""
        return max(0.0, self._ends_at + self._grace - self._clock())

    def spare(self) -> float:
        """Seconds that may pass before it is too late to call a model; negative when it is too late.

        What is begun in the last seconds is paid for and cannot finish.
        """
        return self._ends_at - self._clock() - self._useful


def _reserve(seconds: float) -> float:
    """Seconds kept back: 5 % of what there is, at least half a second, at most two."""
    return min(2.0, max(0.5, seconds * 0.05))
