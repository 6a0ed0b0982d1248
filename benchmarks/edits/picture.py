"""The picture of the tables: an edit against a rewrite by the lines of the code, in characters and in dollars."""

from pathlib import Path
from typing import Any

from benchmarks.edits.costs import FAILURES
from benchmarks.edits.figures import AIM, Ratio, content_ratio, spread
from benchmarks.edits.measure import LENGTHS, PLACES, Cell, Samples
from benchmarks.edits.report import Report

_COLOURS = ("#0072b2", "#d55e00", "#009e73")
_MARKERS = ("o", "s", "^")
_SHOWN_PLACES = 3
_TICKS = (20, 50, 100, 200, 400, 800, 2_000)


def draw(report: Report, path: Path) -> None:
    """Draw the report into an SVG file."""
    import matplotlib as mpl  # noqa: PLC0415 - a second to import, and not needed to measure

    mpl.use("svg")
    # Text as text, so that the file is small, and the same bytes for the same figures.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 8, "font.family": "sans-serif"})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4), layout="constrained", sharey=True)
    for places, colour, marker in zip(PLACES, _COLOURS, _MARKERS, strict=True):
        label = "1 place" if places == 1 else f"{places} places"
        _line(left, report.samples, places, content_ratio, color=colour, marker=marker, label=label)
    left.hlines(AIM, 200, LENGTHS[-1], colors="#999999", linestyles="dashed", label=f"aim for 1 to 3 places, {AIM}")
    left.set_title("content of an edit ÷ content of a rewrite", fontsize=9)
    for (name, ratio), colour, marker in zip(report.yardsticks.items(), _COLOURS, _MARKERS, strict=True):
        _line(right, report.samples, _SHOWN_PLACES, ratio, color=colour, marker=marker, label=name)
    right.set_title(f"cost of an edit ÷ cost of a rewrite, {FAILURES:.0%} failing, {_SHOWN_PLACES} places", fontsize=9)
    for axis in (left, right):
        axis.set(xscale="log", yscale="log", xlabel="lines of the code")
        axis.axhline(1, color="#999999", lw=0.8)
        axis.set_xticks(_TICKS, [f"{x:,}" for x in _TICKS])
        axis.set_yticks((0.01, 0.03, 0.1, 0.3, 1), ("0.01", "0.03", "0.1", "0.3", "1"))
        axis.minorticks_off()
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7, loc="lower left")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _line(axis: Any, samples: Samples, places: int, ratio: Ratio, **looks: str) -> None:  # noqa: ANN401 - matplotlib's
    """Draw the medians of every length from 20 lines on, with their quartiles as a band."""
    cells = sorted(cell for cell in samples if cell.places == places and cell.lines >= _TICKS[0])
    points = [(cell.lines, found) for cell in cells if (found := spread(samples, Cell(*cell), ratio))]
    lines = [x for x, _ in points]
    axis.plot(lines, [found.median for _, found in points], ms=3, lw=1.2, **looks)
    axis.fill_between(
        lines,
        [found.low for _, found in points],
        [found.high for _, found in points],
        color=looks["color"],
        alpha=0.15,
        lw=0,
    )
