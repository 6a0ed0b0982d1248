"""Log lines as CloudWatch discovers fields in them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Self

from local.insights.decoding import Object, objects
from local.insights.syntax import MESSAGE, TIME
from local.insights.times import milliseconds
from local.insights.values import Row, Value

_MOST_FIELDS = 200
"""Of one event (CloudWatch's documentation, 2026)."""
_TAIL = re.compile(r"\d{4}-\d\d-\d\dT\S+ (\S+ )?(?={)")
"""What `aws logs tail` puts before the event itself."""
_NESTED = (dict, list)


@dataclass(frozen=True)
class Events:
    """The events that queries run on, in the order of their lines."""

    rows: list[Row]
    _by_message: Mapping[Value, list[int]]
    """Where in them those are whose field `message` is the same."""

    @classmethod
    def read(cls, lines: Iterable[str]) -> Self:
        """One event a line; blank lines are none.

        The first JSON object in a line gives the fields: numbers exactly, nested ones by names with dots, such as
        `generation_ids.0`, and 200 at most (which of more is not documented). `@timestamp` is the RFC 3339 `timestamp`,
        which Lambda hands on as the event's time where functions log JSON; any other line has no time here.
        """
        rows: list[Row] = []
        by_message: defaultdict[Value, list[int]] = defaultdict(list)
        for text, fields in objects(line.rstrip("\r\n") for line in lines if line and not line.isspace()):
            row = _event(text, fields)
            by_message[row.get("message")].append(len(rows))
            rows.append(row)
        return cls(rows, dict(by_message))

    def saying(self, messages: AbstractSet[str]) -> list[Row]:
        """The events whose field `message` is one of these texts."""
        rows = self.rows
        return [rows[at] for at in sorted(chain.from_iterable(self._by_message.get(each, ()) for each in messages))]


def _event(text: str, fields: Object | None) -> Row:
    try:
        row: Row = {} if fields is None else _discovered(text, fields)
    except RecursionError:  # nested a thousand times: no line of the functions
        row = {}
    tail = None if text.startswith("{") else _TAIL.match(text)
    row[MESSAGE] = text[tail.end() :] if tail and fields is not None else text
    row[TIME] = milliseconds(row.get("timestamp"))
    return row


def _discovered(text: str, fields: Object) -> Row:
    """The event's fields; in place where possible, as this has to be quick."""
    if "[" in text or text.count("{") > 1:
        for name in [name for name, value in fields.items() if isinstance(value, _NESTED)]:
            fields.update(_leaves(name, fields.pop(name)))
    if "@" not in text and len(fields) <= _MOST_FIELDS:
        return fields
    names = islice(fields, _MOST_FIELDS)
    return {f"@{name}" if name.startswith("@") else name: fields[name] for name in names}


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Value]]:  # noqa: ANN401
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}", item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(f"{name}.{index}", item)
    else:
        yield name, value
