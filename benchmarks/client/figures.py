"""The few figures that the report is made of."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one client takes as another: of the medians, and the quartiles over the rounds."""

    of_medians: float
    first_quartile: float
    third_quartile: float


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def paired_ratio(values: Sequence[float], baseline: Sequence[float]) -> Ratio:
    """The ratio of two clients' times; both lists are in the order of the rounds."""
    pairs = [one / other for one, other in zip(values, baseline, strict=True)]
    first, _, third = statistics.quantiles(pairs, n=4, method="inclusive") if len(pairs) > 1 else pairs * 3
    return Ratio(statistics.median(values) / statistics.median(baseline), first, third)
