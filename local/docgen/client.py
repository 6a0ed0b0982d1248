"""`make client`: writes the types into docs/client/client.ts and makes client.js of it; `--check` compares."""

import json
import sys
from pathlib import Path

from local.docgen.client_types import with_types, without_types
from local.docgen.erasable_types import erase_types
from local.generated_file import write_or_check

DOCS = Path(__file__).parents[2] / "docs"
_OPENAPI = DOCS / "openapi.json"
_MADE_FROM = "// Made of client.ts by `make client`: edit that one.\n"


def typescript(path: Path) -> str:
    """Return the client with the types of docs/openapi.json."""
    return with_types(path.read_text("utf-8"), json.loads(_OPENAPI.read_text("utf-8")))


def javascript(path: Path) -> str:
    """Return the client at this path without its types."""
    return _MADE_FROM + erase_types(without_types(path.read_text("utf-8")))


def main(arguments: list[str] | None = None, folder: Path = DOCS / "client") -> int:
    """Write both files, or say whether they are up to date; return the exit status."""
    source = folder / "client.ts"
    status = write_or_check(arguments, source, lambda: typescript(source), target="client", about=__doc__)
    script = folder / "client.js"
    return write_or_check(arguments, script, lambda: javascript(source), target="client", about=__doc__) or status


if __name__ == "__main__":
    sys.exit(main())
