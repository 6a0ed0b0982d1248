"""The stand-in model host as a process, for tests."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


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
    command = [sys.executable, "-m", "local.standin", "--port", "0", "--pace", "instant", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANDIN_")}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            listening = re.search(r"http://\S+", process.stdout.readline())
            assert listening is not None
            yield StandIn(listening[0], process.pid)
        finally:
            process.kill()
