"""Code fences: where they are in a text and which line closes which."""

import re
from bisect import bisect_left, bisect_right
from itertools import chain, islice
from typing import NamedTuple

from shared.artifacts.kinds import Kind

MARKDOWN_LANGUAGES = Kind.MARKDOWN.facts.languages

_FIRST = re.compile(r"([ \t]*+)(`{3,}+|~{3,}+)([^\n]*+)")
_MARK = re.compile(r"\n" + _FIRST.pattern)  # searching from line break to line break is fast
_MAX_MARK_LENGTH = 10  # a longer mark counts as this long: few lengths need few lists of closing lines
_MAX_MARKS = 2_000  # marks that are read; an answer with more is noise, and each takes some microseconds


class Mark(NamedTuple):
    """A line that may open or close a fence.

    Attributes:
        start: where the line begins.
        end: where it ends, before its line break.
        sign: a backtick or a tilde.
        length: how many of them.
        info: the text after them; a line with an info closes nothing.
    """

    start: int
    end: int
    sign: str
    length: int
    info: str

    @property
    def language(self) -> str | None:
        """The first word of the info, in lower case."""
        return self.info.split(maxsplit=1)[0].lower() if self.info else None


class Fence(NamedTuple):
    """A fenced block.

    Attributes:
        start: where its opening line begins.
        end: where its closing line ends, or the end of the text.
        content_start: where its content begins.
        content_end: where its content ends; the closing line begins after the next line break.
        language: the language that the opening line names, in lower case.
        closed: whether there is a closing line.
    """

    start: int
    end: int
    content_start: int
    content_end: int
    language: str | None
    closed: bool


class Fences:
    """The closed fences of one text, searchable from any position.

    The closing lines are computed once for all marks, so that many openings that never close cost nothing later.
    """

    def __init__(self, marks: list[Mark]) -> None:
        self._marks = marks
        self._starts = [mark.start for mark in self._marks]
        self._first_closed = _first_closed(self._marks)
        self._closing: dict[tuple[str, int], list[int]] = {}

    def after(self, position: int) -> Fence | None:
        """Return the first closed fence that opens at `position` or later."""
        if not self._marks:
            return None
        place = bisect_left(self._starts, position)
        index = self._first_closed[place] if place < len(self._marks) else None
        if index is None:
            return None
        return fenced(self._marks[index], self._marks[self._closing_of(index)])

    def are_left_open(self) -> bool:
        """Return whether an unclosed fence holds the rest of the text."""
        index = 0
        while index < len(self._marks):
            if self._first_closed[index] != index:
                return True
            index = self._closing_of(index) + 1
        return False

    def _closing_of(self, index: int) -> int:
        opening = self._marks[index]
        key = (opening.sign, opening.length)
        if key not in self._closing:
            self._closing[key] = [i for i, mark in enumerate(self._marks) if closes(mark, opening)]
        closing = self._closing[key]
        return closing[bisect_right(closing, index)]


def marks_in(text: str) -> list[Mark]:
    """Return the lines of the text that may open or close a fence."""
    if "```" not in text and "~~~" not in text:
        return []
    first = _FIRST.match(text)
    found = chain([first] if first else [], _MARK.finditer(text))
    return [
        Mark(match.start(1), match.end(), match[2][0], min(len(match[2]), _MAX_MARK_LENGTH), match[3].strip())
        for match in islice(found, _MAX_MARKS)
        if match[2][0] == "~" or "`" not in match[3]  # otherwise inline code at the start of a line
    ]


def _first_closed(marks: list[Mark]) -> list[int | None]:
    """Return for each mark the first one from it on that has a closing line."""
    first: int | None = None
    found: list[int | None] = []
    longest = {"`": 0, "~": 0}  # of the lines below that can close a fence
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index]
        if longest[mark.sign] >= mark.length:
            first = index
        if not mark.info:
            longest[mark.sign] = max(longest[mark.sign], mark.length)
        found.append(first)
    return found[::-1]


def closes(mark: Mark, opening: Mark) -> bool:
    """Return whether the mark can close the fence that the opening begins."""
    return not mark.info and mark.sign == opening.sign and mark.length >= opening.length


def fenced(opening: Mark, closing: Mark) -> Fence:
    """Return the block between two lines."""
    return Fence(opening.start, closing.end, opening.end + 1, closing.start - 1, opening.language, closed=True)


def unclosed(opening: Mark, end: int) -> Fence:
    """Return the block from a line to the end of the text."""
    return Fence(opening.start, end, opening.end + 1, end, opening.language, closed=False)
