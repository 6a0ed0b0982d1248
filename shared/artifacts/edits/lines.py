"""An index of the lines of a code: where given lines stand in it.

Each distinct line is one character of a string, so `str.find` searches for whole lines in linear time. Code that
changes needs no new index: the characters of the changed lines are replaced.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from shared.artifacts.edits.marks import BLANKS

MAX_PLACES = 10
"""Places that are looked for: of more than one no more is told than how many there are at least."""
_MAX_CANDIDATES = 100
"""Places at which a shift of indentation is tried; among more that are alike no single one is meant."""
_BLANK = chr(0)
"""The character of a blank line among those that are shifted."""


class Lines:
    """The lines of a code by a key of each, the line itself or what is left of it."""

    def __init__(self, lines: list[str], key: Callable[[str], str]) -> None:
        self._key = key
        self._alphabet = _Alphabet()
        self._text = "".join(self._alphabet.add(key(line)) for line in lines)

    def places(self, search: list[str], most: int = MAX_PLACES) -> list[int]:
        """Return the indexes of the lines where the searched ones begin, at most so many."""
        word = self._alphabet.spell(self._key(line) for line in search)
        return list(islice(_found(self._text, word), most)) if word else []

    def replace(self, start: int, end: int, lines: list[str]) -> None:
        """Replace the lines from `start` to before `end`."""
        changed = "".join(self._alphabet.add(self._key(line)) for line in lines)
        self._text = self._text[:start] + changed + self._text[end:]


class ShiftedLines:
    """The lines of a code, each by what a shift of indentation leaves as it is.

    That is its text, the text of the last line before it that is not blank, how far that is, and what is left of the
    indentation of both behind what they have in common.
    """

    def __init__(self, lines: list[str]) -> None:
        self._lines = Lines(lines, text_of)
        self._relations = _Alphabet()
        self._relations.add(None)  # the first character, which is _BLANK
        self._text = "".join(self._relations.add(key) for key in _relations(lines))

    def places(self, search: list[str], lines: list[str]) -> list[int]:
        """Return the indexes of the lines where the searched ones begin, indented more or less than given.

        Args:
            search: the searched lines; neither the first nor the last is blank.
            lines: the lines of the code.
        """
        candidates = self._candidates(search)
        found = [place for place in candidates if shift(search[0], lines[place]) is not None]
        return found[:MAX_PLACES] if len(found) > 1 or len(candidates) <= _MAX_CANDIDATES else []

    def _candidates(self, search: list[str]) -> list[int]:
        if len(search) == 1:
            return self._lines.places(search, _MAX_CANDIDATES + 1)
        # The first line has another one before it in the code than in the search; the second one names the first.
        word = self._relations.spell(islice(_relations(search), 1, None))
        return [place - 1 for place in islice(_found(self._text, word), _MAX_CANDIDATES + 1)] if word else []

    def replace(self, start: int, end: int, changed: list[str], lines: list[str]) -> None:
        """Replace the lines from `start` to before `end`.

        Args:
            start: the index of the first line that is replaced.
            end: that of the first one behind.
            changed: the lines that replace them.
            lines: all lines as they are afterwards.
        """
        self._lines.replace(start, end, changed)
        before, behind = self._text[:start], self._text[end:]
        # Cut by `str`, because there may be thousands of blank lines around.
        above = len(before.rstrip(_BLANK)) - 1
        below = len(behind) - len(behind.lstrip(_BLANK))
        last = next((index for index in range(start + len(changed) - 1, start - 1, -1) if text_of(lines[index])), above)
        keys = list(_relations(changed, lines[above] if above >= 0 else None, start - above))
        if below < len(behind):
            index = start + len(changed) + below
            keys.append(_relation(lines[last] if last >= 0 else None, index - last, lines[index]))
        new = [self._relations.add(key) for key in keys]
        follower = new.pop() if below < len(behind) else ""
        self._text = "".join((before, *new, behind[:below], follower, behind[below + 1 :]))


class Shift(NamedTuple):
    """By what lines of the code are indented more than those that were searched for, or less."""

    added: str
    removed: str

    def apply(self, line: str) -> str | None:
        """Return the line indented as the code is, None if it cannot be; a blank line stays as it is."""
        if not text_of(line):
            return line
        return self.added + line[len(self.removed) :] if line.startswith(self.removed) else None


def shift(searched: str, line: str) -> Shift | None:
    """Return the shift from the searched line to that of the code, None if it is more than a shift."""
    given, there = indentation(searched), indentation(line)
    if there.endswith(given):
        return Shift(there[: len(there) - len(given)], "")
    return Shift("", given[: len(given) - len(there)]) if given.endswith(there) else None


def text_of(line: str) -> str:
    """Return the line without blanks at both ends."""
    return line.strip(BLANKS)


def indentation(line: str) -> str:
    """Return the blanks that the line begins with."""
    return line[: len(line) - len(line.lstrip(BLANKS))]


class _Alphabet:
    """A character for each distinct key; there are a million, and no text has as many lines."""

    def __init__(self) -> None:
        self._characters: dict[Hashable, str] = {}

    def add(self, key: Hashable) -> str:
        return self._characters.setdefault(key, chr(len(self._characters)))

    def spell(self, keys: Iterable[Hashable]) -> str | None:
        """Return the characters of these keys, None if one of them has none."""
        characters = []
        for key in keys:
            character = self._characters.get(key)
            if character is None:
                return None
            characters.append(character)
        return "".join(characters)


def _found(text: str, word: str) -> Iterator[int]:
    """Yield where the word stands in the text, overlapping places included."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _relations(lines: Iterable[str], previous: str | None = None, distance: int = 1) -> Iterator[Hashable]:
    """Yield the key of each line; blank ones have None.

    Args:
        lines: the lines.
        previous: the last line before them that is not blank, if any.
        distance: how many lines before the first of them it is.
    """
    for line in lines:
        if text_of(line):
            yield _relation(previous, distance, line)
            previous, distance = line, 1
        else:
            yield None
            distance += 1


def _relation(previous: str | None, distance: int, line: str) -> Hashable:
    if previous is None:
        return text_of(line)
    above, here = indentation(previous), indentation(line)
    if here.startswith(above):
        common = len(above)
    elif above.startswith(here):
        common = len(here)
    else:
        common = next(index for index, (one, other) in enumerate(zip(above, here, strict=False)) if one != other)
    return text_of(previous), distance, above[common:], here[common:], text_of(line)
