"""The steps of `make build` that the Makefile calls by name."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from local.build.errors import BuildError
from local.build.lock_file import only, without
from local.build.processor import narrow_architecture
from local.build.roots import write_roots
from local.build.unused import remove_unused


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; 0 when it is done, 1 when the build cannot go on."""
    parser = argparse.ArgumentParser(prog="python -m local.build", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for name, about in [("only", "print these requirements of a lock file"), ("without", "print all its others")]:
        step = steps.add_parser(name, help=about)
        step.add_argument("lock_file", type=Path)
        step.add_argument("names", nargs="+")
    step = steps.add_parser("remove-unused", help="delete from a folder what a list names")
    step.add_argument("folder", type=Path)
    step.add_argument("list", type=Path)
    step = steps.add_parser("narrow-architecture", help="allow the built template no other processor")
    step.add_argument("build", type=Path)
    step.add_argument("architecture")
    step = steps.add_parser(
        "ca-roots", help="write each certificate of a bundle to a folder, named as OpenSSL finds it"
    )
    step.add_argument("bundle", type=Path)
    step.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.step == "remove-unused":
            remove_unused(chosen.folder, chosen.list)
        elif chosen.step == "ca-roots":
            write_roots(chosen.bundle, chosen.folder)
        elif chosen.step == "narrow-architecture":
            narrow_architecture(chosen.build, chosen.architecture)
        else:
            choose = {"only": only, "without": without}[chosen.step]
            print(choose(chosen.lock_file, chosen.names), end="")
    except BuildError as error:
        print(f"make build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
