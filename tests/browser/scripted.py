"""A server that answers the client as a test says, with a page of its own origin."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser.client_page import Asked, ClientPage, client_page
from tests.support.chromium import Browser
from tests.support.sockets import HEAD, read_message, send_chunk, serving

GUARDED = HEAD.replace(b"\r\n\r\n", b"\r\nX-RateLimit-Limit: 5\r\n\r\n")
ANSWER = {"success": True, "artifact": {"code": "ä\u2028𝄞\n"}}
LIST = {"prompt": "A list"}
STREAM = (
    ": a comment\r\n\r\n"
    'id: 1\r\nretry: 10\r\nevent: status\r\ndata: {"phase":\r\ndata: "writing"}\r\n\r\n'
    'event: delta\ndata:{"code": "ä\u2028𝄞"}\n\n'
    "event: artifact\n\n"
    "event: another\ndata: {}\n\n"
    'event: delta\rdata: {"code": "\\n"}\r\r'
    "data\n: no data\n\n"
    f"event: artifact\r\ndata: {json.dumps(ANSWER, ensure_ascii=False)}\r\n\r\n"
).encode()
"""All ways to end a line, several lines of data, fields that mean nothing, and characters of two to four bytes."""
LAST = len(STREAM) - 1
"""So many bytes make the last event whole: a line ends with its return."""

Respond = Callable[[socket.socket, str, int], None]
"""Answers a request, given its path and its number from 0."""


@contextmanager
def scripted(browser: Browser, respond: Respond) -> Iterator[tuple[ClientPage, str]]:
    """A page of a server that answers each POST so, and closes the connection; and the server's URL."""
    numbers = iter(range(100_000))

    def answer(connection: socket.socket, _number: int) -> None:
        head = read_message(connection).decode(errors="replace")
        if head.startswith("POST"):
            respond(connection, head.split(" ")[1], next(numbers))
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>")

    with serving(answer) as url, client_page(browser, url) as page:
        yield page, url


def stream(connection: socket.socket, *parts: bytes, head: bytes = GUARDED) -> None:
    """Send a stream in these parts, without its end."""
    connection.sendall(head)
    for part in parts:
        send_chunk(connection, part)


def whole(connection: socket.socket) -> None:
    """Send a whole answer."""
    stream(connection, STREAM)
    connection.sendall(b"0\r\n\r\n")


def failure(connection: socket.socket, code: str, status: int = 503, **more: Any) -> None:
    body = {"success": False, "error": "Later.", "code": code, "retryable": True, "requestId": "r", **more}
    plain(connection, json.dumps(body), status)


def plain(connection: socket.socket, body: str, status: int, content_type: str = "application/json") -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode() + body.encode())


def error_of(asked: Asked) -> dict[str, Any]:
    assert asked.error, asked
    assert asked.error["type"] == "ArtifactError"
    return asked.error
