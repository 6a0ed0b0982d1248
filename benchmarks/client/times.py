"""The second table: how long a call without a fault takes, client by client, in rounds and in random order."""

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.client.answers import SHAPES
from benchmarks.client.canned import canned
from benchmarks.client.clients import BASELINE, CLIENTS, Client
from benchmarks.client.figures import Ratio, paired_ratio, percentile

_TIMEOUT_SECONDS = 60.0
_WARM_UPS = 3
_PROMPT = "Release notes of a small library"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One answer, and how often each client reads it."""

    shape: str
    title: str
    rounds: int


CASES = (
    Case("small", "40 chunks", 300),
    Case("large", "1 MB in 20,000 chunks", 15),
    Case("large-chunked", "the same, an HTTP chunk each", 10),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """What one client took for one case, in milliseconds."""

    case: str
    client: str
    median: float
    p95: float
    ratio: Ratio
    """To bare httpx, which is what reading the stream costs anyone."""


def run(progress: Progress, rounds: float = 1.0) -> list[Timing]:
    """Time every case; `rounds` multiplies how often."""
    timings: list[Timing] = []
    with canned() as url:
        for case in CASES:
            number = max(1, round(case.rounds * rounds))
            progress(f"times: {case.title}, {number} rounds")
            timings += _timings(case.title, _measured(f"{url}/{case.shape}", SHAPES[case.shape].content, number))
    return timings


def _measured(url: str, content: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by client, a value a round. Each client is made once and keeps its connection, if it can."""
    clients = {name: make(url, _TIMEOUT_SECONDS) for name, make in CLIENTS.items()}
    for client in clients.values():
        for _ in range(_WARM_UPS):
            _timed(client, content)
    times: dict[str, list[float]] = {name: [] for name in clients}
    dice = random.Random(rounds)  # noqa: S311 - an order, not a secret
    for _ in range(rounds):
        for name in dice.sample(sorted(clients), len(clients)):
            times[name].append(_timed(clients[name], content))
    for client in clients.values():
        client.close()
    return times


def _timed(client: Client, content: str) -> float:
    """How long the client takes, in milliseconds, for an answer that is checked afterwards."""
    began = time.perf_counter()
    got = client.ask(_PROMPT)
    took = time.perf_counter() - began
    if got != content:
        msg = f"{type(client).__name__} read {len(got)} characters that are not the {len(content)} of the answer"
        raise ValueError(msg)
    return took * 1000


def _timings(case: str, times: Mapping[str, list[float]]) -> list[Timing]:
    return [
        Timing(case, name, statistics.median(each), percentile(each, 95), paired_ratio(each, times[BASELINE]))
        for name, each in times.items()
    ]
