"""The check of code in a language: by that language's grammar if there is one, else only that there is some code."""

import ast
import io
import json
import re
import tokenize
import warnings
from collections.abc import Callable, Iterator
from itertools import islice

from shared.artifacts.elision import Span, elisions, line_elisions
from shared.artifacts.problem import Problem, Rule, Source, in_order
from shared.artifacts.syntax import html, markdown, mermaid, svg
from shared.artifacts.syntax.code.ipython import without_magic
from shared.artifacts.syntax.html import style_sheet
from shared.artifacts.syntax.languages import canonical
from shared.artifacts.syntax.script import Dialect, Mode, Rules, check_script

_MAX_PROBLEMS = 10
_TEXTS = frozenset({"text", "txt", "plain", "plaintext", "log", "diff", "patch", "csv", "tsv", "json5"})
"""Labels of text that has no comments, or may quote the comments of others."""
_TOO_DEEP = "This is nested too deeply to be read."
_TOO_LONG = "A number here has thousands of digits, more than can be read; write it shorter."
_MAGIC = re.compile(r"[%!?]")
_LINE_BREAK = re.compile(r"\n")
_LIMIT = "set_int_max_str_digits"


def problems(source: Source, language: str | None) -> list[Problem]:
    """Return what is wrong with a piece of code in its order, given any label of its language."""
    if not source.code.strip():
        return [source.problem(Rule.CONTENT, "There is no code.", 1, 1)]
    name = canonical(language)
    check = _CHECKS.get(name or "")
    if check:
        return check(source)
    return [] if name in _TEXTS else list(islice(line_elisions(source), _MAX_PROBLEMS))


def _python(source: Source) -> list[Problem]:
    wrong = _python_error(source)
    code = source
    if wrong and _MAGIC.search(source.code):
        code = Source(without_magic(source.code))
        wrong = _python_error(code)
    if wrong:
        return [source.problem(wrong.rule, wrong.message, wrong.line, wrong.column)]
    return list(islice(elisions(source, _python_comments(code)), _MAX_PROBLEMS))


def _python_error(source: Source) -> Problem | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.encoded)
    except SyntaxError as error:
        # Some errors have no position; columns are in characters.
        message = _TOO_LONG if _LIMIT in (error.msg or "") else f"This is not Python: {error.msg}."
        return source.problem(Rule.SYNTAX, message, error.lineno or 1, error.offset or 1)
    except (RecursionError, MemoryError):
        return source.problem(Rule.SYNTAX, _TOO_DEEP, 1, 1)
    except ValueError as error:
        return source.problem(Rule.SYNTAX, f"This is not Python: {error}.", 1, 1)
    return None


def _python_comments(source: Source) -> Iterator[Span]:
    starts = [0, *(match.end() for match in _LINE_BREAK.finditer(source.code))]
    try:
        for token in tokenize.tokenize(io.BytesIO(source.encoded).readline):
            if token.type == tokenize.COMMENT:
                place = starts[token.start[0] - 1] + token.start[1]
                yield Span(place, place + len(token.string))
    except (SyntaxError, tokenize.TokenError):
        return


def _json(source: Source) -> list[Problem]:
    try:
        json.loads(source.code, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return [source.problem(Rule.SYNTAX, f"This is not JSON: {error.msg}.", error.lineno, error.colno)]
    except RecursionError:
        return [source.problem(Rule.SYNTAX, _TOO_DEEP, 1, 1)]
    except ValueError as error:
        message = _TOO_LONG if _LIMIT in str(error) else f"This is not JSON: {error}."
        return [source.problem(Rule.SYNTAX, message, 1, 1)]
    return []


def _refuse(name: str) -> None:
    msg = f"`{name}` is not a number in JSON"
    raise ValueError(msg)


def _script(*dialects: Dialect) -> Callable[[Source], list[Problem]]:
    """Return the check of a script in one of these dialects.

    If it parses in none, the check reports the problems of the one that parses furthest.
    """

    def check(source: Source) -> list[Problem]:
        found = []
        for dialect in dialects:
            checked = check_script(source, dialect, Mode.EITHER, Rules())
            wrong = [each for each in checked.problems if not each.is_warning]
            if not wrong:
                return in_order(checked.problems, checked.elisions)
            found.append((wrong[0].line, wrong[0].column, checked))
        *_, furthest = max(found, key=lambda each: each[:2])
        return in_order(furthest.problems, furthest.elisions)

    return check


_CHECKS: dict[str, Callable[[Source], list[Problem]]] = {
    "python": _python,
    "json": _json,
    "javascript": _script(Dialect.JSX, Dialect.TSX),
    "jsx": _script(Dialect.JSX, Dialect.TSX),
    "tsx": _script(Dialect.TSX),
    # Much code labelled TypeScript contains JSX; only without JSX `<A>b` is a type and not a tag.
    "typescript": _script(Dialect.TYPESCRIPT, Dialect.TSX),
    "css": style_sheet.problems,
    "html": html.fragment_problems,
    "svg": svg.problems,
    "mermaid": mermaid.problems,
    "markdown": markdown.problems,
}
