"""What the operator's saved queries come to over a log."""

from pathlib import Path
from typing import Any

from local.costs.insights import Query
from local.costs.log import Log
from local.costs.queries import saved_queries


def ask_log(log: Path, name: str, **values: str) -> list[dict[str, Any]]:
    """Return the rows of a saved query, by its name, over the lines of a file."""
    (saved,) = [each for each in saved_queries() if each.name == name]
    query = Query(saved.filled(values))
    table = query.run(Log.read(log, query.reads).events)
    return [dict(zip(table.fields, row, strict=True)) for row in table.rows]
