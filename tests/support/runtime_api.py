"""A Lambda Runtime API on bare sockets: it hands out events, keeps every byte a runtime sends, and answers as told."""

import json
import queue
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.sockets import serving

DEADLINE_MS = 4_102_444_800_000
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:f"
TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"
_HANG_UP = struct.pack("ii", 1, 0)
"""Has a socket reset its connection when it is closed, so that whoever writes to it is told."""


@dataclass
class Request:
    """What a runtime sent on one connection; `began`, `ended` and `answered` are seconds of the monotonic clock."""

    line: str
    headers: list[tuple[str, str]]
    began: float
    chunks: list[bytes] = field(default_factory=list)
    """The body's chunks; a body of known length is one."""
    times: list[float] = field(default_factory=list)
    """When each chunk was there."""
    trailers: dict[str, str] = field(default_factory=dict)
    ended: float | None = None
    """When the request was whole; None when it never was."""
    answered: float | None = None

    @property
    def path(self) -> str:
        return self.line.partition(" ")[2].partition(" ")[0].removeprefix("/2018-06-01/runtime/")

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def header(self, name: str) -> str | None:
        return next((value for given, value in self.headers if given.lower() == name.lower()), None)


class RecordingApi:
    """A Runtime API for one process.

    Attributes:
        requests: all that was asked, as it began, but for what asks for an event.
        raw: every byte that was received.
        asked: how often an event was asked for.
        handed: how many events there were.
        statuses: what is answered to a path's last part (`response`, `error`), instead of 202; 0 closes the connection.
        pause_seconds: how long an answer takes.
        hang_up_at: a body that ends in these bytes has its connection reset.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.raw = b""
        self.asked = 0
        self.handed = 0
        self.statuses: dict[str, int] = {}
        self.pause_seconds = 0.0
        self.hang_up_at: bytes | None = None
        self.address = ""
        self._events: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self._whole: queue.Queue[Request] = queue.Queue()

    def hand(self, event: object) -> str:
        """Have this event served; its request id is returned."""
        self.handed += 1
        request_id = f"event-{self.handed}"
        self._events.put((request_id, json.dumps(event).encode()))
        return request_id

    def ask(self, event: object) -> Request:
        """Have this event served, and wait for what is sent of it."""
        self.hand(event)
        return self.wait()

    def wait(self) -> Request:
        """Wait for the next request that is whole."""
        return self._whole.get(timeout=10)

    def end(self) -> None:
        self._events.put(None)

    def answer(self, connection: socket.socket, _: int) -> None:
        """Read one request, keep it, and answer it: what `serving` does with a connection."""
        reader = _Reader(connection, self)
        line, *lines = reader.until(b"\r\n\r\n").split("\r\n")
        request = Request(line, _fields(lines), time.monotonic())
        if line.startswith("GET ") and request.path == "invocation/next":
            self.asked += 1
            self._hand_out(connection)
            return
        self.requests.append(request)
        if not self._read_body(reader, request):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HANG_UP)
            return
        request.ended = time.monotonic()
        time.sleep(self.pause_seconds)
        status = self.statuses.get(request.path.rpartition("/")[2], 202)
        if status:
            request.answered = time.monotonic()
        # Before the answer goes out: what the runtime asks next must not come before it.
        self._whole.put(request)
        if status:
            connection.sendall(_message(status, {}, b'{"status":"OK"}\n'))

    def _hand_out(self, connection: socket.socket) -> None:
        if not (found := self._events.get()):
            return
        headers = {
            "Lambda-Runtime-Aws-Request-Id": found[0],
            "Lambda-Runtime-Deadline-Ms": str(DEADLINE_MS),
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
            "Lambda-Runtime-Trace-Id": TRACE,
        }
        connection.sendall(_message(200, headers, found[1]))

    def _read_body(self, reader: "_Reader", request: Request) -> bool:
        """Return False to hang up in the middle."""
        if request.header("transfer-encoding") != "chunked":
            request.chunks.append(reader.exactly(int(request.header("content-length") or 0)))
            return True
        while size := int(reader.until(b"\r\n"), 16):
            request.chunks.append(reader.exactly(size))
            request.times.append(time.monotonic())
            assert reader.exactly(2) == b"\r\n"
            if self.hang_up_at is not None and request.body.endswith(self.hang_up_at):
                return False
        while line := reader.until(b"\r\n"):
            request.trailers.update(_fields([line]))
        return True


class _Reader:
    """Reads from a connection, and has all of it kept."""

    def __init__(self, connection: socket.socket, api: RecordingApi) -> None:
        self._connection = connection
        self._api = api
        self._buffer = b""

    def until(self, end: bytes) -> str:
        while end not in self._buffer:
            self._more()
        found, _, self._buffer = self._buffer.partition(end)
        return found.decode("latin-1")

    def exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    def _more(self) -> None:
        data = self._connection.recv(65_536)
        if not data:
            msg = "closed in the middle"
            raise ConnectionResetError(msg)
        self._api.raw += data
        self._buffer += data


def _fields(lines: list[str]) -> list[tuple[str, str]]:
    found = [line.partition(": ") for line in lines]
    return [(name, value) for name, _, value in found]


def _message(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} Told", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def recording_api() -> Iterator[RecordingApi]:
    """Serve for a while; `address` is what `AWS_LAMBDA_RUNTIME_API` has to be."""
    api = RecordingApi()
    with serving(api.answer) as url:
        api.address = url.removeprefix("http://")
        try:
            yield api
        finally:
            api.end()
