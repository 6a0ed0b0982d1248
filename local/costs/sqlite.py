"""SQLite in memory, with what it lacks for the queries: strict numbers, percentiles, and refusals with a message."""

import re
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NoReturn

from local.costs.errors import QueryError, refuse

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]+)?")
_SHOWN = 40


class Database:
    """A database whose functions say why they refuse a value."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._problem = ""
        self._connection.create_function("number", 2, self._number)
        self._connection.create_function("number_or_text", 1, number_or_text)
        self._connection.create_function("refuse", 1, self._refuse)
        self._connection.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type] # typeshed knows ints only
        self._connection.create_aggregate("exact_avg", 1, ExactAverage)  # type: ignore[arg-type]
        self._connection.create_aggregate("pct", 2, Percentile)  # type: ignore[arg-type]

    def fill(self, table: str, columns: Sequence[str], rows: Any) -> None:  # noqa: ANN401 - whatever SQLite can hold
        """Make a table; the columns have no type, so that values stay what they are."""
        names = ", ".join(f"[{name}]" for name in columns)
        self._connection.execute(f"CREATE TABLE [{table}] ({names})")
        places = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO [{table}] VALUES ({places})", rows)  # noqa: S608 - our own names

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement.

        Raises:
            QueryError: a value was refused, or a sum is beyond 64 bits.
        """
        self._problem = ""
        try:
            return self._connection.execute(statement).fetchall()
        except sqlite3.Error as error:
            raise QueryError(self._problem or f"SQLite refuses the query: {error}") from None

    def _number(self, value: str, name: str) -> int | float:
        found = number_or_text(value)
        if isinstance(found, str):
            self._refuse(f"{name} holds {value[:_SHOWN]!r}, which is no number")
        return found

    def _refuse(self, why: str) -> NoReturn:
        self._problem = why
        refuse(why)


def number_or_text(value: str) -> int | float | str:
    """Return the number that a text writes out, or the text itself where it does not."""
    if not _NUMBER.fullmatch(value):
        return value
    return float(value) if "." in value else int(value)


class _Values:
    """The values of a group; those that are missing do not count."""

    def __init__(self) -> None:
        self.values: list[int | float] = []

    def step(self, value: float | None) -> None:
        """Take one more value."""
        if value is not None:
            self.values.append(value)


class ExactSum(_Values):
    """The sum of numbers as they are written; SQLite's own adds doubles, and differs with its version."""

    def finalize(self) -> int | float | None:
        """Return the sum, or nothing where there was no value."""
        total = self.total()
        return (float(total) if isinstance(total, Decimal) else total) if self.values else None

    def total(self) -> int | Decimal:
        """Return the exact sum."""
        whole = [value for value in self.values if isinstance(value, int)]
        if len(whole) == len(self.values):
            return sum(whole)
        return sum((Decimal(repr(value)) for value in self.values), Decimal(0))


class ExactAverage(ExactSum):
    """The exact sum, divided."""

    def finalize(self) -> float | None:
        """Return the average, or nothing where there was no value."""
        return float(self.total() / Decimal(len(self.values))) if self.values else None


class Percentile(_Values):
    """The least of the values that so many percent of all do not exceed; how CloudWatch approximates is not known."""

    _percent = 0

    def step(self, value: float | None, percent: int = 0) -> None:
        """Take one more value."""
        super().step(value)
        self._percent = percent

    def finalize(self) -> int | float | None:
        """Return the percentile, or nothing where there was no value."""
        rank = -(-len(self.values) * self._percent // 100)
        return sorted(self.values)[max(rank, 1) - 1] if self.values else None
