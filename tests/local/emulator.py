"""Runs `python -m local.emulator` as a process of its own, on a free port, for the tests that call it over HTTP."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.leaks import Watch

ROOT = Path(__file__).parents[2]
TOYS = Path(__file__).parent / "toys"

# A key, so that no stand-in is started; the toys call no model host.
KEY = {"OPENROUTER_K2T_KEY": "test-key"}

PATIENCE = 60
"""Of the client and of who waits for something, in seconds: the platform ends what takes too long, and starts slowly
where the machine is busy."""


class Emulator:
    """A running `make run` and what it has written so far."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, secrets: Iterable[str]) -> None:
        self.process = process
        self.watch = Watch(secrets)
        self._folder = folder
        self.url = ""
        self._hooks: dict[str, list[Callable[..., Any]]] = {}
        self._clients: list[httpx.Client] = []
        self._own = threading.local()

    @property
    def stdout(self) -> str:
        return (self._folder / "stdout").read_text()

    @property
    def stderr(self) -> str:
        return (self._folder / "stderr").read_text()

    def call(self, order: Mapping[str, Any] | None = None, route: str = "toy", **options: Any) -> httpx.Response:
        """Have a toy do something; see `toys/toy.py`."""
        return self.request("POST", f"/{route}", json=order or {}, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, self.url + path, **options)
        except httpx.ConnectError as error:
            msg = f"make run has ended with status {self.process.poll()}, having said:\n{self.stderr}"
            raise AssertionError(msg) from error

    @property
    def _client(self) -> httpx.Client:
        """A client for each thread: hundreds that share one close each other's connections now and then."""
        if not hasattr(self._own, "client"):
            # No certificates to load, which takes longer than most calls.
            self._own.client = httpx.Client(timeout=PATIENCE, trust_env=False, verify=False)  # noqa: S501 - http on loopback
            self._clients.append(self._own.client)
        client: httpx.Client = self._own.client
        client.event_hooks = self._hooks
        return client

    def be_watched(self) -> None:
        """Note all that is sent and received from now on; toys tell all that they know, the bundle must not."""
        self._hooks = {"request": [self.watch.sent], "response": [self.watch.received]}

    def children(self, having: str = "awslambdaric") -> list[int]:
        """The process ids of its children with this in their command line."""
        return [pid for pid in _children(self.process.pid) if having in _command(pid)]

    def close(self) -> None:
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(5)


@contextmanager
def emulator(folder: Path, template: Path = TOYS / "template.yaml", /, **environment: str) -> Iterator[Emulator]:
    """`make run` with this template and exactly this environment, ready to be called."""
    folder.mkdir(exist_ok=True)
    process = start(folder, template, **environment)
    running = Emulator(process, folder, [value for name, value in environment.items() if name.endswith("_KEY")])
    try:
        wait_for(lambda: "ready in" in running.stderr or process.poll() is not None)
        address = re.search(r"http://127\.0\.0\.1:\d+(?=/$)", running.stderr, re.MULTILINE)
        assert address, f"exit status {process.poll()}: {running.stderr}"
        running.url = address[0]
        yield running
    finally:
        running.close()


def start(folder: Path, template: Path, /, **environment: str) -> subprocess.Popen[bytes]:
    """Start `make run`, its output in files under `folder`."""
    arguments = [sys.executable, "-m", "local.emulator", "--template", str(template)]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PORT": "0", **environment}
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        return subprocess.Popen(arguments, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return when the condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether this process still runs; one that ended and was not collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if f"\nPPid:\t{pid}\n" in status.read_text():
                found.append(int(status.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
