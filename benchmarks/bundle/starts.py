"""Cold starts: a fresh process, with guard and secret, from its start to the end of its first request."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.bundle.answers import event
from benchmarks.bundle.builds import BEFORE, LABELS, OURS, Builds
from benchmarks.bundle.cloud import Cloud
from benchmarks.bundle.function_process import FunctionFailedError, FunctionProcess
from benchmarks.bundle.rows import Row
from benchmarks.bundle.settings import Way, environment, ways

GROUP = "start"
INIT = "init"
FIRST = "init + first request, less the check"
_SIZE = "2 KB"


@dataclass
class _Starts:
    """What the starts of one way took, in the order of the rounds, in milliseconds and MB."""

    init: list[float] = field(default_factory=list)
    init_wall: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    first_wall: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    check_peak: list[float] = field(default_factory=list)
    checks: list[bool] = field(default_factory=list)
    """Whether there was a process beside it, which only the check has."""

    def add(self, process: FunctionProcess, asked: bytes) -> None:
        """Take the process from its start to the end of its first request."""
        init, first = process.init(), process.serve(asked)
        self.init.append(init.all_cpu * 1000)
        self.init_wall.append(init.wall * 1000)
        self.first.append((init.all_cpu + first.all_cpu) * 1000)
        self.first_wall.append((init.wall + first.wall) * 1000)
        self.peak.append(process.peak_kb / 1000)
        self.check_peak.append(process.children_peak_kb / 1000)
        self.checks.append(first.children > 0)


def measure(builds: Builds, cloud: Cloud, rounds: int, progress: Callable[[str], None]) -> list[Row]:
    """Start each bundle once in each round, in random order, after a round that does not count."""
    asked, empty = event(), Way("empty", checks=True)
    those = [*ways(builds), empty]
    bundles = {**builds.bundles, empty.bundle: builds.empty}
    for number in range(rounds + 1):
        progress(f"cold starts: {number} of {rounds} rounds")
        if number <= 1:
            found = {way: _Starts() for way in those}
        for way in random.sample(those, len(those)):
            settings = environment(cloud, _SIZE, way, guarded=True)
            with FunctionProcess(builds, bundles[way.bundle], settings) as process:
                found[way].add(process, asked)
            if way.bundle in {OURS, BEFORE} and found[way].checks[-1] is not way.checks:
                msg = f"{LABELS[way.bundle]}: the check was {'left out' if way.checks else 'made'}, and should not be"
                raise FunctionFailedError(msg)
    return _rows({name: found[Way(name, checks=False)] for name in builds.bundles}, found, found[empty])


def _rows(less: dict[str, _Starts], found: dict[Way, _Starts], empty: _Starts) -> list[Row]:
    """Return the rows of what started, less the check where there is one."""
    checked = {name: found[Way(name, checks=True)] for name in (OURS, BEFORE) if name in less}
    own = {name: _differences(each.init, empty.init) for name, each in less.items()}
    check = {name: _differences(each.first, less[name].first) for name, each in checked.items()}
    return [
        Row(GROUP, INIT, "CPU ms", 0, {name: each.init for name, each in less.items()}),
        Row(GROUP, f"{INIT}, less that of an empty handler", "CPU ms", 0, own),
        Row(GROUP, f"{INIT}, wall clock", "ms", 0, {name: each.init_wall for name, each in less.items()}),
        Row(GROUP, FIRST, "CPU ms", 0, {name: each.first for name, each in less.items()}),
        Row(GROUP, f"{FIRST}, wall clock", "ms", 0, {name: each.first_wall for name, each in less.items()}),
        Row(GROUP, "the first check", "CPU ms", 0, check),
        Row(GROUP, "peak memory", "MB", 0, {name: each.peak for name, each in (less | checked).items()}),
        Row(GROUP, "peak memory of the check's process, shared pages included", "MB", 0, {
            name: each.check_peak for name, each in checked.items()
        }),
    ]  # fmt: skip


def _differences(wholes: list[float], parts: list[float]) -> list[float]:
    return [whole - part for whole, part in zip(wholes, parts, strict=True)]
