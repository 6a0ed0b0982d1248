"""A client library in a process of its own: all are asked in one form and answer in one form."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from tests.clients.clients import Client
from tests.local.emulator import ROOT

MODEL = "moonshotai/kimi-k2-thinking"
KEY = "ka-of-the-clients-of-the-tests"
_USUAL = {
    "model": MODEL,
    "key": KEY,
    "stream": False,
    "options": {},
    "tool_result": None,
    "retries": None,
    "leave_after": None,
}
_SECONDS = 60
"""How long a client may take for an answer, after which it is ended."""


@dataclass(frozen=True)
class Answer:
    """What a caller of a client gets to see; see `tests/clients/drivers/answers.py`."""

    text: str
    reasoning: str
    finish: list[str]
    calls: list[dict[str, Any]]
    usage: dict[str, Any]
    pieces: int
    error: dict[str, Any] | None


class Driver:
    """A client that runs."""

    def __init__(self, client: Client, process: "subprocess.Popen[str]") -> None:
        self.client = client
        self._process = process

    def ask(self, url: str, messages: list[dict[str, Any]], **order: Any) -> Answer:
        """Have the client ask for a chat completion, and return what it makes of the answer.

        Args:
            url: the base URL.
            messages: of the chat.
            order: `model`, `key`, `stream`, other `options` of the request, the `tool_result` that tool calls are
                answered with, the number of `retries` where it is not the client's own, and after which piece to leave
                (`leave_after`).
        """
        assert self._process.stdin
        assert self._process.stdout
        watchdog = Timer(_SECONDS, self._process.kill)
        watchdog.start()
        try:
            self._process.stdin.write(json.dumps(_USUAL | order | {"url": url, "messages": messages}) + "\n")
            self._process.stdin.flush()
            said = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        assert said, f"{self.client.name} has ended"
        return Answer(**json.loads(said))


@contextmanager
def driver(client: Client, folder: Path) -> Iterator[Driver]:
    """A client, without any setting of whoever runs the tests; what it complains of is in a file in this folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # it would fetch prices
        "LANGSMITH_TRACING": "false",
    }
    with (folder / f"{client.name}.err").open("w") as stderr:
        process = subprocess.Popen(
            client.command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            yield Driver(client, process)
        finally:
            process.kill()
            process.communicate()
