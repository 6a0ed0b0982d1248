"""A code that edits are applied to: finding their lines in it and replacing them."""

from typing import NamedTuple

from shared.artifacts.edits.lines import Lines
from shared.artifacts.edits.marks import BLANKS

_MAX_PLACES = 10
"""Places that are looked for: of more than one no more is told than how many there are at least."""
_MAX_SHIFTED = 100
"""Places at which a shift of indentation is tried; among more that are alike no single one is meant."""


class Shift(NamedTuple):
    """By what lines of the code are indented more than those that were searched for, or less."""

    added: str = ""
    removed: str = ""

    def apply(self, line: str) -> str | None:
        """Return the line indented as the code is, None if it cannot be; a blank line stays as it is."""
        if not line.strip(BLANKS):
            return line
        return self.added + line[len(self.removed) :] if line.startswith(self.removed) else None


class Match(NamedTuple):
    """Where searched lines stand in a code, at the first level where they stand there at all.

    Attributes:
        places: the indexes of the first lines, not all if there are many.
        shift: by what they are indented otherwise, if there is one place.
    """

    places: list[int]
    shift: Shift


class Document:
    """The lines of a code, and how they are found.

    There are three levels: exactly; without regard to blanks at the ends of lines; indented more or less as a whole.
    """

    def __init__(self, code: str) -> None:
        self.lines = code.split("\n")
        self._indexes = [Lines(self.lines, str)]  # those of the further levels when first needed: most edits are exact

    @property
    def code(self) -> str:
        """The code as it is now."""
        return "\n".join(self.lines)

    def find(self, search: list[str]) -> Match | None:
        """Return where the lines stand, None if they do not."""
        places = self._index(0).places(search, _MAX_PLACES) or self._index(1).places(search, _MAX_PLACES)
        if places:
            return Match(places, Shift())
        if not search[0].strip(BLANKS) or not search[-1].strip(BLANKS):
            return None  # what a blank line is indented by says nothing
        candidates = self._index(2).places(search, _MAX_SHIFTED + 1)
        shifts = {place: shift for place in candidates if (shift := self._shift(search, place))}
        if not shifts or (len(shifts) == 1 and len(candidates) > _MAX_SHIFTED):  # there may be another place behind
            return None
        return Match(list(shifts)[:_MAX_PLACES], next(iter(shifts.values())))

    def replace(self, start: int, end: int, changed: list[str]) -> None:
        """Replace the lines from the index `start` to before `end`."""
        self.lines[start:end] = changed
        for index in self._indexes:
            index.replace(start, end, changed)

    def _index(self, level: int) -> Lines:
        while len(self._indexes) <= level:
            self._indexes.append(Lines(self.lines, _unpadded if len(self._indexes) == 1 else _text))
        return self._indexes[level]

    def _shift(self, search: list[str], place: int) -> Shift | None:
        """Return by what the lines at this place are indented otherwise than the searched ones, if all by the same."""
        given, there = _indentation(search[0]), _indentation(self.lines[place])
        if there.endswith(given):
            shift = Shift(there[: len(there) - len(given)])
        elif given.endswith(there):
            shift = Shift(removed=given[: len(given) - len(there)])
        else:
            return None
        pairs = zip(search, self.lines[place : place + len(search)], strict=True)
        fits = all(_unpadded(line) == shift.apply(_unpadded(searched)) for searched, line in pairs)
        return shift if fits else None


def _unpadded(line: str) -> str:
    return line.rstrip(BLANKS)


def _text(line: str) -> str:
    return line.strip(BLANKS)


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(BLANKS))]
