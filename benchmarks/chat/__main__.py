"""`make bench-chat`: what the chat function adds to a stream, held against what only passes bytes on.

Each round asks once on every way, in random order: through the chat function of `make run`, through a bare function
under the same emulator and runtime, through a bare proxy (aiohttp), and the host itself. A ratio is taken in each
round, so that what else the machine does meets both. What a cold start takes is held against another function's.
"""

import argparse
import os
import platform
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import httpx

from benchmarks.chat.starts import FUNCTIONS, start
from benchmarks.chat.timing import AtOnce, Paced, at_once, paced
from benchmarks.chat.ways import BARE, PROXY, Way, ways
from benchmarks.client.answers import SHAPES
from benchmarks.client.canned import canned
from benchmarks.stream import host
from local.text_table import table

_LONG = "long"
_WARM_UPS = 3

KeyT = TypeVar("KeyT")
ResultT = TypeVar("ResultT")


def measure(those: Sequence[KeyT], rounds: int, once: Callable[[KeyT], ResultT]) -> dict[KeyT, list[ResultT]]:
    """Measure each of those once in each round, in random order, after rounds that do not count."""
    results: dict[KeyT, list[ResultT]] = {each: [] for each in those}
    for number in range(-_WARM_UPS, rounds):
        for each in random.sample(those, len(those)):
            result = once(each)
            if number >= 0:
                results[each].append(result)
        print(f"\r{max(0, number + 1)} of {rounds} rounds", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def rows(what: str, values: Mapping[Way, Sequence[float]], digits: int) -> Iterator[list[str]]:
    """Return a row for each way: its values, and how many times as much they are as those of what it is held against.

    A ratio is taken in each round.
    """
    baselines = {way.name: each for way, each in values.items()}
    for way, each in values.items():
        yield [what, way.name, *_spread(each, digits), *_ratio(each, baselines[PROXY]), *_ratio(each, baselines[BARE])]


def heads(what: str) -> list[str]:
    """Return the heads of these rows."""
    spreads = [("median", "quartiles"), (f"times {PROXY}", "quartiles"), (f"times {BARE}", "quartiles")]
    return [what, "through", *(head for spread in spreads for head in spread)]


def report_paced(results: Mapping[Way, Sequence[Paced]]) -> str:
    """Return the table of an answer that comes line by line."""
    firsts = {way: [each.first for each in found] for way, found in results.items()}
    ages = {way: [each.age for each in found] for way, found in results.items()}
    return table(heads("milliseconds"), [*rows("first delta", firsts, 2), *rows("each line", ages, 2)])


def report_at_once(results: Mapping[Way, Sequence[AtOnce]], deltas: int) -> str:
    """Return the table of an answer that comes at once."""
    took = {way: [each.seconds / deltas * 1e6 for each in found] for way, found in results.items()}
    cpu = {way: [each.cpu_seconds / deltas * 1e6 for each in found] for way, found in results.items() if way.pid}
    return table(heads("ms per 1,000 deltas"), [*rows("until the end", took, 1), *rows("CPU time", cpu, 1)])


def report_starts(results: Mapping[str, Sequence[float]]) -> str:
    """Return the table of what fresh processes take; the last function is what the others are held against."""
    *_, baseline = results.values()
    found = [[function, *_spread(each, 1), *_ratio(each, baseline)] for function, each in results.items()]
    return table(["CPU ms", "median", "quartiles", f"times {FUNCTIONS[-1]}", "quartiles"], found)


def _ratio(values: Sequence[float], baseline: Sequence[float]) -> tuple[str, str]:
    return _spread([one / other for one, other in zip(values, baseline, strict=True)], 2)


def _spread(values: Sequence[float], digits: int) -> tuple[str, str]:
    """Return the median, and the quartiles."""
    low, median, high = statistics.quantiles(values, n=4)
    return f"{median:.{digits}f}", f"{low:.{digits}f} to {high:.{digits}f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="make bench-chat", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100, help="answers line by line, on each way (%(default)s)")
    parser.add_argument("--long", type=int, default=15, help="long answers at once, on each way (%(default)s)")
    parser.add_argument("--starts", type=int, default=40, help="fresh processes of each function (%(default)s)")
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
    starts = measure(FUNCTIONS, chosen.starts, start)
    print(f"\nThe import of a function, {chosen.starts} times\n\n{report_starts(starts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
