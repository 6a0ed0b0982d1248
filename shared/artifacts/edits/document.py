"""A code that edits are applied to: finding their lines in it and replacing them."""

from typing import NamedTuple

from shared.artifacts.edits.lines import Lines, Shift, ShiftedLines, shift
from shared.artifacts.edits.marks import BLANKS


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
        self._exact = Lines(self.lines, str)
        # Made when first needed: most edits match exactly.
        self._unpadded: Lines | None = None
        self._shifted: ShiftedLines | None = None

    @property
    def code(self) -> str:
        """The code as it is now."""
        return "\n".join(self.lines)

    def find(self, search: list[str]) -> Match | None:
        """Return where the lines stand, None if they do not."""
        places = self._exact.places(search)
        if not places:
            self._unpadded = self._unpadded or Lines(self.lines, _unpadded)
            places = self._unpadded.places(search)
        if places:
            return Match(places, Shift("", ""))
        if not search[0].strip(BLANKS) or not search[-1].strip(BLANKS):
            return None  # what a blank line is indented by says nothing
        self._shifted = self._shifted or ShiftedLines(self.lines)
        places = self._shifted.places(search, self.lines)
        by = shift(search[0], self.lines[places[0]]) if places else None
        return Match(places, by) if by else None

    def replace(self, start: int, end: int, changed: list[str]) -> None:
        """Replace the lines from the index `start` to before `end`."""
        self.lines[start:end] = changed
        self._exact.replace(start, end, changed)
        if self._unpadded:
            self._unpadded.replace(start, end, changed)
        if self._shifted:
            self._shifted.replace(start, end, changed, self.lines)


def _unpadded(line: str) -> str:
    return line.rstrip(BLANKS)
