"""Requests per second: so many callers at once, each with a process of its own, as Lambda gives every one its own."""

import http.client
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.bundle.answers import event
from benchmarks.bundle.builds import BEFORE, LABELS, OURS, ROOT, Builds
from benchmarks.bundle.cloud import Cloud
from benchmarks.bundle.function_process import FunctionProcess, Spent
from benchmarks.bundle.rows import Row
from benchmarks.bundle.settings import Way, environment, ways
from benchmarks.standin import REQUESTS, running

GROUP = "load"
CALLERS = 1, 8, 32
_SECONDS = 1.5
_STARTS_AT_ONCE = 4
_SIZE = "2 KB"


@dataclass(frozen=True)
class HostRate:
    """How fast a model host answers callers that do nothing but call.

    Attributes:
        name: which host.
        per_second: answers, by the number of callers.
    """

    name: str
    per_second: dict[int, float]


@dataclass(frozen=True)
class _Rate:
    """How fast so many callers were served, and what a request took."""

    per_second: float
    cpu_ms: float


def name(callers: int) -> str:
    """Return the name of the row of so many callers."""
    return f"{callers} caller{'s' if callers > 1 else ''}, less the check"


def measure(
    builds: Builds, cloud: Cloud, rounds: int, progress: Callable[[str], None]
) -> tuple[list[Row], list[HostRate], float]:
    """Load each bundle in each round, in random order; the processes of all are there from the first to the last.

    Returns:
        the rows; what the hosts do alone; and the largest part of a core that the host took meanwhile.
    """
    those = [way for way in ways(builds) if way.bundle != BEFORE]
    found: dict[tuple[Way, int], list[_Rate]] = defaultdict(list)
    counted, share = max(3, rounds // 3), 0.0
    with ExitStack() as stack:
        crowds = {}
        for way in those:
            progress(f"callers: {CALLERS[-1]} processes of {LABELS[way.bundle]}")
            crowds[way] = _crowd(stack, builds, cloud, way)
        for number in range(counted):
            progress(f"callers: {number} of {counted} rounds")
            for callers in CALLERS:
                for way in random.sample(those, len(those)):
                    before, began = cloud.cpu_seconds(), time.monotonic()
                    found[way, callers].append(_rate([process.serve for process in crowds[way][:callers]]))
                    share = max(share, (cloud.cpu_seconds() - before) / (time.monotonic() - began))
    rows = []
    for callers in CALLERS:
        less = {bundle: found[Way(bundle, checks=False), callers] for bundle in builds.bundles if bundle != BEFORE}
        whole = less | {OURS: found[Way(OURS, checks=True), callers]}
        for title, rates in ((name(callers), less), (name(callers).replace("less", "with"), whole)):
            per_second = {bundle: [each.per_second for each in those_rates] for bundle, those_rates in rates.items()}
            rows.append(Row(GROUP, title, "requests/s", 1, per_second))
    cpu = {bundle: [each.cpu_ms for each in rates] for bundle, rates in less.items()}
    rows.append(Row(GROUP, f"a request of {name(CALLERS[-1])}", "CPU ms", 1, cpu))
    return rows, _hosts(cloud, progress), share


def _crowd(stack: ExitStack, builds: Builds, cloud: Cloud, way: Way) -> list[FunctionProcess]:
    """Start a process for each caller, a few at a time; each has served once."""
    settings = environment(cloud, _SIZE, way, guarded=True)
    crowd: list[FunctionProcess] = []
    while len(crowd) < CALLERS[-1]:
        batch = [
            stack.enter_context(FunctionProcess(builds, builds.bundles[way.bundle], settings))
            for _ in range(min(_STARTS_AT_ONCE, CALLERS[-1] - len(crowd)))
        ]
        for process in batch:
            process.init()
        crowd += batch
    _rate([process.serve for process in crowd], seconds=0)
    return crowd


def _rate(callers: Sequence[Callable[[bytes], Spent | None]], seconds: float = _SECONDS) -> _Rate:
    """Return how many requests a second were served to callers that ask again as soon as they have their answer.

    A request that is under way at the end counts by the part of it that fell into the time.
    """
    asked, served, failures = event(), [0.0] * len(callers), []
    cpu: list[float] = []
    end = time.monotonic() + seconds

    def ask(number: int) -> None:
        try:
            while True:
                began = time.monotonic()
                spent = callers[number](asked)
                now = time.monotonic()
                cpu.append(spent.all_cpu * 1000 if spent else 0)
                if now >= end:
                    served[number] += max(0.0, end - began) / (now - began)
                    return
                served[number] += 1
        except Exception as error:  # noqa: BLE001 - raised below, where somebody waits for it
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(callers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return _Rate(sum(served) / seconds if seconds else 0.0, sum(cpu) / len(cpu))


def _hosts(cloud: Cloud, progress: Callable[[str], None]) -> list[HostRate]:
    """Measure the benchmark's host and the stand-in without any function."""
    progress("the hosts alone")
    with running(ROOT) as standin:
        urls = {
            "the benchmark's host": f"{cloud.host(_SIZE)}/chat/completions",
            "the stand-in": f"http://127.0.0.1:{standin.port}/api/v1/chat/completions",
        }
        return [
            HostRate(title, {callers: _host_rate(url, callers) for callers in CALLERS}) for title, url in urls.items()
        ]


def _host_rate(url: str, callers: int) -> float:
    address = urlsplit(url)
    with ExitStack() as stack:
        connections = [
            stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", address.port, timeout=60)))
            for _ in range(callers)
        ]

        def caller(connection: http.client.HTTPConnection) -> Callable[[bytes], None]:
            def ask(_: bytes) -> None:
                connection.request(
                    "POST", address.path, REQUESTS[0].body, {"Authorization": "Bearer none", "Connection": "keep-alive"}
                )
                response = connection.getresponse()
                while response.read1(1 << 20):
                    pass

            return ask

        return _rate([caller(connection) for connection in connections]).per_second
