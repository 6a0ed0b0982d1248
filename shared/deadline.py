"""How much time is left for a request; nothing else in the project asks Lambda."""

import time
from collections.abc import Callable
from typing import Protocol

_USEFUL_SECONDS = 20.0
"""Nothing comes of calling a model that thinks with less time left than this..."""
_USEFUL_SHARE = 0.1
"""...or than this part of all the time, where that is less."""

_RESERVED_SHARE, _MIN_RESERVE, _MAX_RESERVE = 0.05, 0.5, 10.0
"""Of the time, and in seconds. A function of 512 MB has a third of a core: what takes 1.5 s here takes 5 there."""
_ANSWER_SECONDS = 1.0
"""What is left of the reserve at least for the cost line and the answer, where it is that long."""

Clock = Callable[[], float]
"""Seconds on a clock that never goes back, such as `time.monotonic`."""


class LambdaContext(Protocol):
    """The part of Lambda's context object that this bundle uses."""

    @property
    def aws_request_id(self) -> str:
        """The invocation's id, which is the request ID everywhere."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the platform kills the process."""


class Deadline:
    """A point in time after which no model may be waited for, and a reserve behind it for all that follows."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic, reserve: float = _MIN_RESERVE) -> None:
        self._clock = clock
        self._ends_at = clock() + seconds
        self._reserve = reserve
        self._timeout_at = self._ends_at + reserve
        self._useful = min(_USEFUL_SECONDS, seconds * _USEFUL_SHARE)

    @classmethod
    def of(cls, context: LambdaContext, clock: Clock = time.monotonic) -> "Deadline":
        """Return the deadline of an invocation: the platform's time-out less the reserve."""
        left = context.get_remaining_time_in_millis() / 1000
        reserve = min(_MAX_RESERVE, max(_MIN_RESERVE, left * _RESERVED_SHARE))
        return cls(left - reserve, clock, reserve)

    def share(self, part: float) -> "Deadline":
        """Return a deadline for one step: this part, of 0 to 1, of the time that is left now.

        The reserve stays behind the whole: the step's own check may run on into the time of the next step, but never
        beyond what this deadline allows.
        """
        share = Deadline(self.remaining() * part, self._clock, self._reserve)
        share._timeout_at = self._timeout_at
        return share

    def remaining(self) -> float:
        """Return the seconds that are left; 0 when there are none."""
        return self._until(self._ends_at)

    def check_time(self) -> float:
        """Return the seconds in which an answer may be checked: half of the reserve is for that as well."""
        return self._until(min(self._ends_at + self._reserve / 2, self._timeout_at - self._reserve / 2))

    def cleanup_time(self) -> float:
        """Return the seconds left for best-effort writes once the answer is known; the last second is not included."""
        return self._until(self._timeout_at - min(_ANSWER_SECONDS, self._reserve / 2))

    def until_timeout(self) -> float:
        """Return the seconds until the platform ends the process."""
        return self._until(self._timeout_at)

    def time_to_start(self) -> float:
        """Return the seconds that may pass before it is too late to call a model; negative when it is too late.

        What is begun in the last seconds is paid for and cannot finish.
        """
        return self._ends_at - self._clock() - self._useful

    def _until(self, moment: float) -> float:
        return max(0.0, moment - self._clock())
