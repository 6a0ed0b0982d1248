"""A model host that plans, builds, reviews and rebuilds as a test says, each step when it says so."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.chromium import SECONDS
from tests.support.sockets import read_message, send_chunk, serving

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
_STEPS = {
    "You plan one artifact": "plan",
    "You review one artifact": "review",
    "You mend one artifact": "rebuild",
}
"""How the instructions of each step begin; with any other, something is built."""

PLAN = {
    "shows": ["A page that sells bread"],
    "states": ["Open", "Closed"],
    "interactions": ["Bread is put into the basket"],
    "edgeCases": ["The basket is empty"],
}
FINDINGS = [
    {"what": "Nothing says what the bread costs.", "where": "the list", "severity": "major"},
    {"what": "The heading is small.", "where": "", "severity": "minor"},
]
REVIEW = {"verdict": "changes_requested", "findings": FINDINGS}
APPROVED = {"verdict": "approved", "findings": []}
CHANGES = {"changes": ["Say the price beside the bread"]}


def page_of(*paragraphs: str) -> str:
    """The answer of a model that has written a page with these paragraphs."""
    body = "\n".join(f"<p>{each}</p>" for each in paragraphs)
    page = f"<!doctype html>\n<html><head><title>Shop</title></head>\n<body>\n{body}\n</body></html>"
    return f'<artifact type="text/html" title="Shop">\n{page}\n</artifact>'


class Host:
    """A model host; its answers are those of a loop in which the review finds something that is then changed.

    Attributes:
        url: its base URL.
        answers: by step: `plan`, `build`, `review`, `changes` and `rebuild`.
        asked: the steps that were asked for.
    """

    def __init__(self) -> None:
        self.url = ""
        self.begin()

    def begin(self, *held: str, **answers: object) -> None:
        """Answer so from now on, where it differs; hold these steps back until each is released."""
        told = {"plan": PLAN, "changes": CHANGES, "review": REVIEW}
        built = {"build": page_of("Bread", "Open"), "rebuild": page_of("Bread, 3 euros", "Open")}
        self.answers = {**told, **built, **answers}
        self.asked: list[str] = []
        self._gates = {step: threading.Event() for step in held}

    def release(self, step: str) -> None:
        """Let this step be answered."""
        self._gates.pop(step).set()

    def answer(self, connection: socket.socket, _number: int) -> None:
        """Answer one attempt."""
        messages = json.loads(read_message(connection).partition(b"\r\n\r\n")[2])["messages"]
        step = next((step for role, step in _STEPS.items() if messages[0]["content"].startswith(role)), "build")
        if step == "plan" and any(message["role"] == "assistant" for message in messages):
            step = "changes"
        self.asked.append(step)
        connection.sendall(_HEAD)
        if step in self._gates:
            assert self._gates[step].wait(SECONDS), f"{step} was not released"
        answer = self.answers[step]
        content = answer if isinstance(answer, str) else json.dumps(answer)
        usage = {"prompt_tokens": 100, "completion_tokens": 50, "cost": 0.001}
        for chunk in (
            {"choices": [{"delta": {"content": content}}]},
            {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": usage},
        ):
            send_chunk(connection, f"data: {json.dumps({'id': 'g', 'model': 'm', **chunk})}\n\n".encode())
        send_chunk(connection, b"data: [DONE]\n\n")
        connection.sendall(b"0\r\n\r\n")


@contextmanager
def reviewing_host() -> Iterator[Host]:
    """A model host that is served on loopback."""
    host = Host()
    with serving(host.answer) as url:
        host.url = f"{url}/api/v1"
        yield host
