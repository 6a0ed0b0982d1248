"""A run: artifacts of every kind and what they are made into, by the renderer and by the check."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.renders.artifact import Artifact, Verdict
from benchmarks.renders.library import Progress
from benchmarks.renders.mutants import mutants
from benchmarks.renders.published import published
from benchmarks.renders.renderer import Renderer
from benchmarks.renders.templates import generated
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import Artifact as Answer
from shared.artifacts.extraction.autocorrect import autocorrected
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import examine


@dataclass(frozen=True, slots=True)
class Amount:
    """How many artifacts of a kind are taken, and how many mutants are made of those that render."""

    published: int
    generated: int
    mutants: int

    def times(self, size: float) -> "Amount":
        """So many times as many."""
        return Amount(*(round(size * each) for each in (self.published, self.generated, self.mutants)))


AMOUNTS = {
    Kind.REACT: Amount(40, 1000, 1800),
    Kind.HTML: Amount(60, 150, 400),
    Kind.SVG: Amount(200, 150, 1300),
    Kind.MERMAID: Amount(100, 250, 1400),
    Kind.MARKDOWN: Amount(80, 40, 250),
    Kind.CODE: Amount(180, 100, 850),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """An artifact, and what the two say of it."""

    artifact: Artifact
    rendered: Verdict
    refused: str | None
    """What the check says; None where it accepts."""
    warned: bool = False
    """Whether the check accepts it with a warning."""
    looks_alike: bool = True
    """Whether a mutant that renders looks as its original does; where that cannot be seen, it does."""


def run(home: Path, seed: int, amounts: Mapping[Kind, Amount], progress: Progress) -> list[Judged]:
    """Return what is said of every artifact; one that no renderer judges is left out."""
    with Renderer(home) as renderer, ProcessPoolExecutor(2) as pool:
        originals = [
            _mended(each)
            for kind, amount in amounts.items()
            for each in (*published(kind, amount.published, seed, home), *generated(kind, amount.generated, seed))
        ]
        progress(f"{len(originals)} originals")
        judged = _judged(originals, renderer, pool, progress)
        good = {each.artifact.name: each for each in judged if each.rendered.ok}
        broken = [
            _mended(mutant)
            for kind, amount in amounts.items()
            for mutant in mutants(
                [each.artifact for each in good.values() if each.artifact.kind is kind], amount.mutants, seed
            )
        ]
        progress(f"{len(good)} originals render; {len(broken)} mutants")
        of_mutants = _judged(broken, renderer, pool, progress)
    return judged + [_compared(each, good) for each in of_mutants]


def _judged(
    artifacts: Sequence[Artifact], renderer: Renderer, pool: ProcessPoolExecutor, progress: Progress
) -> list[Judged]:
    checked = pool.map(_checked, artifacts, chunksize=16)  # goes on while the browser renders
    rendered = renderer.judge(artifacts, progress)
    both = (Judged(each, rendered[each.name], *said) for each, said in zip(artifacts, checked, strict=True))
    return [each for each in both if each.rendered.ok is not None]


def _mended(artifact: Artifact) -> Artifact:
    """Put right what is put right before a user gets it."""
    return replace(artifact, code=autocorrected(Answer(artifact.kind, "", artifact.language, artifact.code)).code)


def _checked(artifact: Artifact) -> tuple[str | None, bool]:
    verdict = examine(artifact.code, artifact.kind, artifact.language, AllowedImports.default())
    if not verdict.problems:
        return None, bool(verdict.warnings)
    first = verdict.problems[0]
    return f"{first.line}:{first.column} {first.rule}: {first.message}", False


def _compared(judged: Judged, good: Mapping[str, Judged]) -> Judged:
    original = good[judged.artifact.origin or ""].rendered
    return replace(judged, looks_alike=judged.rendered.looks == original.looks)
