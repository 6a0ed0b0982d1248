"""Fails where the tests reach too few branches; coverage's own limit mixes them with lines."""

import json
import sys
from pathlib import Path


def main(report: str, least: str) -> int:
    """Print the share of branches in a JSON report of coverage, in percent; return the exit status."""
    totals = json.loads(Path(report).read_text("utf-8"))["totals"]
    percent = 100 * totals["covered_branches"] / totals["num_branches"]
    print(f"{percent:.1f} % of {totals['num_branches']} branches; {least} % are needed.")
    return int(percent < float(least))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
