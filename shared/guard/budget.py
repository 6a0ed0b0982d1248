"""How much may be spent per UTC day, overall and per caller: set aside before each call to the host, settled after it.

The table counts nano-dollars, with what is set aside. So a day's sum stays within its limit but for what calls cost
beyond their own estimate, and a process that is killed leaves booked what it had set aside.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from shared import catalog
from shared.catalog import Prices
from shared.costs.purse import Purse, Reservation
from shared.costs.usage import Cost, nano_usd
from shared.guard.errors import BudgetExhausted, BudgetTooSmall
from shared.guard.estimate import most
from shared.guard.store import AnswerLost
from shared.guard.table import Table, digest
from shared.guard.visit import Visit

_KEPT = timedelta(days=35)
"""How long the sum of a day is kept, for who wants to read it."""


class BudgetRules(NamedTuple):
    """USD per UTC day, over all functions."""

    overall: Decimal
    caller: Decimal | None
    """None sets no limit per caller."""
    max_price: Prices | None
    """The most that a provider may ask; None: what the catalog says of its model."""


class Budget:
    """The day's money."""

    def __init__(self, rules: BudgetRules, table: Table, now: Callable[[], float] = time.time) -> None:
        self.rules = rules
        self._table = table
        self._now = now

    def purse(self, visit: Visit) -> Purse:
        """What the calls of one request are paid from."""
        return _Purse(self, visit)

    def reserve(self, amount: int, visit: Visit) -> "_Reservation":
        """Set nano-dollars aside in the day's books; all of it, or nothing.

        Raises:
            BudgetExhausted: there is not as much left.
            StoreUnavailable: nobody knows.
        """
        now = datetime.fromtimestamp(self._now(), UTC)
        booked: list[str] = []
        reservation = _Reservation(self._table, booked, amount, visit)
        try:
            for key, limit in self._books(now, visit.caller_id):
                self._book(key, amount, limit, now, visit)
                booked.append(key)
        except BaseException:
            reservation.change(-amount)
            raise
        return reservation

    def most(self, model: str, prompt_bytes: int, output_tokens: int) -> int:
        """What one call is estimated at, in nano-dollars."""
        return most(self.rules.max_price or catalog.ceiling(model), prompt_bytes, output_tokens)

    def _books(self, now: datetime, caller_id: str) -> list[tuple[str, Decimal]]:
        """The day's counters and their limits."""
        overall = f"spent#{now.date()}"
        books = [(overall, self.rules.overall)]
        if self.rules.caller is not None:
            books.append((f"{overall}#{digest(caller_id)}", self.rules.caller))
        return books

    def _book(self, key: str, amount: int, limit: Decimal, now: datetime, visit: Visit) -> None:
        expires_at = int((now + _KEPT).timestamp())
        ceiling = nano_usd(limit) or 0
        if amount > ceiling:
            raise BudgetTooSmall
        try:
            booked = self._table.add(key, amount, visit.seconds, ceiling=ceiling, expires_at=expires_at)
        except AnswerLost:
            visit.report(f"{amount} nano-dollars may be booked for a call that is not made (store_unavailable)")
            raise
        if booked is None:
            raise _exhausted(now)


class _Purse:
    def __init__(self, budget: Budget, visit: Visit) -> None:
        self._budget = budget
        self._visit = visit

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> Reservation:
        return self._budget.reserve(self._budget.most(model, prompt_bytes, output_tokens), self._visit)


class _Reservation:
    """Set aside in the books of the day on which it was taken, and settled there."""

    def __init__(self, table: Table, keys: list[str], amount: int, visit: Visit) -> None:
        self._table = table
        self._keys = keys
        self._amount = amount
        self._visit = visit

    def settle(self, cost: Cost) -> None:
        real = nano_usd(cost.usd)
        self.change(0 if real is None else real - self._amount)

    def change(self, amount: int) -> None:
        """Put every book right by this much, once."""
        keys, self._keys = self._keys, []
        for key in keys if amount else ():
            # More may be booked twice if need be; giving back twice would be money for nothing.
            book = partial(self._table.correct, key, amount, repeatable=amount > 0)
            self._visit.afterwards(book, f"{amount} nano-dollars were not booked")


def _exhausted(now: datetime) -> BudgetExhausted:
    opens = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    message = f"The spending limit of the day is used up. It opens again on {opens.date()} at 00:00 UTC."
    return BudgetExhausted(message, retry_after_seconds=max(1.0, (opens - now).total_seconds()))
