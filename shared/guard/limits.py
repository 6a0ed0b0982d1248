"""Rate limits: requests per caller (user or guest), function and window, and per function and minute.

They are exact, however many requests come at once. Replays are counted separately: they call no model, but each runs a
function. Windows begin at multiples of their length since the epoch, so that counting is one write to one item.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from shared.guard.errors import Allowance, RateLimited
from shared.guard.table import Table, digest
from shared.run import Run

_MINUTE = 60
_RETENTION_SECONDS = 3600
"""How long a counter is kept after its window, for late refunds."""


class LimitRules(NamedTuple):
    """Requests per function; None sets no limit."""

    guest: int | None
    user: int | None
    window_seconds: int
    overall_per_minute: int
    replays: int
    """Replays per caller and window, for users and guests alike."""


class _Window(NamedTuple):
    """One counter of one window."""

    key: str
    limit: int
    ends_at: int

    def allowance(self, count: int) -> Allowance:
        return Allowance(limit=self.limit, remaining=max(0, self.limit - count), reset=self.ends_at)


class CountedRequest:
    """A request that was counted.

    Attributes:
        allowance: the limit that the answer tells of: the caller's own, or else the overall one.
    """

    def __init__(self, allowance: Allowance, refund: Callable[[], None]) -> None:
        self.allowance = allowance
        self._refund: Callable[[], None] | None = refund

    def refund(self) -> None:
        """Take the request out of the counters because it made no attempt; once, and never raises."""
        refund, self._refund = self._refund, None
        if refund:
            refund()
            self.allowance = self.allowance._replace(remaining=self.allowance.remaining + 1)


class Limits:
    """Counts requests."""

    def __init__(self, rules: LimitRules, table: Table, now: Callable[[], float] = time.time) -> None:
        self.rules = rules
        self._table = table
        self._now = now

    def count(self, run: Run) -> CountedRequest:
        """Count one request: first for its caller, then for all.

        Raises:
            RateLimited: one of the limits is reached; nothing is counted.
            StoreUnavailable: the counters cannot be read or written.
        """
        counted: list[str] = []
        allowances = []
        try:
            for window in self._windows(run):
                allowances.append(self._count(window, run))
                counted.append(window.key)
        except BaseException:
            self._refund(counted, run)
            raise
        return CountedRequest(allowances[0], partial(self._refund, counted, run))

    def count_replay(self, run: Run) -> None:
        """Count one replay, which is not counted as a request.

        Raises:
            RateLimited: the limit is reached.
            StoreUnavailable: the counter cannot be read or written.
        """
        self._count(self._of_caller("replays", self.rules.replays, run), run)

    def _of_caller(self, what: str, limit: int, run: Run) -> _Window:
        name = (what, run.function, digest(run.caller.id))
        return _window(name, limit, self.rules.window_seconds, self._now())

    def _refund(self, keys: list[str], run: Run) -> None:
        for key in reversed(keys):
            correct = partial(self._table.correct, key, -1)
            run.best_effort(correct, "a request was not taken out of the count")

    def _windows(self, run: Run) -> list[_Window]:
        """Return the windows that count this request: its caller's, if that is limited, and the overall one."""
        now, rules = self._now(), self.rules
        windows = [_window(("minute", run.function), rules.overall_per_minute, _MINUTE, now)]
        limit = rules.guest if run.caller.is_guest else rules.user
        if limit is not None:
            windows.insert(0, self._of_caller("calls", limit, run))
        return windows

    def _count(self, window: _Window, run: Run) -> Allowance:
        expires_at = window.ends_at + _RETENTION_SECONDS
        count = self._table.add(window.key, 1, run.deadline.remaining(), ceiling=window.limit, expires_at=expires_at)
        if count is None:
            raise RateLimited(window.allowance(window.limit), max(1.0, window.ends_at - self._now()))
        return window.allowance(count)


def _window(name: tuple[str, ...], limit: int, length: int, now: float) -> _Window:
    begins_at = int(now // length) * length
    return _Window("#".join((*name, str(begins_at))), limit, begins_at + length)
