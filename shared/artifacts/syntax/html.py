"""The check of a page: a whole document that no browser has to guess the end of, with scripts that can be read.

What browsers render all the same, such as a missing `</li>` or a stray `&`, is let pass.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from shared.artifacts.kinds import Kind
from shared.artifacts.sniff import plain_kind
from shared.artifacts.syntax import browser, css, script
from shared.artifacts.syntax.comments import Span, elisions
from shared.artifacts.syntax.problem import Problem, Rule, Source

if TYPE_CHECKING:
    from shared.artifacts.syntax.html_reader import Page, Part

_MOST = 10
_END = re.compile(r"</(?:body|html|script)\b", re.IGNORECASE | re.ASCII)
_ROOT = re.compile(r"<html[\s>]", re.IGNORECASE | re.ASCII)
_SCRIPTS = frozenset(
    {
        "",
        *(f"text/{name}" for name in ("javascript", "ecmascript")),
        *(f"application/{name}" for name in ("javascript", "x-javascript", "ecmascript")),
    }
)
_COMPILED = frozenset(f"text/{name}" for name in ("babel", "jsx", "tsx", "typescript"))
"""Read by a library in the page, not by the browser."""
_DATA = frozenset({"importmap", "speculationrules", "application/json", "application/ld+json"})


def problems(source: Source) -> list[Problem]:
    """What is wrong with a whole page, in the order of the code."""
    if plain_kind(source.code) is not Kind.HTML:
        message = "A page is a whole document: begin with `<!DOCTYPE html>` and `<html>`, and end with `</html>`."
        return [source.problem(Rule.CONTENT, message, 1, 1)]
    source = _normal(source)
    page, found = _read(source)
    if not found and page.draws is False:
        message = "This page draws nothing: there is no text, element or script in its `<body>`."
        return [source.problem_in(Rule.CONTENT, message, max(source.code.lower().find("<body"), 0))]
    if not found and not _has_end(source.code):
        message = "The code ends before the page does: `</html>` is missing."
        return [source.problem_in(Rule.SYNTAX, message, len(source.code.rstrip()))]
    return found


def fragment_problems(source: Source) -> list[Problem]:
    """What is wrong with a page or a part of one, in the order of the code."""
    return _read(_normal(source))[1]


def _read(source: Source) -> "tuple[Page, list[Problem]]":
    from shared.artifacts.syntax.html_reader import Page  # noqa: PLC0415 - 170 ms, paid for by pages only

    page = Page(source)
    found = list(page.found)
    found += islice(_elisions(source, page), _MOST)
    for each in [] if page.found else page.scripts:
        found += (_moved(problem, source, each.place) for problem in _script_problems(each.text, each.type))
        if len(found) > _MOST:
            break
    return page, sorted(found, key=lambda problem: (problem.line, problem.column))[:_MOST]


def _elisions(source: Source, page: "Page") -> Iterator[Problem]:
    """The comments that stand in place of a part of the page, or of rules of its styles."""
    ordered = sorted(page.comments, key=lambda comment: comment.place)  # what stood in a table is read first
    yield from elisions(source, (_with_marks(source.code, comment) for comment in ordered))
    for style in page.styles:
        yield from (_moved(problem, source, style.place) for problem in css.style_elisions(Source(style.text)))


def _with_marks(code: str, comment: "Part") -> Span:
    end = comment.place + len(comment.text)
    return Span(max(comment.place - len("<!--"), 0), end + len("-->") if code.startswith("-->", end) else end)


def _script_problems(code: str, type_: str) -> Iterator[Problem]:
    source = Source(code)
    if type_ in _SCRIPTS or type_ == "module":
        yield from browser.problems(source, module=type_ == "module")
    elif type_ in _COMPILED:
        yield from script.problems(source)
    elif type_ in _DATA:
        try:
            json.loads(code)
        except json.JSONDecodeError as error:
            yield source.problem(Rule.SYNTAX, f"This is not JSON: {error.msg}.", error.lineno, error.colno)
        except RecursionError:
            yield source.problem(Rule.SYNTAX, "This JSON is nested too deeply to be read.", 1, 1)


def _moved(problem: Problem, source: Source, index: int) -> Problem:
    start = source.problem_in(problem.rule, problem.message, index)
    column = problem.column + (start.column - 1 if problem.line == 1 else 0)
    return source.problem(problem.rule, problem.message, start.line + problem.line - 1, column)


def _has_end(code: str) -> bool:
    """Whether the page's own end stands behind its last script, which may hold one as text."""
    tags = [match[0].lower() for match in _END.finditer(code)]
    ends = {"</html"} if _ROOT.search(code) else {"</html", "</body"}
    return bool(tags) and tags[-1] in ends


def _normal(source: Source) -> Source:
    # As the parser reads it, so that what it hands out is found again in the code.
    code = source.encoded.decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return source if code == source.code else Source(code)
