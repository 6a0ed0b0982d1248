"""`stats`: the rows are grouped, the aggregates are computed for each group, and then what is made of these.

Documented (2025): several results with aliases, expressions of aggregates such as `sum(requests) / count(*)`, and a
result that later ones of the same command speak of by its alias. A row shows the groups' fields first. Events that
have nothing in a field make a group of their own. No events make no rows, without `by` too (not documented).
"""

from collections import defaultdict

from local.insights.aggregates import NAMES, aggregate
from local.insights.compiler import compiled
from local.insights.errors import QueryError
from local.insights.groups import Aggregate, Written
from local.insights.scopes import Scope, column
from local.insights.steps import Step
from local.insights.syntax import Call, Field, Item, Stats
from local.insights.typed import Kind, Typed
from local.insights.values import Get, Row, Value

_Named = tuple[str, Get]


class _GroupScope:
    """Inside the results of one `stats`: aggregates, and the aliases of the results before."""

    def __init__(self, rows: Scope, time: Get | None) -> None:
        self._rows = rows
        self._time = time
        self.aggregates: dict[Call, tuple[str, Aggregate]] = {}
        self.results: dict[str, Kind] = {}

    def field(self, field: Field) -> Typed:
        """The result of this name."""
        if field.name not in self.results:
            msg = f"{field.name} stands outside of an aggregate, and no result before it has this name"
            raise QueryError(msg, field.place)
        return Typed(self.results[field.name], column(field.name), field.place)

    def aggregate(self, call: Call) -> Typed | None:
        """The aggregate's result; one that is written twice is computed once."""
        if call.name not in NAMES:
            return None
        if call not in self.aggregates:
            arguments = [compiled(each, self._rows) for each in call.arguments]
            made = aggregate(Written(call.name, call.arguments, arguments, self._time, call.place))
            # No field's name has a newline in it.
            self.aggregates[call] = (f"\n{len(self.aggregates)}", made)
        key, made = self.aggregates[call]
        return Typed(made.kind, column(key), call.place)


def stats_step(stats: Stats, scope: Scope, time: Get | None) -> tuple[Step, dict[str, Kind]]:
    """What the command does, and the kinds of the columns that it leaves; `time` gives a row's @timestamp."""
    columns: dict[str, Kind] = {}
    keys: list[_Named] = []
    for item in stats.by:
        typed = compiled(item.node, scope).as_value()
        keys.append((item.name, typed.get))
        columns[item.name] = typed.kind
    group = _GroupScope(scope, time)
    results: list[_Named] = []
    for item in stats.items:
        typed = compiled(item.node, group).as_value()
        results.append((_new(item, columns), typed.get))
        columns[item.name] = typed.kind
        if item.has_alias:
            group.results[item.name] = typed.kind
    return _step(keys, list(group.aggregates.values()), results), columns


def _new(item: Item, columns: dict[str, Kind]) -> str:
    if item.name in columns:
        msg = f"{item.name} is the name of two columns"
        raise QueryError(msg, item.place)
    return item.name


def _step(keys: list[_Named], made: list[tuple[str, Aggregate]], results: list[_Named]) -> Step:
    names = [name for name, _ in keys]

    def step(rows: list[Row]) -> list[Row]:
        return [row_of(key, members) for key, members in _grouped(rows, [get for _, get in keys]).items()]

    def row_of(key: tuple[Value, ...], members: list[Row]) -> Row:
        row: Row = dict(zip(names, key, strict=True))
        for name, each in made:
            row[name] = each.over(members)
        for name, get in results:
            row[name] = get(row)
        return row

    return step


def _grouped(rows: list[Row], gets: list[Get]) -> dict[tuple[Value, ...], list[Row]]:
    """The rows of each group; the groups in the order of their first rows."""
    if not gets:
        return {(): rows} if rows else {}
    groups: defaultdict[tuple[Value, ...], list[Row]] = defaultdict(list)
    for key, row in zip(zip(*([get(row) for row in rows] for get in gets), strict=True), rows, strict=True):
        groups[key].append(row)
    return groups
