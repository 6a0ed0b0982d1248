"""Problems in a piece of code: what is wrong and where, so that a model can correct it and a person can find it."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from typing import NamedTuple

_MAX_SNIPPET_CHARS = 120
"""Characters of the line that are shown."""
_MAX_MESSAGE_CHARS = 500
_LAST_OF_ONE_UNIT = "\uffff"
_MAX_PROBLEMS = 10
"""Of each sort; more do not help to correct the code."""
_LONG_NAME = re.compile(r"([^\s`]{60})[^\s`]++")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HARMLESS = frozenset("\t\u200c\u200d")  # the last two join letters and emoji


class Rule(StrEnum):
    """The rule that the code breaks."""

    SYNTAX = "syntax"
    IMPORT = "import"
    EXPORT = "export"
    NAME = "name"
    REACT = "react"
    """React always fails on the code."""
    DUPLICATE = "duplicate"
    CONTENT = "content"
    """The code parses but is not what its kind needs, such as a drawing that draws nothing."""
    ELIDED = "elided"
    """A comment stands in place of code."""
    UNCHECKED = "unchecked"
    """The code could not be checked: it may be right or wrong."""
    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    """Browsers do not know an attribute; this and the next two are warnings of these names."""
    MAY_FAIL = "may_fail"
    """The code often fails when it runs, but not always."""
    NOT_FULLY_CHECKED = "not_fully_checked"
    """A parser gave up, and only some of the rules were checked."""


WARNINGS = frozenset({Rule.UNKNOWN_ATTRIBUTE, Rule.MAY_FAIL, Rule.NOT_FULLY_CHECKED})
"""Rules whose problems do not keep the code from being rendered."""


class Problem(NamedTuple):
    """One problem in a piece of code."""

    rule: Rule
    message: str
    """What is wrong, as a sentence, and what to do where that is not clear."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    snippet: str
    """The line, or the part of it around the column; must never be logged."""

    @property
    def is_warning(self) -> bool:
        """Whether the code can be rendered anyway."""
        return self.rule in WARNINGS


class Source:
    """A piece of code, and problems at positions in it."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.encoded = code.encode("utf-8", "replace")
        """The code in UTF-8, for parsers that count bytes; half surrogate pairs are replaced."""
        self._lines = code.split("\n")
        self._starts: list[int] | None = None

    def problem(self, rule: Rule, message: str, line: int, column: int) -> Problem:
        """Return a problem at this line and column, both from 1; a position outside the code is moved into it."""
        line = min(max(line, 1), len(self._lines))
        text = self._lines[line - 1]
        column = min(max(column, 1), len(text) + 1)
        start = max(0, min(column - 1 - _MAX_SNIPPET_CHARS // 2, len(text) - _MAX_SNIPPET_CHARS))
        snippet = text[start : start + _MAX_SNIPPET_CHARS].removesuffix("\r")
        return Problem(
            rule, _visible(_LONG_NAME.sub(r"\1…", message)[:_MAX_MESSAGE_CHARS]), line, column, _visible(snippet)
        )

    def problem_in_units(self, rule: Rule, message: str, line: int, column: int) -> Problem:
        """Return a problem at a column in UTF-16 code units, from 1, as JavaScript counts them."""
        text = self._lines[min(max(line, 1), len(self._lines)) - 1]
        if not text.isascii():
            column = len(text.encode("utf-16-le", "replace")[: 2 * (column - 1)].decode("utf-16-le", "ignore")) + 1
        return self.problem(rule, message, line, column)

    def spans_in_units(self, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield spans in UTF-16 code units from 0, given in the order of the code, as spans in characters."""
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
        """Return a problem at this offset in `encoded`, in bytes from 0."""
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
        """Return a problem at this offset in `code`, in characters from 0."""
        before = self.code[: max(index, 0)]
        return self.problem(rule, message, before.count("\n") + 1, len(before) - before.rfind("\n"))


def in_order(*found: Iterable[Problem]) -> list[Problem]:
    """Return ten problems and ten warnings at most, in the order of the code; of several at a position the first."""
    placed: dict[tuple[int, int, bool], Problem] = {}
    for each in chain(*found):
        placed.setdefault((each.line, each.column, each.is_warning), each)
    ordered = [placed[place] for place in sorted(placed)]
    return [*islice((each for each in ordered if not each.is_warning), _MAX_PROBLEMS),
            *islice((each for each in ordered if each.is_warning), _MAX_PROBLEMS)]  # fmt: skip


def _visible(text: str) -> str:
    """Return the text with control characters and invisible characters escaped."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    hidden = character not in _HARMLESS and unicodedata.category(character) in _HIDDEN
    return f"\\u{ord(character):04x}" if hidden else character
