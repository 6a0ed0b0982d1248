"""`python -m benchmarks.renders`: hold the check against the renderers, artifact by artifact.

Artifacts of every kind, published, generated and broken on purpose, go through the check and through Chromium with the
real libraries. The report goes to standard output, progress to standard error. The first run fetches packages with npm.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.renders.library import install
from benchmarks.renders.report import Report
from benchmarks.renders.run import AMOUNTS, run
from shared.artifacts.kinds import Kind
from tests.support.chromium import executable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 whatever is found, because this measures and does not test."""
    options = _options(arguments)
    if executable() is None:
        print("A Chromium is needed (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    home = install(options.corpus, _progress)
    amounts = {kind: AMOUNTS[kind].times(options.size) for kind in options.kinds}
    report = Report(options.seed, run(home, options.seed, amounts, _progress))
    print(json.dumps(report.data(), indent=2, ensure_ascii=False) if options.json else report.text())
    file = options.disagreements or home.parent / f"renders-{options.seed}.jsonl"
    found = list(report.disagreements())
    file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found), "utf-8")
    _progress(f"{len(found)} disagreements: {file}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.renders", description=__doc__.partition(": ")[2])
    parser.add_argument("--corpus", type=Path, default=Path(".corpus"), metavar="FOLDER",
                        help="where fetched packages are kept (.corpus)")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="which artifacts, and where they are broken (1)")
    parser.add_argument("--size", type=_size, default=1.0, metavar="TIMES", help="how many times the usual number (1)")
    parser.add_argument("--kinds", type=Kind, nargs="+", default=list(Kind), metavar="KIND",
                        help=f"only these of {', '.join(Kind)}")  # fmt: skip
    parser.add_argument("--disagreements", type=Path, metavar="FILE",
                        help="where those are written, a JSON object a line (FOLDER/renders-SEED.jsonl)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser.parse_args(arguments)


def _size(text: str) -> float:
    size = float(text)
    if not 0 < size <= 100:  # noqa: PLR2004 -- more takes days
        msg = "must be more than 0 and at most 100"
        raise argparse.ArgumentTypeError(msg)
    return size


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
