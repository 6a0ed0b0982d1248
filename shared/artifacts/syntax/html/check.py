"""The check of a page: a whole document that no browser has to guess the end of, with scripts that can be read.

What browsers render all the same, such as a missing `</li>` or a stray `&`, is let pass.
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

_MOST = 10
_END = re.compile(r"</(?:body|html)\b", re.IGNORECASE | re.ASCII)
_ROOT = re.compile(r"<html[\s>]", re.IGNORECASE | re.ASCII)
_ASIDE = re.compile(
    r"<!--(?>(?:[^-]++|-(?!->))*)(?:-->|\Z)|<script\b(?>(?:[^<]++|<(?!/script))*)</script[^>]*+>"
    r"|<style\b(?>(?:[^<]++|<(?!/style))*)</style[^>]*+>"
    r"|<textarea\b(?>(?:[^<]++|<(?!/textarea))*)</textarea[^>]*+>"
    r"|(?<==)(?:\"[^\"]*+\"|'[^']*+')",
    re.IGNORECASE,
)
"""What holds text that looks like tags and is none."""
_RAW = ("noscript", "template")
"""Elements whose content no closing tag but their own ends."""


def problems(source: Source) -> list[Problem]:
    """What is wrong with a whole page, in the order of the code."""
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
    """What is wrong with a page or a part of one, in the order of the code."""
    return _read(_normal(source))[1]


def _read(source: Source) -> "tuple[Page, list[Problem]]":
    from shared.artifacts.syntax.html.reader import Page  # noqa: PLC0415 - 170 ms, paid for by pages only

    page = Page(source)
    found = [*page.found, *islice(page.doubts, _MOST)]
    found += islice(_elisions(source, page), _MOST)
    if not page.found:
        found += (_moved(problem, source, place) for problem, place in page_script_problems(page))
        for style in page.styles:
            if torn := _torn(style.text):
                found.append(_moved(torn, source, style.place))
    return page, in_order(found)


def _torn(style: str) -> Problem | None:
    """What is not closed in a style sheet or closes nothing, but for one brace at its end, which costs no rule."""
    torn = style_sheet.unclosed(Source(style))
    text = style.rstrip()
    others = [text.removesuffix("}")] + ([f"{text}}}"] if text.rfind("{") > text.rfind("}") else [])
    return torn if torn and all(style_sheet.unclosed(Source(other)) for other in others) else None


def _elisions(source: Source, page: "Page") -> Iterator[Problem]:
    """The comments that stand in place of a part of the page, or of rules of its styles."""
    ordered = sorted(page.comments, key=lambda comment: comment.place)  # what stood in a table is read first
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
    """What is never closed and shows nothing of what lies in it; the others the parser finds."""
    for name in _RAW:
        tags = list(re.finditer(rf"<(/?){name}[\s>/]", code, re.IGNORECASE))
        last = max((match.start() for match in tags if match[1]), default=-1)
        opened = [match.start() for match in tags if not match[1]]
        if len(opened) > len(tags) - len(opened) and opened[-1] > last:
            message = f"This `<{name}>` is never closed, and nothing that follows it is shown: `</{name}>` is missing."
            yield source.problem_in(Rule.SYNTAX, message, opened[-1])


def _behind(source: Source, code: str) -> Iterator[Problem]:
    """Text behind the end of the page, which a browser shows as a part of it."""
    end = code.lower().rfind("</html")
    start = code.find(">", end) + 1 if end >= 0 else len(code)
    if re.sub(r"<[^>]*+>", "", code[start:]).strip():
        place = len(code) - len(code[start:].lstrip())
        yield source.problem_in(Rule.CONTENT, "Something stands behind `</html>`; the page must end with it.", place)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _normal(source: Source) -> Source:
    # As the parser reads it, so that what it hands out is found again in the code.
    code = source.encoded.decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return source if code == source.code else Source(code)
