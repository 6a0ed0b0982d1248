"""What is wrong with a piece of code, and where: so that a model can mend it and a person can find it."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

_SNIPPET = 120
"""Characters of the line that are shown."""
_MESSAGE = 500
_LAST_OF_ONE_UNIT = "\uffff"
_MOST = 10
"""More than these help nobody to mend the code."""
_LONG_NAME = re.compile(r"([^\s`]{60})[^\s`]++")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HARMLESS = frozenset("\t\u200c\u200d")  # the last two join letters and emoji


class Rule(StrEnum):
    """Which rule the code breaks."""

    SYNTAX = "syntax"
    IMPORT = "import"
    EXPORT = "export"
    NAME = "name"
    REACT = "react"
    """What React always fails on."""
    DUPLICATE = "duplicate"
    CONTENT = "content"
    """The code can be read and is not what its kind needs, such as a drawing that draws nothing."""
    ELIDED = "elided"
    """A comment stands in place of code."""
    UNCHECKED = "unchecked"
    """Nobody knows whether the code is right."""
    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    """An attribute means nothing to a browser; this and the next two are warnings of these names."""
    MAY_FAIL = "may_fail"
    """What often fails when the code runs, and does not have to."""
    NOT_FULLY_CHECKED = "not_fully_checked"
    """A parser gave up, and only a part of the rules was looked at."""


WARNINGS = frozenset({Rule.UNKNOWN_ATTRIBUTE, Rule.MAY_FAIL, Rule.NOT_FULLY_CHECKED})
"""What may go wrong, and does not have to: the code is good all the same."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a piece of code."""

    rule: Rule
    message: str
    """A sentence that says what is wrong and, where that is not plain, what to do."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    snippet: str
    """The line, or the part of it around the column; never to be logged."""

    @property
    def is_warning(self) -> bool:
        """Return whether the code can be rendered all the same."""
        return self.rule in WARNINGS


class Source:
    """A piece of code whose places can be named."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.encoded = code.encode("utf-8", "replace")
        """What parsers read that count in bytes: UTF-8, half surrogate pairs replaced."""
        self._lines = code.split("\n")
        self._starts: list[int] | None = None

    def problem(self, rule: Rule, message: str, line: int, column: int) -> Problem:
        """A problem at this line and column, both from 1; a place outside the code is moved into it."""
        line = min(max(line, 1), len(self._lines))
        text = self._lines[line - 1]
        column = min(max(column, 1), len(text) + 1)
        start = max(0, min(column - 1 - _SNIPPET // 2, len(text) - _SNIPPET))
        snippet = text[start : start + _SNIPPET].removesuffix("\r")
        return Problem(rule, _visible(_LONG_NAME.sub(r"\1…", message)[:_MESSAGE]), line, column, _visible(snippet))

    def problem_in_units(self, rule: Rule, message: str, line: int, column: int) -> Problem:
        """A problem at a place whose column counts UTF-16's units, from 1, as JavaScript does."""
        text = self._lines[min(max(line, 1), len(self._lines)) - 1]
        if not text.isascii():
            column = len(text.encode("utf-16-le", "replace")[: 2 * (column - 1)].decode("utf-16-le", "ignore")) + 1
        return self.problem(rule, message, line, column)

    def spans_in_units(self, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Places that count UTF-16's units from 0, in the order of the code, as places that count characters."""
        if self.code.isascii() or max(self.code) <= _LAST_OF_ONE_UNIT:
            yield from spans
            return
        units = self.code.encode("utf-16-le", "replace")
        done = characters = 0
        for start, end in spans:
            characters += len(units[2 * done : 2 * start].decode("utf-16-le", "ignore"))
            length = len(units[2 * start : 2 * end].decode("utf-16-le", "ignore"))
            yield characters, characters + length
            done, characters = end, characters + length

    def problem_at(self, rule: Rule, message: str, byte: int) -> Problem:
        """A problem at this place of `encoded`, in bytes from 0."""
        if self._starts is None:
            self._starts = [0]
            position = self.encoded.find(b"\n")
            while position >= 0:
                self._starts.append(position + 1)
                position = self.encoded.find(b"\n", position + 1)
        row = bisect_right(self._starts, byte) - 1
        before = self.encoded[self._starts[row] : byte]
        return self.problem(rule, message, row + 1, len(before.decode("utf-8", "ignore")) + 1)

    def problem_in(self, rule: Rule, message: str, index: int) -> Problem:
        """A problem at this place of `code`, in characters from 0."""
        before = self.code[: max(index, 0)]
        return self.problem(rule, message, before.count("\n") + 1, len(before) - before.rfind("\n"))


def in_order(*found: Iterable[Problem]) -> list[Problem]:
    """Return the problems in the order of the code, ten of each sort at most; of several at a place the first."""
    placed: dict[tuple[int, int, bool], Problem] = {}
    for each in chain(*found):
        placed.setdefault((each.line, each.column, each.is_warning), each)
    ordered = [placed[place] for place in sorted(placed)]
    return [*islice((each for each in ordered if not each.is_warning), _MOST),
            *islice((each for each in ordered if each.is_warning), _MOST)]  # fmt: skip


def _visible(text: str) -> str:
    """The text with the characters written out that steer a terminal, or that nobody sees."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    hidden = character not in _HARMLESS and unicodedata.category(character) in _HIDDEN
    return f"\\u{ord(character):04x}" if hidden else character
