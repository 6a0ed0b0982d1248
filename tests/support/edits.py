"""Edits that lead from one text to another, as a model would write them: derived from a diff.

Of each change the block has as many lines around it as make its search unique, in the original and in what the blocks
before it made. Changes whose surroundings meet become one block.
"""

from difflib import SequenceMatcher
from typing import NamedTuple


class Hunk(NamedTuple):
    """Lines of the original, from `start` to before `end`, and those of the modified text in their place."""

    start: int
    end: int
    new_start: int
    new_end: int


def derive_edits(original: str, modified: str) -> list[tuple[str, str]]:
    """Return the search and the replacement of each block, in the order of the text.

    Raises:
        ValueError: no block can say it, because the original is blank.
    """
    old, new = original.split("\n"), modified.split("\n")
    hunks = [
        Hunk(*each[1:]) for each in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if each[0] != "equal"
    ]
    index = 0
    while index < len(hunks):
        if _is_unique(hunks[index], old, new):
            index += 1
            continue
        before = hunks[index]
        if index + 1 < len(hunks) and before.end == hunks[index + 1].start:
            _merge_with_next(hunks, index)
        elif before.end < len(old):
            hunks[index] = before._replace(end=before.end + 1, new_end=before.new_end + 1)
        # What is merged is looked at again, with its own surroundings.
        if index and hunks[index - 1].end == before.start:
            index -= 1
            _merge_with_next(hunks, index)
        elif before.start:
            hunks[index] = hunks[index]._replace(start=before.start - 1, new_start=before.new_start - 1)
        if hunks[index] == before:
            msg = "a blank text has no lines to search for"
            raise ValueError(msg)
    return [("\n".join(old[each.start : each.end]), "\n".join(new[each.new_start : each.new_end])) for each in hunks]


def write_block(search: str, replacement: str) -> str:
    """Return the block as text, with a line feed at its end."""
    lines = ["<<<<<<< SEARCH", search, "=======", *([replacement] if replacement else []), ">>>>>>> REPLACE", ""]
    return "\n".join(lines)


def _is_unique(hunk: Hunk, old: list[str], new: list[str]) -> bool:
    """Return whether the lines can be searched for, and a block can say what replaces them."""
    search, replacement = old[hunk.start : hunk.end], new[hunk.new_start : hunk.new_end]
    if not "".join(search).strip() or (replacement == [""] and len(search) < len(old)):
        return False  # one blank line in a block stands for none
    before = new[: hunk.new_start] + old[hunk.start :]
    return _count(old, search) == _count(before, search) == 1


def _count(lines: list[str], search: list[str]) -> int:
    places = (place for place, line in enumerate(lines) if line == search[0])
    return sum(lines[place : place + len(search)] == search for place in places)


def _merge_with_next(hunks: list[Hunk], index: int) -> None:
    first, second = hunks[index : index + 2]
    hunks[index : index + 2] = [Hunk(first.start, second.end, first.new_start, second.new_end)]
