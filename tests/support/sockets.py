"""A bare socket server on loopback, for hosts that no HTTP library would be."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Answering = Callable[[socket.socket, int], None]
"""What is done with a connection, given its number from 0."""

ANSWER = b'{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextmanager
def serving(answer: Answering, address: str = "127.0.0.1") -> Iterator[str]:
    """Hand every connection to `answer`, one thread each; the URL is given."""
    with socket.create_server((address, 0)) as server:
        thread = threading.Thread(target=_accept, args=(server, answer), daemon=True)
        thread.start()
        try:
            yield f"http://{address}:{server.getsockname()[1]}"
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(server: socket.socket, answer: Answering) -> None:
    number = 0
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # closed: nobody asks any more
            return
        threading.Thread(target=_run, args=(answer, connection, number), daemon=True).start()
        number += 1


def _run(answer: Answering, connection: socket.socket, number: int) -> None:
    with connection, suppress(OSError):  # given up before the end
        answer(connection, number)


def read_message(connection: socket.socket) -> bytes:
    """Read one whole request or answer; nothing when the other side has closed the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65_536)):
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        if not (more := connection.recv(65_536)):
            return b""
        body += more
    return head + b"\r\n\r\n" + body


def read_json(connection: socket.socket) -> dict[str, Any] | None:
    """Read the body of one request; None when the client has closed the connection."""
    message = read_message(connection)
    found: dict[str, Any] | None = json.loads(message.partition(b"\r\n\r\n")[2]) if message else None
    return found


def send_answer(connection: socket.socket, body: bytes = ANSWER, content_type: str = "application/json") -> None:
    """Send one whole answer, and keep the connection open."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


def send_chunk(connection: socket.socket, data: bytes) -> None:
    """Send one part of an answer that began with `HEAD`."""
    connection.sendall(b"%x\r\n%b\r\n" % (len(data), data))
