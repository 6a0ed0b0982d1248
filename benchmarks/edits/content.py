"""Code of any length, in the style of the stand-in's examples: as much as is wanted, by a seed.

An example that is needed more than once comes back with other words: those that only one of the examples has, its
subject, are exchanged throughout, and its numbers. So lines are as seldom alike as in code that people write.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from shared.artifacts.kinds import Kind

KINDS = (Kind.REACT, Kind.HTML, Kind.SVG, Kind.MARKDOWN, Kind.CODE)
"""Without diagrams, which have no hundreds of lines."""

_EXAMPLES = Path(__file__).parents[2] / "local" / "standin" / "examples"
_WORD = re.compile(r"[A-Z]?[a-z]{3,}")
_PART = re.compile(r"[A-Z]?[a-z]{3,}|[0-9]+")


def content(kind: Kind, length: int, seed: int) -> list[str]:
    """Return so many lines of code of this kind, the same for one seed; the last example may be cut short."""
    chance = random.Random(f"{kind} {length} {seed}")  # noqa: S311 - it is to be repeatable
    lines: list[str] = []
    while len(lines) <= length:
        for example in chance.sample(_examples(kind), len(_examples(kind))):
            lines += [*_reworded(example, _subjects(kind), chance).split("\n"), ""]
    # Blank lines at the ends are not part of an artifact.
    last = next(line for line in lines[length - 1 :] if line.strip())
    return [*lines[: length - 1], last]


@cache
def _examples(kind: Kind) -> Sequence[str]:
    return [path.read_text("utf-8").strip() for path in sorted((_EXAMPLES / kind).iterdir())]


@cache
def _subjects(kind: Kind) -> Sequence[str]:
    """Return the words that one example alone has; the language's own are in several."""
    seen = Counter(word for text in _examples(kind) for word in {each.lower() for each in _WORD.findall(text)})
    return sorted(word for word, examples in seen.items() if examples == 1)


def _reworded(example: str, subjects: Sequence[str], chance: random.Random) -> str:
    """Return the example with its subject's words exchanged for others, each for one, and with other numbers."""
    others = dict(zip(subjects, chance.sample(subjects, len(subjects)), strict=True))

    def other(found: re.Match[str]) -> str:
        part = found[0]
        if part.isdecimal():
            return str(chance.randrange(10 ** (len(part) - 1), 10 ** len(part)))
        word = others.get(part.lower(), part.lower())
        return word.capitalize() if part[0].isupper() else word

    return _PART.sub(other, example)
