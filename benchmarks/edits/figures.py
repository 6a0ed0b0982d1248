"""The figures of the samples: ratios with their spread, the borders, and whether the aim is met."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.bundle.rows import Spread
from benchmarks.edits.costs import Sample
from benchmarks.edits.measure import LENGTHS, PLACES, Cell, Samples
from shared.catalog import Catalog

Ratio = Callable[[Sample], float]

AIM = 0.3
"""An edit's content against a rewrite's, at most."""
_AIM_LINES, _AIM_PLACES = 200, 3
_SWITCHED_OFF, _ALWAYS_THINKING = "moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking"


def content_ratio(sample: Sample) -> float:
    """Return an edit's content against a rewrite's."""
    return sample.ratio


def expected_ratio(sample: Sample) -> float:
    """Return the same with the failures."""
    return sample.expected_ratio


def yardsticks(catalog: Catalog, reasoning: int) -> dict[str, Ratio]:
    """Return what an edit is held against a rewrite by, failures included, by its name in table and picture.

    Raises:
        ValueError: the catalog has no price of a model.
    """
    return {
        "characters": expected_ratio,
        "dollars, K2.6 without thinking": _dollars(catalog, _SWITCHED_OFF, 0),
        f"dollars, K2 Thinking with {reasoning:,} tokens of reasoning": _dollars(catalog, _ALWAYS_THINKING, reasoning),
    }


def _dollars(catalog: Catalog, model: str, reasoning: int) -> Ratio:
    price = catalog.price(model)
    if price is None:
        msg = f"the catalog has no price of {model}"
        raise ValueError(msg)
    return lambda sample: sample.dollar_ratio(price, reasoning)


def spread(samples: Samples, cell: Cell, ratio: Ratio) -> Spread | None:
    """Return the ratio's median and quartiles over all kinds; None where there was no room for the changes."""
    found = [ratio(sample) for each in samples.get(cell, {}).values() for sample in each]
    return Spread.of(found) if found else None


def border(samples: Samples, places: int, ratio: Ratio) -> int | None:
    """Return the lines from which on the median is below 1 at every length; None if it is at none."""
    fewest = None
    for cell in sorted((cell for cell in samples if cell.places == places), reverse=True):
        found = spread(samples, cell, ratio)
        if found is None or found.median >= 1:
            break
        fewest = cell.lines
    return fewest


class Criterion(NamedTuple):
    """What the edits of one cell may be at most."""

    cell: Cell
    kind: str
    """That with the highest median."""
    median: float
    largest: float
    """Of any sample of any kind."""

    @property
    def met(self) -> bool:
        """Whether the median is no higher, of any kind."""
        return self.median <= AIM

    def text(self) -> str:
        """Return it as a line."""
        lines, places = self.cell
        return (
            f"{lines:,} lines, {places} {'place' if places == 1 else 'places'}: {self.median:.3f} times, {self.kind} "
            f"(largest of all {self.largest:.2f}); at most {AIM}: {'met' if self.met else 'not met'}"
        )


def criteria(samples: Samples) -> Iterator[Criterion]:
    """Give those of the lengths and places that the aim is for."""
    for cell in (Cell(lines, places) for places in PLACES for lines in LENGTHS):
        if cell.lines >= _AIM_LINES and cell.places <= _AIM_PLACES and cell in samples:
            medians = {kind: statistics.median(_ratios(each)) for kind, each in samples[cell].items()}
            kind = max(medians, key=medians.__getitem__)
            largest = max(max(_ratios(each)) for each in samples[cell].values())
            yield Criterion(cell, kind.value, medians[kind], largest)


def _ratios(samples: Sequence[Sample]) -> list[float]:
    return [sample.ratio for sample in samples]
