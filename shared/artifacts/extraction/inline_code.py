"""Inline code: whether a position in a text is between backticks."""

import re
from bisect import bisect_right
from itertools import islice

_RUN = re.compile(r"`++")
_MAX_RUNS = 2_000  # runs that are read in a line; one with more is noise


class InlineCode:
    """The inline code of one text, read one line at a time and only where needed.

    Code is between two runs of as many backticks on one line. Markdown also allows a line break in it, but then one
    stray backtick would hide the next line, where tags begin.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = range(0)
        self._starts: list[int] = []
        self._ends: list[int] = []

    def end_at(self, position: int) -> int | None:
        """Return where the inline code around `position` ends, or None if it is not in inline code."""
        if position not in self._line:
            self._read_line(position)
        if not self._starts:
            return None
        index = bisect_right(self._starts, position) - 1
        return self._ends[index] if index >= 0 and position < self._ends[index] else None

    def _read_line(self, position: int) -> None:
        start = self._text.rfind("\n", 0, position) + 1
        end = self._text.find("\n", position)
        self._line = range(start, len(self._text) if end < 0 else end + 1)
        spans = _spans([match.span() for match in islice(_RUN.finditer(self._text, start, self._line.stop), _MAX_RUNS)])
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]


def _spans(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs of runs of one length, each from the first backtick to the last."""
    spans, index = [], 0
    partner = _partners(runs)
    while index < len(runs):
        closing = partner[index]
        if closing:
            spans.append((runs[index][0], runs[closing][1]))
        index = (closing or index) + 1
    return spans


def _partners(runs: list[tuple[int, int]]) -> list[int]:
    """Return for each run the index of the next one of its length, or 0 if there is none."""
    partners = [0] * len(runs)
    latest: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        partners[index] = latest.get(length, 0)
        latest[length] = index
    return partners
