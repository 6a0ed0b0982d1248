"""Warm requests: a process that has served before, by the size of the answer."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from benchmarks.bundle.answers import SIZES, event
from benchmarks.bundle.builds import OURS, Builds
from benchmarks.bundle.cloud import Cloud
from benchmarks.bundle.function_process import FunctionProcess
from benchmarks.bundle.rows import Row
from benchmarks.bundle.settings import Way, environment, ways

GROUP = "warm"
_REQUESTS = {"2 KB": 10, "20 KB": 2, "200 KB": 1}
"""Of one measurement, of which the mean is taken."""
_ROUNDS = {"2 KB": 1.0, "20 KB": 1.0, "200 KB": 0.4}
"""The part of the rounds that an answer of this size takes part in: a long one takes seconds."""


def name(size: str) -> str:
    """Return the name of the row of this size."""
    return f"warm request of {size}, less the check"


def measure(builds: Builds, cloud: Cloud, rounds: int, progress: Callable[[str], None]) -> list[Row]:
    """Measure answers of each size without the guard, and the smallest one with it."""
    rows = [row for size in SIZES for row in _rows(builds, cloud, size, rounds, progress)]
    return [*rows, *_rows(builds, cloud, next(iter(SIZES)), rounds, progress, guarded=True)]


def _rows(
    builds: Builds, cloud: Cloud, size: str, rounds: int, progress: Callable[[str], None], *, guarded: bool = False
) -> Iterator[Row]:
    counted = max(3, round(rounds * _ROUNDS[size]))
    values: dict[Way, list[float]] = defaultdict(list)
    those, asked = [way for way in ways(builds) if not way.checks or (way.bundle == OURS and not guarded)], event()
    with ExitStack() as stack:
        processes = {
            way: stack.enter_context(
                FunctionProcess(builds, builds.bundles[way.bundle], environment(cloud, size, way, guarded=guarded))
            )
            for way in those
        }
        for process in processes.values():
            process.init()
            process.serve(asked)
        for number in range(counted + 1):
            progress(f"warm requests of {size}{' with the guard' if guarded else ''}: {number} of {counted} rounds")
            for way in random.sample(those, len(those)):
                spent = [processes[way].serve(asked).all_cpu for _ in range(_REQUESTS[size])]
                if number:
                    values[way].append(sum(spent) / len(spent) * 1000)
    without = {bundle: values[Way(bundle, checks=False)] for bundle in builds.bundles}
    if guarded:
        yield Row(GROUP, f"{name(size)}, with the guard", "CPU ms", 1, without)
        return
    yield Row(GROUP, name(size), "CPU ms", 1, without)
    whole = values[Way(OURS, checks=True)]
    check = {OURS: [with_it - less for with_it, less in zip(whole, without[OURS], strict=True)]}
    yield Row(GROUP, f"the check in a warm request of {size}", "CPU ms", 1, check)
