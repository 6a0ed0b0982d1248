"""The spending limits per UTC day, overall and per caller: reserved before each attempt, settled after it.

The table counts nano-dollars, reserves included. By how much the true bill may still exceed a limit, because the cost
of some attempts is unknown, is worked out in docs/operations.md.
"""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from shared.costs.usage import nano_usd
from shared.costs.worst_case import WorstCase
from shared.guard.errors import BudgetExhausted, BudgetReserved, BudgetTooSmall
from shared.guard.spend_counters import SpendCounter, SpendCounters, Times
from shared.guard.table import Table, digest
from shared.run import Run

_RETENTION = timedelta(days=35)
"""How long the sum of a day is kept, for reading it later."""


class BudgetRules(NamedTuple):
    """USD per UTC day, over all functions."""

    overall: Decimal
    caller: Decimal | None
    """None sets no limit per caller."""


class Budget:
    """The spending limits of the day, over counters in the table."""

    def __init__(self, rules: BudgetRules, table: Table, now: Callable[[], float] = time.time) -> None:
        self.rules = rules
        self.counters = SpendCounters(table)
        self._now = now

    def reserve(self, counter: SpendCounter, amount: int, open_: int, run: Run) -> None:
        """Add nano-dollars to a counter, `open_` of them as open.

        Raises:
            BudgetExhausted: not enough is left; `BudgetReserved` if there may be enough before the day is over.
            StoreUnavailable: the counter cannot be read or written.
        """
        times = self.times(run)
        balance = self.counters.reserve(counter, amount, open_, times, run)
        if balance is None:
            return
        if balance.open_until > times.now and balance.amount - balance.open + amount <= counter.ceiling:
            raise BudgetReserved(balance.open_until - times.now)
        raise self._exhausted()

    def check(self, worst: WorstCase) -> None:
        """Check the maximum cost of one attempt against the limits of a whole day.

        Raises:
            BudgetTooSmall: it is more than one of them.
        """
        limits = (self.rules.overall, self.rules.caller)
        if any(limit is not None and worst.reserve > (nano_usd(limit) or 0) for limit in limits):
            raise BudgetTooSmall

    def counters_of(self, caller_id: str) -> list[SpendCounter]:
        """Return the day's counters for this caller, with their limits."""
        overall = f"spent#{self._today.date()}"
        counters = [SpendCounter(overall, nano_usd(self.rules.overall) or 0)]
        if self.rules.caller is not None:
            counters.append(SpendCounter(f"{overall}#{digest(caller_id)}", nano_usd(self.rules.caller) or 0))
        return counters

    def times(self, run: Run) -> Times:
        """Return when a reserve of this request is made, and when it is settled at the latest."""
        now = self._now()
        until = math.ceil(now + run.deadline.cleanup_time())
        return Times(now=int(now), until=until, expires_at=int(now + _RETENTION.total_seconds()))

    @property
    def _today(self) -> datetime:
        return datetime.fromtimestamp(self._now(), UTC)

    def _exhausted(self) -> BudgetExhausted:
        now = self._today
        reopens_at = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        message = f"The spending limit of the day is used up. It opens again on {reopens_at.date()} at 00:00 UTC."
        return BudgetExhausted(message, retry_after_seconds=max(1.0, (reopens_at - now).total_seconds()))
