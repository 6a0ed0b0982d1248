"""The expressions of a query, translated into SQLite's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase

from local.costs.errors import refuse
from local.costs.tokens import Reader
from local.costs.values import Kind, Sql, quoted

TIME, MESSAGE = "@timestamp", "@message"
_KNOWN = ("avg", "bin", "coalesce", "count", "max", "min", "pct", "strcontains", "sum")
_MOST_PERCENT = 100
_PERIODS = {"s": (1000, 60), "m": (60_000, 60), "h": (3_600_000, 24), "d": (86_400_000, 1)}
"""Milliseconds, and how many of them may be one period (CloudWatch's documentation, 2026)."""


@dataclass
class Expressions:
    """Reads expressions; where `columns` is given, it says what `stats` has left."""

    reader: Reader
    columns: Mapping[str, Kind] | None = None
    reads: set[str] = field(default_factory=set)
    """The fields of the log's lines that the query names."""
    _is_result: bool = False
    """Whether this is a result of `stats`, outside of its aggregates."""

    def result(self) -> Sql:
        """Return what is calculated of numbers and aggregates."""
        self._is_result = True
        found = self.value()
        self._is_result = False
        return found

    def value(self) -> Sql:
        """Return a sum of products."""
        return self._chain(self._product, "+", "-")

    def field(self) -> Sql:
        """Return a field of the lines, or a column that `stats` has left."""
        return self._named(self.reader.expect("word"))

    def _named(self, name: str) -> Sql:
        if self.columns is not None:
            if name not in self.columns:
                refuse(f"{name} is none of the columns that stats leaves: {', '.join(self.columns)}")
            return Sql(f"[{name}]", self.columns[name], name)
        if self._is_result:
            refuse(f"{name} stands outside of an aggregate")
        if name.startswith("@") and name not in {TIME, MESSAGE}:
            refuse(f"{name} is made by CloudWatch; here there are {TIME} and {MESSAGE}")
        self.reads.add(name)
        return Sql(f"[{name}]", Kind.TIME if name == TIME else Kind.FIELD, name)

    def _product(self) -> Sql:
        return self._chain(self._operand, "*", "/")

    def _chain(self, operand: Callable[[], Sql], *signs: str) -> Sql:
        left = operand()
        while sign := self.reader.take("sign", *signs):
            right = operand()
            # SQLite would divide whole numbers without a remainder; what is divided by 0 is NULL.
            factor = "1.0 * " if sign == "/" else ""
            text = f"({factor}{left.as_number()} {sign} {right.as_number()})"
            left = Sql(text, Kind.NUMBER, f"{left.name} {sign} {right.name}")
        return left

    def _operand(self) -> Sql:
        if number := self.reader.take("number"):
            return Sql(number, Kind.NUMBER, number)
        name = self.reader.take("call")
        if name is None:
            return self.field()
        if name not in _KNOWN:
            refuse(f"{name} is no function that is known here; known are {', '.join(_KNOWN)}")
        self.reader.expect("sign", "(")
        read = {"bin": self._bin, "coalesce": self._coalesce, "strcontains": self._contains}.get(name)
        found = read() if read else self._aggregate(name)
        self.reader.expect("sign", ")")
        return found

    def _aggregate(self, name: str) -> Sql:
        if not self._is_result:
            refuse(f"{name} is an aggregate, which stands in stats, and not in another aggregate")
        if name == "count" and self.reader.take("sign", "*"):
            return Sql("count(*)", Kind.NUMBER, name)
        self._is_result = False
        of = self.value()
        self._is_result = True
        match name:
            case "count":
                return Sql(f"count({of.text})", Kind.NUMBER, name)
            case "min" | "max":
                kind = Kind.TIME if of.kind is Kind.TIME else Kind.NUMBER
                return Sql(f"{name}({of.as_sortable()})", kind, name)
            case "pct":
                return Sql(f"pct({of.as_number()}, {self._percent()})", Kind.NUMBER, name)
            case _:
                return Sql(f"exact_{name}({of.as_number()})", Kind.NUMBER, name)

    def _percent(self) -> str:
        self.reader.expect("sign", ",")
        number = self.reader.expect("number")
        if not (number.isdigit() and int(number) <= _MOST_PERCENT):
            refuse(f"pct takes a whole number of percent, and not {number}")
        return number

    def _contains(self) -> Sql:
        of = self.field()
        self.reader.expect("sign", ",")
        return Sql(of.contains(self.reader.text()), Kind.NUMBER, "strcontains")

    def _coalesce(self) -> Sql:
        """Return a field, or a text where it is missing."""
        of = self.field()
        if of.kind is not Kind.FIELD:
            refuse(f"{of.name} is {of.kind.value}, in whose place coalesce would put a text")
        self.reader.expect("sign", ",")
        return Sql(f"coalesce({of.text}, {quoted(self.reader.text())})", Kind.FIELD, "coalesce")

    def _bin(self) -> Sql:
        """Return when the period begins, in UTC, that the line's time is in."""
        period = self.reader.expect("period")
        length, cap = _PERIODS.get(period.lstrip("0123456789"), (0, 0))
        count = int(period.rstrip(ascii_lowercase))
        if not (0 < count <= cap and cap % count == 0):
            refuse(f"where the periods of bin({period}) begin is not documented")
        time = self._named(TIME)
        begins = f"{time.text} - {time.text} % {count * length}"
        return Sql(time.if_present(begins, "bin"), Kind.TIME, "bin")
