"""The catalog and the differences as tables, and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from local.prices.differences import Difference
from local.prices.in_force import Period, Row
from local.text_table import table
from shared.catalog import Catalog

_HEADS = ["model", "input", "cached", "write", "output", "ceiling", "from", "until", ""]


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed."""

    catalog: Catalog
    rows: Sequence[Row]
    asked: Sequence[str]
    """The hosts whose lists were read."""
    differences: Sequence[Difference]

    def text(self) -> str:
        """Return it as Markdown."""
        parts = [f"Prices of {self.catalog.day}, USD per million tokens", table(_HEADS, self._lines())]
        parts += [f"{row.model.name}: {row.outdated}" for row in self.rows if row.outdated]
        if not self.asked:
            parts.append("No host was asked for its own list: none of them has a key here.")
        elif not self.differences:
            parts.append(f"The lists of {', '.join(self.asked)} say the same.")
        else:
            heads = ["model", "", "ours", "theirs", "ratio", ""]
            parts += [
                f"Where the lists of {', '.join(self.asked)} say otherwise",
                table(heads, map(_line, self.differences)),
            ]
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """Return it as JSON's types."""
        return {
            "day": str(self.catalog.day),
            "models": [_model(row) for row in self.rows],
            "asked": list(self.asked),
            "differences": [
                {
                    "model": each.model,
                    "field": each.field or None,
                    "ours": _float(each.ours),
                    "theirs": _float(each.theirs),
                    "ratio": _float(each.ratio),
                    "note": each.note or None,
                }
                for each in self.differences
            ],
        }

    def _lines(self) -> Iterable[list[str]]:
        for row in self.rows:
            for number, period in enumerate(row.periods):
                yield [row.model.name if number == 0 else "", *_prices(period), _state(row, period)]


def _prices(period: Period) -> list[str]:
    price = period.price
    figures = (price.input, price.cached_input, price.cache_write, price.output)
    ceiling = " / ".join(_usd(each) for each in price.ceiling)
    days = [str(day or "") for day in (price.since, price.until)]
    return [*(f"{_usd(each):>6}" for each in figures), f"{ceiling:>13}", *days]


def _state(row: Row, period: Period) -> str:
    states = ["in force" if period.in_force else "not today", *(["from the overlay"] if row.changed else [])]
    return ", ".join(states)


def _line(difference: Difference) -> list[str]:
    ratio = difference.ratio
    figures = [_usd(difference.ours), _usd(difference.theirs), "" if ratio is None else f"{ratio:.2f}"]
    return [difference.model, difference.field, *(f"{figure:>9}" for figure in figures), difference.note]


def _usd(amount: Decimal | None) -> str:
    """Return an exact figure, prices with two digits behind the point at least."""
    if amount is None:
        return ""
    plain = f"{amount.normalize():f}"
    digits = len(plain.partition(".")[2])
    return plain if digits > 1 else f"{amount:.2f}"


def _model(row: Row) -> dict[str, Any]:
    return {
        "name": row.model.name,
        "changed": row.changed,
        "outdated": row.outdated,
        "prices": [
            {
                "input": _float(period.price.input),
                "cached_input": _float(period.price.cached_input),
                "cache_write": _float(period.price.cache_write),
                "output": _float(period.price.output),
                "ceiling": [float(each) for each in period.price.ceiling],
                "from": period.price.since and str(period.price.since),
                "until": period.price.until and str(period.price.until),
                "in_force": period.in_force,
                "source": period.price.source,
                "date": str(period.price.date),
            }
            for period in row.periods
        ],
    }


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
