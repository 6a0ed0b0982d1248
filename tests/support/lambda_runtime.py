"""The runtime that streams, as a process of its own between a Runtime API of a test's and a handler."""

import base64
import binascii
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.local.emulator import ROOT, wait_for
from tests.support.runtime_api import RecordingApi, Request, recording_api

PACKAGE = ROOT / "shared" / "lambda_runtime"
MAIN = str(PACKAGE / "__main__.py")
ORDINARY = [sys.executable, "-m", "awslambdaric", "app.handler"]
WRAPPED = ["sh", str(PACKAGE / "exec-wrapper"), *ORDINARY]
MEASURED = {name: value for name, value in os.environ.items() if name == "COVERAGE_PROCESS_CONFIG"}
"""What a process needs to be part of `make coverage`."""
SECRET = "pa55-of-the-customer"

URL_EVENT = {
    "version": "2.0",
    "rawPath": "/chat",
    "headers": {"accept": "text/event-stream"},
    "requestContext": {"http": {"method": "GET", "path": "/chat"}},
    "isBase64Encoded": False,
}
NUL = bytes(8)
PLAIN_JSON = b'{"statusCode":200,"headers":{"content-type":"application/json"}}' + NUL
SSE = """
    import time
    def body(event):
        yield b"data: one\\n\\n"
        time.sleep(0.05)
        if event.get("fails"):
            raise RangeError("boom mid-stream: caf\\u00e9 %s")
        yield b"data: two\\n\\n"
    class RangeError(Exception): ...
    def handler(event, context):
        headers, cookies = {"content-type": "text/event-stream"}, ["sid=abc; Path=/; HttpOnly"]
        return {"statusCode": 200, "headers": headers, "cookies": cookies, "body": body(event)}
""".replace("%s", SECRET)

SSE_PRELUDE = (
    b'{"statusCode":200,"headers":{"content-type":"text/event-stream"},"cookies":["sid=abc; Path=/; HttpOnly"]}'
)


class Running:
    """A runtime's process, the Runtime API that it asks, and what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], api: RecordingApi, folder: Path) -> None:
        self.process = process
        self.api = api
        self._folder = folder

    @property
    def stdout(self) -> str:
        return (self._folder / "stdout").read_text()

    @property
    def stderr(self) -> str:
        return (self._folder / "stderr").read_text()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All lines written, each of which has to be JSON."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    def ask(self, event: object = URL_EVENT) -> Request:
        return self.api.ask(event)

    def paths(self) -> list[str]:
        return [request.path for request in self.api.requests]

    def ended(self) -> int:
        """Return the exit status; the process has to end by itself."""
        return self.process.wait(10)

    def serves_on(self) -> bool:
        """Return whether the process asks for another event after those it was handed."""
        wait_for(lambda: self.api.asked > self.api.handed or self.process.poll() is not None)
        return self.process.poll() is None


@contextmanager
def running(folder: Path, source: str, command: list[str] = WRAPPED, **environment: str) -> Iterator[Running]:
    """Run a handler's module, of this source, with exactly this environment beside what Lambda sets."""
    (folder / "app.py").write_text(textwrap.dedent(source))
    with ExitStack() as stack:
        api = stack.enter_context(recording_api())
        env = {
            "PATH": os.environ["PATH"],
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": "app.handler",
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "f",
            "LAMBDA_RUNTIME_DIR": str(folder / "runtime"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **MEASURED,
            **environment,
        }
        stdout = stack.enter_context((folder / "stdout").open("wb"))
        stderr = stack.enter_context((folder / "stderr").open("wb"))
        process = stack.enter_context(
            subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        )
        stack.callback(process.kill)
        if MEASURED:
            stack.callback(end, process, api)
        yield Running(process, api, folder)


def end(process: subprocess.Popen[bytes], api: RecordingApi) -> None:
    """Have the process end by itself, as nobody answers it any more: one that is killed has measured nothing."""
    api.end()
    with suppress(subprocess.TimeoutExpired):
        process.wait(2)


def prelude_and_body(request: Request) -> tuple[dict[str, Any], bytes]:
    prelude, _, body = request.body.partition(NUL)
    found: dict[str, Any] = json.loads(prelude)
    return found, body


def details(request: Request) -> dict[str, Any]:
    """Return what the trailers say of a failure."""
    found: dict[str, Any] = json.loads(base64.b64decode(request.trailers["Lambda-Runtime-Function-Error-Body"]))
    return found


def is_told(secret: str, of: Running) -> bool:
    """Return whether a text was sent, in whatever form, or printed."""
    told = of.api.raw.decode("latin-1") + of.stdout + of.stderr
    for request in of.api.requests:
        for value in request.trailers.values():
            try:
                told += base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                told += value
    return secret in told


# ---- What is sent, as AWS's client for Node sends it.
