"""What the queries came to, as tables for a person or as JSON for a program."""

import json
from collections.abc import Mapping
from decimal import Decimal

from local.costs.insights import Table, Value
from local.text_table import table

_DAY = len("2026-11-21")


def as_text(results: Mapping[str, Table]) -> str:
    """A heading and a Markdown table for each."""
    return "\n\n".join(f"## {name}\n\n{_table(result)}" for name, result in results.items())


def as_json(results: Mapping[str, Table]) -> str:
    """An object with a list of rows under each query's name; a row is an object."""
    rows = {
        name: [dict(zip(result.fields, map(_plain, row), strict=True)) for row in result.rows]
        for name, result in results.items()
    }
    return json.dumps(rows, indent=2, ensure_ascii=False)


def as_data(result: Table) -> list[list[str | int | float | None]]:
    """Return the rows as a page takes them: numbers as they are, and of a day its date only."""
    return [
        [value[:_DAY] if field == "day" and isinstance(value, str) else _plain(value)
         for field, value in zip(result.fields, row, strict=True)]
        for row in result.rows
    ]  # fmt: skip


def _table(result: Table) -> str:
    if not result.rows:
        return "nothing"
    return table(result.fields, [[_cell(field, value) for field, value in zip(result.fields, row, strict=True)]
                                 for row in result.rows])  # fmt: skip


def _cell(field: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = value[:_DAY] if field == "day" else value
        return text.replace("|", "\\|")  # it would end the cell
    if field.endswith("_usd"):
        return f"{value:,.6f}"
    whole = value == int(value)
    return f"{int(value):,}" if whole else f"{value:,.1f}"


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
