"""`make observability`: writes observability.yaml from the data files beside this module; `--check` compares."""

import argparse
import sys
from pathlib import Path

from local.observability.stack import stack
from local.observability.yaml_text import yaml_text

_ROOT = Path(__file__).parents[2]
STACK = _ROOT / "observability.yaml"
_HEAD = "# Written by `make observability` from the data files in local/observability/: change those.\n"


def text() -> str:
    """Return the template as it stands in its file."""
    return _HEAD + yaml_text(stack(_ROOT / "template.yaml"))


def main(arguments: list[str] | None = None, path: Path = STACK) -> int:
    """Write the template, or say whether what is written is up to date; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.observability", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file says something else")
    if not parser.parse_args(arguments).check:
        path.write_text(text(), "utf-8")
        return 0
    if path.exists() and path.read_text("utf-8") == text():
        return 0
    print(f"{path.name} is not what the data files say: run `make observability`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
