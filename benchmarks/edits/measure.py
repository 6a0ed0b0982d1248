"""Measures many changes of many codes: each as blocks that are read and applied by what reads and applies a model's."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks.edits.changes import blocks_for, changed, random_changes
from benchmarks.edits.content import KINDS, content
from benchmarks.edits.costs import Sample
from local.standin.blocks import as_text
from shared.artifacts.artifact import Artifact
from shared.artifacts.edits import apply_edits, read_edits
from shared.artifacts.kinds import Kind

LENGTHS = (50, 80, 100, 200, 400, 800, 1_200, 2_000)
"""Lines of the table."""
PLACES = (1, 3, 10)
_BETWEEN = (10, 20, 30, 40, 60, 70, 90, 110, 120, 130, 140, 150, 160, 170, 180, 190, 220, 240, 260, 280, 300, 350)
"""Lines where the border may lie."""
_DONOR_LINES = 400
_TITLE = "Weekly overview"


class NotAppliedError(Exception):
    """Blocks that do not lead to the changed code."""


class Cell(NamedTuple):
    """Changes at so many places in codes of so many lines."""

    lines: int
    places: int


Samples = Mapping[Cell, Mapping[Kind, Sequence[Sample]]]


def measure(seeds: int) -> Samples:
    """Return the samples of every length and number of places; a cell that has no room for them is left out.

    Raises:
        NotAppliedError: the blocks of a change do not make it.
    """
    samples: dict[Cell, dict[Kind, list[Sample]]] = {}
    for length in sorted((*LENGTHS, *_BETWEEN)):
        for kind in KINDS:
            for places, sample in _samples(kind, length, seeds):
                samples.setdefault(Cell(length, places), {}).setdefault(kind, []).append(sample)
    return samples


def _samples(kind: Kind, length: int, seeds: int) -> Iterator[tuple[int, Sample]]:
    for seed in range(seeds):
        code, donor = content(kind, length, seed), content(kind, _DONOR_LINES, -1 - seed)
        for places in PLACES:
            sample = sample_of(kind, code, places, donor, random.Random(f"{kind} {length} {places} {seed}"))  # noqa: S311
            if sample:
                yield places, sample


def sample_of(
    kind: Kind, code: Sequence[str], places: int, donor: Sequence[str], chance: random.Random
) -> Sample | None:
    """Return the characters of a change at so many places; None where the code has no room for it.

    Raises:
        NotAppliedError: the blocks do not make the change.
    """
    changes = random_changes(code, places, chance, donor)
    if changes is None:
        return None
    given, wanted = "\n".join(code), changed(code, changes)
    answer = as_text(blocks_for(code, changes))
    made = apply_edits(given, read_edits(answer).edits)
    if made != wanted:
        msg = f"{kind} of {len(code)} lines: blocks for {places} places give other code than the changed one"
        raise NotAppliedError(msg)
    return Sample(len(given), len(answer), len(Artifact(kind, _TITLE, None, wanted).canonical))
