"""`make workbench-offline`: fetches the libraries of artifacts from npm, so that the page needs no network.

Of each package only the files of the renderer's list are kept, and only if they have the hashes that are listed.
"""

import base64
import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.emulator.libraries import FOLDER, LIST, Libraries

_NPM = ("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination")
_AT_ONCE = 20
_NEEDED = "npm is needed, which comes with Node.js (Debian: apt-get install npm; macOS: brew install node)"


class InstallError(Exception):
    """Something cannot be had as it is listed; the text says what."""


def main(listed: Path = LIST, folder: Path = FOLDER) -> int:
    """Fetch what is missing or wrong in this folder, say what is there then, and return the exit status."""
    libraries = Libraries(listed, folder)
    packages = libraries.packages()
    try:
        with _alone(folder):
            wanted = _install(packages, folder)
    except (InstallError, OSError, tarfile.TarError) as error:
        print(f"make workbench-offline: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make workbench-offline: stopped. It goes on from here when it is started again.", file=sys.stderr)
        return 130
    paths = [path for path, _ in libraries.files()]
    megabytes = sum(path.stat().st_size for path in paths) / 1e6
    count = f"{len(paths)} files of {len(packages)} packages ({len(wanted)} of them new)"
    print(f"{folder} holds {count}, {megabytes:.1f} MB. `make run` serves these from now on.")
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else installs into this folder, and remove what one that was killed has left there."""
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for place in folder.glob(".*/"):
            shutil.rmtree(place)
        yield


def _install(packages: Mapping[str, Mapping[str, str]], folder: Path) -> list[str]:
    """Make the folder hold these packages and no others, and return which were missing or wrong."""
    _remove_others(folder, packages)
    wanted = [package for package, files in packages.items() if not _is_right(folder / package, files)]
    for number in range(0, len(wanted), _AT_ONCE):
        print(f"{number} of {len(wanted)} packages fetched", file=sys.stderr)
        _fetch(wanted[number : number + _AT_ONCE], packages, folder)
    return wanted


def _fetch(some: list[str], packages: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    """Have npm fetch these packages, and keep the listed files of each.

    Raises:
        InstallError: when npm is missing or fails, or a file is missing or another.
    """
    if not shutil.which(_NPM[0]):
        raise InstallError(_NEEDED)
    with tempfile.TemporaryDirectory() as packed:
        run = subprocess.run([*_NPM, packed, *some], stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - npm itself
        if run.returncode:
            msg = f"npm ended with status {run.returncode}; `npm pack {some[0]}` says why"
            raise InstallError(msg)
        found = dict(_read(path, packages) for path in Path(packed).iterdir())
    for package in some:
        contents = found.get(package, {})
        for file, integrity in packages[package].items():
            if file not in contents or _integrity(contents[file]) != integrity:
                msg = f"{file} of {package} is not the file that libraries.json has the hash of"
                raise InstallError(msg)
        _write(folder, package, contents)


def _read(path: Path, packages: Mapping[str, Mapping[str, str]]) -> tuple[str, dict[str, bytes]]:
    """Return the name and version of a packed package, and those of its files that are listed."""
    with tarfile.open(path) as tar:
        members = {member.name.partition("/")[2]: member for member in tar if member.isfile()}
        manifest = json.loads(_contents(tar, members["package.json"]))
        package = f"{manifest['name']}@{manifest['version']}"
        listed = packages.get(package, {})
        return package, {name: _contents(tar, member) for name, member in members.items() if name in listed}


def _contents(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


def _write(folder: Path, package: str, contents: Mapping[str, bytes]) -> None:
    """Put a package in its place when it is whole."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as whole:
        for file, body in contents.items():
            path = Path(whole, "package", file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        place = folder / package
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        Path(whole, "package").rename(place)


def _remove_others(folder: Path, packages: Mapping[str, object]) -> None:
    for place in _installed(folder):
        if place.relative_to(folder).as_posix() not in packages:
            shutil.rmtree(place)


def _installed(folder: Path) -> Iterator[Path]:
    yield from folder.glob("[!@.]*@*")
    yield from folder.glob("@*/*@*")


def _is_right(place: Path, files: Mapping[str, str]) -> bool:
    return all(
        (path := place / file).is_file() and _integrity(path.read_bytes()) == integrity
        for file, integrity in files.items()
    )


def _integrity(body: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}"


if __name__ == "__main__":
    sys.exit(main())
