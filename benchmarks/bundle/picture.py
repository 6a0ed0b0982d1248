"""The picture of the table: cold start, warm requests, callers at once, and what is uploaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.bundle import load, sizes, starts, warm
from benchmarks.bundle.answers import SIZES
from benchmarks.bundle.builds import BEFORE, HTTPX, LABELS, OPENAI, OURS, URLLIB
from benchmarks.bundle.rows import Row, find

_COLOURS = {OURS: "#0072b2", OPENAI: "#d55e00", HTTPX: "#009e73", URLLIB: "#999999", BEFORE: "#56b4e9"}
_MARKERS = {OURS: "o", OPENAI: "s", HTTPX: "^", URLLIB: "D", BEFORE: "v"}
_SHORT = LABELS | {HTTPX: "httpx +\npydantic +\nLogger", OPENAI: "openai\nSDK", BEFORE: "ours\nbefore"}


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw the rows that are there into an SVG file."""
    import matplotlib as mpl  # noqa: PLC0415 - a second to import, and not needed to measure

    mpl.use("svg")
    # Text as text, so that the file is small, and the same bytes for the same figures.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 8, "font.family": "sans-serif"})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(2, 2, figsize=(8.4, 6), layout="constrained")
    _bars(
        axes[0][0], rows, (starts.INIT, starts.FIRST), "cold start less the check, CPU ms: init (dark), first request"
    )
    _lines(
        axes[0][1],
        rows,
        [(size, warm.name(name)) for name, size in SIZES.items()],
        "warm request less the check, CPU ms",
    )
    axes[0][1].set(yscale="log", xlabel="characters of the answer")
    _lines(axes[1][0], rows, [(each, load.name(each)) for each in load.CALLERS], "requests a second, less the check")
    axes[1][0].set(ylim=(0, None), xlabel="callers at once")
    _bars(axes[1][1], rows, (sizes.ZIPPED,), "layer and function, zipped MB")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _bars(axis: Any, rows: Sequence[Row], names: Sequence[str], title: str) -> None:  # noqa: ANN401 - matplotlib's
    """Draw a bar for each bundle; of two rows, the first one is a part of the second."""
    for alpha, name in zip((1.0, 0.45), names, strict=False):
        row = find(rows, name)
        those = [bundle for bundle in _COLOURS if row and row.values.get(bundle)]
        heights = [spread.median for bundle in those if row and (spread := row.spread(bundle))]
        colours = [_COLOURS[bundle] for bundle in those]
        bars = axis.bar([_SHORT[bundle] for bundle in those], heights, color=colours, alpha=alpha, zorder=2)
        axis.bar_label(bars, fmt="%.0f" if max(heights, default=0) > 20 else "%.1f", fontsize=7)  # noqa: PLR2004 - looks
    axis.set_title(title, fontsize=9)
    axis.margins(y=0.15)


def _lines(axis: Any, rows: Sequence[Row], names: Sequence[tuple[int, str]], title: str) -> None:  # noqa: ANN401
    """Draw a line for each bundle, with its quartiles."""
    for bundle, colour in _COLOURS.items():
        found = [(x, row.spread(bundle)) for x, name in names if (row := find(rows, name))]
        points = [(x, spread) for x, spread in found if spread]
        if not points:
            continue
        middle = [spread.median for _, spread in points]
        errors = [[s.median - s.low for _, s in points], [s.high - s.median for _, s in points]]
        label = LABELS[bundle]
        axis.errorbar(
            [x for x, _ in points], middle, errors, color=colour, marker=_MARKERS[bundle], ms=4, lw=1.2, label=label
        )
    axis.set_xscale("log")
    axis.set_xticks([x for x, _ in names], [f"{x:,}" for x, _ in names])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    axis.set_title(title, fontsize=9)
    axis.legend(fontsize=7)
