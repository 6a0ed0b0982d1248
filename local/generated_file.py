"""The command line of what writes a file of the project from its code or data: write it, or compare with `--check`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def write_or_check(
    arguments: Sequence[str] | None, path: Path, text: Callable[[], str], *, target: str, about: str | None
) -> int:
    """Write the text into the file or, with `--check`, say whether it is up to date; return the exit status.

    Args:
        arguments: of the command line; None takes the process's own.
        path: the file.
        text: makes what belongs into it.
        target: the target of the Makefile that writes it.
        about: what `--help` says.
    """
    parser = argparse.ArgumentParser(usage=f"make {target} [ARGS=--check]", description=about)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file says something else")
    check = parser.parse_args(arguments).check
    made = text()
    if path.exists() and path.read_text("utf-8") == made:
        return 0
    if check:
        print(f"{path.name} is out of date: run `make {target}`.", file=sys.stderr)
        return 1
    path.write_text(made, "utf-8")
    return 0
