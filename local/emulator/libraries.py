"""The libraries that artifacts are rendered with, on this machine: only the files of the renderer's list."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from aiohttp import web

from local.emulator.site import MEDIA_TYPES

_ROOT = Path(__file__).parents[2]
LIST = _ROOT / "docs" / "client" / "renderer" / "libraries.json"
FOLDER = _ROOT / ".libraries"
"""Where the files are, under the same names as at a CDN: `react@19.3.1/index.js`."""
ROUTE = "/npm/"
_NAME = re.compile(r"((?:@[^/@]+/)?[^/@]+@[^/@]+)/(.+)")
_TEXT = MEDIA_TYPES | dict.fromkeys((".cjs", ".mjs"), "text/javascript")
# A name with a version never means other bytes. Everybody may read them: the frame of an artifact has no origin.
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Access-Control-Allow-Origin": "*"}


class Libraries:
    """The files of a list, which `make workbench-offline` puts into a folder."""

    def __init__(self, listed: Path = LIST, folder: Path = FOLDER) -> None:
        self._listed = listed
        self._folder = folder
        self._read_at: tuple[int, int] | None = None
        self._packages: Mapping[str, Mapping[str, str]] = {}

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return the route that serves them."""
        return [web.get(f"{ROUTE}{{name:.+}}", self._get)]

    def packages(self) -> Mapping[str, Mapping[str, str]]:
        """Return the hashes of each package's files, by `name@version`, as listed now; none without a list."""
        try:
            state = self._listed.stat()
            if self._read_at != (state.st_mtime_ns, state.st_size):
                packages = json.loads(self._listed.read_bytes())["packages"]
                self._packages = {
                    package: {file: entry["integrity"] for file, entry in files.items()}
                    for package, files in packages.items()
                }
                self._read_at = (state.st_mtime_ns, state.st_size)
        except (OSError, ValueError):
            return {}
        return self._packages

    def files(self) -> Iterator[tuple[Path, str]]:
        """Return where each file of the list belongs, and its hash."""
        for package, files in self.packages().items():
            for file, integrity in files.items():
                yield self._folder / package / file, integrity

    def are_installed(self) -> bool:
        """Return whether every file of the list is there."""
        return bool(self.packages()) and all(path.is_file() for path, _ in self.files())

    async def _get(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        package, file = found.groups() if (found := _NAME.fullmatch(name)) else ("", "")
        if file not in self.packages().get(package, {}):
            return _missing(f"{name} is not in the renderer's list of libraries.")
        try:
            body = (self._folder / package / file).read_bytes()
        except OSError:
            return _missing(f"{name} is not installed: `make workbench-offline` does it.")
        return web.Response(body=body, headers={**_HEADERS, "Content-Type": _content_type(file)})


def _content_type(file: str) -> str:
    text = _TEXT.get(Path(file).suffix)
    return f"{text}; charset=utf-8" if text else "application/octet-stream"


def _missing(why: str) -> web.Response:
    return web.json_response({"error": why}, status=404, headers={"Access-Control-Allow-Origin": "*"})
