"""The broken artifacts with their corrected ones, a case for each class of error: `broken/cases.toml` says which."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from local.standin.artifact import Artifact
from local.standin.kinds import Kind

_FOLDER: Final = Path(__file__).parent / "broken"


@dataclass(frozen=True, slots=True)
class Case:
    """One artifact that is right, the same with one error, and what a repair request has to say of that error."""

    name: str
    corrected: Artifact
    broken: Artifact
    line: int
    words: tuple[str, ...]

    @classmethod
    def read(cls, corrected: Artifact, entry: Mapping[str, Any]) -> Self:
        """Read one entry of the data, which breaks this artifact."""
        right, wrong = (entry[key].removeprefix("\n") for key in ("right", "wrong"))
        broken = replace(corrected, code=f"{corrected.code}\n".replace(right, wrong).strip("\n"))
        return cls(entry["name"], corrected, broken, entry["line"], tuple(entry["words"]))

    def answer(self, complaint: str | None) -> Artifact:
        """Return the corrected artifact for repair instructions that name its error, else the broken one."""
        return self.corrected if complaint and self.is_named_in(complaint) else self.broken

    def is_named_in(self, complaint: str) -> bool:
        """Return whether a line of the text holds the number of the line and every word.

        One line: below it the text may show the code itself, in which the words stand anyway.
        """
        parts = [f"line {self.line}", *(re.escape(word) for word in self.words)]
        patterns = [re.compile(rf"(?<![\w$]){part}(?![\w$])", re.IGNORECASE) for part in parts]
        return any(all(pattern.search(line) for pattern in patterns) for line in complaint.splitlines())


@cache
def cases() -> Mapping[str, Case]:
    """Return all cases by their names, in the order of the data."""
    data = tomllib.loads((_FOLDER / "cases.toml").read_text(encoding="utf-8"))
    found = [Case.read(_artifact(entry), case) for entry in data["artifact"] for case in entry["case"]]
    return MappingProxyType({case.name: case for case in found})


def first_case_of(kind: Kind) -> Case:
    """Return the first case of this kind."""
    return next(case for case in cases().values() if case.broken.kind is kind)


def case_with(code: str) -> Case | None:
    """Return the case whose broken code this is."""
    return next((case for case in cases().values() if case.broken.code.strip() == code.strip()), None)


def _artifact(entry: Mapping[str, Any]) -> Artifact:
    kind = Kind(entry["file"].partition("/")[0])
    code = (_FOLDER / entry["file"]).read_text(encoding="utf-8").strip("\n")
    return Artifact(kind, entry["title"], code, entry.get("language"))
