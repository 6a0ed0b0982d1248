"""A bare socket server on loopback, for hosts that no HTTP library would be."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

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


def read_request(connection: socket.socket) -> bool:
    """Read one whole request; False when the client has closed the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65_536)):
            return False
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return True


def send_answer(connection: socket.socket, body: bytes = ANSWER, content_type: str = "application/json") -> None:
    """Send one whole answer, and keep the connection open."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


def send_chunk(connection: socket.socket, data: bytes) -> None:
    """Send one part of an answer that began with `HEAD`."""
    connection.sendall(b"%x\r\n%b\r\n" % (len(data), data))
