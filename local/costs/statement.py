"""The commands of a query, translated one after the other into one SQLite statement over the table `events`."""

import re
from collections.abc import Callable

from local.costs.conditions import all_of, condition
from local.costs.errors import refuse
from local.costs.expressions import Expressions
from local.costs.tokens import Reader
from local.costs.values import Kind, Sql

_SORTED = "(sort (limit )?)?"
_ORDER = re.compile(f"(filter )*(fields {_SORTED}|stats (filter )*{_SORTED}(display )?|{_SORTED}display )")
_Named = tuple[str, Sql]


class Statement:
    """Reads a query's commands.

    Attributes:
        shown: the columns of the result, and what they hold.
        reads: the fields of the log's lines that the query names.

    Raises:
        QueryError: something is not known, or it is not documented what it does.
    """

    def __init__(self, query: str) -> None:
        self.shown: dict[str, Kind] = {}
        self._reader = Reader(query)
        self._expressions = Expressions(self._reader)
        self.reads = self._expressions.reads
        self._source = "events"
        self._conditions: list[str] = []
        self._order = ""
        self._read()

    @property
    def text(self) -> str:
        """What SQLite is given."""
        columns = ", ".join(f"[{name}]" for name in self.shown)
        return f"SELECT {columns} FROM {self._source}{self._where()}{self._order}"  # noqa: S608 - made of tokens

    def _read(self) -> None:
        commands: dict[str, Callable[[], None]] = {
            "display": self._show, "fields": self._show, "filter": self._filter, "limit": self._limit,
            "sort": self._sort, "stats": self._stats,
        }  # fmt: skip
        names = ""
        while not names or self._reader.take("sign", "|"):
            name = self._reader.take("call") or self._reader.expect("word")
            if name not in commands:
                refuse(f"{name} is no command that is known here; known are {', '.join(commands)}")
            names += f"{name} "
            commands[name]()
        self._reader.expect("end")
        if not _ORDER.fullmatch(names):
            order = "filter, fields or stats, filter, sort, limit after sort, display"
            refuse(f"the commands {names}are not known here in this order; known is {order}")

    def _filter(self) -> None:
        self._conditions.append(condition(self._expressions))

    def _show(self) -> None:
        self.shown = {name: each.kind for name, each in self._listed(self._field).items()}

    def _stats(self) -> None:
        results = self._listed(self._result)
        # Without groups it is not documented what no lines come to.
        self._reader.expect("word", "by")
        keys = self._listed(self._key)
        if keys.keys() & results.keys():
            refuse(f"stats gives two columns the same name, of {', '.join([*keys, *results])}")
        columns = keys | results
        selected = ", ".join(f"{each.text} AS [{name}]" for name, each in columns.items())
        groups = ", ".join(str(number) for number, _ in enumerate(keys, start=1))
        self._source = f"(SELECT {selected} FROM {self._source}{self._where()} GROUP BY {groups})"  # noqa: S608
        self._conditions = []
        self.shown = {name: each.kind for name, each in columns.items()}
        self._expressions.columns = self.shown

    def _sort(self) -> None:
        keys = [f"{each.as_sortable()} {direction}" for direction, each in self._reader.listed(self._sort_key)]
        self._order = f" ORDER BY {', '.join(keys)}"

    def _limit(self) -> None:
        rows = self._reader.expect("number")
        if not (rows.isdigit() and int(rows)):
            refuse(f"limit takes a whole number from 1, and not {rows}")
        self._order += f" LIMIT {rows}"

    def _field(self) -> _Named:
        found = self._expressions.field()
        return found.name, found

    def _key(self) -> _Named:
        found = self._expressions.value()
        if self._reader.take("word", "as"):
            return self._new_name(), found
        if found.text != f"[{found.name}]":
            self._reader.refuse(f"{found.name} needs a name: as is expected")
        return found.name, found

    def _result(self) -> _Named:
        found = self._expressions.result()
        self._reader.expect("word", "as")
        return self._new_name(), found

    def _sort_key(self) -> _Named:
        found = self._expressions.field()
        return self._reader.expect("word", "asc", "desc").upper(), found

    def _new_name(self) -> str:
        name = self._reader.expect("word")
        if name.startswith("@"):
            refuse(f"{name} is a name of CloudWatch's own")
        return name

    def _listed(self, read: Callable[[], _Named]) -> dict[str, Sql]:
        items = self._reader.listed(read)
        if len(dict(items)) < len(items):
            refuse(f"a name is listed twice in {', '.join(name for name, _ in items)}")
        return dict(items)

    def _where(self) -> str:
        return f" WHERE {all_of(self._conditions)}" if self._conditions else ""
