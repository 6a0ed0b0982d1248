"""How many requests: per caller, function and window, and per function and minute. Exact, however many come at once.

Answers that are given again are counted apart: they cost no model, but each starts a function.

Windows begin at whole multiples of their length since the epoch, so that a count is one write to one item.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from shared.guard.allowance import Allowance
from shared.guard.errors import RateLimited
from shared.guard.table import Table, digest
from shared.guard.visit import Visit

_MINUTE = 60
_KEPT_SECONDS = 3600
"""How long a counter is kept behind its window: for what is given back late."""


class LimitRules(NamedTuple):
    """Requests per function; None sets no limit."""

    guest: int | None
    user: int | None
    window_seconds: int
    overall_per_minute: int
    replays: int
    """Answers given again per caller and window, whoever that is."""


class _Window(NamedTuple):
    """One counter of one window."""

    key: str
    limit: int
    ends_at: int

    def allowance(self, count: int) -> Allowance:
        return Allowance(limit=self.limit, remaining=max(0, self.limit - count), reset=self.ends_at)


class Taken:
    """A request that was counted.

    Attributes:
        allowance: what is left of the limit that its caller is told of: the caller's own, where there is one.
    """

    def __init__(self, allowance: Allowance, give_back: Callable[[], None]) -> None:
        self.allowance = allowance
        self._give_back: Callable[[], None] | None = give_back

    def give_back(self) -> None:
        """Count it no longer, because a later step refused it; once, and never raises."""
        give_back, self._give_back = self._give_back, None
        if give_back:
            give_back()
            self.allowance = self.allowance._replace(remaining=self.allowance.remaining + 1)


class Limits:
    """Counts requests."""

    def __init__(self, rules: LimitRules, table: Table, now: Callable[[], float] = time.time) -> None:
        self.rules = rules
        self._table = table
        self._now = now

    def take(self, visit: Visit) -> Taken:
        """Count one request: first of its caller's, then of all.

        Raises:
            RateLimited: one of the limits is reached; nothing is counted.
            StoreUnavailable: nobody knows.
        """
        taken: list[str] = []
        allowances = []
        try:
            for window in self._windows(visit):
                allowances.append(self._take(window, visit))
                taken.append(window.key)
        except BaseException:
            self._give_back(taken, visit)
            raise
        return Taken(allowances[0], partial(self._give_back, taken, visit))

    def take_replay(self, visit: Visit) -> None:
        """Count one answer that is given again for its `Idempotency-Key`; it counts as no request.

        Raises:
            RateLimited: the limit is reached.
            StoreUnavailable: nobody knows.
        """
        self._take(self._of_caller("replays", self.rules.replays, visit), visit)

    def _of_caller(self, what: str, limit: int, visit: Visit) -> _Window:
        name = (what, visit.function, digest(visit.caller_id))
        return _window(name, limit, self.rules.window_seconds, self._now())

    def _give_back(self, keys: list[str], visit: Visit) -> None:
        for key in reversed(keys):
            less = partial(self._table.correct, key, -1)
            visit.afterwards(less, "a count was not given back")

    def _windows(self, visit: Visit) -> list[_Window]:
        """The windows that this request is counted in: its caller's, if there is a limit, and that of all."""
        now, rules = self._now(), self.rules
        windows = [_window(("minute", visit.function), rules.overall_per_minute, _MINUTE, now)]
        limit = rules.guest if visit.guest else rules.user
        if limit is not None:
            windows.insert(0, self._of_caller("calls", limit, visit))
        return windows

    def _take(self, window: _Window, visit: Visit) -> Allowance:
        expires_at = window.ends_at + _KEPT_SECONDS
        count = self._table.add(window.key, 1, visit.seconds, ceiling=window.limit, expires_at=expires_at)
        if count is None:
            raise RateLimited(window.allowance(window.limit), max(1.0, window.ends_at - self._now()))
        return window.allowance(count)


def _window(name: tuple[str, ...], limit: int, length: int, now: float) -> _Window:
    begins_at = int(now // length) * length
    return _Window("#".join((*name, str(begins_at))), limit, begins_at + length)
