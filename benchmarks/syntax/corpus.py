"""Components and icons as people publish them: what npm packages hold, fetched once with npm and kept in a folder."""

import hashlib
import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGES = Path(__file__).with_name("packages.json")
_COMPONENTS = (".tsx", ".jsx")
_ICONS = (".svg",)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a package."""

    name: str
    """The package, and the path in it."""
    code: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is used, as the list of packages names it."""

    name: str
    version: str
    without: str = "\0"
    """A part of the paths that are left out, such as a folder of icons that are all alike."""
    within: str = "/"
    """A part of the paths that are taken."""
    endings: Sequence[str] | None = None
    """Of the files that are taken; None for those of its use."""

    def takes(self, path: str) -> bool:
        """Whether a file at this path in the package is of use."""
        return self.within in path and self.without not in path

    def archive(self, folder: Path) -> Path:
        """Where npm puts it."""
        return folder / f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    def fetch(self, folder: Path, progress: Progress) -> Path:
        """Its archive, from npm unless it is there already."""
        archive = self.archive(folder)
        if not archive.exists():
            progress(f"corpus: npm pack {self.name}@{self.version}")
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(  # noqa: S603 -- names and versions are those of packages.json
                ["npm", "pack", "--silent", "--ignore-scripts", f"{self.name}@{self.version}"],  # noqa: S607
                cwd=folder, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        return archive


def components(folder: Path, progress: Progress, packages: Path = PACKAGES) -> list[File]:
    """Every component of every package once, in a fixed order; what several packages ship counts once."""
    return _distinct(_packages("sources", packages), _COMPONENTS, folder, progress)


def icons(folder: Path, progress: Progress) -> list[File]:
    """Every icon of every package of icons once, in a fixed order."""
    return _distinct(_packages("icons"), _ICONS, folder, progress)


def compiler(folder: Path, progress: Progress) -> Path:
    """The TypeScript compiler's package, unpacked."""
    (package,) = _packages("compiler")
    home = folder / f"{package.name}-{package.version}"
    if not home.exists():
        with tarfile.open(package.fetch(folder, progress)) as archive:
            archive.extractall(home, filter="data")
    return home / "package"


def versions(packages: Path = PACKAGES) -> str:
    """What is fetched, for the report."""
    listed = [*_packages("compiler"), *_packages("sources", packages), *_packages("icons")]
    return ", ".join(f"{package.name} {package.version}" for package in listed)


def _packages(use: str, packages: Path = PACKAGES) -> list[Package]:
    data: dict[str, list[dict[str, Any]]] = json.loads(packages.read_text("utf-8"))
    return [Package(**each) for each in data[use]]


def _distinct(packages: Sequence[Package], endings: Sequence[str], folder: Path, progress: Progress) -> list[File]:
    files: dict[str, File] = {}
    for package in packages:
        for file in _files(package.fetch(folder, progress), package, package.endings or endings):
            files.setdefault(hashlib.sha256(file.code.encode()).hexdigest(), file)
    return list(files.values())


def _files(archive: Path, package: Package, endings: Sequence[str]) -> Iterator[File]:
    with tarfile.open(archive) as members:
        for member in sorted(members, key=lambda each: each.name):
            path = f"/{member.name.partition('/')[2]}"
            if member.isfile() and path.endswith(tuple(endings)) and package.takes(path):
                content = members.extractfile(member)
                if content is not None:
                    yield File(f"{package.name}{path}", content.read().decode("utf-8", "replace"))
