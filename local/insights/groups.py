"""What aggregates are made of: the values of a group's rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from local.insights.errors import Place, QueryError
from local.insights.syntax import Node
from local.insights.typed import NUMERIC, Kind, Typed, as_number
from local.insights.values import Get, Row, Value

Rows = Sequence[Row]
Over = Callable[[Rows], Value]
Numbers = Callable[[Rows], list[int | Decimal]]


@dataclass(frozen=True, slots=True)
class Written:
    """An aggregate as it stands in the query; `time` gives a row's @timestamp, where rows have one."""

    name: str
    nodes: Sequence[Node]
    arguments: Sequence[Typed]
    time: Get | None
    place: Place


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate made ready: the kind of its result, and the function over a group's rows."""

    kind: Kind
    over: Over


def numbers_of(argument: Typed, kinds: set[Kind] = NUMERIC) -> Numbers:
    """The numbers that the expression gives; a text that writes one out will do."""
    get, place = argument.need(kinds, "a number"), argument.place

    def numbers(rows: Rows) -> list[int | Decimal]:
        return [
            value if not isinstance(value, str) else as_number(value, place)
            for row in rows
            if (value := get(row)) is not None
        ]

    return numbers


def numbers_or_times(argument: Typed) -> tuple[Kind, Numbers]:
    """The numbers, or the times, and which of the two they are."""
    kind = Kind.TIME if argument.kind is Kind.TIME else Kind.NUMBER
    return kind, numbers_of(argument, NUMERIC | {kind})


def unrounded(over: Over, written: Written) -> Aggregate:
    """The aggregate that this comes to; what would have to be rounded is refused."""

    def exact(rows: Rows) -> Value:
        try:
            return over(rows)
        except ArithmeticError:
            msg = f"{written.name} has no exact result here"
            raise QueryError(msg, written.place) from None

    return Aggregate(Kind.NUMBER, exact)
