"""A picture of what each day cost, by model."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from local.costs.errors import CostsError
from local.costs.insights import Table

_INCHES, _DPI = (9.0, 4.5), 120
_NAMED = 8
"""As many models have a colour of their own; the rest share one."""
_LABELS = 16
"""As many days stand below the bars at most."""


def draw(result: Table, path: Path) -> None:
    """Draw it; the name's ending says how: `.png`, `.svg` or `.pdf`.

    Raises:
        CostsError: it cannot be drawn.
    """
    days = costs_per_day(result)
    if not days:
        msg = "there is nothing to draw: the log holds no call to the model host"
        raise CostsError(msg)
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    _fill(figure.subplots(), days)
    try:
        # Nothing of the moment is in the file, so that the same costs give the same picture.
        with mpl.rc_context({"svg.hashsalt": "costs"}):
            figure.savefig(path, metadata={".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix))
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be drawn: {error}"
        raise CostsError(msg) from None


def costs_per_day(result: Table) -> dict[date, dict[str, Decimal]]:
    """USD by day and model, from the first day to the last, those without any cost too."""
    day, model, cost = (result.fields.index(field) for field in ("day", "model", "cost_usd"))
    known: dict[date, dict[str, Decimal]] = {}
    for row in result.rows:
        known.setdefault(date.fromisoformat(str(row[day])[:10]), {})[str(row[model])] = Decimal(str(row[cost] or 0))
    if not known:
        return {}
    first, last = min(known), max(known)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {each: known.get(each, {}) for each in days}


def _fill(axes: Axes, days: Mapping[date, Mapping[str, Decimal]]) -> None:
    totals: Counter[str] = Counter()
    for costs in days.values():
        totals.update(costs)
    named = [model for model, _ in totals.most_common(_NAMED)]
    stacks = {model: [costs.get(model, Decimal(0)) for costs in days.values()] for model in named}
    if len(totals) > _NAMED:
        stacks["others"] = [
            sum((costs[each] for each in costs.keys() - set(named)), Decimal(0)) for costs in days.values()
        ]
    labels, below = [each.isoformat() for each in days], [0.0] * len(days)
    for model, amounts in stacks.items():
        heights = list(map(float, amounts))
        axes.bar(labels, heights, bottom=below, label=f"{model} (${sum(amounts, Decimal(0)):,.2f})")
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set_title(f"Cost per day and model, ${totals.total():,.2f} in all")
    axes.set_ylabel("USD")
    axes.set_ylim(0, (1.2 + 0.06 * len(stacks)) * max(below) or 1)  # room for the legend
    axes.set_axisbelow(True)
    axes.grid(axis="y", alpha=0.4)
    axes.set_xticks(range(0, len(labels), -(-len(labels) // _LABELS)))
    axes.tick_params(axis="x", rotation=30)
    axes.legend(loc="upper left", frameon=False)
