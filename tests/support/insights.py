"""Runs a query on a few events, written as dicts or as whole lines."""

import json
from collections.abc import Mapping
from typing import Any

from local.costs.events import Events, decoded
from local.costs.insights import Query, Table, Value

Event = Mapping[str, Any] | str


def run(text: str, *events: Event) -> Table:
    """The query's result."""
    query = Query(text)
    lines = [each if isinstance(each, str) else json.dumps(each) for each in events]
    return query.run(Events(map(decoded, lines), query.reads))


def rows(text: str, *events: Event) -> list[tuple[Value, ...]]:
    """The rows of the query's result."""
    return list(run(text, *events).rows)


def at(second: int, **fields: Any) -> dict[str, Any]:
    """An event of 1 May 2026, so many seconds after midnight UTC."""
    return {"timestamp": f"2026-05-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000Z", **fields}
