"""One process of a function with Lambda's own runtime client, on a Runtime API that takes next to nothing itself.

What it has taken is read whenever it asks for its next event: then it rests.
"""

import json
import os
import queue
import re
import signal
import socketserver
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.bundle.builds import Builds, Bundle

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"transfer-encoding: *chunked", re.IGNORECASE)
_SECONDS = 60.0
_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass(frozen=True)
class Spent:
    """What a part of a process's life took.

    Attributes:
        wall: seconds.
        cpu: seconds of the process itself, all its threads included.
        children: seconds of the processes that it started and that have ended.
    """

    wall: float
    cpu: float
    children: float = 0.0

    @property
    def all_cpu(self) -> float:
        """Seconds of the process and its children."""
        return self.cpu + self.children


class FunctionFailedError(Exception):
    """The function did not start, or answered with something else than an artifact; says what it wrote."""


class FunctionProcess:
    """A process, from its start to its end.

    Args:
        builds: its Python and runtime.
        bundle: what it runs.
        environment: its settings.
    """

    def __init__(self, builds: Builds, bundle: Bundle, environment: Mapping[str, str]) -> None:
        self._events: queue.Queue[bytes] = queue.Queue()
        self._rests: queue.Queue[tuple[float, float]] = queue.Queue()
        self._answer = b""
        self._children = 0.0
        self.children_peak_kb = 0
        self._server = _Api(self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"127.0.0.1:{self._server.server_address[1]}"
        self._began = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - ours
            # Without the packages that may be installed beside this Python.
            [builds.python, "-S", "-m", "probe", "app.handler"],
            cwd=bundle.function,
            env={**_environment(builds, bundle), **environment, "AWS_LAMBDA_RUNTIME_API": address},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None,
            start_new_session=True,
        )
        self._clock = ~self._process.pid << 3 | 2  # see `Cloud`
        self._cpu = 0.0

    def init(self) -> Spent:
        """Wait until it asks for its first event; return what that took from the start of the process."""
        return self._rest(self._began)

    def serve(self, event: bytes) -> Spent:
        """Have it answer an event with an artifact; return what that took until it asks for the next one."""
        began, before = time.monotonic(), self._children
        self._events.put(event)
        spent = self._rest(began)
        answer = json.loads(self._answer)
        if answer.get("statusCode") != 200 or '"success"' not in answer["body"]:  # noqa: PLR2004 - OK
            msg = f"{self._process.args!r} answered {str(answer)[:400]}"
            raise FunctionFailedError(msg)
        headers = answer["headers"]
        self._children = float(headers["x-children-cpu-seconds"])
        self.children_peak_kb = int(headers["x-children-peak-kb"])
        return Spent(spent.wall, spent.cpu, self._children - before)

    @property
    def artifact(self) -> str:
        """The code of the last answer's artifact."""
        code: str = json.loads(json.loads(self._answer)["body"])["artifact"]["code"]
        return code

    @property
    def peak_kb(self) -> int:
        """How much memory it had resident at most, without its children."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._events.put(b"")
        self._server.shutdown()
        self._server.server_close()

    def next_event(self) -> bytes:
        """Return the next event, for which the process asks now."""
        self._rests.put((time.monotonic(), time.clock_gettime(self._clock)))
        return self._events.get()

    def take_answer(self, answer: bytes) -> None:
        """Keep an answer until it rests."""
        self._answer = answer

    def _rest(self, began: float) -> Spent:
        try:
            at, cpu = self._rests.get(timeout=_SECONDS)
        except queue.Empty:
            msg = f"{self._process.args!r} in {self._process.pid} did not ask for an event within {_SECONDS:g} s"
            raise FunctionFailedError(msg) from None
        spent, self._cpu = cpu - self._cpu, cpu
        return Spent(at - began, spent)


class _Api(socketserver.ThreadingTCPServer):
    """The Runtime API of one process: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, process: FunctionProcess) -> None:
        self.process = process
        super().__init__(("127.0.0.1", 0), _Connection)


class _Connection(socketserver.StreamRequestHandler):
    server: _Api
    disable_nagle_algorithm = True

    def handle(self) -> None:
        process = self.server.process
        while request := self.rfile.readline():
            body = self._read_body()
            if request.startswith(b"GET "):
                event = process.next_event()
                if not event:
                    return
                self.wfile.write(_head(len(event)) + event)
            else:
                if not request.split()[1].endswith(b"/response"):
                    body = json.dumps({"statusCode": 0, "body": body.decode()}).encode()
                process.take_answer(body)
                self.wfile.write(_ACCEPTED)

    def _read_body(self) -> bytes:
        length, chunked = 0, False
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            if found := _LENGTH.match(line):
                length = int(found[1])
            elif _CHUNKED.match(line):
                chunked = True
        if not chunked:
            return self.rfile.read(length)
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)


def _head(length: int) -> bytes:
    fields: dict[str, Any] = {
        "Content-Type": "application/json",
        "Content-Length": length,
        "Lambda-Runtime-Aws-Request-Id": uuid.uuid4(),
        "Lambda-Runtime-Deadline-Ms": int((time.time() + 900) * 1000),
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:benchmark",
        "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()


def _environment(builds: Builds, bundle: Bundle) -> dict[str, str]:
    """Return what Lambda sets; nothing is compiled at a start, as where it is deployed."""
    return {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": "benchmark",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_REGION": "us-east-1",
        "LAMBDA_TASK_ROOT": os.fspath(bundle.function),
        "LANG": "en_US.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([os.fspath(bundle.layer / "python"), os.fspath(builds.runtime)]),
        "TZ": ":UTC",
        "_HANDLER": "app.handler",
    }
