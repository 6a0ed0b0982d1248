"""`make openapi`: writes docs/openapi.json from the contract's models and the error classes; `--check` compares."""

import argparse
import json
import sys
from pathlib import Path

from local.openapi.document import document

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


def text() -> str:
    """The document as it stands in its file."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None, path: Path = DOCUMENT) -> int:
    """Write the document, or say whether what is written is up to date; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file says something else")
    if not parser.parse_args(arguments).check:
        path.write_text(text(), "utf-8")
        return 0
    if path.exists() and path.read_text("utf-8") == text():
        return 0
    print(f"{path.name} is not what the code says: run `make openapi`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
