"""The artifacts that the tags of an answer mark, and the prose of an answer without any."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.artifacts.extraction.fences import Fences, marks_in
from shared.artifacts.extraction.inline_code import InlineCode
from shared.artifacts.extraction.tag_scanner import Block, IgnoreReason, TagScanner

_ALL = frozenset(IgnoreReason)
_QUOTED = frozenset({IgnoreReason.FENCED, IgnoreReason.INLINE})
# The reasons dropped at each step, while nothing is found. A tag with attributes comes before a bare one, unless it is
# in inline code. Reasoning without an end is searched last.
_RELAXED = (
    set[IgnoreReason](),
    {IgnoreReason.FENCED},
    {IgnoreReason.BARE},
    {IgnoreReason.BARE, IgnoreReason.FENCED},
    {IgnoreReason.INLINE},
)
_RELAXATIONS = (*_RELAXED, *(relaxed | {IgnoreReason.THOUGHT} for relaxed in _RELAXED))


class Answer(NamedTuple):
    """What an answer holds.

    Attributes:
        blocks: its artifacts in the order of the text, including unfinished ones.
        prose: the answer without reasoning, if there are no artifacts.
        begun: whether the only artifact is in a fence and is never closed.
    """

    blocks: tuple[Block, ...]
    prose: str
    begun: bool


def find_blocks(text: str) -> Answer:
    """Return the artifacts that the tags of an answer mark."""
    prose, begun = None, False
    for relaxed, scanner in _scanners(text):
        prose = scanner.prose if prose is None else prose
        if _counts(scanner.blocks, relaxed, text):
            return Answer(tuple(scanner.blocks), "", begun=False)
        begun = begun or (relaxed == {IgnoreReason.FENCED} and len(scanner.blocks) == 1)
    return Answer((), prose or "", begun)


def fenced_blocks(text: str) -> tuple[Block, ...]:
    """Return the artifacts in a text, including those in code fences."""
    return tuple(TagScanner(text, Fences([]), InlineCode(text), _ALL - {IgnoreReason.FENCED}).blocks)


def _scanners(text: str) -> Iterator[tuple[frozenset[IgnoreReason], TagScanner]]:
    """Yield scanners that ignore tags for fewer and fewer reasons, each only if a dropped reason hid something."""
    fences, inline = Fences(marks_in(text)), InlineCode(text)
    triggered: set[IgnoreReason] = set()
    made: set[frozenset[IgnoreReason]] = set()
    for reading in _RELAXATIONS:
        relaxed = frozenset(reading & triggered)
        if relaxed not in made:
            scanner = TagScanner(text, fences, inline, _ALL - relaxed)
            triggered |= scanner.triggered
            made.add(relaxed)
            yield relaxed, scanner


def _counts(blocks: list[Block], relaxed: frozenset[IgnoreReason], text: str) -> bool:
    """Return whether these are artifacts, given the reasons that had to be dropped to find them."""
    if relaxed <= {IgnoreReason.BARE}:
        return bool(blocks)
    if not relaxed & _QUOTED:
        return any(block.body is not None for block in blocks)
    # An artifact quoted in code is an example, and is the answer only if it is the only one. In inline code it must be
    # more than the mention of a tag, which a backtick follows.
    if len(blocks) != 1 or blocks[0].body is None:
        return False
    return not (IgnoreReason.INLINE in relaxed and text.startswith("`", blocks[0].tag.end))
