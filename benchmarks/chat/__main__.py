"""`make bench-chat`: what the chat function of `make run` adds to a stream, held against a bare proxy in the same run.

Each round asks once on every way, in random order: through the chat function, through an aiohttp server that passes
bytes on, and the host directly. A ratio is taken in each round, so that what else the machine does meets both.
"""

import argparse
import os
import platform
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from benchmarks.chat.paths import AtOnce, Paced, Way, at_once, paced, through_the_bundle
from benchmarks.chat.proxy import proxy
from benchmarks.client.answers import SHAPES
from benchmarks.client.canned import canned
from benchmarks.stream import host, running
from local.text_table import table

_ROOT = Path(__file__).parents[2]
_LONG = "long"
_WARM_UPS = 3
_PROXY = 1  # its place among the ways

ResultT = TypeVar("ResultT")


@contextmanager
def ways(host_url: str, against: Path | None) -> Iterator[list[Way]]:
    """The ways to a host: the chat function, the proxy, none in between, and the chat function of another checkout."""
    with ExitStack() as stack:
        found = [
            through_the_bundle(stack.enter_context(running(host_url)), "chat function"),
            stack.enter_context(proxy(host_url)),
            Way("the host alone", f"{host_url}/chat/completions", None),
        ]
        if against:
            there = stack.enter_context(running(host_url, against.resolve()))
            found.append(through_the_bundle(there, "chat function there"))
        yield found


def measure(found: Sequence[Way], rounds: int, ask: Callable[[Way], ResultT]) -> dict[Way, list[ResultT]]:
    """Ask once on every way in each round, in random order, after rounds that do not count."""
    results: dict[Way, list[ResultT]] = {way: [] for way in found}
    for number in range(-_WARM_UPS, rounds):
        for way in random.sample(found, len(found)):
            result = ask(way)
            if number >= 0:
                results[way].append(result)
        print(f"\r{max(0, number + 1)} of {rounds} rounds", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def rows(what: str, values: Sequence[tuple[Way, list[float]]], digits: int) -> Iterator[list[str]]:
    """Return a row for each way: median and quartiles, and how many times as much as the proxy."""
    baseline = values[_PROXY][1]
    for way, each in values:
        ratios = [one / other for one, other in zip(each, baseline, strict=True)]
        yield [what, way.name, *_spread(each, digits), *_spread(ratios, 2)]


def report_paced(results: dict[Way, list[Paced]]) -> str:
    """Return the table of an answer that comes line by line."""
    firsts = [(way, [each.first for each in found]) for way, found in results.items()]
    ages = [(way, [each.age for each in found]) for way, found in results.items()]
    heads = ["milliseconds", "through", "median", "quartiles", "times the proxy", "quartiles"]
    return table(heads, [*rows("first delta", firsts, 2), *rows("each line", ages, 2)])


def report_at_once(results: dict[Way, list[AtOnce]], deltas: int) -> str:
    """Return the table of an answer that comes at once, per 1,000 deltas."""
    per_thousand = 1000 / (deltas / 1000)
    took = [(way, [each.seconds * per_thousand for each in found]) for way, found in results.items()]
    cpu = [(way, [each.cpu_seconds * per_thousand for each in found]) for way, found in results.items() if way.pid]
    heads = ["milliseconds per 1,000 deltas", "through", "median", "quartiles", "times the proxy", "quartiles"]
    return table(heads, [*rows("from request to end", took, 1), *rows("CPU time", cpu, 1)])


def _spread(values: Sequence[float], digits: int) -> tuple[str, str]:
    """Return the median, and the quartiles."""
    low, median, high = statistics.quantiles(values, n=4)
    return f"{median:.{digits}f}", f"{low:.{digits}f} to {high:.{digits}f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(
        prog="make bench-chat", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100, help="answers line by line, on each way (%(default)s)")
    parser.add_argument("--long", type=int, default=15, help="long answers at once, on each way (%(default)s)")
    parser.add_argument(
        "--against", type=Path, help="another checkout, whose chat function is asked in the same rounds"
    )
    chosen = parser.parse_args(arguments)
    deltas = SHAPES[_LONG].pieces
    print(f"CPython {platform.python_version()}, {os.cpu_count()} cores")
    with host() as url, ways(url, chosen.against) as found, httpx.Client(timeout=60, trust_env=False) as client:
        lines = measure(found, chosen.requests, lambda way: paced(client, way))
    print(f"\nAn answer that comes line by line, {chosen.requests} times\n\n{report_paced(lines)}")
    with canned() as url, ways(f"{url}/{_LONG}", chosen.against) as found:
        whole = measure(found, chosen.long, lambda way: at_once(way, deltas))
    print(f"\n{deltas:,} deltas at once, {chosen.long} times\n\n{report_at_once(whole, deltas)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
