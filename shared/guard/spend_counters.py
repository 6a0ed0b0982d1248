"""The day's spending in the table: how much is counted, how much of that is open, and until when at most.

Open is what attempts under way have reserved beyond what stays counted in any case. The part of a killed process stays
open until `open_until`, the latest deadline of the requests that reserved; from then on it counts as spent. Each
change is one conditional write.
"""

from collections.abc import Mapping
from typing import NamedTuple, Self

from shared.guard.dynamodb import AnswerLost, ConditionFailed, Item
from shared.guard.errors import StoreUnavailable
from shared.guard.table import Table
from shared.guard.unknown_costs import UnknownCosts
from shared.run import Run

_NAMES = {"#amount": "amount", "#open": "open", "#until": "open_until", "#expires": "expires_at"}
_MAX_WRITES = 4
"""Maximum writes per reserve; each further one follows a write of another request in between."""
_FITS = "(attribute_not_exists(#amount) OR #amount <= :max_before)"


class SpendCounter(NamedTuple):
    """One counter of one day."""

    key: str
    ceiling: int
    """Nano-dollars."""


class Times(NamedTuple):
    """When a reserve is made, in seconds since the epoch."""

    now: int
    until: int
    """When its request ends at the latest."""
    expires_at: int
    """When the counter may be cleared away."""


class Balance(NamedTuple):
    """What a counter holds. Amounts in nano-dollars."""

    amount: int
    open: int
    open_until: int

    @classmethod
    def read(cls, item: Item) -> Self:
        """Read a counter's item; raise `StoreUnavailable` if it is not one."""
        try:
            amount, *rest = (int(item.get(name, {"N": "0"})["N"]) for name in ("amount", "open", "open_until"))
        except (KeyError, ValueError, TypeError):
            raise StoreUnavailable from None
        return cls(amount, *rest)


class _Write(NamedTuple):
    """The expressions that add a reserve to a counter."""

    update: str
    condition: str


_ADD = _Write(
    "ADD #amount :amount, #open :open SET #until = :until, #expires = :expires",
    f"{_FITS} AND (attribute_not_exists(#until) OR (#until <= :until AND (#until > :now OR #open <= :none)))",
)
_ADD_KEEPING_UNTIL = _Write(
    "ADD #amount :amount, #open :open SET #expires = :expires", f"{_FITS} AND #until > :until AND #until > :now"
)
"""For a counter with an open reserve whose request may end later than this one."""
_ADD_REPLACING_OPEN = _Write(
    "ADD #amount :amount SET #open = :open, #until = :until, #expires = :expires", f"{_FITS} AND #until <= :now"
)
"""For a counter with an open reserve of a killed process, which will never be settled."""


class SpendCounters:
    """Changes the day's counters. Amounts in nano-dollars."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def reserve(self, counter: SpendCounter, amount: int, open_: int, times: Times, run: Run) -> Balance | None:
        """Add an amount, `open_` of it as open; return None if it is added, else what the counter holds.

        Raises:
            AnswerLost: it may have been added; the write is not retried.
            StoreUnavailable: it cannot be added now.
        """
        max_before = counter.ceiling - amount
        write = _ADD
        for _ in range(_MAX_WRITES):
            values = {":amount": amount, ":open": open_, ":max_before": max_before, ":expires": times.expires_at}
            values |= {":until": times.until, ":now": times.now, ":none": 0}
            try:
                self._update(
                    counter.key, write.update, write.condition, values, run.deadline.remaining(), repeatable=False
                )
            except ConditionFailed as failed:
                balance = Balance.read(failed.item)
                if balance.amount > max_before:
                    return balance
                write = _write_for(balance, times)
            else:
                return None
        raise StoreUnavailable

    def settle(self, key: str, amount: int, open_: int, seconds: float) -> None:
        """Add an amount, which may be negative, to an existing counter; a counter that has expired is not recreated."""
        values = {":amount": amount, ":open": open_}
        # Counting an amount twice is tolerable; giving one back twice would raise the limit.
        update = "ADD #amount :amount, #open :open"
        try:
            self._update(key, update, "attribute_exists(#amount)", values, seconds, repeatable=amount > 0)
        except ConditionFailed:
            return

    def note_unknown(self, unknown: UnknownCosts, expires_at: int, seconds: float) -> None:
        """Store what the counters hold for attempts of unknown cost."""
        request = {"Item": unknown.item(expires_at), "ConditionExpression": "attribute_not_exists(pk)"}
        try:
            self._table.call("PutItem", request, seconds, repeatable=True)
        except ConditionFailed:  # written before, by a call whose answer was lost
            return

    def _update(
        self, key: str, update: str, condition: str, values: Mapping[str, int], seconds: float, *, repeatable: bool
    ) -> None:
        expressions = f"{update} {condition}"
        request = {
            "Key": {"pk": {"S": key}},
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {name: what for name, what in _NAMES.items() if name in expressions},
            "ExpressionAttributeValues": {
                name: {"N": str(value)} for name, value in values.items() if name in expressions
            },
            "ReturnValues": "UPDATED_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        answer = self._table.call("UpdateItem", request, seconds, repeatable=repeatable)
        # One that did not change may be left out: the amount, where the whole reserve stays counted.
        attributes = answer.get("Attributes")
        if not (isinstance(attributes, dict) and attributes.keys() & {"amount", "open"}):  # not an answer of DynamoDB
            raise AnswerLost


def _write_for(balance: Balance, times: Times) -> _Write:
    """Return the write for a counter with this balance."""
    if balance.open_until > times.now:
        return _ADD_KEEPING_UNTIL if balance.open_until > times.until else _ADD
    return _ADD_REPLACING_OPEN if balance.open > 0 else _ADD
