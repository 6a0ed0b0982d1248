"""The check of a script: what Babel's parser rejects, undeclared names, and what always fails in React."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from shared.artifacts.elision import Span, elisions
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.parsers import SCRIPTS, NoVerdictError
from shared.artifacts.syntax.script.tree_sitter import Grammar, parse, syntax_problems, too_complex

_UNSURE = "The parser gave up on this script, so that only its syntax was looked at."
_NO_DEFAULT = "Nothing is exported as default: write `export default` before the component."
_DEFAULT_EXPORT = re.compile(r"\bexport\s++default\b|\bas\s++default\b", re.ASCII)
_MAX_PROBLEMS = 10
_LEXICAL = {"const", "let", "class", "using"}


class Dialect(StrEnum):
    """The language of a script."""

    TSX = "tsx"
    TYPESCRIPT = "ts"
    JSX = "jsx"
    JAVASCRIPT = "js"


class Mode(StrEnum):
    """How a script is run; a module is strict and has a scope of its own."""

    MODULE = "module"
    SCRIPT = "script"
    EITHER = "unambiguous"
    """A module if it imports or exports."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is checked besides early errors."""

    react: bool = False
    """The one default export, and what always fails in React."""
    names: bool = False
    """Undeclared names."""
    declared: Collection[str] = ()
    """Names that are declared elsewhere, such as in another script of the page."""
    elements: Mapping[str, str] = field(default_factory=dict)
    """The page's ids, each with the tag of its element; an id is a global variable unless a script declares it."""
    elsewhere: Collection[str] | None = ()
    """The words of the page's other scripts, which may add members to an object; None if they are not known."""
    handler: bool = False
    """Whether the script is the body of a function, as in an attribute such as `onclick`."""


class Imported(NamedTuple):
    """A module that a script imports."""

    module: str
    line: int
    column: int
    names: tuple[dict[str, Any], ...]
    """The names that it imports and uses: `name`, `line` and `column` of each."""


class Checked(NamedTuple):
    """The result of the check of a script."""

    problems: tuple[Problem, ...]
    elisions: tuple[Problem, ...] = ()
    """The comments that replace code."""
    imports: tuple[Imported, ...] = ()
    declared: tuple[str, ...] = ()
    """The names that it declares for all scripts of its page."""
    lexical: frozenset[str] = frozenset()
    """Those of them that no other script may declare."""


def check_script(source: Source, dialect: Dialect, mode: Mode, rules: Rules) -> Checked:
    """Return the result of the check with Babel, or with a tree-sitter grammar if the parser gives up."""
    request = {
        "code": source.code.encode("utf-8", "replace").decode(),
        "dialect": dialect,
        "source": mode,
        "react": rules.react,
        "names": rules.names,
        "globals": list(rules.declared),
        "elements": dict(rules.elements),
        "elsewhere": None if rules.elsewhere is None else list(rules.elsewhere),
        "handler": rules.handler,
    }
    try:
        answer = SCRIPTS.call(json.dumps(request))
    except NoVerdictError:
        found = _by_grammar(source, dialect)
        if rules.react and not _DEFAULT_EXPORT.search(source.code):
            found.append(source.problem(Rule.EXPORT, _NO_DEFAULT, 1, 1))
        return Checked((*found, source.problem(Rule.NOT_FULLY_CHECKED, _UNSURE, 1, 1)))
    problems = tuple(_problem(source, each) for each in answer["problems"])
    imports = tuple(
        Imported(each["module"], each["line"], each["column"], tuple(each["names"]))
        for each in answer.get("imports", ())
        if not (each.get("erased") and _is_type_only(source, each))
    )
    kinds: dict[str, str] = answer.get("declared", {})
    lexical = frozenset(name for name, kind in kinds.items() if kind in _LEXICAL)
    return Checked(problems, _elisions(source, answer.get("comments", ())), imports, tuple(kinds), lexical)


def _is_type_only(source: Source, imported: dict[str, Any]) -> bool:
    """Return whether a name of an import that no value needs occurs once more in the code: as a type, which is erased.

    A name that occurs nowhere else is an unused import, which not every transpiler removes.
    """
    module = imported["module"]
    code = source.code.replace(f"'{module}'", "").replace(f'"{module}"', "")
    names = (re.escape(name) for name in imported["locals"])
    return any(len(re.findall(rf"(?<![\w$]){name}(?![\w$])", code)) > 1 for name in names)


def _elisions(source: Source, comments: Sequence[tuple[int, int, bool]]) -> tuple[Problem, ...]:
    """Return the problems of comments, each given by its span in UTF-16 units and whether it is in a type."""
    spans = [Span(*span) for span in source.spans_in_units((start, end) for start, end, _ in comments)]
    in_types = {span.start for span, (*_, in_type) in zip(spans, comments, strict=True) if in_type}
    return tuple(islice(elisions(source, spans, in_types), _MAX_PROBLEMS))


def _by_grammar(source: Source, dialect: Dialect) -> list[Problem]:
    tree = parse(source, Grammar.TYPESCRIPT if dialect is Dialect.TYPESCRIPT else Grammar.TSX)
    return [too_complex(source)] if tree is None else list(syntax_problems(source, tree))


def _problem(source: Source, found: dict[str, Any]) -> Problem:
    rule = Rule.MAY_FAIL if found.get("warning") else Rule(found["rule"])
    return source.problem_in_units(rule, found["message"], found["line"], found["column"])
