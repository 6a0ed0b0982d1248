"""Log lines as CloudWatch discovers fields in them, in a table that statements run over."""

import json
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from typing import Any

from local.costs.sqlite import Database

_TAIL = re.compile(r"\d{4}-\d\d-\d\dT\S+ (\S+ )?(?={)")
"""What `aws logs tail` puts before the event itself."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_YEAR_10000 = 253_402_300_800_000
_BEYOND = 2**63


def _refuse(constant: str) -> float:
    raise ValueError(constant)


_JSON = json.JSONDecoder(parse_constant=_refuse)


class Events:
    """The events that queries run on.

    Args:
        events: what `decoded` gives for each line.
        fields: those that the queries read; no others are kept.
    """

    def __init__(self, events: Iterable[Mapping[str, Any]], fields: AbstractSet[str]) -> None:
        self._database = Database()
        names = sorted(fields | {"@timestamp"})
        self._database.fill("events", names, ([_stored(event.get(name)) for name in names] for event in events))

    def answer(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement over the table `events`; QueryError where a value is refused."""
        return self._database.rows(statement)


def decoded(line: str) -> dict[str, Any]:
    """Return an event's fields: those of the first JSON object in the line, with `@message` and `@timestamp`.

    The time is that of the RFC 3339 `timestamp`, which Lambda hands on as the event's where functions log JSON; any
    other line has none here. What is nested is no field of a name that a query can say here.
    """
    text = line.rstrip("\r\n")
    start = text.find("{")
    try:
        fields: dict[str, Any] = _JSON.raw_decode(text, start)[0] if start >= 0 else {}
    except (ValueError, RecursionError):
        fields, start = {}, -1
    tail = _TAIL.match(text) if start > 0 else None
    fields["@message"] = text[tail.end() :] if tail else text
    fields["@timestamp"] = _milliseconds(fields.get("timestamp"))
    return fields


def written_time(since: int) -> str:
    """Return milliseconds since 1970 as CloudWatch writes a time."""
    return (_EPOCH + since * _MILLISECOND).replace(tzinfo=None).isoformat(" ", "milliseconds")


def _milliseconds(text: object) -> int | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    since = (moment - _EPOCH) // _MILLISECOND
    return since if 0 <= since < _YEAR_10000 else None


def _stored(value: Any) -> str | int | float | None:  # noqa: ANN401 - whatever JSON can hold
    """Return a value as SQLite can hold it: what is nested is none, and what is beyond 64 bits no number."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="backslashreplace").decode()
    if isinstance(value, int):
        return value if -_BEYOND <= value < _BEYOND else str(value)
    return value if isinstance(value, float) else None
