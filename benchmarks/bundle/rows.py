"""The rows of the table: what was measured of each bundle, round by round."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bundle.builds import OURS


@dataclass(frozen=True)
class Spread:
    """A median, and the quartiles around it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of these values; a single one has none."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(low, median, high)

    def text(self, digits: int) -> str:
        """Return the median, with the quartiles where they differ from it."""
        if self.low == self.high:
            return f"{self.median:.{digits}f}"
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        group: the name that `--rows` knows it by.
        name: what it is.
        unit: of the values.
        digits: how many are printed after the point.
        values: of each bundle, in the order of the rounds; those of one round were measured in turn.
    """

    group: str
    name: str
    unit: str
    digits: int
    values: Mapping[str, Sequence[float]]

    def spread(self, bundle: str) -> Spread | None:
        """Return what was measured of a bundle, None where nothing was."""
        return Spread.of(self.values[bundle]) if self.values.get(bundle) else None

    def ratio(self, other: str) -> Spread | None:
        """Return how many times as much ours is as another, round by round."""
        ours, theirs = self.values.get(OURS), self.values.get(other)
        if not ours or not theirs:
            return None
        return Spread.of([one / another for one, another in zip(ours, theirs, strict=True)])


def find(rows: Iterable[Row], name: str) -> Row | None:
    """Return the row of this name, None where it was not measured."""
    return next((row for row in rows if row.name == name), None)
