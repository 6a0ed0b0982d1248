"""How much time a request has left. This is the only module that asks Lambda."""

import time
from collections.abc import Callable
from threading import Event
from typing import Protocol

_MIN_CALL_SECONDS = 20.0
"""With less time left than this, a thinking model cannot finish, so it is not called..."""
_MIN_CALL_SHARE = 0.1
"""...or with less than this share of the total time, where that is less."""

_RESERVED_SHARE, _MIN_RESERVE, _MAX_RESERVE = 0.05, 0.5, 10.0
"""Share of the time, and bounds in seconds. 512 MB of memory give a third of a core: 1.5 s on a full one become 5."""
_ANSWER_SECONDS = 1.0
"""The part of the reserve that is kept for the cost line and the answer; at most half of the reserve."""

Clock = Callable[[], float]
"""Returns seconds on a monotonic clock, such as `time.monotonic`."""


class LambdaContext(Protocol):
    """The part of Lambda's context object that this bundle uses."""

    @property
    def aws_request_id(self) -> str:
        """The invocation's id, used as the request ID everywhere."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the platform kills the process."""


class Deadline:
    """The time after which no model is waited for, and a reserve after it for all later work."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic, reserve: float = _MIN_RESERVE) -> None:
        self._clock = clock
        self._ended = Event()
        self._ends_at = clock() + seconds
        self._reserve = reserve
        self._timeout_at = self._ends_at + reserve
        self._min_call_seconds = min(_MIN_CALL_SECONDS, seconds * _MIN_CALL_SHARE)

    @classmethod
    def of(cls, context: LambdaContext, clock: Clock = time.monotonic) -> "Deadline":
        """Return the deadline of an invocation: the platform's time-out less the reserve."""
        left = context.get_remaining_time_in_millis() / 1000
        reserve = min(_MAX_RESERVE, max(_MIN_RESERVE, left * _RESERVED_SHARE))
        return cls(left - reserve, clock, reserve)

    def share(self, fraction: float) -> "Deadline":
        """Return a deadline for one step: this fraction (0 to 1) of the time that is left now.

        The reserve stays at the end of the request: the step's check may run into the time of the next step, but never
        past the end of this deadline. A share ends with the whole, and the whole with a share that is ended.
        """
        share = Deadline(self.remaining() * fraction, self._clock, self._reserve)
        share._timeout_at = self._timeout_at
        share._ended = self._ended
        return share

    def end(self) -> None:
        """End it now, as nobody waits any more: no model is called or waited for from now on."""
        self._ends_at = min(self._ends_at, self._clock())
        self._ended.set()

    def sleep(self, seconds: float) -> None:
        """Wait this long, or until it is ended."""
        self._ended.wait(seconds)

    def remaining(self) -> float:
        """Return the seconds left; 0 when the deadline has passed."""
        return self._until(self._end)

    def check_time(self) -> float:
        """Return the seconds left for checking an answer; half of the reserve is included."""
        return self._until(min(self._end + self._reserve / 2, self._timeout_at - self._reserve / 2))

    def cleanup_time(self) -> float:
        """Return the seconds left for best-effort writes once the answer is known; the last second is not included."""
        return self._until(self._timeout_at - min(_ANSWER_SECONDS, self._reserve / 2))

    def until_timeout(self) -> float:
        """Return the seconds until the platform ends the process."""
        return self._until(self._timeout_at)

    def time_to_start(self) -> float:
        """Return the seconds until it is too late to call a model; negative when it is too late.

        A call made in the last seconds is paid for and cannot finish.
        """
        return self._end - self._clock() - self._min_call_seconds

    @property
    def _end(self) -> float:
        return min(self._ends_at, self._clock()) if self._ended.is_set() else self._ends_at

    def _until(self, moment: float) -> float:
        return max(0.0, moment - self._clock())
