"""Keys that are read from elsewhere: kept for a time, and read again, at a limited rate, when one is not known."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from shared.deadline import Clock, Deadline
from shared.errors import Failure

_MAX_AGE_SECONDS = 3600.0
"""How old keys may become while they cannot be read again, so that callers known before are served meanwhile."""
_MIN_INTERVAL_SECONDS = 30.0
"""Minimum time between two reads of expired keys..."""
_MIN_INTERVAL_WITHOUT_KEYS_SECONDS = 5.0
"""...and between two reads while there are no keys at all, when nobody can be verified."""
_UNKNOWN_INTERVAL_SECONDS = 10.0
"""Keys are read once in this time for unknown ones, however many of those callers name..."""
_UNKNOWN_BURST = 3
"""...after this many at once, so that a few invented ones do not delay the first caller with a new key."""

KeysT = TypeVar("KeysT")
FoundT = TypeVar("FoundT")


class KeyCache(Generic[KeysT]):
    """Keys as they were when they were last read.

    Args:
        read: returns them, within some seconds, or raises why they cannot be had or used.
        refresh_seconds: keys older than this are read again.
    """

    def __init__(self, read: Callable[[float], KeysT], refresh_seconds: float, clock: Clock = time.monotonic) -> None:
        self._read = read
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._keys: KeysT | None = None
        self.failure: Failure | None = None
        """Why the last read failed; None if it did not."""
        self._read_at = self._tried_at = self._unknown_until = float("-inf")

    def find(self, match: Callable[[KeysT], FoundT | None], deadline: Deadline) -> FoundT | None:
        """Return what `match` finds in the keys; None if there is no such key.

        Raises:
            Failure: there is no such key, and the keys cannot be read now.
        """
        due = self._clock() - self._read_at >= self._refresh_seconds and self._seconds_to_read() <= 0
        if due:
            self._refresh(deadline)
        found = self._match(match)
        if found is None and not due and self._may_read_for_unknown():
            self._refresh(deadline)
            found = self._match(match)
        if found is None and self.failure:
            if self.failure.retryable:
                self.failure.retry_after_seconds = self._seconds_to_read()
            raise self.failure.with_traceback(None)
        return found

    def _match(self, match: Callable[[KeysT], FoundT | None]) -> FoundT | None:
        return None if self._keys is None else match(self._keys)

    def _refresh(self, deadline: Deadline) -> None:
        """Read the keys; if that fails, keep the old ones while they are young enough."""
        try:
            self._keys = self._read(deadline.remaining())
        except Failure as failure:
            self.failure = failure
            if self._clock() - self._read_at >= _MAX_AGE_SECONDS:
                self._keys = None
        else:
            self.failure, self._read_at = None, self._clock()
        self._tried_at = self._clock()

    def _may_read_for_unknown(self) -> bool:
        """Return whether keys that are not due may be read for an unknown one; count the read if so."""
        now = self._clock()
        until = max(now, self._unknown_until)
        down = self.failure is not None and self._seconds_to_read() > 0
        if down or self._keys is None or until - now > (_UNKNOWN_BURST - 1) * _UNKNOWN_INTERVAL_SECONDS:
            return False
        self._unknown_until = until + _UNKNOWN_INTERVAL_SECONDS
        return True

    def _seconds_to_read(self) -> float:
        """Return the seconds until keys that are due may be read again."""
        interval = _MIN_INTERVAL_WITHOUT_KEYS_SECONDS if self._keys is None else _MIN_INTERVAL_SECONDS
        return self._tried_at + interval - self._clock()
