"""An index of the lines of a code: where given lines stand in it.

Each distinct line is one character of a string, so `str.find` searches for whole lines in linear time. Code that
changes needs no new index: the characters of the changed lines are replaced.
"""

from collections.abc import Callable, Iterator
from itertools import islice


class Lines:
    """The lines of a code by a key of each, the line itself or what is left of it."""

    def __init__(self, lines: list[str], key: Callable[[str], str]) -> None:
        self._key = key
        self._characters: dict[str, str] = {}  # there are a million, and no text has as many lines
        self._text = self._add(lines)

    def places(self, search: list[str], most: int) -> list[int]:
        """Return the indexes of the lines where the searched ones begin, at most so many."""
        word = [self._characters.get(self._key(line)) for line in search]
        return [] if None in word else list(islice(_found(self._text, "".join(map(str, word))), most))

    def replace(self, start: int, end: int, lines: list[str]) -> None:
        """Replace the lines from `start` to before `end`."""
        self._text = self._text[:start] + self._add(lines) + self._text[end:]

    def _add(self, lines: list[str]) -> str:
        characters = self._characters
        return "".join(characters.setdefault(self._key(line), chr(len(characters))) for line in lines)


def _found(text: str, word: str) -> Iterator[int]:
    """Yield where the word stands in the text, overlapping places included."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
