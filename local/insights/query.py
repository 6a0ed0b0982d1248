"""A query made ready, and run."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.insights import times
from local.insights.building import Building
from local.insights.commands import commands
from local.insights.events import Events
from local.insights.narrowing import narrowed
from local.insights.order import check_order
from local.insights.steps import Step
from local.insights.typed import Kind, Typed
from local.insights.values import Row, Value, exactly


@dataclass(frozen=True, slots=True)
class Table:
    """A result. Times are texts as CloudWatch writes them, in UTC; what is missing is None."""

    fields: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that has been read; it can be run any number of times."""

    _steps: tuple[Step, ...]
    _columns: tuple[tuple[str, Typed], ...]
    _messages: frozenset[str] | None
    """What `message` may be in the events that matter, where that is known."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns of its result."""
        return tuple(name for name, _ in self._columns)

    def run(self, events: Events) -> Table:
        """What CloudWatch would answer, were these its events.

        Without `sort` and `stats`, the newest come first; rows of `stats` come in the order of their first events
        where nothing sorts them.

        Raises:
            QueryError: the events hold something that the query cannot be sure about; the message says what to do.
        """
        rows = events.rows if self._messages is None else events.saying(self._messages)
        with exactly():
            for step in self._steps:
                rows = step(rows)
            return Table(self.fields, tuple(map(self._shown, rows)))

    def _shown(self, row: Row) -> tuple[Value, ...]:
        return tuple([_shown(typed.kind, typed.get(row)) for _, typed in self._columns])


def parse(query: str, parameters: Mapping[str, str] | None = None) -> Query:
    """Make a query ready; `parameters` are the values of its placeholders, which stand inside quotes.

    Raises:
        QueryError: it is outside of what is known here of the language.
    """
    found = commands(query, parameters or {})
    check_order(found)
    messages, found = narrowed(found)
    building = Building()
    for command in found:
        building.add(command)
    building.finish()
    return Query(tuple(building.steps), tuple(building.columns.items()), messages)


def _shown(kind: Kind, value: Value) -> Value:
    """A JSON true is 1."""
    if isinstance(value, int):
        return times.shown(value) if kind is Kind.TIME else int(value)
    return value
