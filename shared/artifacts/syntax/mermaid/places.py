"""From Mermaid's positions to the code's: Mermaid counts in the text without front matter and comments."""

import re
from bisect import bisect_right

_FRONT = re.compile(r"([^\S\n]*+)---[^\S\n]*+\n(?:.*?\n)??\1---[^\S\n]*+\n", re.DOTALL)
_CHANGED = re.compile(
    r"%%\{(?>(?:[^}]++|\}(?!%%))*)(?:\}%%)?"
    r"|(?<!\s)(?P<before>[^\S\n]*+(?:\n|\A))(?>\s*+%%(?!\{)[^\n]++(?:\n|\Z))+"
    r"|#(?P<entity>\w++);"
)
"""Directives and whole lines of comments, which Mermaid removes, and entities, which it writes with marks."""


class Remaining:
    """The text of a diagram that Mermaid parses, and the position of each part of it in the code."""

    def __init__(self, code: str) -> None:
        """Take code whose lines end in a newline alone."""
        front = _FRONT.match(code)
        self._front = front.end() if front else 0
        code, done = code[self._front :], 0  # the text behind it is parsed as a text of its own
        parts: list[str] = []
        self._starts, self._places, length = [0], [0], 0
        for match in _CHANGED.finditer(code, done):
            start = match.start() if match["before"] is None else match.end("before")
            # The marks distinguish a number from a name.
            entity = f"ﬂ°{'°' * match['entity'].isdecimal()}{match['entity']}¶ß" if match["entity"] else ""
            parts += (code[done:start], entity)
            length += len(parts[-2])
            self._starts += (length, length + len(entity))
            self._places += (start, match.end())
            length += len(entity)
            done = match.end()
        text = "".join((*parts, code[done:]))
        self._lines = text.lstrip().split("\n")
        self._leading = len(text) - len(text.lstrip())

    def line(self, number: int) -> str:
        """Return a line of the remaining text, from 1."""
        return self._lines[min(max(number, 1), len(self._lines)) - 1]

    def index(self, line: int, column: int) -> int:
        """Return the index in the code of a line, from 1, and a column in UTF-16 units, from 0."""
        before = self._lines[: max(line, 1) - 1]
        units = self.line(line).encode("utf-16-le", "replace")[: 2 * column]
        index = self._leading + sum(len(each) + 1 for each in before) + len(units.decode("utf-16-le", "ignore"))
        part = bisect_right(self._starts, index) - 1
        limit = self._places[part + 1] if part + 1 < len(self._places) else self._places[part] + index
        return self._front + min(self._places[part] + index - self._starts[part], limit)
