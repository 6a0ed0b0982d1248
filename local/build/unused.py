"""Takes out of a layer what nothing imports, by a list that is kept by hand."""

import shutil
from pathlib import Path

from local.build.errors import BuildError


def remove_unused(folder: Path, unused: Path) -> None:
    """Delete what the lines of a list name: a pattern of paths in the folder, two spaces and `#`, the reason.

    Raises:
        BuildError: a line has no reason, or nothing is there that it names, so that it may go.
    """
    for number, line in enumerate(unused.read_text("utf-8").splitlines(), 1):
        pattern, _, reason = (part.strip() for part in line.partition("  # "))
        if not reason:
            msg = f"{unused}:{number}: a line is `pattern  # reason`, not {line!r}"
            raise BuildError(msg)
        found = list(folder.glob(pattern))
        if not found:
            msg = f"{unused}:{number}: nothing in the layer is called {pattern}: remove the line, or correct it"
            raise BuildError(msg)
        for path in found:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
