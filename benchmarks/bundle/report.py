"""The report: one table in Markdown, what the hosts do alone, the criteria, and the same as JSON."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.bundle.builds import BEFORE, LABELS, OURS, ROOT
from benchmarks.bundle.criteria import criteria
from benchmarks.bundle.load import CALLERS, HostRate
from benchmarks.bundle.rows import Row
from local.text_table import table

_LOCK = ROOT / "requirements" / "bench.txt"
_COMPARED = ("openai", "httpx", "pydantic", "aws-lambda-powertools", "boto3", "awslambdaric")
_NONE = "-"


def _versions() -> str:
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", _LOCK.read_text("utf-8"), re.MULTILINE))
    packages = ", ".join(f"{name} {pinned[name]}" for name in _COMPARED)
    return f"Python 3.13, {platform.machine()}, {os.cpu_count()} cores; {packages}"


@dataclass(frozen=True)
class Report:
    """What a run found.

    Attributes:
        rounds: how many were asked for.
        rows: of the table.
        hosts: what the model hosts do alone; empty if that was left out.
        host_share: the largest part of a core that the host took under load.
    """

    rounds: int
    rows: Sequence[Row]
    hosts: Sequence[HostRate] = ()
    host_share: float = 0.0
    versions: str = field(default_factory=_versions)

    def text(self) -> str:
        """Return it for a person."""
        parts = [f"{self.versions}; {self.rounds} rounds.", self._table()]
        if self.hosts:
            heads = ["answers a second, without a function", *(f"{callers} at once" for callers in CALLERS)]
            rates = [[each.name, *(f"{each.per_second[callers]:,.0f}" for callers in CALLERS)] for each in self.hosts]
            share = f"Under load, the benchmark's host took at most {self.host_share * 100:.0f} % of a core."
            parts += [table(heads, rates), share]
        if found := criteria(self.rows):
            parts.append("\n".join(f"- {each.text()}" for each in found))
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """Return it for a program, every round included."""
        return {
            **asdict(self),
            "criteria": [asdict(each) | {"met": each.met} for each in criteria(self.rows)],
        }

    def _table(self) -> str:
        bundles = [name for name in LABELS if name != OURS and any(row.values.get(name) for row in self.rows)]
        bundles.sort(key=lambda name: name == BEFORE)
        heads = ["", "unit", LABELS[OURS]]
        for name in bundles:
            heads += [LABELS[name], "ours ÷ it"]
        return table(heads, [self._cells(row, bundles) for row in self.rows])

    def _cells(self, row: Row, bundles: Sequence[str]) -> list[str]:
        ours = row.spread(OURS)
        cells = [row.name, row.unit, ours.text(row.digits) if ours else _NONE]
        for name in bundles:
            theirs, ratio = row.spread(name), row.ratio(name)
            cells += [f"{theirs.median:.{row.digits}f}" if theirs else _NONE, ratio.text(2) if ratio else _NONE]
        return cells
