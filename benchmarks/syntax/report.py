"""The report: its tables in Markdown, the disagreements one by one, and the same as JSON."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from benchmarks.syntax import corpus
from benchmarks.syntax.refusals import Case, Found
from benchmarks.syntax.times import LARGE, LARGE_MS, Timing
from local.tables import table

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

    @property
    def all_missed(self) -> Found:
        """All ways of breaking together."""
        wrong = [case for found in self.missed.values() for case in found.wrong]
        return Found(sum(found.of for found in self.missed.values()), wrong)

    def text(self) -> str:
        """For a person."""
        missed = [[way, str(found.of), str(len(found.wrong))] for way, found in self.missed.items()]
        times = [[each.case, f"{each.size:,}", f"{each.median:.1f}", f"{each.slowest:.1f}"] for each in self.times]
        parts = [
            self.versions,
            _line("accepted of what the compiler reads", self.refused, ACCEPTED_PERCENT),
            *_cases(self.refused),
            _line("accepted of published icons", self.icons, ACCEPTED_PERCENT),
            *_cases(self.icons),
            table(["broken by", "refused by the compiler", "missed by the check"], missed),
            _line("refused of what the compiler refuses", self.all_missed, REFUSED_PERCENT),
            *_cases(self.all_missed),
            table(["time of a check", "characters", "median ms", "slowest ms"], times),
            *(
                f"{LARGE}: {each.median:.1f} ms; less than {LARGE_MS} ms: {_met(each.median < LARGE_MS)}"
                for each in self.times
                if each.case == LARGE
            ),
        ]
        return "\n\n".join(parts)

    def data(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


def versions() -> str:
    """What was compared, on what."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("tree-sitter", "tree-sitter-typescript"))
    machine = f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores"
    return f"{packages}; {corpus.versions()}; {machine}"


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
