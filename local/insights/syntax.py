"""What an expression and a command are made of, as the parser hands them over."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from local.insights.errors import Place

TIME = "@timestamp"
MESSAGE = "@message"
# Two nodes that say the same are equal wherever they stand.


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number."""

    value: str | int | Decimal
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the event, or an alias."""

    name: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an aggregate, by its name in small letters; `count(*)` has no arguments."""

    name: str
    arguments: tuple["Node", ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and what it works on: two operands, but one for `not`, and any number for `and` and `or`."""

    operator: str
    operands: tuple["Node", ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`subject in [values]`, or `not in`."""

    subject: "Node"
    values: tuple[str | int | Decimal, ...]
    negated: bool
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Like:
    """`subject like "part"` or `like /expression/`, or `not like`."""

    subject: "Node"
    pattern: str | re.Pattern[str]
    negated: bool
    place: Place = field(compare=False)


Node = Literal | Field | Call | Operation | In | Like


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things that a command lists; without an alias its name is what was written."""

    node: Node
    name: str
    has_alias: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Fields:
    """`fields`, or `display`."""

    items: tuple[Item, ...]
    place: Place
    is_display: bool = False

    @property
    def name(self) -> str:
        """The command's word."""
        return "display" if self.is_display else "fields"


@dataclass(frozen=True, slots=True)
class Filter:
    """`filter`."""

    condition: Node
    place: Place
    name: str = "filter"


@dataclass(frozen=True, slots=True)
class Stats:
    """`stats`: what to compute, and by what to group."""

    items: tuple[Item, ...]
    by: tuple[Item, ...]
    place: Place
    name: str = "stats"


@dataclass(frozen=True, slots=True)
class Sort:
    """`sort`: each field, and whether it goes down."""

    keys: tuple[tuple[Field, bool], ...]
    place: Place
    name: str = "sort"


@dataclass(frozen=True, slots=True)
class Limit:
    """`limit`."""

    rows: int
    place: Place
    name: str = "limit"


@dataclass(frozen=True, slots=True)
class Dedup:
    """`dedup`."""

    fields: tuple[Field, ...]
    place: Place
    name: str = "dedup"


Command = Fields | Filter | Stats | Sort | Limit | Dedup
