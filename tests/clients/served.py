"""The chat function as `make run` serves it, and what requests have cost by its log and by the host's ledger."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.clients.driver import KEY, MODEL, Answer, Driver
from tests.local.bundle import at, lines, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.support.standin import StandIn

PRIVATE = "Albatross"
"""A word of every prompt, which no log line may have."""


def says(text: str) -> list[dict[str, Any]]:
    """A chat in which a user says this."""
    return [{"role": "system", "content": "You are brief."}, {"role": "user", "content": f"{text} ({PRIVATE})"}]


class Asked(NamedTuple):
    """One answer, and what it was made from."""

    answer: Answer
    attempts: list[dict[str, Any]]
    """The rows of the host's ledger."""
    costs: list[dict[str, Any]]
    """The cost lines of the function."""

    def check_bill(self) -> None:
        """The client, the function and the host speak of the same tokens and of the same cost."""
        usage = self.answer.usage
        paid = sum(row["charged_nano_usd"] for row in self.attempts)
        assert paid > 0
        assert sum(line["cost_nano_usd"] for line in self.costs) == paid
        assert usage["prompt"] == sum(row["prompt_tokens"] for row in self.attempts)
        assert usage["completion"] == sum(row["completion_tokens"] for row in self.attempts)
        assert usage["cost"] is None or round(usage["cost"] * 10**9) == paid


class Served(NamedTuple):
    """The bundle in one mode, at one host."""

    running: Emulator
    host: StandIn
    mode: str

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"{self.running.url}/chat-completions/v1"

    def costs(self) -> list[dict[str, Any]]:
        """The function's cost lines so far."""
        return [line for line in lines(self.running) if line["message"] == "cost"]

    def ask(self, client: Driver, text: str, *, requests: int = 1, **order: Any) -> Asked:
        """Have a client ask, which takes so many requests."""
        self.host.forget()
        before = len(self.costs())
        answer = client.ask(order.pop("url", self.url), says(text), **order)
        wait_for(lambda: len(self.costs()) >= before + requests)
        costs = self.costs()[before:]
        assert len(costs) == requests
        return Asked(answer, self.host.ledger()["calls"], costs)


def told(host: StandIn, text: str, **options: Any) -> dict[str, Any]:
    """What the host itself answers to the same: the message."""
    body = {"model": MODEL, "messages": says(text), **options}
    answer = httpx.post(f"{host.url}/chat/completions", json=body, headers={"Authorization": "Bearer sk-test"})
    message: dict[str, Any] = answer.raise_for_status().json()["choices"][0]["message"]
    return message


def together(clients: list[Driver], url: str, text: str, **order: Any) -> list[Answer]:
    """Have all clients ask the same at once."""
    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(lambda client: client.ask(url, says(text), **order), clients))


@contextmanager
def served(folder: Path, host: StandIn, mode: str, **settings: str) -> Iterator[Served]:
    """The bundle for callers with a key; at its end nothing of a prompt or of that key is in its log."""
    keys = json.dumps({"clients": hashlib.sha256(KEY.encode()).hexdigest()})
    usual = {"RESPONSE_MODE": mode, "AUTH_MODE": "key", "API_KEYS": keys, "CHAT_MODELS": MODEL, "MAX_ATTEMPTS": "1"}
    with running_bundle(folder, **at(host), **(usual | settings)) as running:
        yield Served(running, host, mode)
        written = running.stdout + running.stderr
        assert PRIVATE not in written
        assert KEY not in written
