"""The changes that the stand-in knows how to make in its examples: `changes/` says which, a file for each kind.

They build on one another: whichever were made before, the others can still be made.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from local.standin.artifact import Artifact
from local.standin.examples import examples
from local.standin.kinds import Kind, words_of

_FOLDER: Final = Path(__file__).parent / "changes"


class Replacement(NamedTuple):
    """A text that stands in the code once, and what takes its place."""

    find: str
    replace: str

    def is_for(self, code: str) -> bool:
        """Return whether it can be made; what only adds something leaves what it looks for, and is not made twice."""
        is_made = self.find in self.replace and self.replace in code
        return code.count(self.find) == 1 and not is_made


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an example, and the words of a prompt that choose it."""

    example: Artifact
    words: frozenset[str]
    replacements: tuple[Replacement, ...]

    @classmethod
    def read(cls, example: Artifact, entry: Mapping[str, Any]) -> Self:
        """Read one entry of the data."""
        pairs = tuple(Replacement(*(text.removeprefix("\n") for text in pair)) for pair in entry["edits"])
        return cls(example, frozenset(entry["words"]), pairs)

    def is_for(self, code: str) -> bool:
        """Return whether all that is to be replaced stands in the code once."""
        return all(pair.is_for(code) for pair in self.replacements)

    def apply(self, code: str) -> Artifact:
        """Return the example's artifact with the code changed."""
        for pair in self.replacements:
            code = code.replace(pair.find, pair.replace)
        return replace(self.example, code=code)


@cache
def changes() -> tuple[Change, ...]:
    """Return all changes, in the order of the data."""
    by_title = {example.artifact.title: example.artifact for example in examples()}
    return tuple(
        Change.read(by_title[title], entry)
        for kind in Kind
        for title, entries in tomllib.loads((_FOLDER / f"{kind}.toml").read_text(encoding="utf-8")).items()
        for entry in entries
    )


def change_for(kind: Kind, code: str, wish: str) -> Change | None:
    """Return the change with the most words of the wish that can be made in this code, if there is one."""
    words = words_of(wish)
    known = [change for change in changes() if change.example.kind is kind and change.words & words]
    possible = [change for change in known if change.is_for(code)]
    return max(possible, key=lambda change: len(change.words & words), default=None)
