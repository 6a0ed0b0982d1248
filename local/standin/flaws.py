"""The flaws that the stand-in knows of: what it gets wrong in an example, and finds and mends afterwards.

`flaws/` has one for each example, a file for each kind. A flawed example can be rendered.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from local.standin.artifact import Artifact
from local.standin.examples import examples
from local.standin.kinds import Kind

_FOLDER: Final = Path(__file__).parent / "flaws"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw of an example: what a review says of it, and what is to be changed for it."""

    example: Artifact
    what: str
    where: str
    severity: str
    change: str
    right: str
    wrong: str  # what stands in the flawed code in its place

    @classmethod
    def read(cls, example: Artifact, entry: Mapping[str, Any]) -> Self:
        """Read one entry of the data."""
        right, wrong = (entry[key].removeprefix("\n") for key in ("right", "wrong"))
        return cls(example, entry["what"], entry["where"], entry["severity"], entry["change"], right=right, wrong=wrong)

    @property
    def finding(self) -> dict[str, str]:
        """Return it as a review tells of it."""
        return {"what": self.what, "where": self.where, "severity": self.severity}

    @property
    def flawed(self) -> Artifact:
        """Return the example with the flaw."""
        return replace(self.example, code=self.example.code.replace(self.right, self.wrong))

    def is_in(self, code: str) -> bool:
        """Return whether code has the flaw, whatever else was changed in it."""
        return code.count(self.wrong) == 1 and self.right not in code

    def mended(self, code: str) -> Artifact:
        """Return the code without the flaw."""
        return replace(self.example, code=code.replace(self.wrong, self.right))


@cache
def flaws() -> tuple[Flaw, ...]:
    """Return all flaws, in the order of the data."""
    by_title = {example.artifact.title: example.artifact for example in examples()}
    return tuple(
        Flaw.read(by_title[title], entry)
        for kind in Kind
        for title, entry in tomllib.loads((_FOLDER / f"{kind}.toml").read_text(encoding="utf-8")).items()
    )


def flaw_of(example: Artifact) -> Flaw:
    """Return the flaw of an example."""
    return next(flaw for flaw in flaws() if flaw.example == example)


def flaw_in(code: str) -> Flaw | None:
    """Return the flaw that code has, if it has one that is known."""
    return next((flaw for flaw in flaws() if flaw.is_in(code)), None)


def flaws_named_in(findings: str) -> list[Flaw]:
    """Return the flaws that findings tell of."""
    return [flaw for flaw in flaws() if flaw.what in findings]
