"""The check of a document in Markdown: it says something, nothing of it is left out, and no code fence is left open."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from shared.artifacts.syntax.elision import MESSAGE, is_elision
from shared.artifacts.syntax.problem import Problem, Rule, Source

_MOST = 10
_FENCE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)([^\n]*+)", re.MULTILINE)
_FRONT = re.compile(r"\s*+---[ \t]*+\n(?>(?:(?!---)[^\n]*+\n)*)---[ \t]*+(?:\n|\Z)")
_COMMENT = re.compile(r"<!--((?>(?:[^-]++|-(?!->))*))(?:-->|\Z)")
_LEFT_OUT = re.compile(
    r"^[ \t]*+(?:<!--((?>(?:[^-]++|-(?!->))*))(?:-->|\Z)|[\[(]((?=[^a-z\n]*+[a-z])[^\n\])]*+)[\])][ \t]*+$)",
    re.MULTILINE,
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"})


def problems(source: Source) -> list[Problem]:
    """What is wrong with a document; a fence left open is the sign of an answer that was cut."""
    if not _says_something(source.code):
        return [source.problem(Rule.CONTENT, "There is no text.", 1, 1)]
    fenced, begun = _fences(source.code)
    found = list(islice(_elisions(source, fenced), _MOST))
    if begun is not None:
        found.append(source.problem_in(Rule.SYNTAX, "The code fence that begins here is not closed.", begun))
    return found


def _says_something(text: str) -> bool:
    front = _FRONT.match(text)
    said = _COMMENT.sub("", text[front.end() :] if front else text)
    return any(unicodedata.category(character) not in _INVISIBLE for character in said)


def _elisions(source: Source, fenced: list[tuple[int, int]]) -> Iterator[Problem]:
    """What says that text is left out; in a fence it may be what the document is about."""
    fences = iter(fenced)
    fence = next(fences, None)
    for part in _LEFT_OUT.finditer(source.code):
        while fence and fence[1] <= part.start():
            fence = next(fences, None)
        if not (fence and fence[0] <= part.start()) and is_elision(part[1] or part[2] or ""):
            indented = len(part[0]) - len(part[0].lstrip())
            yield source.problem_in(Rule.ELIDED, MESSAGE, part.start() + indented)


def _fences(text: str) -> tuple[list[tuple[int, int]], int | None]:
    """The fences in the document, and where one begins that is not closed."""
    closed: list[tuple[int, int]] = []
    begun: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if begun is None:
            if fence[1][0] == "~" or "`" not in fence[2]:
                begun = fence
        elif fence[1].startswith(begun[1]) and not fence[2].strip():
            closed.append((begun.start(), fence.end()))
            begun = None
    if begun:
        closed.append((begun.start(), len(text)))
    return closed, begun.start(1) if begun else None
