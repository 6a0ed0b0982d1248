"""`python -m benchmarks.syntax`: hold the syntax check against published code and the TypeScript compiler.

The report goes to standard output, progress to standard error. The first run fetches the packages with npm.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.syntax import corpus, refusals, times
from benchmarks.syntax.report import Report, versions


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 whatever is found, because this measures and does not test."""
    options = _options(arguments)
    files = corpus.components(options.corpus, _progress, options.packages)
    package = corpus.compiler(options.corpus, _progress)
    report = Report(
        versions(options.packages),
        refusals.false_refusals(files, package, _progress),
        refusals.refused_icons(corpus.icons(options.corpus, _progress), _progress),
        refusals.missed_breakage(files, package, _progress, seed=options.seed, taken=options.broken),
        times.run(files, times.bare_parser(options.corpus, _progress), _progress, rounds=options.rounds),
        times.run_hostile(_progress, rounds=options.rounds),
    )
    print(json.dumps(report.data(), indent=2, ensure_ascii=False) if options.json else report.text())
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.syntax", description=__doc__.partition(": ")[2])
    parser.add_argument("--corpus", type=Path, default=Path(".corpus"), metavar="FOLDER",
                        help="where fetched packages are kept (.corpus)")  # fmt: skip
    parser.add_argument("--packages", type=Path, default=corpus.PACKAGES, metavar="FILE",
                        help="packages whose components are taken, as `sources` (syntax/packages.json)")  # fmt: skip
    parser.add_argument("--broken", type=int, default=50, metavar="FILES", help="how many files are broken (50)")
    parser.add_argument("--seed", type=int, default=1, help="which files are broken, and where (1)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each time is measured (9)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser.parse_args(arguments)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
