"""The stand-in model host as a process, for tests."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.processes import serving_process


@dataclass(frozen=True)
class StandIn:
    """A stand-in that listens."""

    url: str
    """The base URL of its API."""
    pid: int = 0
    """The process that it is."""

    def ledger(self) -> dict[str, Any]:
        """What it has booked."""
        book: dict[str, Any] = httpx.get(f"{self._root}/ledger").json()
        return book

    def forget(self) -> None:
        """Empty its ledger."""
        httpx.delete(f"{self._root}/ledger").raise_for_status()

    def cpu_seconds(self) -> float:
        """How long its process has computed so far."""
        return time.clock_gettime(~self.pid << 3 | 2)  # Linux's id of a process's own clock

    @property
    def _root(self) -> str:
        return self.url.removesuffix("/api/v1")


@contextmanager
def standin(*arguments: str) -> Iterator[StandIn]:
    """A stand-in at no pace at all, with these arguments."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANDIN_")}
    options = ("--port", "0", "--pace", "instant", *arguments)
    with serving_process("local.standin", *options, environment=environment) as (url, pid):
        yield StandIn(url, pid)
