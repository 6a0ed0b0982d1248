"""Changes at random places of a code, and the search-and-replace blocks that lead to them."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from shared.artifacts.edits import Edit

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
        if _is_plain(lines):
            return lines


def changed(code: Sequence[str], changes: Sequence[Change]) -> str:
    """Return the code with the changes made."""
    lines = list(code)
    for change in reversed(changes):
        lines[change.start : change.end] = change.lines
    return "\n".join(lines)


def edits_for(code: Sequence[str], changes: Sequence[Change]) -> list[Edit]:
    """Return the blocks that make these changes, in their order.

    Each searches for the lines that are changed, with as many around them as it takes to stand in the code once, both
    as it was given and as the blocks before have left it. Places whose blocks would touch share one.

    Raises:
        ValueError: the code begins or ends with a blank line.
    """
    if not _is_plain(code):
        msg = "code neither begins nor ends with a blank line"
        raise ValueError(msg)
    left = list(changes)
    while True:
        blocks, touching = _blocks(code, left)
        if touching is None:
            return blocks
        one, other = left[touching : touching + 2]
        between = tuple(code[one.end : other.start])
        left[touching : touching + 2] = [Change(one.start, other.end, one.lines + between + other.lines)]


def _blocks(code: Sequence[str], changes: Sequence[Change]) -> tuple[list[Edit], int | None]:
    """Return the blocks, or the index of the first change that needs lines of the next one's block."""
    given = current = "\n".join(code)
    blocks: list[Edit] = []
    first = 0
    for index, change in enumerate(changes):
        last = changes[index + 1].start if index + 1 < len(changes) else len(code)
        wide = change
        while not _is_enough(code, wide, given, current):
            above, below = _blank_ends(code, wide)
            if (above and wide.start == first) or (wide.start == first and wide.end == last and index > 0):
                return [], index - 1
            if wide.end == last and (below or wide.start == first):
                return [], index
            upwards = above or wide.end == last or (not below and wide.start > first and _is_even(wide, change))
            wide = _widened(code, wide, upwards=upwards)
        blocks.append(Edit("\n".join(code[wide.start : wide.end]), "\n".join(wide.lines)))
        current = _replaced(current, blocks[-1])
        first = wide.end
    return blocks, None


def _widened(code: Sequence[str], change: Change, *, upwards: bool) -> Change:
    """Return the change with one more line around it."""
    start, end, lines = change
    if upwards:
        return Change(start - 1, end, (code[start - 1], *lines))
    return Change(start, end + 1, (*lines, code[end]))


def _is_even(wide: Change, change: Change) -> bool:
    """Whether as many lines were added above as below, so that the next is to come from above."""
    return change.start - wide.start <= wide.end - change.end


def _is_enough(code: Sequence[str], wide: Change, *texts: str) -> bool:
    """Whether a block for this can be applied: it searches for lines that stand in each text once."""
    return (
        wide.end > wide.start
        and not any(_blank_ends(code, wide))
        and all(_is_found_once(code[wide.start : wide.end], text) for text in texts)
    )


def _blank_ends(code: Sequence[str], wide: Change) -> tuple[bool, bool]:
    """Return whether a part of the block begins, and whether one ends, with a blank line.

    A lone blank line could not be told from none, and those at the ends are easily lost.
    """
    parts = [part for part in (code[wide.start : wide.end], wide.lines) if part]
    return any(not part[0].strip() for part in parts), any(not part[-1].strip() for part in parts)


def _is_plain(lines: Sequence[str]) -> bool:
    return bool(lines and lines[0].strip() and lines[-1].strip())


def _is_found_once(search: Sequence[str], text: str) -> bool:
    within, wanted = f"\n{text}\n", "\n".join(("", *search, ""))
    at = within.find(wanted)
    return at >= 0 and within.find(wanted, at + 1) < 0


def _replaced(text: str, edit: Edit) -> str:
    new = f"\n{edit.replace}\n" if edit.replace else "\n"
    return f"\n{text}\n".replace(f"\n{edit.search}\n", new, 1)[1:-1]
