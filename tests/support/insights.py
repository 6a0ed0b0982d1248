"""Runs a query on a few events, written as dicts or as whole lines."""

import json
from collections.abc import Mapping
from typing import Any

from local.insights import Events, Table, Value, parse

Event = Mapping[str, Any] | str


def run(query: str, *events: Event, **parameters: str) -> Table:
    """The query's result."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in events]
    return parse(query, parameters).run(Events.read(lines))


def rows(query: str, *events: Event, **parameters: str) -> list[tuple[Value, ...]]:
    """The rows of the query's result."""
    return list(run(query, *events, **parameters).rows)


def at(second: int, **fields: Any) -> dict[str, Any]:
    """An event of 1 May 2026, so many seconds after midnight UTC."""
    return {
        "timestamp": f"2026-05-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000Z",
        **fields,
    }
