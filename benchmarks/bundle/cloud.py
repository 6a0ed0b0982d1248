"""What a function calls, as one process of prepared bytes: the model host, DynamoDB and Secrets Manager.

It takes next to nothing itself, so that what is measured is the function. The model host is at
`/SIZE/chat/completions`, AWS at any path. `python -m benchmarks.bundle.cloud` serves until it is stopped, and says
where on its first line.
"""

import json
import re
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar

from benchmarks.bundle.answers import KEY, SIZES, streamed
from benchmarks.bundle.builds import ROOT

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TARGET = re.compile(rb"x-amz-target: *(\S+)", re.IGNORECASE)
_CLOSE = re.compile(rb"connection: *close", re.IGNORECASE)
_AWS = {
    b"DynamoDB_20120810.UpdateItem": {"Attributes": {"amount": {"N": "1"}}},
    b"DynamoDB_20120810.PutItem": {},
    b"DynamoDB_20120810.DeleteItem": {},
    b"secretsmanager.GetSecretValue": {"ARN": "arn", "Name": "key", "SecretString": KEY, "VersionId": "1"},
}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    responses: ClassVar[dict[bytes, bytes]] = {}

    def handle(self) -> None:
        with suppress(ConnectionError):
            while request := self.rfile.readline():
                length, target, closes = 0, b"", False
                while (line := self.rfile.readline()) not in {b"\r\n", b""}:
                    if found := _LENGTH.match(line):
                        length = int(found[1])
                    elif found := _TARGET.match(line):
                        target = found[1]
                    elif _CLOSE.match(line):
                        closes = True
                self.rfile.read(length)
                self.connection.sendall(self.responses[target or request.split(b"/")[1]])
                if closes:
                    return


class Cloud:
    """The running process."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self._clock = ~pid << 3 | 2  # Linux's id of a process's own clock, as clock_getcpuclockid(3) gives it

    def host(self, size: str) -> str:
        """Return the base URL of the model host that answers with a component of this size."""
        return f"{self.url}/{_slug(size)}"

    def cpu_seconds(self) -> float:
        """Return how much CPU time it has taken so far."""
        return time.clock_gettime(self._clock)


@contextmanager
def cloud() -> Iterator[Cloud]:
    """Serve as a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bundle.cloud"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this module
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                msg = "the server of prepared answers did not start"
                raise RuntimeError(msg)
            yield Cloud(url, process.pid)
        finally:
            process.kill()


def _slug(size: str) -> str:
    return size.replace(" ", "").lower()


def _json(answer: object) -> bytes:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"x-amzn-RequestId: 00000000-0000-0000-0000-000000000000\r\n\r\n" + body


def main() -> None:
    """Serve on a free port of loopback."""
    answers = {target: _json(answer) for target, answer in _AWS.items()}
    _Handler.responses = answers | {_slug(name).encode(): streamed(size) for name, size in SIZES.items()}
    with _Server(("127.0.0.1", 0), _Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
