"""The check of a page: a complete document, closed to its end, with scripts that can be parsed.

Errors that browsers correct without loss, such as a missing `</li>` or a stray `&`, are accepted.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from shared.artifacts.detect import detect_kind
from shared.artifacts.elision import Span, elisions
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule, Source, in_order
from shared.artifacts.syntax.html import style_sheet
from shared.artifacts.syntax.html.page_scripts import page_script_problems

if TYPE_CHECKING:
    from shared.artifacts.syntax.html.reader import Page, Part

_MAX_PROBLEMS = 10
_END = re.compile(r"</(?:body|html)\b", re.IGNORECASE | re.ASCII)
_ROOT = re.compile(r"<html[\s>]", re.IGNORECASE | re.ASCII)
_ASIDE = re.compile(
    r"<!--(?>(?:[^-]++|-(?!->))*)(?:-->|\Z)|<script\b(?>(?:[^<]++|<(?!/script))*)</script[^>]*+>"
    r"|<style\b(?>(?:[^<]++|<(?!/style))*)</style[^>]*+>"
    r"|<textarea\b(?>(?:[^<]++|<(?!/textarea))*)</textarea[^>]*+>"
    r"|(?<==)(?:\"[^\"]*+\"|'[^']*+')",
    re.IGNORECASE,
)
"""Text that may look like tags: comments, scripts, styles, text areas and quoted values."""
_RAW = ("noscript", "template")
"""Elements that only their own end tag closes."""


def problems(source: Source) -> list[Problem]:
    """Return the problems of a whole page, in the order of the code."""
    if detect_kind(source.code) is not Kind.HTML:
        message = "A page is a whole document: begin with `<!DOCTYPE html>` and `<html>`, and end with `</html>`."
        return [source.problem(Rule.CONTENT, message, 1, 1)]
    source = _normal(source)
    page, found = _read(source)
    if all(each.is_warning for each in found) and page.draws is False:
        message = "This page draws nothing: there is no text, element or script in its `<body>`."
        return [source.problem_in(Rule.CONTENT, message, max(source.code.lower().find("<body"), 0))]
    markup = _ASIDE.sub(_blank, source.code)
    if all(each.is_warning for each in found) and not _END.search(markup):
        message = "The code ends before the page does: `</html>` is missing."
        return [source.problem_in(Rule.SYNTAX, message, len(source.code.rstrip()))]
    return in_order(found, _left_open(source, markup), _behind(source, markup))


def fragment_problems(source: Source) -> list[Problem]:
    """Return the problems of a page or a part of one, in the order of the code."""
    return _read(_normal(source))[1]


def _read(source: Source) -> "tuple[Page, list[Problem]]":
    from shared.artifacts.syntax.html.reader import Page  # noqa: PLC0415 - takes 170 ms, needed for pages only

    page = Page(source)
    found = [*page.found, *islice(page.doubts, _MAX_PROBLEMS)]
    found += islice(_elisions(source, page), _MAX_PROBLEMS)
    if not page.found:
        found += (_moved(problem, source, place) for problem, place in page_script_problems(page))
        for style in page.styles:
            if torn := _torn(style.text):
                found.append(_moved(torn, source, style.place))
    return page, in_order(found)


def _torn(style: str) -> Problem | None:
    """Return what is unclosed or unmatched in a style sheet, except for one brace at its end, which loses no rule."""
    torn = style_sheet.unclosed(Source(style))
    text = style.rstrip()
    others = [text.removesuffix("}")] + ([f"{text}}}"] if text.rfind("{") > text.rfind("}") else [])
    return torn if torn and all(style_sheet.unclosed(Source(other)) for other in others) else None


def _elisions(source: Source, page: "Page") -> Iterator[Problem]:
    """Yield the comments that replace a part of the page, or rules of its styles."""
    ordered = sorted(page.comments, key=lambda comment: comment.place)  # what is moved out of a table comes first
    yield from elisions(source, (_with_marks(source.code, comment) for comment in ordered))
    for style in page.styles:
        yield from (_moved(problem, source, style.place) for problem in style_sheet.style_elisions(Source(style.text)))


def _with_marks(code: str, comment: "Part") -> Span:
    end = comment.place + len(comment.text)
    return Span(max(comment.place - len("<!--"), 0), end + len("-->") if code.startswith("-->", end) else end)


def _moved(problem: Problem, source: Source, index: int) -> Problem:
    start = source.problem_in(problem.rule, problem.message, index)
    column = problem.column + (start.column - 1 if problem.line == 1 else 0)
    return source.problem(problem.rule, problem.message, start.line + problem.line - 1, column)


def _left_open(source: Source, code: str) -> Iterator[Problem]:
    """Yield the unclosed elements that hide what follows them; the parser finds the others."""
    for name in _RAW:
        tags = list(re.finditer(rf"<(/?){name}[\s>/]", code, re.IGNORECASE))
        last = max((match.start() for match in tags if match[1]), default=-1)
        opened = [match.start() for match in tags if not match[1]]
        if len(opened) > len(tags) - len(opened) and opened[-1] > last:
            message = f"This `<{name}>` is never closed, and nothing that follows it is shown: `</{name}>` is missing."
            yield source.problem_in(Rule.SYNTAX, message, opened[-1])


def _behind(source: Source, code: str) -> Iterator[Problem]:
    """Yield a problem for text after the end of the page, which browsers show as a part of it."""
    end = code.lower().rfind("</html")
    start = code.find(">", end) + 1 if end >= 0 else len(code)
    if re.sub(r"<[^>]*+>", "", code[start:]).strip():
        place = len(code) - len(code[start:].lstrip())
        yield source.problem_in(Rule.CONTENT, "Something stands behind `</html>`; the page must end with it.", place)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _normal(source: Source) -> Source:
    # Normalised as the parser does, so that the texts that it returns are found in the code.
    code = source.encoded.decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return source if code == source.code else Source(code)
