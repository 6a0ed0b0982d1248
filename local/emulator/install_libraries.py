"""`make workbench-offline`: installs the libraries that artifacts use from npm, so that the page needs no network."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from local.emulator.libraries import RENDERER, Libraries

_NPM = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
_NEEDED = "npm is needed, which comes with Node.js (Debian: apt-get install npm; macOS: brew install node)"


def main(renderer: Path = RENDERER) -> int:
    """Install what the renderer's package-lock.json pins, say what that is, and return the exit status."""
    if not shutil.which(_NPM[0]):
        return _fail(_NEEDED)
    if status := subprocess.run(_NPM, cwd=renderer, check=False).returncode:  # noqa: S603 - npm itself
        return _fail(f"npm ended with status {status}: `npm ci` in {renderer} says why")
    libraries = Libraries(renderer)
    if not libraries.are_installed():
        return _fail("package-lock.json does not pin what libraries.json lists; `make run` keeps to the network")
    files, folder = list(libraries.files()), renderer / "node_modules"
    print(
        f"{len(libraries.packages())} packages are in {folder} ({_megabytes(folder.rglob('*'))} MB). Artifacts load "
        f"{len(files)} files of them ({_megabytes(files)} MB). `make run` serves these from now on."
    )
    return 0


def _megabytes(paths: Iterable[Path]) -> str:
    return f"{sum(path.stat().st_size for path in paths if path.is_file()) / 1e6:.1f}"


def _fail(why: str) -> int:
    print(f"make workbench-offline: {why}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
