"""The files of the page and of the client for frontends, read from disk for each request: a reload shows an edit."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
}
"""What is served, by the ending of its name; all of it is text in UTF-8."""
_ROOT = Path(__file__).parents[2]


def site_routes(
    workbench: Path = _ROOT / "local" / "workbench", client: Path = _ROOT / "docs" / "client"
) -> list[web.RouteDef]:
    """Return the routes of the page, which is `/`, its parts, and the client."""
    return [
        web.get("/", _files_of(workbench)),
        web.get("/workbench/{file:.+}", _files_of(workbench)),
        web.get("/client/{file:.+}", _files_of(client)),
    ]


def _files_of(folder: Path) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def get(request: web.Request) -> web.Response:
        path = _find(folder, request.match_info.get("file", "index.html"))
        if not path:
            return web.json_response({"error": f"There is no file {request.path}."}, status=404)
        return web.Response(
            body=path.read_bytes(),
            headers={"Cache-Control": "no-cache"},
            content_type=MEDIA_TYPES[path.suffix],
            charset="utf-8",
        )

    return get


def _find(folder: Path, name: str) -> Path | None:
    """Return a file of the folder that may be served: not one elsewhere, nor hidden, nor of an installed package."""
    if "\0" in name:
        return None
    root, path = folder.resolve(), (folder / name).resolve()
    inside = path.relative_to(root).parts if path.is_relative_to(root) else ("..",)
    if any(part.startswith(".") or part == "node_modules" for part in inside):
        return None
    try:
        return path if path.suffix in MEDIA_TYPES and path.is_file() else None
    except OSError:  # a name that is too long for any file
        return None
