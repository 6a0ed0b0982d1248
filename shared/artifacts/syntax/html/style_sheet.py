"""The check of a style sheet: its braces, brackets, quotes and comments are closed.

No grammar is used: the one available for CSS rejects what browsers read (`@container` with a name, `6.5%` in
keyframes).
"""

import re
from collections.abc import Iterator
from itertools import islice

from shared.artifacts.elision import Span, elisions
from shared.artifacts.problem import Problem, Rule, Source

_MAX_PROBLEMS = 10
_PARTS = re.compile(
    r"/\*(?>(?:[^*]++|\*(?!/))*)(?P<end>\*/)?"
    r"|(?P<quoted>\"(?>(?:[^\"\\\n]++|\\[\s\S])*)\"|'(?>(?:[^'\\\n]++|\\[\s\S])*)')"
    r"|url\(\s*+[^\"'\s)][^)\n]*+(?:\)|\n\s*+\)|(?P<torn>))|\\[\s\S]|(?P<mark>[{}()\[\]\"'])",
    re.IGNORECASE,
)
_CLOSE = {"{": "}", "(": ")", "[": "]"}


def problems(source: Source) -> list[Problem]:
    """Return the problems of a style sheet, in the order of the code."""
    comments: list[Span] = []
    torn = unclosed(source, comments)
    found = list(islice(elisions(source, comments), _MAX_PROBLEMS - 1))
    return [*found, torn] if torn else found


def style_elisions(source: Source) -> Iterator[Problem]:
    """Return the comments that replace rules, whatever else is wrong."""
    comments = (part for part in _PARTS.finditer(source.code) if part["end"])
    return elisions(source, (Span(*part.span()) for part in comments))


def unclosed(source: Source, comments: list[Span] | None = None) -> Problem | None:
    """Return what is unclosed or closes nothing, or None; the comments before it are added to `comments`."""
    opened: list[tuple[str, int]] = []
    for part in _PARTS.finditer(source.code):
        message = _wrong(part, opened)
        if message:
            return source.problem_in(Rule.SYNTAX, message, part.start())
        if part["end"] and comments is not None:
            comments.append(Span(*part.span()))
    if opened:
        mark, place = opened[-1]
        return source.problem_in(Rule.SYNTAX, f"This `{mark}` is not closed.", place)
    return None


def _wrong(part: re.Match[str], opened: list[tuple[str, int]]) -> str:
    mark = part["mark"] if part["torn"] is None else "("
    if mark is None:
        return "This comment is not closed." if part[0].startswith("/*") and not part["end"] else ""
    if mark in _CLOSE:
        opened.append((mark, part.start()))
        return ""
    if mark in "\"'":
        return "This quote has no second one in its line."
    if opened and _CLOSE[opened[-1][0]] == mark:
        opened.pop()
        return ""
    return f"This `{mark}` closes nothing."
