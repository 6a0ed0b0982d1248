"""Changes at random places of a code, and the search-and-replace blocks that lead to them."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from local.standin.blocks import Block, Hunk, blocks_between

_LARGEST = 6
"""Lines that are changed, inserted or removed at one place, at most."""


class Change(NamedTuple):
    """Lines that take the place of others: of those from `start` to before `end`."""

    start: int
    end: int
    lines: tuple[str, ...]


def random_changes(
    code: Sequence[str], places: int, chance: random.Random, donor: Sequence[str]
) -> list[Change] | None:
    """Return changes at so many places that do not touch; None if the code has no room for them.

    At each place one to six lines are changed, inserted or removed, one as often as the other; what is new is the
    donor's, other code of the same kind.
    """
    sizes = [chance.randint(1, _LARGEST) for _ in range(places)]
    sorts = [chance.choice(("changed", "inserted", "removed")) for _ in range(places)]
    taken = [0 if sort == "inserted" else size for size, sort in zip(sizes, sorts, strict=True)]
    room = len(code) - sum(taken)
    if room <= places:
        return None
    changes: list[Change] = []
    before = 0
    for gap, size, sort in zip(sorted(chance.sample(range(1, room), places)), sizes, sorts, strict=True):
        start = gap + before
        end = start if sort == "inserted" else start + size
        changes.append(Change(start, end, () if sort == "removed" else _some(donor, size, chance)))
        before += end - start
    return changes


def _some(donor: Sequence[str], size: int, chance: random.Random) -> tuple[str, ...]:
    """Return so many consecutive lines that neither begin nor end with a blank one."""
    while True:
        start = chance.randrange(len(donor) - size)
        lines = tuple(donor[start : start + size])
        if lines[0].strip() and lines[-1].strip():
            return lines


def changed(code: Sequence[str], changes: Sequence[Change]) -> str:
    """Return the code with the changes made."""
    lines = list(code)
    for change in reversed(changes):
        lines[change.start : change.end] = change.lines
    return "\n".join(lines)


def blocks_for(code: Sequence[str], changes: Sequence[Change]) -> list[Block]:
    """Return the blocks that make these changes, in their order.

    The stand-in writes them. It is told what changes: a diff would match lines that are alike by chance, blank ones
    above all, and take one place for several.
    """
    hunks: list[Hunk] = []
    grown = 0
    for start, end, lines in changes:
        hunks.append(Hunk(start, end, start + grown, start + grown + len(lines)))
        grown += len(lines) - (end - start)
    return blocks_between("\n".join(code), changed(code, changes), hunks=hunks)
