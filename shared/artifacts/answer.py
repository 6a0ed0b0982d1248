"""A model's answer read into the artifacts that its tags mark, and the prose that is left where they mark none."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.artifacts.fences import Fences
from shared.artifacts.inline import InlineCode
from shared.artifacts.walk import Block, Doubt, Walk

_ALL = Doubt.FENCED | Doubt.INLINE | Doubt.BARE | Doubt.THOUGHT
# Which doubts are given up, reading by reading, while nothing is found. A tag that says what it holds comes before a
# bare one, a bare one in inline code is always prose, and a thought without an end is searched last of all.
_SETTLED = (Doubt.NONE, Doubt.FENCED, Doubt.INLINE, Doubt.BARE, Doubt.BARE | Doubt.FENCED)
_READINGS = (*_SETTLED, *(settled | Doubt.THOUGHT for settled in _SETTLED))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer holds.

    Attributes:
        blocks: its artifacts in the order of the text, unfinished ones too.
        prose: where there are none, the answer without what was thought aloud.
        begun: whether the only artifact stands in a fence and is never closed.
    """

    blocks: tuple[Block, ...]
    prose: str
    begun: bool


def read_answer(text: str) -> Answer:
    """The artifacts that the tags of an answer mark."""
    inline = InlineCode(text)
    prose, begun = None, False
    for settled, walk in _walks(text, inline):
        prose = walk.prose if prose is None else prose
        if _counts(walk.blocks, settled, inline):
            return Answer(tuple(walk.blocks), prose, begun=False)
        begun = begun or (settled == Doubt.FENCED and len(walk.blocks) == 1)
    return Answer((), prose or "", begun)


def _walks(text: str, inline: InlineCode) -> Iterator[tuple[Doubt, Walk]]:
    """Walks under fewer and fewer doubts, but only where one has hidden something."""
    fences = Fences(text)
    met, made = Doubt.NONE, set[Doubt]()
    for reading in _READINGS:
        settled = reading & met
        if settled not in made:
            walk = Walk(text, fences, inline, _ALL & ~settled)
            met |= walk.met
            made.add(settled)
            yield settled, walk


def _counts(blocks: list[Block], settled: Doubt, inline: InlineCode) -> bool:
    """Whether these are artifacts, given the doubts that had to be given up to find them."""
    if not settled & (Doubt.FENCED | Doubt.INLINE | Doubt.THOUGHT):
        return bool(blocks)
    closed = [block for block in blocks if block.body is not None]
    if not settled & (Doubt.FENCED | Doubt.INLINE):
        return bool(closed)
    # Recited in code: an example, and the answer only if there is no second one.
    if len(blocks) > 1 or not closed:
        return False
    return Doubt.INLINE not in settled or (inline.end_at(blocks[0].tag.start) or 0) >= blocks[0].end
