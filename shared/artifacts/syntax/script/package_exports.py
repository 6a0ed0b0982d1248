"""The check of a component's imports: available packages, and the names that they export.

`parsers/exports.json.z` lists the names by package, in the versions that the frame renders with; `make exports`
writes it. From a package that is not listed, any name may be imported.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from shared.artifacts.allowed_imports import AllowedImports, package_of
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.script.check import Imported

_DATA = Path(__file__).parents[1] / "parsers" / "exports.json.z"
_LOCAL = ("./", "../", "/", "@/", "~/", "#")
_MAX_SHOWN_CHARS = 60
_LISTED = 12


def import_problems(source: Source, imported: Iterable[Imported], allowed: AllowedImports) -> Iterator[Problem]:
    """Yield the problems of imports that are not allowed, or that a package does not export."""
    for each in imported:
        if not allowed.allows(each.module):
            yield source.problem_in_units(Rule.IMPORT, _refusal(each.module, allowed), each.line, each.column)
            continue
        for message, line, column in _missing(each):
            yield source.problem_in_units(Rule.IMPORT, message, line, column)


def _refusal(name: str, allowed: AllowedImports) -> str:
    shown = name[:_MAX_SHOWN_CHARS]
    if name in {".", ".."} or (name.startswith(_LOCAL) and not name.startswith("//")):
        return f"`{shown}` is a file of its own, and there is none but this: put its code here."
    if ":" in name or name.startswith("//"):
        return f"`{shown}` is an address, and nothing can be loaded from one: import a package that is at hand."
    listed = ", ".join(allowed.names[:_LISTED])
    more = ", …" if len(allowed.names) > _LISTED else ""
    return (
        f"`{shown}` is not at hand; what can be imported is {listed}{more}." if listed else f"`{shown}` is not at hand."
    )


def _missing(imported: Imported) -> Iterator[tuple[str, int, int]]:
    """Yield what a listed package does not export: a message, the line and the column."""
    module = imported.module
    package = _table().get(package_of(module))
    if package is None:
        return
    if module not in package["entries"] and not any(_fits(module, path) for path in package["paths"]):
        message = f"`{package_of(module)}` has no `{module[:_MAX_SHOWN_CHARS]}`: import from `{package_of(module)}`."
        yield message, imported.line, imported.column
        return
    entry = package["entries"].get(module)
    if entry is None:
        return
    names = _names(module)
    for taken in imported.names:
        for one in taken["members"] if taken["name"] == "*" else (taken,):
            name = one["name"]
            if name == "default" and not entry["default"]:
                message = f'`{module}` has no default export: write `import {{ … }} from "{module}"`.'
                yield message, one["line"], one["column"]
            elif name not in names and name not in {"default", "*"}:
                yield _not_exported(name, module, package["version"], names), one["line"], one["column"]


def _not_exported(name: str, module: str, version: str, names: frozenset[str]) -> str:
    close = [each for each in get_close_matches(name, names, 3) if each != name]
    hint = f"perhaps {' or '.join(f'`{each}`' for each in close)}" if close else "take another"
    return f"`{name[:_MAX_SHOWN_CHARS]}` is not exported by {module} {version}; {hint}."


def _fits(module: str, path: str) -> bool:
    before, star, behind = path.partition("*")
    if not star:
        return module == path
    return len(module) >= len(before) + len(behind) and module.startswith(before) and module.endswith(behind)


@cache
def _names(module: str) -> frozenset[str]:
    return frozenset(_table()[package_of(module)]["entries"][module]["names"].split())


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(zlib.decompress(_DATA.read_bytes()))
    return table
