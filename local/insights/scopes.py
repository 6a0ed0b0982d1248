"""Which names a command may use: the fields of events, or, after `stats`, what it has computed."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Protocol

from local.insights import aggregates
from local.insights.errors import QueryError
from local.insights.syntax import MESSAGE, TIME, Call, Field
from local.insights.typed import Kind, Typed
from local.insights.values import Get, Row, Value

_GENERATED = {TIME: Kind.TIME, MESSAGE: Kind.TEXT}
"""The fields that CloudWatch makes, as far as they can be made here."""


class Scope(Protocol):
    """What the names and the aggregates in an expression stand for."""

    def field(self, field: Field) -> Typed:
        """The field or alias of this name."""
        ...

    def aggregate(self, call: Call) -> Typed | None:
        """The aggregate's result, or None where the call is none."""
        ...


def column(name: str) -> Get:
    """What a row has under this name."""

    def get(row: Row) -> Value:
        return row.get(name)

    return get


class _RowScope(ABC):
    """The names of single rows."""

    def __init__(self, columns: Mapping[str, Kind]) -> None:
        self.names: dict[str, Kind | None] = dict(columns)
        """Those that a command has listed, and the kind of those that it has given."""
        self.unsure: set[str] = set()
        """Aliases that the command that is being read gives to something else."""

    def name(self, field: Field, kind: Kind | None) -> None:
        """A command lists this name, or gives it; CloudWatch refuses to give one that is listed already."""
        if field.name in self.names:
            msg = f"{field.name} is listed or given already"
            raise QueryError(msg, field.place)
        self.names[field.name] = kind

    def field(self, field: Field) -> Typed:
        """The alias, or what else has this name."""
        if field.name in self.unsure:
            msg = f"{field.name} is given in this same command, so what it means here is not sure"
            raise QueryError(msg, field.place)
        return Typed(self.names.get(field.name) or self._other(field), column(field.name), field.place)

    def aggregate(self, call: Call) -> Typed | None:
        """Refuse it: single rows are not aggregated."""
        if call.name in aggregates.NAMES:
            msg = f"{call.name} is an aggregate, which stands in stats, and not inside another aggregate"
            raise QueryError(msg, call.place)
        return None

    @abstractmethod
    def _other(self, field: Field) -> Kind:
        """The kind of a name that is no alias."""


class EventScope(_RowScope):
    """Before `stats`: any field of the event."""

    def __init__(self) -> None:
        super().__init__({})

    def _other(self, field: Field) -> Kind:
        if field.name in _GENERATED:
            return _GENERATED[field.name]
        if field.name.startswith("@") and not field.name.startswith("@@"):
            msg = f"{field.name} is made by CloudWatch; here there are {' and '.join(_GENERATED)}"
            raise QueryError(msg, field.place)
        return Kind.FIELD


class ResultScope(_RowScope):
    """After `stats`: what it has computed and what it has grouped by, and nothing else (documentation, 2025)."""

    def _other(self, field: Field) -> Kind:
        msg = f"{field.name} is not known after stats, which leaves {', '.join(self.names)}"
        raise QueryError(msg, field.place)
