"""The report: two tables in Markdown, a line under each that sums it up, and the same as JSON."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from benchmarks.client.faults import TIMEOUT_SECONDS
from benchmarks.client.judge import Verdict
from benchmarks.client.rows import ROWS
from benchmarks.client.times import Timing
from local.text_table import table

TARGET = 1.3
"""How many times as long as bare httpx this bundle's client may take."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, and with which versions; a part that was left out is empty."""

    versions: str
    faults: Mapping[str, Sequence[Verdict]] = field(default_factory=dict)
    times: Sequence[Timing] = ()

    def text(self) -> str:
        """For a person."""
        parts = [self.versions]
        if self.faults:
            parts += [f"Faults, with a time-out of {TIMEOUT_SECONDS:g} s; a cell: what the caller got, calls, seconds"]
            parts += [_fault_table(self.faults), _score(self.faults)]
        if self.times:
            parts += ["Time of a call without a fault", _time_table(self.times), _against_target(self.times)]
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """For a program."""
        rows = [
            {"fault": row.fault, "right": str(row.right)}
            | {client: asdict(verdicts[number]) for client, verdicts in self.faults.items()}
            for number, row in enumerate(ROWS)
        ]
        return {
            "versions": self.versions,
            "faults": rows if self.faults else [],
            "times": [asdict(timing) for timing in self.times],
        }


def versions() -> str:
    """What was compared, on what."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("openai", "httpx"))
    return f"{packages}; {platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores"


def _fault_table(faults: Mapping[str, Sequence[Verdict]]) -> str:
    rows = [
        [row.fault or "(none)", str(row.right), *(_cell(verdicts[number]) for verdicts in faults.values())]
        for number, row in enumerate(ROWS)
    ]
    return table(["fault", "right is (at most)", *faults], rows)


def _cell(verdict: Verdict) -> str:
    seconds = "" if verdict.seconds is None else f", {verdict.seconds:.2f} s"
    return f"{'✓' if verdict.right else '✗'} {verdict.got}, {verdict.calls}{seconds}"


def _score(faults: Mapping[str, Sequence[Verdict]]) -> str:
    scores = (
        f"{client} {sum(each.right for each in verdicts)} of {len(verdicts)}" for client, verdicts in faults.items()
    )
    return f"right: {', '.join(scores)}"


def _time_table(times: Sequence[Timing]) -> str:
    rows = [
        [each.case, each.client, f"{each.median:.2f}", f"{each.p95:.2f}", f"{each.ratio.of_medians:.2f}",
         f"{each.ratio.first_quartile:.2f} to {each.ratio.third_quartile:.2f}"]
        for each in times
    ]  # fmt: skip
    return table(["answer", "client", "median ms", "p95 ms", "times httpx", "quartiles"], rows)


def _against_target(times: Sequence[Timing]) -> str:
    ours = [each for each in times if each.client == "ours"]
    ratios = ", ".join(f"{each.ratio.of_medians:.2f} ({each.case})" for each in ours)
    met = "met" if all(each.ratio.of_medians <= TARGET for each in ours) else "missed"
    return f"ours, at most {TARGET} times httpx: {met}: {ratios}"
