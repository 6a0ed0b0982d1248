"""`make log-lines`: writes the log lines' part of docs/operations.md from their classes; `--check` compares."""

import inspect
import sys
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from local.docgen.field_docs import field_docs
from local.generated_file import write_or_check
from local.text_table import table
from shared.costs.attempt_lines import AttemptLine, AttemptStarted
from shared.costs.cost_line import CostLine

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
_BEGIN = "<!-- What follows is written by `make log-lines` from shared/costs/. -->"
_END = "<!-- Up to here. -->"
_LINES: dict[str, type[Any]] = {"attempt_started": AttemptStarted, "attempt": AttemptLine, "cost": CostLine}
_NAMES = {"str": "text", "int": "integer", "bool": "boolean", "Decimal": "number", "CostSource": "text"}


def section() -> str:
    """Return all lines with their fields."""
    return "\n\n".join(_line(name, line) for name, line in _LINES.items())


def _line(name: str, line: type[Any]) -> str:
    docs = field_docs(line)
    types = get_type_hints(line)
    rows = [[f"`{field}`", _type(types[field]), " ".join(docs[field].split())] for field in types]
    return f"### `{name}`\n\n{inspect.getdoc(line)}\n\n{table(['field', 'type', ''], rows)}"


def _type(annotation: Any) -> str:  # noqa: ANN401 - whatever a field may be declared as
    if get_origin(annotation) is UnionType:
        return ", ".join("null" if each is type(None) else _type(each) for each in get_args(annotation))
    if get_origin(annotation) is list:
        return f"list of {_type(get_args(annotation)[0])}s"
    return "text" if get_origin(annotation) is Literal else _NAMES[annotation.__name__]


def rewritten(document: str) -> str:
    """Return the document with the part that is written here."""
    before, begin, rest = document.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        msg = f"{_BEGIN!r} and {_END!r} must stand in it"
        raise ValueError(msg)
    return f"{before}{begin}\n\n{section()}\n\n{end}{after}"


def main(arguments: list[str] | None = None, path: Path = DOCUMENT) -> int:
    """Write the part, or say whether it is up to date; return the exit status."""
    return write_or_check(
        arguments, path, lambda: rewritten(path.read_text("utf-8")), target="log-lines", about=__doc__
    )


if __name__ == "__main__":
    sys.exit(main())
