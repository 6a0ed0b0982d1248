"""`python -m benchmarks.client`: run the comparison and print its report; progress goes to standard error."""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from benchmarks.client import faults, times
from benchmarks.client.report import Report, versions


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 whatever is found, because this measures and does not test."""
    options = _options(arguments)
    # A proxy of the environment would stand between some of the clients and the host, and not between others.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    report = Report(
        versions(),
        faults={} if options.times_only else faults.run(_progress),
        times=[] if options.faults_only else times.run(_progress, options.rounds),
    )
    print(json.dumps(report.data(), indent=2, ensure_ascii=False) if options.json else report.text())
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.client", description=__doc__.partition(": ")[2])
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--faults-only", action="store_true", help="leave out how long a good call takes")
    part.add_argument("--times-only", action="store_true", help="leave out what comes of each fault")
    parser.add_argument("--rounds", type=float, default=1.0, metavar="FACTOR", help="times as many rounds (1)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser.parse_args(arguments)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
