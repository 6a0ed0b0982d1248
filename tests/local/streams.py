"""Answers that stream, asked for and read as a caller does: by a library's parser."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from httpx_sse import EventSource, connect_sse

from tests.local.bundle import lines, lines_of
from tests.local.emulator import Emulator
from tests.support.standin import StandIn

GENERATE, GENERATE_FIX = "generate-artifact", "generate-artifact-fix"
LIST = {"prompt": "A list", "artifactType": "svg"}
CALLED, ENDED = "attempt_started", "attempt"
FINAL = {"artifact", "fix", "error"}
"""The events of which one ends a stream."""


class Stream:
    """An answer that is being read.

    Attributes:
        came: the events so far, each with its name and its data.
    """

    def __init__(self, running: Emulator, source: EventSource) -> None:
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.headers = source.response.headers
        self.status = source.response.status_code
        self._running = running
        self._source = source

    @property
    def request_id(self) -> str:
        return str(self.headers["x-request-id"])

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Read on."""
        for event in self._source.iter_sse():
            self.came.append((event.event, json.loads(event.data)))
            if event.event in FINAL:
                self._running.watch.received(httpx.Response(self.status, text=event.data))
            yield self.came[-1]

    def read(self) -> dict[str, Any]:
        """Read to the end, and return the data of the final event, which is the last and the only one of its kind."""
        for _ in self:
            pass
        assert [name for name, _ in self.came if name in FINAL] == [self.came[-1][0]]
        return self.came[-1][1]

    def all(self, name: str) -> list[dict[str, Any]]:
        """The data of the events of this name that have come."""
        return [data for kind, data in self.came if kind == name]

    @property
    def phases(self) -> list[str]:
        """The phases that were told of, each as often as it began."""
        told = [status["phase"] for status in self.all("status")]
        return [phase for number, phase in enumerate(told) if told[:number][-1:] != [phase]]

    @property
    def code(self) -> str:
        """The code that is left of all that was written."""
        text = ""
        for name, data in self.came:
            text = "" if name == "reset" else text + data["code"] if name == "delta" else text
        return text


@contextmanager
def streaming(
    running: Emulator, order: dict[str, Any], route: str = "generate-artifact", key: str | None = None
) -> Iterator[Stream]:
    """Ask for a stream; whoever leaves before its end has closed the connection."""
    headers = {"Idempotency-Key": key} if key else {}
    # No certificates to load, which takes longer than most calls.
    with (
        httpx.Client(
            timeout=60,
            trust_env=False,
            verify=False,  # noqa: S501 - http on loopback
            event_hooks={"request": [running.watch.sent]},
        ) as client,
        connect_sse(client, "POST", f"{running.url}/{route}", json=order, headers=headers) as source,
    ):
        yield Stream(running, source)


def read_stream(
    running: Emulator, order: dict[str, Any], route: str = "generate-artifact", key: str | None = None
) -> Stream:
    """Ask for a stream, and read it to its end."""
    with streaming(running, order, route, key) as stream:
        stream.read()
    return stream


@contextmanager
def silent(host: StandIn) -> Iterator[None]:
    """Have the host say nothing meanwhile."""
    os.kill(host.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(host.pid, signal.SIGCONT)


def process_of(running: Emulator, function: str = "generate_artifact") -> int:
    """The one process that a function has."""
    (process,) = [pid for pid in running.children() if Path(f"/proc/{pid}/cwd").readlink().name == function]
    return process


def messages_of(running: Emulator, request_id: str) -> list[str]:
    return [line["message"] for line in lines(running) if line.get("request_id") == request_id]


def costs(running: Emulator, request_id: str) -> list[dict[str, Any]]:
    found = lines_of(running, request_id)
    return [line for line in found if line["message"] == "cost"]


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """What came of these tasks, each in a thread of its own, and all of them begun at one moment."""
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))
