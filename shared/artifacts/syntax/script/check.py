"""The check of a script: what Babel's parser refuses, names that nobody declares, what React always fails on."""

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
_MOST = 10
_LEXICAL = {"const", "let", "class", "using"}


class Dialect(StrEnum):
    """Which language a script is in."""

    TSX = "tsx"
    TYPESCRIPT = "ts"
    JSX = "jsx"
    JAVASCRIPT = "js"


class Mode(StrEnum):
    """How a script is run; a module is strict, and has its names for itself."""

    MODULE = "module"
    SCRIPT = "script"
    EITHER = "unambiguous"
    """A module where it imports or exports."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is looked for besides early errors."""

    react: bool = False
    """The one default export, and what React always fails on."""
    names: bool = False
    """Names that nobody declares."""
    declared: Collection[str] = ()
    """Names that something else declares, such as another script of the page."""
    elements: Mapping[str, str] = field(default_factory=dict)
    """The page's ids, each with the tag of its element, which is there by that name unless a script declares it."""
    elsewhere: Collection[str] | None = ()
    """The words of the page's other scripts, which may give an object what it has not; None where not known."""
    handler: bool = False
    """Whether it is the body of a function, as an attribute such as `onclick` holds it."""


class Imported(NamedTuple):
    """A module that a script asks for."""

    module: str
    line: int
    column: int
    names: tuple[dict[str, Any], ...]
    """What it takes of it and uses: `name`, and `line` and `column` of each."""


class Checked(NamedTuple):
    """What was found in a script."""

    problems: tuple[Problem, ...]
    elisions: tuple[Problem, ...] = ()
    """The comments in it that stand in place of code."""
    imports: tuple[Imported, ...] = ()
    declared: tuple[str, ...] = ()
    """The names that it declares for all scripts of its page."""
    lexical: frozenset[str] = frozenset()
    """Those of them that no other script may declare as well."""


def check_script(source: Source, dialect: Dialect, mode: Mode, rules: Rules) -> Checked:
    """Return what is wrong with a script; where the parser gives up, what a grammar cannot read of it."""
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
    """Whether a name of an import that no value needs stands in the code once more: as a type, which is erased.

    One that stands nowhere else is imported for nothing, and not every transpiler leaves such an import out.
    """
    module = imported["module"]
    code = source.code.replace(f"'{module}'", "").replace(f'"{module}"', "")
    names = (re.escape(name) for name in imported["locals"])
    return any(len(re.findall(rf"(?<![\w$]){name}(?![\w$])", code)) > 1 for name in names)


def _elisions(source: Source, comments: Sequence[tuple[int, int, bool]]) -> tuple[Problem, ...]:
    """The problems of comments, each given by its span in UTF-16's units and whether it stands in a type."""
    spans = [Span(*span) for span in source.spans_in_units((start, end) for start, end, _ in comments)]
    in_types = {span.start for span, (*_, in_type) in zip(spans, comments, strict=True) if in_type}
    return tuple(islice(elisions(source, spans, in_types), _MOST))


def _by_grammar(source: Source, dialect: Dialect) -> list[Problem]:
    tree = parse(source, Grammar.TYPESCRIPT if dialect is Dialect.TYPESCRIPT else Grammar.TSX)
    return [too_complex(source)] if tree is None else list(syntax_problems(source, tree))


def _problem(source: Source, found: dict[str, Any]) -> Problem:
    rule = Rule.MAY_FAIL if found.get("warning") else Rule(found["rule"])
    return source.problem_in_units(rule, found["message"], found["line"], found["column"])
