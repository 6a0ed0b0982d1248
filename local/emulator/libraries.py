"""The libraries that artifacts are rendered with, as npm has installed them: only the files of the renderer's list."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from aiohttp import web

from local.emulator.site import MEDIA_TYPES

_ROOT = Path(__file__).parents[2]
LIST = _ROOT / "docs" / "client" / "renderer" / "libraries.json"
PINNED = _ROOT / "local" / "parsers" / "frame"
"""Where npm installs the packages: beside the package-lock.json that pins them."""
ROUTE = "/npm/"
_NAME = re.compile(r"((?:@[^/@]+/)?[^/@]+@[^/@]+)/(.+)")
_INSTALLED_AT = re.compile(r"(?:.*/)?node_modules/(.+)")
_TEXT = MEDIA_TYPES | dict.fromkeys((".cjs", ".mjs"), "text/javascript")
# A name with a version never means other bytes. Everybody may read them: the frame of an artifact has no origin.
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Access-Control-Allow-Origin": "*"}
ValueT = TypeVar("ValueT")


class _Packages(Generic[ValueT]):
    """What a file of JSON says of each package, read again when it has changed; nothing where there is no file."""

    def __init__(self, path: Path, read: Callable[[dict[str, Any]], Mapping[str, ValueT]]) -> None:
        self._path = path
        self._read = read
        self._read_at: tuple[int, int] | None = None
        self._value: Mapping[str, ValueT] = {}

    def get(self) -> Mapping[str, ValueT]:
        """Return what it says now, by `name@version`; nothing while it is being written."""
        try:
            state = self._path.stat()
            if self._read_at != (state.st_mtime_ns, state.st_size):
                self._value = self._read(json.loads(self._path.read_bytes())["packages"])
                self._read_at = (state.st_mtime_ns, state.st_size)
        except (OSError, ValueError):
            return {}
        return self._value


class Libraries:
    """The packages of a list, which npm installs in a folder."""

    def __init__(self, listed: Path = LIST, folder: Path = PINNED) -> None:
        self._folder = folder
        self._listed = _Packages[Collection[str]](listed, dict)
        # npm's own note of what it has put where, also of a package that is there in two versions.
        self._folders = _Packages(folder / "node_modules" / ".package-lock.json", self._read_lock)

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return the route that serves them."""
        return [web.get(f"{ROUTE}{{name:.+}}", self._get)]

    def packages(self) -> list[str]:
        """Return the packages of the list, as `name@version`."""
        return list(self._listed.get())

    def files(self) -> Iterator[Path]:
        """Return those files of the list that are installed."""
        folders = self._folders.get()
        for package, files in self._listed.get().items():
            for file in files:
                if package in folders and (path := folders[package] / file).is_file():
                    yield path

    def are_installed(self) -> bool:
        """Return whether every file of the list is there."""
        listed = sum(map(len, self._listed.get().values()))
        return bool(listed) and listed == sum(1 for _ in self.files())

    def _read_lock(self, packages: dict[str, Any]) -> dict[str, Path]:
        """Return the folder of each package."""
        folders = {}
        for where, package in packages.items():
            name = _INSTALLED_AT.fullmatch(where)
            if name and "version" in package:
                folders[f"{package.get('name', name[1])}@{package['version']}"] = self._folder / where
        return folders

    async def _get(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        package, file = found.groups() if (found := _NAME.fullmatch(name)) else ("", "")
        if file not in self._listed.get().get(package, {}):
            return _missing(f"{name} is not in the renderer's list of libraries.")
        folder = self._folders.get().get(package)
        body = _contents(folder / file) if folder else None
        if body is None:
            return _missing(f"{name} is not installed: `make workbench-offline` does it.")
        return web.Response(body=body, headers={**_HEADERS, "Content-Type": _content_type(file)})


def _content_type(file: str) -> str:
    text = _TEXT.get(Path(file).suffix)
    return f"{text}; charset=utf-8" if text else "application/octet-stream"


def _contents(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _missing(why: str) -> web.Response:
    return web.json_response({"error": why}, status=404, headers={"Access-Control-Allow-Origin": "*"})
