"""What the bundle promises of itself, and whether a run has met it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.bundle import sizes, starts, warm
from benchmarks.bundle.answers import SIZES
from benchmarks.bundle.builds import BEFORE, HTTPX, LABELS, OPENAI, OURS
from benchmarks.bundle.rows import Row, find

_LAYER_MB = 6.3


@dataclass(frozen=True)
class Criterion:
    """A figure that may be so large at most.

    Attributes:
        name: what it is.
        value: the median.
        most: what it may be.
        unit: "times", or that of the value.
    """

    name: str
    value: float
    most: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.value <= self.most

    def text(self) -> str:
        """Return it as a line."""
        return f"{self.name}: {self.value:.2f} {self.unit}; at most {self.most:g}: {'met' if self.met else 'not met'}"


def criteria(rows: Sequence[Row]) -> list[Criterion]:
    """Return those for which something was measured."""
    return [*_ratios(rows), *_weights(rows)]


def _ratios(rows: Sequence[Row]) -> Iterator[Criterion]:
    limits = [(starts.INIT, HTTPX, 1.15), (starts.INIT, OPENAI, 0.4), (starts.FIRST, BEFORE, 0.6)]
    limits += [(warm.name(size), HTTPX, 2.7) for size in SIZES]
    for name, other, most in limits:
        row = find(rows, name)
        ratio = row.ratio(other) if row else None
        if ratio:
            yield Criterion(f"{name}, CPU time against {LABELS[other]}", ratio.median, most, "times")


def _weights(rows: Sequence[Row]) -> Iterator[Criterion]:
    row = find(rows, sizes.WITHOUT_CHECKERS)
    weight = row.spread(OURS) if row else None
    if weight:
        yield Criterion(sizes.WITHOUT_CHECKERS, weight.median, _LAYER_MB, "MB")
