"""`make bench-edits`: what an edit saves against a rewrite, and from how many lines on.

Codes of 50 to 2,000 lines of every kind but diagrams, made from the stand-in's examples, are changed at one, three and
ten places. Each change is written as search-and-replace blocks, which are read and applied by what reads and applies a
model's, and its characters are held against those of the whole changed artifact. How long either takes is not
measured. It ends with status 1 where an edit of one to three places in 200 lines or more is over 0.3 times a rewrite,
or where blocks do not make their change.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.document import write_into
from benchmarks.edits.figures import yardsticks
from benchmarks.edits.measure import NotAppliedError, measure
from benchmarks.edits.picture import draw
from benchmarks.edits.report import Report
from shared.artifacts.edits import EditFailure
from shared.catalog import built_in

_ROOT = Path(__file__).parents[2]
DOCUMENT, PICTURE = _ROOT / "docs" / "performance.md", _ROOT / "docs" / "images" / "edits.svg"


def _seeds(text: str) -> int:
    seeds = int(text)
    if seeds < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return seeds


def _tokens(text: str) -> int:
    tokens = int(text)
    if tokens < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return tokens


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(
        prog="make bench-edits", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=_seeds, default=40, help="codes of each kind and length (%(default)s)")
    parser.add_argument(
        "--reasoning",
        type=_tokens,
        default=8_000,
        help="tokens of each call of a model that always thinks (%(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with every sample")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md's table and picture as well")
    chosen = parser.parse_args(arguments)
    try:
        samples = measure(chosen.seeds)
    except (NotAppliedError, EditFailure) as error:
        print(f"make bench-edits: {error}", file=sys.stderr)
        return 1
    report = Report(chosen.seeds, samples, yardsticks(built_in(), chosen.reasoning))
    print(json.dumps(report.data()) if chosen.json else report.text())
    if chosen.write:
        write_into(DOCUMENT, "make bench-edits", report.text())
        draw(report, PICTURE)
    return 0 if report.met else 1


if __name__ == "__main__":
    sys.exit(main())
