"""CloudWatch Logs Insights queries, each run as one statement of SQLite.

What the saved queries use of the language is known. The rest, and what its documentation leaves open, is refused: a
result is the one that CloudWatch would give, or there is none.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from local.costs.errors import QueryError
from local.costs.events import Events, written_time
from local.costs.statement import Statement
from local.costs.values import Kind

Value = str | int | Decimal | None


@dataclass(frozen=True)
class Table:
    """A result. Times are texts as CloudWatch writes them, in UTC; what is missing is None."""

    fields: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


class Query:
    """A query that is known here; it can be run any number of times.

    Raises:
        QueryError: it is outside of what is known here of the language; the message names the construct.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._statement = Statement(text)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the columns of its result."""
        return tuple(self._statement.shown)

    @property
    def reads(self) -> frozenset[str]:
        """The fields that events have to be loaded with."""
        return frozenset(self._statement.reads)

    def run(self, events: Events) -> Table:
        """Return what CloudWatch would answer, were these its events; rows that sort as equal come in any order.

        Raises:
            QueryError: the events hold something that the query cannot be sure about.
        """
        kinds = self._statement.shown.values()
        rows = events.answer(self._statement.text)
        return Table(self.fields, tuple(tuple(map(_shown, row, kinds)) for row in rows))


def _shown(value: str | float | None, kind: Kind) -> Value:
    if kind is Kind.TIME and isinstance(value, int):
        return written_time(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise QueryError("a number is too large to calculate with")
        return Decimal(repr(value))  # the decimal that the line had
    return value
