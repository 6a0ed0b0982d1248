"""`make bench-stream`: how soon a caller of `make run` sees that its request is worked on, and each line of code.

The host here writes the time into each line that it sends, so a delta's age is known when it arrives: both ends share
one clock. The same lines are read without the bundle as well, in turn, as what the machine itself takes.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import httpx

from local.text_table import table

_ROOT = Path(__file__).parents[1]
_LINES = 40
_GAP_SECONDS = 0.01
_AIMS_MS = {"first status": 50, "delta": 20}
STAMP = re.compile(r"line (\d+\.\d+)")
"""Finds the time at which the host sent a line."""
FIRST_DELTA = '"Lines."'
"""What only the first delta of an answer holds."""
_JSON = {"content-type": "application/json"}


class Host(BaseHTTPRequestHandler):
    """A model host that writes a Markdown artifact, line by line, each with the time at which it is sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Stream an answer, whatever is asked."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self._send({"role": "assistant", "content": ""})
        self._send({"reasoning": "Lines."})
        self._send({"content": '<artifact type="text/markdown" title="Lines">\n'})
        for _ in range(_LINES):
            time.sleep(_GAP_SECONDS)
            self._send({"content": f"line {time.monotonic():.6f}\n"})
        self._send({"content": "</artifact>"}, finish="stop")
        self._write(b"data: [DONE]\n\n")
        self._write(b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _send(self, delta: dict[str, str], finish: str | None = None) -> None:
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0}
        chunk = {"id": "g", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        self._write(f"data: {json.dumps(chunk | ({'usage': usage} if finish else {}))}\n\n".encode())

    def _write(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()


@contextmanager
def host() -> Iterator[str]:
    """A host that listens; its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v1"
    finally:
        server.shutdown()


class Server(NamedTuple):
    """A process that listens."""

    url: str
    pid: int


@contextmanager
def running(host_url: str, folder: Path = _ROOT, *options: str) -> Iterator[Server]:
    """The `make run` of the checkout in this folder, asking this host."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "PORT": "0", "PYTHONUNBUFFERED": "1"}
        environment |= {"OPENROUTER_K2T_KEY": "sk-benchmark", "OPENROUTER_BASE_URL": host_url}
        command = [sys.executable, "-m", "local.emulator", *options]
        with subprocess.Popen(  # noqa: S603 - a module of this project
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None  # noqa: S101 - a pipe
            said = ""
            while "ready in" not in said:
                line = process.stderr.readline()
                if not line:
                    sys.exit(f"make run did not start: {said}")
                said += line
            found = re.search(r"http://127\.0\.0\.1:\d+(?=/$)", said, re.MULTILINE)
            assert found is not None  # noqa: S101 - it is ready
            try:
                yield Server(found[0], process.pid)
            finally:
                process.terminate()


def through_the_bundle(client: httpx.Client, url: str) -> tuple[float, list[float]]:
    """Return how long the first status took, and the age of each delta on arrival, in milliseconds."""
    first, ages = 0.0, []
    began = time.monotonic()
    headers = _JSON | {"accept": "text/event-stream"}
    with client.stream("POST", url, json={"prompt": "lines"}, headers=headers) as response:
        for line in response.iter_lines():
            now = time.monotonic()
            if line == "event: status" and not first:
                first = (now - began) * 1000
            elif line.startswith('data: {"code"'):
                ages += [(now - float(stamp)) * 1000 for stamp in STAMP.findall(line)]
    if len(ages) != _LINES:
        sys.exit(f"{len(ages)} of {_LINES} lines arrived as deltas")
    return first, ages


def directly(client: httpx.Client, host_url: str) -> tuple[float, list[float]]:
    """Return the same of the host's own answer: until its first event, and the age of each line."""
    first, ages = 0.0, []
    began = time.monotonic()
    with client.stream("POST", f"{host_url}/chat/completions", json={}) as response:
        for line in response.iter_lines():
            now = time.monotonic()
            first = first or (now - began) * 1000
            ages += [(now - float(stamp)) * 1000 for stamp in STAMP.findall(line)]
    return first, ages


def report(bundle: list[tuple[float, list[float]]], bare: list[tuple[float, list[float]]]) -> str:
    """Return the medians and quartiles as a table."""
    rows = []
    for name, pick in (("first status", lambda each: [each[0]]), ("delta", lambda each: each[1])):
        ours, alone = ([value for each in run for value in pick(each)] for run in (bundle, bare))
        low, middle, high = statistics.quantiles(ours, n=4)
        aim = f"at most {_AIMS_MS[name]}"
        rows.append([name, f"{middle:.1f}", f"{low:.1f} to {high:.1f}", f"{statistics.median(alone):.1f}", aim])
    return table(["milliseconds", "median", "quartiles", "the host alone", "aim"], rows)


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        prog="make bench-stream", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=30, help="how many requests (%(default)s)")
    count = parser.parse_args().requests
    bundle, bare = [], []
    with host() as host_url, running(host_url) as run, httpx.Client(timeout=30, trust_env=False) as client:
        url = f"{run.url}/generate-artifact"
        through_the_bundle(client, url)  # the connections are made
        for number in range(count):
            bundle.append(through_the_bundle(client, url))
            bare.append(directly(client, host_url))
            print(f"\r{number + 1} of {count} requests", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(report(bundle, bare))
    return 0


if __name__ == "__main__":
    sys.exit(main())
