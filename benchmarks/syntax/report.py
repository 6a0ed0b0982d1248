"""The report: its tables in Markdown, the disagreements one by one, and the same as JSON."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.syntax import corpus
from benchmarks.syntax.refusals import Case, Found
from benchmarks.syntax.times import MOST_TIMES, Hostile, Timing, pinned
from local.text_table import table

ACCEPTED_PERCENT = 99.5
"""How much of what the compiler reads has to be accepted."""
REFUSED_PERCENT = 99.0
"""How much of what the compiler refuses has to be refused."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, and with which versions."""

    versions: str
    refused: Found
    """Of components that the compiler reads."""
    icons: Found
    missed: Mapping[str, Found]
    times: Sequence[Timing] = field(default=())
    hostile: Sequence[Hostile] = field(default=())

    @property
    def all_missed(self) -> Found:
        """All ways of breaking together."""
        wrong = [case for found in self.missed.values() for case in found.wrong]
        return Found(sum(found.of for found in self.missed.values()), wrong)

    def text(self) -> str:
        """For a person."""
        missed = [[way, str(found.of), str(len(found.wrong))] for way, found in self.missed.items()]
        times = [
            [f"{each.size:,}", *(f"{ms:.1f}" for ms in (each.check, each.bare)), *_ratio(each), f"{each.answered:.1f}"]
            for each in self.times
        ]
        hostile = [
            [each.case, f"{each.size:,}", f"{each.median:.0f}", f"{each.slowest:.0f}", each.said[:60]]
            for each in self.hostile
        ]
        parts = [
            self.versions,
            _line("accepted of what the compiler reads", self.refused, ACCEPTED_PERCENT),
            *_cases(self.refused),
            _line("accepted of published icons", self.icons, ACCEPTED_PERCENT),
            *_cases(self.icons),
            table(["broken by", "refused by the compiler", "missed by the check"], missed),
            _line("refused of what the compiler refuses", self.all_missed, REFUSED_PERCENT),
            *_cases(self.all_missed),
            table(_TIMES, times),
            *(_aim(most, each) for most, each in _with_aims(self.times)),
            table(["hostile text", "characters", "median ms", "slowest ms", "answer"], hostile),
        ]
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


_TIMES = ["a component of", "check, CPU ms", "Babel alone, CPU ms", "times as long", "quartiles", "with a process, ms"]


def _ratio(timing: Timing) -> tuple[str, str]:
    low, median, high = timing.times
    return f"{median:.2f}", f"{low:.2f} to {high:.2f}"


def _with_aims(times: Sequence[Timing]) -> list[tuple[float, Timing]]:
    return [(most, each) for size, most in MOST_TIMES.items() for each in times if 0.9 * size < each.size <= size]


def _aim(most: float, timing: Timing) -> str:
    (ratio, quartiles), met = _ratio(timing), _met(timing.times[1] <= most)
    return f"{timing.size:,} characters: {ratio} times Babel alone ({quartiles}); at most {most:.0f}: {met}"


def versions(packages: Path) -> str:
    """What was compared, on what."""
    parser = f"quickjs-ng {version('quickjs-ng')}, @babel/parser {pinned('@babel/parser')}"
    machine = f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores"
    return f"{parser}; {corpus.versions(packages)}; {machine}"


def _line(what: str, found: Found, target: float) -> str:
    right = found.of - len(found.wrong)
    met = _met(found.right_percent >= target)
    return f"{what}: {right} of {found.of}, {found.right_percent:.2f} %; at least {target} %: {met}"


def _met(aim_reached: bool) -> str:  # noqa: FBT001
    return "met" if aim_reached else "missed"


def _cases(found: Found) -> list[str]:
    return ["\n".join(_case(each) for each in found.wrong)] if found.wrong else []


def _case(case: Case) -> str:
    return f"- {case.name}:{case.place} {case.said}\n  {case.shown}"
