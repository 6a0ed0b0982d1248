"""Cold starts: a fresh process, with guard and secret, from its start to the end of its first request."""

import random
from collections import defaultdict
from collections.abc import Callable

from benchmarks.bundle.answers import event
from benchmarks.bundle.builds import BEFORE, OURS, Builds
from benchmarks.bundle.cloud import Cloud
from benchmarks.bundle.function_process import FunctionProcess
from benchmarks.bundle.rows import Row
from benchmarks.bundle.settings import Way, environment, ways

GROUP = "start"
INIT = "init"
FIRST = "init + first request, less the check"
_SIZE = "2 KB"
_Values = dict[str, list[float]]


def measure(builds: Builds, cloud: Cloud, rounds: int, progress: Callable[[str], None]) -> list[Row]:
    """Start each bundle once in each round, in random order, after a round that does not count."""
    init_cpu, init_wall, first_cpu, first_wall, peak, check_peak = (
        defaultdict[str, list[float]](list) for _ in range(6)
    )
    checked: dict[str, list[float]] = defaultdict(list)
    those, asked = ways(builds), event()
    for number in range(rounds + 1):
        progress(f"cold starts: {number} of {rounds} rounds")
        for way in random.sample(those, len(those)):
            with FunctionProcess(
                builds, builds.bundles[way.bundle], environment(cloud, _SIZE, way, guarded=True)
            ) as process:
                init, first = process.init(), process.serve(asked)
                memory, check_memory = process.peak_kb / 1000, process.children_peak_kb / 1000
            if not number:
                continue
            if way.checks:
                checked[way.bundle].append((init.all_cpu + first.all_cpu) * 1000)
                check_peak[way.bundle].append(check_memory)
            else:
                init_cpu[way.bundle].append(init.all_cpu * 1000)
                init_wall[way.bundle].append(init.wall * 1000)
                first_cpu[way.bundle].append((init.all_cpu + first.all_cpu) * 1000)
                first_wall[way.bundle].append((init.wall + first.wall) * 1000)
            if way.checks or Way(way.bundle, checks=True) not in those:
                peak[way.bundle].append(memory)
    check = {
        name: [whole - without for whole, without in zip(checked[name], first_cpu[name], strict=True)]
        for name in (OURS, BEFORE)
        if name in checked
    }
    return [
        Row(GROUP, INIT, "CPU ms", 0, init_cpu),
        Row(GROUP, f"{INIT}, wall clock", "ms", 0, init_wall),
        Row(GROUP, FIRST, "CPU ms", 0, first_cpu),
        Row(GROUP, f"{FIRST}, wall clock", "ms", 0, first_wall),
        Row(GROUP, "the first check", "CPU ms", 0, check),
        Row(GROUP, "peak memory", "MB", 0, peak),
        Row(GROUP, "peak memory of the check's process, shared pages included", "MB", 0, check_peak),
    ]
