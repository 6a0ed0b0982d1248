"""The hand-written examples: which there are (`examples/examples.toml`), and which one suits a prompt."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from local.standin.artifact import Artifact
from local.standin.kinds import Kind, words_of

_FOLDER: Final = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """One example and the words of a prompt that choose it."""

    artifact: Artifact
    words: frozenset[str]


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples, in the order of the index."""
    index = tomllib.loads((_FOLDER / "examples.toml").read_text(encoding="utf-8"))
    return tuple(
        Example(
            artifact=Artifact(
                kind=Kind(entry["file"].partition("/")[0]),
                title=entry["title"],
                code=(_FOLDER / entry["file"]).read_text(encoding="utf-8").strip("\n"),
                language=entry.get("language"),
            ),
            words=frozenset(entry["words"]),
        )
        for entry in index["example"]
    )


def example_for(kind: Kind, prompt: str) -> Artifact:
    """Return the example of this kind that has the most words of the prompt; with none, the prompt's hash chooses."""
    ours = [example for example in examples() if example.artifact.kind is kind]
    words = words_of(prompt)
    best = max(ours, key=lambda example: len(example.words & words))
    if best.words & words:
        return best.artifact
    digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).digest()
    return ours[int.from_bytes(digest[:8]) % len(ours)].artifact
