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
from benchmarks.bundle.builds import BEFORE, OURS, ROOT, Builds
from benchmarks.bundle.cloud import Cloud
from benchmarks.bundle.function_process import FunctionProcess
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


def name(callers: int) -> str:
    """Return the name of the row of so many callers."""
    return f"{callers} caller{'s' if callers > 1 else ''}, less the check"


def measure(
    builds: Builds, cloud: Cloud, rounds: int, progress: Callable[[str], None]
) -> tuple[list[Row], list[HostRate], float]:
    """Load each bundle in each round, in random order.

    Returns:
        the rows; what the hosts do alone; and the largest part of a core that the host took meanwhile.
    """
    those = [way for way in ways(builds) if way.bundle != BEFORE]
    rates: dict[tuple[Way, int], list[float]] = defaultdict(list)
    counted, share = max(3, rounds // 5), 0.0
    for number in range(counted):
        for position, way in enumerate(random.sample(those, len(those))):
            progress(f"callers: {number * len(those) + position} of {counted * len(those)} crowds of {CALLERS[-1]}")
            with ExitStack() as stack:
                crowd = _crowd(stack, builds, cloud, way)
                for callers in CALLERS:
                    before, began = cloud.cpu_seconds(), time.monotonic()
                    rates[way, callers].append(_rate([process.serve for process in crowd[:callers]]))
                    share = max(share, (cloud.cpu_seconds() - before) / (time.monotonic() - began))
    rows = []
    for callers in CALLERS:
        without = {bundle: rates[Way(bundle, checks=False), callers] for bundle in builds.bundles if bundle != BEFORE}
        whole = without | {OURS: rates[Way(OURS, checks=True), callers]}
        rows += [
            Row(GROUP, name(callers), "requests/s", 1, without),
            Row(GROUP, name(callers).replace("less", "with"), "requests/s", 1, whole),
        ]
    return rows, _hosts(cloud, progress), share


def _crowd(stack: ExitStack, builds: Builds, cloud: Cloud, way: Way) -> list[FunctionProcess]:
    """Start a process for each caller, a few at a time; each has served once."""
    settings, crowd = environment(cloud, _SIZE, way, guarded=True), []
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


def _rate(callers: Sequence[Callable[[bytes], object]], seconds: float = _SECONDS) -> float:
    """Return how many requests a second were served to callers that ask again as soon as they have their answer.

    A request that is under way at the end counts by the part of it that fell into the time.
    """
    asked, served, failures = event(), [0.0] * len(callers), []
    start = time.monotonic()
    end = start + seconds

    def ask(number: int) -> None:
        try:
            while True:
                began = time.monotonic()
                callers[number](asked)
                now = time.monotonic()
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
    return sum(served) / seconds if seconds else 0.0


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

        def caller(connection: http.client.HTTPConnection) -> Callable[[bytes], object]:
            def ask(_: bytes) -> None:
                connection.request(
                    "POST", address.path, REQUESTS[0].body, {"Authorization": "Bearer none", "Connection": "keep-alive"}
                )
                response = connection.getresponse()
                while response.read1(1 << 20):
                    pass

            return ask

        return _rate([caller(connection) for connection in connections])
