"""`make bench`: the bundle as it is deployed, held against handlers of the same contract on other libraries.

Each round measures every bundle once, in random order, and a ratio is taken in each round, so that what else the
machine does meets all of them. CPU time is that of the function's process and of those that it starts.

rows: start (cold starts and memory), warm (requests by the size of the answer), parts (extraction and check by size),
size (what is uploaded), load (requests per second).
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bundle import load, parts, sizes, starts, warm
from benchmarks.bundle.builds import ROOT, BuildError, build
from benchmarks.bundle.cloud import cloud
from benchmarks.bundle.function_process import FunctionFailedError
from benchmarks.bundle.picture import draw
from benchmarks.bundle.report import Report
from benchmarks.document import write_into

GROUPS = (starts.GROUP, warm.GROUP, parts.GROUP, sizes.GROUP, load.GROUP)
DOCUMENT, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "images" / "performance.svg"


def measure(against: Path | None, groups: Sequence[str], rounds: int) -> Report:
    """Build everything, and measure these groups of rows."""
    began = time.monotonic()

    def progress(what: str) -> None:
        print(f"{time.monotonic() - began:4.0f} s  {what}", file=sys.stderr, flush=True)

    builds = build(against, progress)
    report = Report(rounds, [])
    with cloud() as functions_call:
        rows = []
        if starts.GROUP in groups:
            rows += starts.measure(builds, functions_call, rounds, progress)
        if warm.GROUP in groups:
            rows += warm.measure(builds, functions_call, rounds, progress)
        if parts.GROUP in groups:
            rows += parts.measure(builds, rounds, progress)
        if sizes.GROUP in groups:
            rows += sizes.measure(builds, progress)
        report = Report(rounds, rows)
        if load.GROUP in groups:
            loaded, hosts, share = load.measure(builds, functions_call, rounds, progress)
            report = Report(rounds, [*rows, *loaded], hosts, share)
    progress("done")
    return report


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < 3:  # noqa: PLR2004 - what quartiles need
        raise argparse.ArgumentTypeError("must be 3 or more")
    return rounds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=_rounds, default=10, help="of which medians and quartiles are (%(default)s)")
    parser.add_argument("--rows", nargs="+", choices=GROUPS, default=GROUPS, help="what to measure (all)")
    parser.add_argument("--against", type=Path, help="another checkout, built and measured in the same rounds")
    parser.add_argument("--json", action="store_true", help="print JSON, with every round")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md's table and picture as well")
    chosen = parser.parse_args(arguments)
    if chosen.against and not (chosen.against / "Makefile").is_file():
        parser.error(f"--against: {chosen.against} is no checkout of this project")
    if chosen.write and set(chosen.rows) != set(GROUPS):
        parser.error("--write needs all rows, because the document has one table of one run")
    try:
        report = measure(chosen.against, chosen.rows, chosen.rounds)
    except (BuildError, FunctionFailedError) as error:
        print(f"make bench: {error}", file=sys.stderr)
        return 1
    print(json.dumps(report.data()) if chosen.json else report.text())
    if chosen.write:
        write_into(DOCUMENT, "make bench", report.text())
        draw(report.rows, PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
