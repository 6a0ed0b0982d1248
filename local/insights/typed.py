"""An expression made ready to run: what kind of value it gives, and the function that gives it for a row."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from local.insights.errors import Place, QueryError
from local.insights.values import Get, Row, Value, number


class Kind(Enum):
    """What is known of a value before the query runs."""

    FIELD = auto()
    """Whatever the event has, or nothing."""
    NUMBER = auto()
    """A number or nothing."""
    FLAG = auto()
    """1 or 0, and never nothing: a number and a condition."""
    TEXT = auto()
    TIME = auto()
    """Milliseconds since 1970, or nothing."""
    CONDITION = auto()
    """True, False, or None: false or nothing at all, which the documentation does not tell apart."""


NUMERIC = {Kind.FIELD, Kind.NUMBER, Kind.FLAG}
_WORDS = {
    Kind.FIELD: "a field",
    Kind.NUMBER: "a number",
    Kind.FLAG: "1 or 0",
    Kind.TEXT: "a text",
    Kind.TIME: "a time",
    Kind.CONDITION: "a condition",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression; `place` is where it stands in the query."""

    kind: Kind
    get: Get
    place: Place

    def need(self, kinds: set[Kind], wanted: str) -> Get:
        """Its function, if it is of one of these kinds."""
        if self.kind not in kinds:
            msg = f"{_WORDS[self.kind]} stands where {wanted} should be"
            raise QueryError(msg, self.place)
        return self.get

    def as_condition(self) -> Get:
        """As a condition: a field alone is none, whatever it holds."""
        return self.need({Kind.CONDITION, Kind.FLAG}, "a condition (such as field = 1)")

    def as_value(self) -> "Typed":
        """As something to show or to group by: of a condition 1 or 0, where all values are there to tell."""
        if self.kind is not Kind.CONDITION:
            return self
        return Typed(Kind.FLAG, _decided(self.get, self.place), self.place)

    def as_number(self) -> Get:
        """As a number; a text that writes one out will do."""
        get = self.need(NUMERIC, "a number")
        return _numeric(get, self.place) if self.kind is Kind.FIELD else get

    def as_text(self) -> Get:
        """As a text: a number written out, where there is one way to write it."""
        get = self.need(NUMERIC | {Kind.TEXT}, "a text")
        return get if self.kind is Kind.TEXT else _textual(get, self.place)


def as_number(value: str | int | Decimal, place: Place) -> int | Decimal:
    """The number that it is or writes out."""
    found = number(value)
    if found is None:
        msg = f"{value!r} is not a number"
        raise QueryError(msg, place)
    return found


def _decided(get: Get, place: Place) -> Get:
    def decided(row: Row) -> Value:
        value = get(row)
        if value is None:
            raise undecided("a comparison", place)
        return value

    return decided


def undecided(what: str, place: Place) -> QueryError:
    """What to raise where a missing value would decide the result."""
    problem = f"what {what} gives where a value is missing, as in an event here, is not documented"
    return QueryError(f"{problem}: ask ispresent first", place)


def no_time(place: Place) -> QueryError:
    """What to raise where a line has no time of its own."""
    return QueryError("an event here has no @timestamp, as each has in CloudWatch", place)


def _numeric(get: Get, place: Place) -> Get:
    def numeric(row: Row) -> Value:
        value = get(row)
        return as_number(value, place) if isinstance(value, str) else value

    return numeric


def _textual(get: Get, place: Place) -> Get:
    def textual(row: Row) -> Value:
        value = get(row)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Decimal):
            msg = f"how CloudWatch writes {value} as a text is not documented"
            raise QueryError(msg, place)
        return str(int(value))

    return textual
