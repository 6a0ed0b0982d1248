"""The report: how often the check and the renderers agree, by kind, and where they do not."""

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.renders.run import Judged
from local.text_table import table
from shared.artifacts.kinds import Kind


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some artifacts were judged by the check as the renderer judges them."""

    of: int
    right: int

    @property
    def percent(self) -> float | None:
        """None of none."""
        return 100 * self.right / self.of if self.of else None

    def __str__(self) -> str:
        return "-" if self.percent is None else f"{self.right} of {self.of}, {self.percent:.1f} %"


_COLUMNS: dict[str, tuple[Callable[[Judged], bool], Callable[[Judged], bool]]] = {
    "originals that render, accepted": (
        lambda each: _is_original(each) and _renders(each),
        lambda each: not each.refused,
    ),
    "mutants that render, accepted": (
        lambda each: not _is_original(each) and _renders(each) and each.looks_alike,
        lambda each: not each.refused,
    ),
    "broken, refused": (lambda each: not _renders(each), lambda each: bool(each.refused)),
    "broken, refused or warned": (lambda each: not _renders(each), lambda each: bool(each.refused) or each.warned),
    "mutants that look different, refused": (
        lambda each: _renders(each) and not each.looks_alike,
        lambda each: bool(each.refused),
    ),
}
"""Which artifacts a column counts, and which of those are right. The last two are no disagreements: a drawing that
looks different is neither broken nor as it was."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found."""

    seed: int
    judged: Sequence[Judged]

    def text(self) -> str:
        """For a person."""
        rows = [[kind or "all", *map(str, shares)] for kind, shares in self._shares()]
        python = f"{platform.python_implementation()} {platform.python_version()}"
        return "\n\n".join(
            (
                f"seed {self.seed}; {python}, {os.cpu_count()} cores",
                table(["kind", *_COLUMNS], rows),
                table(["broken by", "broken in the renderer", "of these refused"], self._ways()),
            )
        )

    def data(self) -> dict[str, Any]:
        """For a program."""
        return {
            "seed": self.seed,
            "shares": {
                kind or "all": {
                    name: {"of": share.of, "right": share.right, "percent": share.percent}
                    for name, share in zip(_COLUMNS, shares, strict=True)
                }
                for kind, shares in self._shares()
            },
            "disagreements": list(self.disagreements()),
        }

    def disagreements(self) -> Iterable[dict[str, Any]]:
        """Give what the two do not agree on: false alarms first, then what the check misses."""
        for column, each in self._wrong():
            yield {
                "column": column,
                "name": each.artifact.name,
                "renderer": f"{each.rendered.stage}: {each.rendered.said}" if not each.rendered.ok else None,
                "check": each.refused,
                "code": each.artifact.code,
            }

    def _wrong(self) -> Iterable[tuple[str, Judged]]:
        for column, (counts, right) in list(_COLUMNS.items())[:3]:
            yield from ((column, each) for each in self.judged if counts(each) and not right(each))

    def _shares(self) -> list[tuple[Kind | None, list[Share]]]:
        return [(kind, [_share(self.judged, kind, column) for column in _COLUMNS]) for kind in (*Kind, None)]

    def _ways(self) -> list[list[str]]:
        found: dict[str, list[int]] = {}
        for each in self.judged:
            if not _renders(each):
                way = each.artifact.name.rpartition("~")[2].partition(":")[0] if each.artifact.origin else "(original)"
                counts = found.setdefault(f"{each.artifact.kind}: {way}", [0, 0])
                counts[0] += 1
                counts[1] += bool(each.refused)
        return [[way, str(of), str(Share(of, right).right)] for way, (of, right) in sorted(found.items())]


def _share(judged: Sequence[Judged], kind: Kind | None, column: str) -> Share:
    counts, right = _COLUMNS[column]
    of = [each for each in judged if counts(each) and kind in {None, each.artifact.kind}]
    return Share(len(of), sum(right(each) for each in of))


def _is_original(judged: Judged) -> bool:
    return judged.artifact.origin is None


def _renders(judged: Judged) -> bool:
    return bool(judged.rendered.ok)
