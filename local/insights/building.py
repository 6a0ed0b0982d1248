"""Turns a query's commands, one after the other, into steps over the rows, and keeps track of what is shown."""

from dataclasses import dataclass, field

from local.insights import steps
from local.insights.compiler import compiled
from local.insights.errors import Place
from local.insights.scopes import EventScope, ResultScope
from local.insights.stats import stats_step
from local.insights.steps import Step
from local.insights.syntax import MESSAGE, TIME, Command, Dedup, Field, Fields, Filter, Item, Limit, Sort, Stats
from local.insights.typed import Typed

_DEFAULT_LIMIT = 10_000
"""Without `limit` (CloudWatch's documentation, 2026)."""
_START = Place(1, 1)
_TIME = Field(TIME, _START)
_MESSAGE = Field(MESSAGE, _START)


@dataclass
class Building:
    """The query as far as its commands have been read."""

    scope: EventScope | ResultScope = field(default_factory=EventScope)
    steps: list[Step] = field(default_factory=list)
    columns: dict[str, Typed] = field(default_factory=dict)
    """What is shown, by its name."""
    is_ordered: bool = False
    is_limited: bool = False

    def add(self, command: Command) -> None:
        """Read one more command."""
        match command:
            case Filter():
                self.steps.append(steps.keeping(compiled(command.condition, self.scope).as_condition()))
            case Fields(is_display=True):
                self.columns = {item.name: compiled(item.node, self.scope).as_value() for item in command.items}
            case Fields():
                self._fields(command)
            case Stats():
                self._stats(command)
            case Sort():
                self._sort([(self.scope.field(key), is_down) for key, is_down in command.keys])
            case Dedup():
                self._order()
                self.steps.append(steps.deduplicating([self.scope.field(each).get for each in command.fields]))
            case Limit():
                self._limit(command.rows)

    def finish(self) -> None:
        """Add what goes without saying: the order, the limit, and what is shown where the query lists nothing."""
        if not self.is_limited:
            self._limit(_DEFAULT_LIMIT)
        if not self.columns:
            self.columns = {each.name: self.scope.field(each) for each in (_TIME, _MESSAGE)}

    def _sort(self, keys: list[tuple[Typed, bool]]) -> None:
        self.steps.append(steps.sorting([(typed.get, is_down) for typed, is_down in keys]))
        self.is_ordered = True

    def _order(self) -> None:
        """The newest first, where the query has not said otherwise."""
        if not self.is_ordered:
            self._sort([(self.scope.field(_TIME), True)])

    def _limit(self, rows: int) -> None:
        self._order()
        self.steps.append(steps.limiting(rows))
        self.is_limited = True

    def _fields(self, command: Fields) -> None:
        aliases = {item.name for item in command.items if item.has_alias}
        given = []
        for item in command.items:
            # An alias may be a field's own name, and then is the field's in its own expression.
            self.scope.unsure = aliases - {item.name}
            given.append((item, compiled(item.node, self.scope).as_value()))
        self.scope.unsure = set()
        if aliases:
            gets = [(item.name, typed.get) for item, typed in given if item.has_alias]
            self.steps.append(steps.giving(gets))
        self.columns |= {item.name: self._listed(item, typed) for item, typed in given}

    def _listed(self, item: Item, typed: Typed) -> Typed:
        self.scope.name(Field(item.name, item.place), typed.kind if item.has_alias else None)
        return self.scope.field(Field(item.name, item.place)) if item.has_alias else typed

    def _stats(self, command: Stats) -> None:
        time = self.scope.field(_TIME).get if isinstance(self.scope, EventScope) else None
        step, kinds = stats_step(command, self.scope, time)
        self.steps.append(step)
        self.scope = scope = ResultScope(kinds)
        self.columns = {name: scope.field(Field(name, command.place)) for name in kinds}
        self.is_ordered = True
