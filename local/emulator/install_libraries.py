"""`make workbench-offline`: installs the libraries that artifacts use from npm, so that the page needs no network."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from local.emulator.libraries import LIST, PINNED, Libraries

_NPM = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
_NEEDED = "npm is needed, which comes with Node.js (Debian: apt-get install npm; macOS: brew install node)"


def main(listed: Path = LIST, folder: Path = PINNED) -> int:
    """Install what package-lock.json pins in this folder, say what that is, and return the exit status."""
    if not shutil.which(_NPM[0]):
        return _fail(_NEEDED)
    if status := subprocess.run(_NPM, cwd=folder, check=False).returncode:  # noqa: S603 - npm itself
        return _fail(f"npm ended with status {status}: `npm ci` in {folder} says why")
    libraries = Libraries(listed, folder)
    if not libraries.are_installed():
        return _fail("package-lock.json does not pin what libraries.json lists; `make run` keeps to the network")
    files, installed = list(libraries.files()), folder / "node_modules"
    print(
        f"{installed} holds {_megabytes(installed.rglob('*'))} MB, of which artifacts load {_megabytes(files)} MB: "
        f"{len(files)} files of {len(libraries.packages())} packages. `make run` serves these from now on."
    )
    return 0


def _megabytes(paths: Iterable[Path]) -> str:
    return f"{sum(path.stat().st_size for path in paths if path.is_file()) / 1e6:.1f}"


def _fail(why: str) -> int:
    print(f"make workbench-offline: {why}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
