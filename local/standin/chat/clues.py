"""Values that a prompt offers for arguments and fields: the numbers and the names in it, each in its turn."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Final, TypeVar

from local.standin.kinds import words_of

_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\d)")
_QUOTED: Final = re.compile(r'"([^"]+)"|“([^”]+)”|`([^`]+)`')
_NAME: Final = re.compile(r"(?<=[a-z,;:] )[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")
_LONGEST: Final = 60
ChoiceT = TypeVar("ChoiceT")


class Clues:
    """The numbers and names of a text. When all were given out, it begins again with the first."""

    def __init__(self, text: str) -> None:
        quoted = ["".join(groups) for groups in _QUOTED.findall(text)]
        self._words = words_of(text)
        self._numbers = _endless([float(number) for number in _NUMBER.findall(text)])
        self._names = _endless(quoted or _NAME.findall(text) or [" ".join(text.split())[:_LONGEST]])

    def number(self) -> float:
        """Return the next number; 1 where the text has none."""
        return next(self._numbers, 1.0)

    def name(self) -> str:
        """Return the next text in quotes, else the next name in the middle of a sentence, else the text's beginning."""
        return next(self._names, "")

    def choice(self, values: Sequence[ChoiceT]) -> ChoiceT:
        """Return the first of the values that is a word of the text, else the first."""
        return next((value for value in values if str(value).lower() in self._words), values[0])


def _endless(values: list[ChoiceT]) -> Iterator[ChoiceT]:
    return cycle(values)
