"""The syntax check: whether an artifact's code can be rendered, by the rules of its kind.

Wrong logic is out of scope. What a check needs is imported when the first artifact of its kind
comes, not at start-up.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import NamedTuple

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax import sandbox
from shared.artifacts.syntax.languages import canonical
from shared.artifacts.syntax.parsers import without_parsers

_MAX_CHARS = 250_000
"""Characters: as many as a model can write."""
_SECONDS = 10.0
"""A check that takes longer than this hangs."""
_PARSER_SECONDS, _RULES_SECONDS = 1.1, 0.45
"""CPU time: with a renderer's parser, and after that without. 100 KB of a component take a parser half a second."""
_TOO_COMPLEX = "This is too complex to be checked; write it more simply."
_NO_TIME = "There was no time left to check this code; it may be right or wrong."


class Verdict(NamedTuple):
    """The result of a check."""

    problems: tuple[Problem, ...]
    """What is wrong with the code, in its order; empty if it can be rendered."""
    warnings: tuple[str, ...] = ()
    """What may go wrong, by the names of the contract."""


def check(
    code: str, kind: Kind, language: str | None, imports: AllowedImports, *, seconds: float = _SECONDS
) -> tuple[Problem, ...]:
    """Return what is wrong with the code, in its order; empty if nothing is. Arguments are those of `examine`."""
    return examine(code, kind, language, imports, seconds=seconds).problems


def examine(
    code: str, kind: Kind, language: str | None, imports: AllowedImports, *, seconds: float = _SECONDS
) -> Verdict:
    """Return what is wrong with the code, and what may be.

    The check runs in a process of its own, with limits on memory and CPU time (see `sandbox`). Code that exceeds them
    is rejected as too complex.

    Args:
        code: the code without its tag.
        kind: its kind.
        language: the language of `Kind.CODE`, if known.
        imports: what a component may import.
        seconds: how long the check may take; code that was not checked in time has a problem of `Rule.UNCHECKED`.
    """
    if len(code) > _MAX_CHARS:
        message = f"The code is longer than {_MAX_CHARS:,} characters; that is more than can be checked."
        return Verdict((Source(code[:_MAX_CHARS]).problem(Rule.CONTENT, message, 1, 1),))
    _load(kind, canonical(language) if kind is Kind.CODE else None)
    work = partial(find, code, kind, language, imports)
    ends_at = time.monotonic() + min(seconds, _SECONDS)
    try:
        try:
            return sandbox.run(work, ends_at - time.monotonic(), _PARSER_SECONDS)
        except sandbox.ExhaustedError:
            return sandbox.run(partial(_find_without_parsers, work), ends_at - time.monotonic(), _RULES_SECONDS)
    except sandbox.ExhaustedError:
        return Verdict((Source(code).problem(Rule.SYNTAX, _TOO_COMPLEX, 1, 1),))
    except sandbox.OverdueError:
        return Verdict((Source(code).problem(Rule.UNCHECKED, _NO_TIME, 1, 1),))


def prepare(kind: Kind | None) -> None:
    """Load what the check of this kind needs in the background, while the model generates the answer.

    If the model chooses the kind, load what most artifacts need.
    """
    language = "javascript" if kind is Kind.CODE else None
    Thread(target=_prepare, args=(kind or Kind.REACT, language), daemon=True).start()


def _prepare(kind: Kind, language: str | None) -> None:
    # The check that needs it raises the error.
    with suppress(Exception):
        _load(kind, language)


def _find_without_parsers(work: Callable[[], Verdict]) -> Verdict:
    """Return what the rules find without the renderers' parsers, after one of these exceeded its limits."""
    with without_parsers():
        return work()


_loading = Lock()
_loaded: set[tuple[Kind, str | None]] = set()


def _load(kind: Kind, language: str | None) -> None:
    """Check a small sample here, so that what this kind's check loads is in every child.

    A parser's heap is for one thread at a time, and must not be forked while one is using it.
    """
    from shared.artifacts.elision import is_elision

    with _loading:
        if (kind, language) not in _loaded:
            is_elision("the rest is here")
            for sample in _SAMPLES[kind]:
                find_problems(sample, kind, language, AllowedImports(()))
            if len(_loaded) < _MAX_LOADED:
                _loaded.add((kind, language))


_MAX_LOADED = 100
"""Entries; the model may write any name of a language."""


_SAMPLES = {
    Kind.REACT: ("export default () => <p/>",),
    Kind.HTML: ("<!DOCTYPE html><html><body><script>1</script></body></html>",),
    Kind.SVG: ("<svg/>",),
    # Each type of diagram has a parser of its own, and the first sample also loads what all have in common.
    Kind.MERMAID: (
        "flowchart TD\n a-->b",
        "sequenceDiagram\n a->>b: c",
        "classDiagram\n class a",
        "stateDiagram-v2\n a --> b",
        "erDiagram\n a ||--o{ b : c",
        "gantt\n section a\n b :c, 2026-01-01, 1d",
        'pie\n "a" : 1',
        "mindmap\n a",
        "timeline\n a : b",
        "gitGraph\n commit",
    ),
    Kind.MARKDOWN: ("~~~\n~~~",),
    Kind.CODE: ("a",),
}


def find(code: str, kind: Kind, language: str | None, imports: AllowedImports) -> Verdict:
    """Return the same, but in this process and without limits; only for code that is known to be harmless."""
    found = _find(code, kind, language, imports)
    problems = tuple(each for each in found if not each.is_warning)
    return Verdict(problems, tuple(sorted({each.rule.value for each in found if each.is_warning})))


def find_problems(code: str, kind: Kind, language: str | None, imports: AllowedImports) -> tuple[Problem, ...]:
    """Return the problems of `find`."""
    return find(code, kind, language, imports).problems


def _find(code: str, kind: Kind, language: str | None, imports: AllowedImports) -> tuple[Problem, ...]:
    # ruff: noqa: PLC0415 - see above
    source = Source(code)
    match kind:
        case Kind.REACT:
            from shared.artifacts.syntax import react

            found = react.problems(source, imports)
        case Kind.HTML:
            from shared.artifacts.syntax import html

            found = html.problems(source)
        case Kind.SVG:
            from shared.artifacts.syntax import svg

            found = svg.problems(source)
        case Kind.MERMAID:
            from shared.artifacts.syntax import mermaid

            found = mermaid.problems(source)
        case Kind.MARKDOWN:
            from shared.artifacts.syntax import markdown

            found = markdown.problems(source)
        case Kind.CODE:
            from shared.artifacts.syntax import code as code_

            found = code_.problems(source, language)
    return tuple(found)
