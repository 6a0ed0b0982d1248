"""The two ways to be wrong: to refuse what the compiler reads, and to take what it refuses."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.syntax import compiler
from benchmarks.syntax.corpus import File, Progress
from benchmarks.syntax.damage import WAYS
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax import react, svg

_OF_THE_ARTIFACT = frozenset({Rule.IMPORT, Rule.EXPORT, Rule.NAME, Rule.REACT})
"""What holds for an artifact and not for every component, or is no matter of syntax, is set aside."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text about which the check and the compiler do not agree."""

    name: str
    place: str
    said: str
    """What the one of them says that refuses it."""
    shown: str
    """The line it is about."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many texts were to be judged in one way, and those that were judged otherwise."""

    of: int
    wrong: Sequence[Case]

    @property
    def right_percent(self) -> float:
        """How many of them were judged rightly."""
        return 100 * (self.of - len(self.wrong)) / self.of if self.of else 100.0


class _Anything(AllowedImports):
    """An allow-list without end: refused imports would crowd out what else there is."""

    def allows(self, module: str) -> bool:
        """Yes."""
        return bool(module)


def check(code: str) -> Problem | None:
    """The first problem of a component, wherever it comes from and whatever it imports."""
    problems = react.problems(Source(code), _Anything(()))
    return next((each for each in problems if each.rule not in _OF_THE_ARTIFACT and not each.is_warning), None)


def false_refusals(files: Sequence[File], package: Path, progress: Progress) -> Found:
    """Of the files that the compiler reads, those that the check refuses."""
    progress(f"false refusals: {len(files)} files, by the compiler")
    said = compiler.refusals(package, [file.code for file in files])
    good = [file for file, refusal in zip(files, said, strict=True) if refusal is None]
    progress(f"false refusals: {len(good)} files that it reads, by the check")
    return _refused(good, ((file, check(file.code)) for file in good))


def refused_icons(files: Sequence[File], progress: Progress) -> Found:
    """Of published icons, those that the check of drawings refuses."""
    progress(f"icons: {len(files)} files, by the check")
    return _refused(
        files,
        (
            (file, next((each for each in svg.problems(Source(file.code)) if not each.is_warning), None))
            for file in files
        ),
    )


def missed_breakage(
    files: Sequence[File], package: Path, progress: Progress, *, seed: int, taken: int
) -> dict[str, Found]:
    """By the way of breaking: of what the compiler refuses, what the check takes."""
    chance = random.Random(seed)  # noqa: S311 -- the same files and the same breakage in every run
    chosen = chance.sample(list(files), min(taken, len(files)))
    found = {}
    for way, damage in WAYS.items():
        progress(f"missed breakage: {len(chosen)} files, {way}")
        broken = [File(file.name, damage(file.code, chance)) for file in chosen]
        said = compiler.refusals(package, [file.code for file in broken])
        refused = [(file, refusal) for file, refusal in zip(broken, said, strict=True) if refusal is not None]
        wrong = [_missed(file, refusal) for file, refusal in refused if check(file.code) is None]
        found[way] = Found(len(refused), wrong)
    return found


def _refused(files: Sequence[File], judged: Iterable[tuple[File, Problem | None]]) -> Found:
    wrong = [
        Case(file.name, f"{problem.line}:{problem.column}", f"{problem.rule}: {problem.message}", problem.snippet)
        for file, problem in judged
        if problem is not None
    ]
    return Found(len(files), wrong)


def _missed(file: File, refusal: str) -> Case:
    place, _, message = refusal.partition(" ")
    line = int(place.partition(":")[0])
    return Case(file.name, place, message, file.code.split("\n")[line - 1].strip()[:100])
