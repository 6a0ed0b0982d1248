"""A web site on loopback that counts who comes: for a page to be rendered in, and for addresses not to be called."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site(ThreadingHTTPServer):
    """Serves its pages, and an empty one at every other address; `asked` has the requests for those."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[dict[str, str], str]] = {}  # headers and HTML by path
        self.asked: list[str] = []  # "POST /path?query"

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, path: str, html: str, **headers: str) -> str:
        """Serve a page and give its address; a header's underscores stand for hyphens."""
        self.pages[path] = ({name.replace("_", "-"): value for name, value in headers.items()}, html)
        return self.url + path


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        headers, html = self.server.pages.get(self.path.partition("?")[0], ({}, ""))
        if not html and self.path != "/favicon.ico":
            self.server.asked.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(html.encode())

    do_POST = do_GET  # noqa: N815 - what the base class calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site() -> Iterator[Site]:
    """A site that is served."""
    with Site() as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield serving
        finally:
            serving.shutdown()
            thread.join()
