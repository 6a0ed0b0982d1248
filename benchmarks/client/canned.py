"""A server that costs its clients nothing: prepared bytes, sent whole over connections that are kept.

`python -m benchmarks.client.canned` serves until it is stopped, and says where on its first line.
"""

import re
import socketserver
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from benchmarks.client.answers import SHAPES

_ROOT = Path(__file__).parents[2]
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Handler(socketserver.StreamRequestHandler):
    """Answers every request on one connection with the bytes that its path names."""

    disable_nagle_algorithm = True
    responses: ClassVar[dict[str, bytes]] = {}

    def handle(self) -> None:
        while request := self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()) not in {b"\r\n", b""}:
                if found := _LENGTH.match(line):
                    length = int(found[1])
            self.rfile.read(length)
            self.connection.sendall(self.responses[request.split()[1].split(b"/")[1].decode()])


@contextmanager
def canned() -> Iterator[str]:
    """The server as a process of its own; its URL, to which the name of an answer is to be added."""
    command = [sys.executable, "-m", "benchmarks.client.canned"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this module
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                msg = "the server of prepared answers did not start"
                raise RuntimeError(msg)
            yield url
        finally:
            process.kill()


def main() -> None:
    """Serve on a free port of loopback."""
    _Handler.responses = {name: shape.response() for name, shape in SHAPES.items()}
    with _Server(("127.0.0.1", 0), _Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
