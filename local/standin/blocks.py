"""Search-and-replace blocks: what leads from one text to another, written as a model writes it.

A block's search is unique in the code even if blanks at both ends of lines do not count.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final, NamedTuple, TypeAlias

SEARCH: Final = "<<<<<<< SEARCH"
DIVIDER: Final = "======="
REPLACE: Final = ">>>>>>> REPLACE"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand in the code once, and the lines that take their place."""

    search: str
    replace: str

    def text(self) -> str:
        """Return the block as it stands in an answer."""
        return "\n".join([SEARCH, *_lines(self.search), DIVIDER, *_lines(self.replace), REPLACE])


class Hunk(NamedTuple):
    """Lines `start` to `end` of the one text are lines `new_start` to `new_end` of the other."""

    start: int
    end: int
    new_start: int
    new_end: int

    def with_context(self, above: int, below: int) -> "Hunk":
        """Return it with so many of the lines that are the same around it."""
        return Hunk(self.start - above, self.end + below, self.new_start - above, self.new_end + below)

    def joined_to(self, other: "Hunk") -> "Hunk":
        """Return it with another one below, and what is between."""
        return Hunk(self.start, other.end, self.new_start, other.new_end)


class _Widened(NamedTuple):
    """A hunk with the context that its block needs, and whether the block is as it should be."""

    hunk: Hunk
    block: Block
    is_good: bool


Fits: TypeAlias = Callable[[Block], bool]


def as_text(blocks: Sequence[Block]) -> str:
    """Return an answer that holds these blocks and nothing else."""
    return "\n\n".join(block.text() for block in blocks)


def same_block(code: str) -> Block:
    """Return a block that changes nothing."""
    lines = code.split("\n")
    number = next((number for number, line in enumerate(lines) if line.strip()), 0)
    hunk = Hunk(number, number + 1, number, number + 1)
    return _widened(lines, lines, hunk, (number, len(lines) - number - 1), lambda _: True).block


def blocks_between(
    before: str, after: str, fits: Fits = lambda _: True, hunks: Sequence[Hunk] | None = None
) -> list[Block]:
    """Return blocks that make the one text the other, from above downwards.

    Args:
        before: the code as it is.
        after: the code as it shall be.
        fits: whether a block will do; else it is given more lines of context, as long as there are some.
        hunks: what changes, where that is known, from above downwards; else a diff says it.
    """
    old, new = before.split("\n"), after.split("\n")
    hunks = _hunks(old, new) if hunks is None else hunks
    while True:
        ends = [0, *(hunk.end for hunk in hunks)]
        starts = [*(hunk.start for hunk in hunks[1:]), len(old)]
        room = [(hunk.start - end, start - hunk.end) for hunk, end, start in zip(hunks, ends, starts, strict=False)]
        widened = [_widened(old, new, *each, fits) for each in zip(hunks, room, strict=True)]
        hunks = _joined(hunks, widened)
        if len(hunks) == len(widened):
            return [each.block for each in widened] or [same_block(before)]


def _joined(hunks: Sequence[Hunk], widened: Sequence[_Widened]) -> list[Hunk]:
    """Return the hunks without context, two in one where their blocks overlap or the lines between are too few.

    What had too few on one side has taken all that there are on the other: in one, two mostly need no more than a few.
    """
    joined = [*hunks[:1]]
    for hunk, (above, below) in zip(hunks[1:], pairwise(widened), strict=True):
        if below.hunk.start < above.hunk.end or not above.is_good or not below.is_good:
            joined[-1] = joined[-1].joined_to(hunk)
        else:
            joined.append(hunk)
    return joined


def _hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """Return what differs. What is the same at both ends is left out, as the rest may take quadratic time."""
    shortest = min(len(old), len(new))
    top = next((number for number in range(shortest) if old[number] != new[number]), shortest)
    left = shortest - top
    bottom = next((number for number in range(left) if old[-1 - number] != new[-1 - number]), left)
    matcher = difflib.SequenceMatcher(None, old[top : len(old) - bottom], new[top : len(new) - bottom])
    return [
        Hunk(start + top, end + top, new_start + top, new_end + top)
        for tag, start, end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _widened(old: list[str], new: list[str], hunk: Hunk, room: tuple[int, int], fits: Fits) -> _Widened:
    """Return a hunk with as many of the lines that are the same around it as its block needs, above and below in turn.

    Blank lines at the ends of a part are avoided, since a reader may not count them.
    """
    # Blocks are applied in order: when this one is, all above it is as in the new text.
    current = [*new[: hunk.new_start], *old[hunk.start :]]
    above = below = 0
    while True:
        wide = hunk.with_context(above, below)
        search, replace = old[wide.start : wide.end], new[wide.new_start : wide.new_end]
        block = Block("\n".join(search), "\n".join(replace))
        is_framed = _is_framed(search) and (not replace or _is_framed(replace))
        is_good = is_framed and fits(block) and _is_unique(search, old) and _is_unique(search, current)
        if is_good or (above, below) == room:
            return _Widened(wide, block, is_good)
        # By leaps where the code repeats itself for long: one by one would take more than a minute.
        step = 1 + (above + below) // 16
        if below == room[1] or (above <= below and above < room[0]):
            above = min(room[0], above + step)
        else:
            below = min(room[1], below + step)


def _is_framed(lines: list[str]) -> bool:
    """Return whether there are lines, of which neither the first nor the last is blank."""
    return bool(lines) and bool(lines[0].strip()) and bool(lines[-1].strip())


def _is_unique(search: list[str], lines: list[str]) -> bool:
    """Return whether lines stand in others just once, blanks at both ends aside."""
    bare, all_bare = [line.strip() for line in search], [line.strip() for line in lines]
    starts = (number for number, line in enumerate(all_bare) if line == bare[0])
    found = (start for start in starts if all_bare[start : start + len(bare)] == bare)
    return len(list(islice(found, 2))) == 1


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []
