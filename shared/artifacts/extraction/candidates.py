"""A model's answer read into the artifacts that its tags mark, and the prose that is left where they mark none."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.artifacts.extraction.fences import Fences, marks_in
from shared.artifacts.extraction.inline_code import InlineCode
from shared.artifacts.extraction.tag_scanner import Block, Doubt, Walk

_ALL = frozenset(Doubt)
_RECITED = frozenset({Doubt.FENCED, Doubt.INLINE})
# Which doubts are given up, reading by reading, while nothing is found. A tag that says what it holds comes before a
# bare one, unless it stands in a line of prose, and a thought without an end is searched last of all.
_SETTLED = (set[Doubt](), {Doubt.FENCED}, {Doubt.BARE}, {Doubt.BARE, Doubt.FENCED}, {Doubt.INLINE})
_READINGS = (*_SETTLED, *(settled | {Doubt.THOUGHT} for settled in _SETTLED))


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
    prose, begun = None, False
    for settled, walk in _walks(text):
        prose = walk.prose if prose is None else prose
        if _counts(walk.blocks, settled, text):
            return Answer(tuple(walk.blocks), "", begun=False)
        begun = begun or (settled == {Doubt.FENCED} and len(walk.blocks) == 1)
    return Answer((), prose or "", begun)


def fenced_blocks(text: str) -> tuple[Block, ...]:
    """Return the artifacts in a text where those in code fences count as well."""
    return tuple(Walk(text, Fences([]), InlineCode(text), _ALL - {Doubt.FENCED}).blocks)


def _walks(text: str) -> Iterator[tuple[frozenset[Doubt], Walk]]:
    """Walks under fewer and fewer doubts, but only where one has hidden something."""
    fences, inline = Fences(marks_in(text)), InlineCode(text)
    met: set[Doubt] = set()
    made: set[frozenset[Doubt]] = set()
    for reading in _READINGS:
        settled = frozenset(reading & met)
        if settled not in made:
            walk = Walk(text, fences, inline, _ALL - settled)
            met |= walk.met
            made.add(settled)
            yield settled, walk


def _counts(blocks: list[Block], settled: frozenset[Doubt], text: str) -> bool:
    """Whether these are artifacts, given the doubts that had to be given up to find them."""
    if settled <= {Doubt.BARE}:
        return bool(blocks)
    if not settled & _RECITED:
        return any(block.body is not None for block in blocks)
    # Recited in code: an example, and the answer only if it is the only one. In inline code it must be more than the
    # mention of a tag, which a backtick follows.
    if len(blocks) != 1 or blocks[0].body is None:
        return False
    return not (Doubt.INLINE in settled and text.startswith("`", blocks[0].tag.end))
