"""The report: the table of ratios, the borders and the criteria, and the same as JSON."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from benchmarks.edits.costs import FAILURES
from benchmarks.edits.figures import Ratio, border, content_ratio, criteria, expected_ratio, spread
from benchmarks.edits.measure import LENGTHS, PLACES, Cell, Samples
from local.text_table import table

_NONE = "-"


class Report(NamedTuple):
    """What a run found.

    Attributes:
        seeds: codes of every kind and length.
        samples: of them all.
        yardsticks: what an edit is held against a rewrite by.
    """

    seeds: int
    samples: Samples
    yardsticks: Mapping[str, Ratio]

    @property
    def met(self) -> bool:
        """Whether the aim is."""
        return all(each.met for each in criteria(self.samples))

    def text(self) -> str:
        """Return it for a person."""
        heads = ["lines", *(f"{_places(each)}{with_}" for each in PLACES for with_ in ("", f", {FAILURES:.0%} fail"))]
        ratios = [
            [
                f"{lines:,}",
                *(self._cell(lines, each, ratio) for each in PLACES for ratio in (content_ratio, expected_ratio)),
            ]
            for lines in LENGTHS
        ]
        borders = [[_places(each), *(self._border(each, name) for name in self.yardsticks)] for each in PLACES]
        return "\n\n".join(
            (
                f"Characters of an edit against those of a rewrite; {self.seeds} codes of each length and kind.",
                table(heads, ratios),
                table(["an edit costs less from … lines on", *self.yardsticks], borders),
                "\n".join(f"- {each.text()}" for each in criteria(self.samples)),
            )
        )

    def data(self) -> dict[str, Any]:
        """Return it for a program, every sample included."""
        return {
            "seeds": self.seeds,
            "cells": [
                {
                    **cell._asdict(),
                    "samples": {kind: [each._asdict() for each in found] for kind, found in kinds.items()},
                }
                for cell, kinds in sorted(self.samples.items())
            ],
            "borders": {
                name: {each: border(self.samples, each, ratio) for each in PLACES}
                for name, ratio in self.yardsticks.items()
            },
            "criteria": [each._asdict() | {"met": each.met} for each in criteria(self.samples)],
        }

    def _cell(self, lines: int, places: int, ratio: Ratio) -> str:
        found = spread(self.samples, Cell(lines, places), ratio)
        return found.text(3) if found else _NONE

    def _border(self, places: int, name: str) -> str:
        found = border(self.samples, places, self.yardsticks[name])
        if found is None:
            return _NONE
        return f"{found} or fewer" if found == min(cell.lines for cell in self.samples) else f"{found}"


def _places(places: int) -> str:
    return "1 place" if places == 1 else f"{places} places"
