"""The renderers' packages: installed once with npm, bundled for the browser, and served on loopback."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_OWN = Path(__file__).parent
_LOCK = "package-lock.json"
_BUNDLED = "importmap.json"  # written last

Progress = Callable[[str], None]


def install(folder: Path, progress: Progress) -> Path:
    """Return the absolute folder that holds the packages and their bundles, made anew where the lock file differs."""
    home = folder.resolve() / "renders"
    if not (home / _LOCK).is_file() or (home / _LOCK).read_bytes() != (_OWN / _LOCK).read_bytes():
        progress("packages: npm ci (once)")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for name in ("package.json", ".npmrc"):
            shutil.copy(_OWN / name, home)
        shutil.copy(_OWN / _LOCK, home)
        try:
            subprocess.run(["npm", "ci", "--silent"], cwd=home, check=True)  # noqa: S607
        except BaseException:
            (home / _LOCK).unlink()
            raise
    if _is_older(home / _BUNDLED, _OWN / "bundle.mjs", _OWN / "entries.json", home / _LOCK):
        progress("packages: esbuild")
        shutil.rmtree(home / "modules", ignore_errors=True)
        command = ["node", str(_OWN / "bundle.mjs"), str(home), str(_OWN / "entries.json")]
        subprocess.run(command, check=True)  # noqa: S603 -- the benchmark's own script
    return home


def _is_older(made: Path, *sources: Path) -> bool:
    return not made.exists() or any(each.stat().st_mtime > made.stat().st_mtime for each in sources)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the packages, and the page that renders, on loopback; give the page's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), lambda *to: _Files(*to, home=home)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/own/page.html"
        finally:
            server.shutdown()
            thread.join()


class _Files(SimpleHTTPRequestHandler):
    """The packages' files, and under /own/ those beside this module."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *to: object, home: Path) -> None:
        self._home = home
        super().__init__(*to, directory=str(home))  # type: ignore[arg-type] # what the server gives

    def translate_path(self, path: str) -> str:
        """Find a file in one of the two folders."""
        own = path.startswith("/own/")
        self.directory = str(_OWN if own else self._home)
        return super().translate_path(path.removeprefix("/own") if own else path)

    def end_headers(self) -> None:
        """Let frames without an origin have it, and keep it: what is served does not change."""
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "max-age=86400, immutable")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
