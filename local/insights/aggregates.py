"""What `stats` computes over the rows of a group. A missing value counts nowhere but in `count(*)`.

Sums are exact. Without a single value, all but the counts give nothing (not documented; a 0 would be a claim).
"""

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal

from local.insights.errors import QueryError
from local.insights.groups import Aggregate, Rows, Written, numbers_of, numbers_or_times, unrounded
from local.insights.syntax import Literal, Node
from local.insights.typed import NUMERIC, Kind, Typed, no_time
from local.insights.values import Get, Value, quotient

_PERCENT = 100


def aggregate(written: Written) -> Aggregate:
    """Make an aggregate ready, whose name is one of NAMES."""
    least, most, make = _AGGREGATES[written.name]
    if not least <= len(written.arguments) <= most:
        msg = f"{written.name} takes {least if least == most else f'{least} or {most}'} arguments"
        raise QueryError(msg, written.place)
    return make(written)


def _any(argument: Typed) -> Get:
    return argument.need(set(Kind) - {Kind.CONDITION}, "a field")


def _count(written: Written) -> Aggregate:
    if not written.arguments:
        return Aggregate(Kind.NUMBER, len)
    get = _any(written.arguments[0])
    return Aggregate(Kind.NUMBER, lambda rows: sum(get(row) is not None for row in rows))


def _count_distinct(written: Written) -> Aggregate:
    """Exact here; CloudWatch approximates where there are very many values."""
    get = _any(written.arguments[0])
    return Aggregate(Kind.NUMBER, lambda rows: len({value for row in rows if (value := get(row)) is not None}))


def _sum(written: Written) -> Aggregate:
    """Of a condition it is how often it holds."""
    numbers = numbers_of(written.arguments[0], NUMERIC | {Kind.CONDITION})
    return unrounded(lambda rows: sum(values) if (values := numbers(rows)) else None, written)


def _avg(written: Written) -> Aggregate:
    numbers = numbers_of(written.arguments[0])
    return unrounded(lambda rows: quotient(sum(values), len(values)) if (values := numbers(rows)) else None, written)


def _min(written: Written) -> Aggregate:
    kind, numbers = numbers_or_times(written.arguments[0])
    return Aggregate(kind, lambda rows: min(numbers(rows), default=None))


def _max(written: Written) -> Aggregate:
    kind, numbers = numbers_or_times(written.arguments[0])
    return Aggregate(kind, lambda rows: max(numbers(rows), default=None))


def _pct(written: Written) -> Aggregate:
    """The least of the values that so many percent of all do not exceed; how CloudWatch approximates is not known."""
    numbers, percent = numbers_of(written.arguments[0]), _percent(written.nodes[1])

    def pct(rows: Rows) -> Value:
        values = sorted(numbers(rows))
        rank = int((len(values) * percent / _PERCENT).to_integral_value(ROUND_CEILING))
        return values[max(rank, 1) - 1] if values else None

    return Aggregate(Kind.NUMBER, pct)


def _percent(node: Node) -> Decimal:
    value = node.value if isinstance(node, Literal) else ""
    if isinstance(value, str) or not 0 <= value <= _PERCENT:
        raise QueryError("pct takes a number from 0 to 100 as its second argument", node.place)
    return Decimal(value)


def _latest(written: Written) -> Aggregate:
    return _at(lambda times: len(times) - 1 - times[::-1].index(max(times)), written)


def _earliest(written: Written) -> Aggregate:
    return _at(lambda times: times.index(min(times)), written)


def _at(end: Callable[[list[int]], int], written: Written) -> Aggregate:
    """The value in the row with the latest time, the last of these, or with the earliest time, the first of these.

    Whether a row without the value is passed over is not documented, so that has to be the query's own doing.
    """
    get, time, name, place = _any(written.arguments[0]), written.time, written.name, written.place
    if time is None:
        msg = f"{name} needs @timestamp, which stats has not left"
        raise QueryError(msg, place)

    def at(rows: Rows) -> Value:
        times = [since for row in rows if isinstance(since := time(row), int)]
        if len(times) < len(rows):
            raise no_time(place)
        value = get(rows[end(times)])
        if value is None and any(get(row) is not None for row in rows):
            msg = f"{name} gives nothing, or looks further, where the row has no value: filter with ispresent first"
            raise QueryError(msg, place)
        return value

    return Aggregate(written.arguments[0].kind, at)


_AGGREGATES: dict[str, tuple[int, int, Callable[[Written], Aggregate]]] = {
    "avg": (1, 1, _avg),
    "count": (0, 1, _count),
    "count_distinct": (1, 1, _count_distinct),
    "earliest": (1, 1, _earliest),
    "latest": (1, 1, _latest),
    "max": (1, 1, _max),
    "min": (1, 1, _min),
    "pct": (2, 2, _pct),
    "sum": (1, 1, _sum),
}
"""By name: the least and the most arguments, and what makes it ready."""
NAMES = frozenset(_AGGREGATES)
