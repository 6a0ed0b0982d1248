"""The lines of a code that come nearest to lines that do not stand in it, and the surroundings of those that do."""

import re
from collections import Counter

from shared.artifacts.edits.edit import Excerpt

_WORD = re.compile(r"\w+")
_MAX_LINES = 24
_MAX_CHARS = 4_000
_AROUND = 2
"""Lines that are shown before and behind."""


def nearest_lines(lines: list[str], search: list[str]) -> Excerpt | None:
    """Return the run of lines that shares most words with the searched ones, None if none shares any.

    A word counts the more the fewer lines have it, and a whole line is a word too. It takes time in proportion to the
    texts.
    """
    wanted = set[str]().union(*(_words(line) for line in search))
    words = [_words(line) & wanted for line in lines]
    counts = Counter(word for each in words for word in each)
    scores = [sum(1 / counts[word] for word in each) for each in words]
    length = min(len(search), len(lines), _MAX_LINES)
    sums = [0.0]
    for score in scores:
        sums.append(sums[-1] + score)
    place = max(range(len(lines) - length + 1), key=lambda start: sums[start + length] - sums[start])
    return surroundings(lines, place, length) if sums[place + length] > sums[place] else None


def surroundings(lines: list[str], place: int, length: int) -> Excerpt:
    """Return the lines from `place` on and those around them, as many as may be shown."""
    first = max(0, place - _AROUND)
    wanted = lines[first : place + length + _AROUND]
    shown, chars = [], 0
    for line in wanted[: _MAX_LINES + 2 * _AROUND]:
        chars += len(line) + 1
        if chars > _MAX_CHARS:
            break
        shown.append(line)
    if place + min(length, _MAX_LINES) > first + len(shown):  # long lines: the first of those that were meant
        return Excerpt(place + 1, "\n".join(lines[place : place + length])[:_MAX_CHARS], whole=False)
    return Excerpt(first + 1, "\n".join(shown), whole=length <= _MAX_LINES)


def _words(line: str) -> set[str]:
    said = line.strip()
    return {said, *_WORD.findall(said)} if said else set()
