"""The stand-in model hosts as a process, for tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local.standin.dialects import DIALECTS
from tests.support.processes import serving_process


@dataclass(frozen=True)
class StandIn:
    """A stand-in that listens."""

    url: str
    """The base URL of its OpenRouter."""
    pid: int = 0
    """The process that it is."""

    def url_of(self, host: str) -> str:
        """The base URL of one of its hosts."""
        return self._root + DIALECTS[host].path

    def ledger(self, host: str | None = None) -> dict[str, Any]:
        """What it has booked, at one host or at all."""
        book: dict[str, Any] = httpx.get(f"{self._root}/ledger", params=_only(host)).json()
        return book

    def forget(self, host: str | None = None) -> None:
        """Empty its ledger, of one host or of all."""
        httpx.delete(f"{self._root}/ledger", params=_only(host)).raise_for_status()

    @property
    def _root(self) -> str:
        return self.url.removesuffix("/api/v1")


def _only(host: str | None) -> dict[str, str]:
    return {"host": host} if host else {}


@contextmanager
def standin(*arguments: str) -> Iterator[StandIn]:
    """A stand-in at no pace at all, with these arguments."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANDIN_")}
    options = ("--port", "0", "--pace", "instant", *arguments)
    with serving_process("local.standin", *options, environment=environment) as (url, pid):
        yield StandIn(url, pid)
