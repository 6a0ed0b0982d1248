"""`make observability`: writes observability.yaml from the data files beside this module; `--check` compares."""

import sys
from pathlib import Path

from local.generated_file import write_or_check
from local.observability.stack import stack
from local.observability.yaml_text import yaml_text

_ROOT = Path(__file__).parents[2]
STACK = _ROOT / "observability.yaml"
_HEAD = "# Written by `make observability` from the data files in local/observability/: change those.\n"


def text() -> str:
    """Return the template as it stands in its file."""
    return _HEAD + yaml_text(stack(_ROOT / "template.yaml"))


def main(arguments: list[str] | None = None, path: Path = STACK) -> int:
    """Write the template, or say whether it is up to date; return the exit status."""
    return write_or_check(arguments, path, text, target="observability", about=__doc__)


if __name__ == "__main__":
    sys.exit(main())
