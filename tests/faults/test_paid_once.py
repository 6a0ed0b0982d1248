"""A whole answer is paid for: what breaks behind it never makes it be asked for again, and nothing of it leaks on."""

import json
import socket

import pytest

from shared.costs.ledger import Ledger
from shared.errors import Failure
from shared.model_host import Client, Completion
from shared.model_host.errors import HostFailed, Redirected
from tests.support.asking import ask, question_of, settings_for
from tests.support.runs import a_run
from tests.support.sockets import HEAD, read_message, send_answer, send_chunk, serving

USAGE = b'"usage":{"cost":0.01}'
WHOLE = b'{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],' + USAGE + b"}"
FINISH = b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n'


def body_of_9999(connection: socket.socket, body: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + body)


def chunk(connection: socket.socket, body: bytes) -> None:
    connection.sendall(HEAD)
    send_chunk(connection, body)


@pytest.mark.parametrize("send", [body_of_9999, chunk], ids=["length", "chunked"])
@pytest.mark.parametrize("open_still", [False, True], ids=["closed", "left-open"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE, id="json"),
        pytest.param(b"data: " + WHOLE, id="event-without-line-end"),
        pytest.param(FINISH + b'data: {"choices":[],' + USAGE + b"}", id="usage-without-line-end"),
        pytest.param(FINISH + b"data: {" + USAGE + b"}\n\ndata: {", id="cut-behind-usage"),
        pytest.param(FINISH.replace(b"}]}", b"}]," + USAGE + b"}") + b'data: {"error":{"code":502}}\n\n', id="error"),
        pytest.param(b"data: {" + USAGE + b"}\n\n" + FINISH + b"data: " + b"x" * 9_000_000, id="too-large"),
    ],
)
def test_a_whole_answer_is_asked_for_once(send: object, body: bytes, *, open_still: bool) -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        assert callable(send)
        send(connection, body)
        if open_still:
            connection.recv(1)

    with serving(answer) as url:
        outcome = ask(url, "Notes", stall_seconds=0.4, first_token_seconds=0.4)

    assert isinstance(outcome.result, Completion)
    assert [(call["outcome"], call["cost_nano_usd"]) for call in outcome.calls] == [("ok", 10_000_000)]


@pytest.mark.parametrize(
    "behind", [b"\r\n", b"junk", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], ids=["blank", "junk", "an-answer"]
)
def test_what_comes_behind_an_answer_is_not_read_as_the_next_one(behind: bytes) -> None:
    """Sent in one piece with the answer, it would wait in the kept connection for the next caller."""
    served: list[int] = []

    def answer(connection: socket.socket, number: int) -> None:
        while read_message(connection):
            served.append(number)
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(WHOLE)}\r\n\r\n".encode()
            connection.sendall(head + WHOLE + behind)

    with serving(answer) as url:
        client = Client.of(settings_for(url))
        for _ in range(3):
            ledger = Ledger("generate_artifact", "r-1", lambda *_: None)
            found = client.complete(question_of("Notes"), a_run(5, ledger=ledger))
            assert found.content == "hi"
            assert [attempt.outcome for attempt in ledger.attempts] == ["ok"]
        client.close()

    assert served == [0, 1, 2]


def test_no_cookie_is_carried_from_one_request_to_the_next() -> None:
    heads: list[bytes] = []

    def answer(connection: socket.socket, _number: int) -> None:
        while head := connection.recv(65_536):
            heads.append(head)
            cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; expires=never\r\n"
            connection.sendall(cookie + f"Content-Length: {len(WHOLE)}\r\n\r\n".encode() + WHOLE)

    with serving(answer) as url:
        client = Client.of(settings_for(url))
        for _ in range(2):
            ledger = Ledger("generate_artifact", "r-1", lambda *_: None)
            client.complete(question_of("Notes"), a_run(5, ledger=ledger))
        client.close()

    assert len(heads) >= 2
    assert not any(b"cookie" in head.lower() for head in heads)


@pytest.mark.parametrize("location", ["http:x", "javascript:1", "http://xn--/", "http://[::1", "/" + "a" * 65_530])
def test_a_redirect_is_an_address_that_is_wrong(location: str) -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())

    with serving(answer) as url:
        outcome = ask(url, "Notes")

    assert type(outcome.result) is Redirected
    assert [(call["status"], call["cost_source"]) for call in outcome.calls] == [(302, "none")]


def test_another_success_than_200_may_have_cost_something() -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(b"HTTP/1.1 206 Partial\r\nContent-Length: %d\r\n\r\n" % len(WHOLE) + WHOLE)

    with serving(answer) as url:
        outcome = ask(url, "Notes", max_attempts=1)

    assert type(outcome.result) is HostFailed
    assert outcome.cost["cost_source"] == "unknown"


def test_amounts_below_a_nano_dollar_add_up_as_the_attempts_have_them() -> None:
    body = json.dumps({"error": {"code": 503}, "usage": {"cost": 0.0000000015}}).encode()

    def answer(connection: socket.socket, _number: int) -> None:
        while read_message(connection):
            send_answer(connection, body)

    with serving(answer) as url:
        outcome = ask(url, "Notes", max_attempts=3)

    assert isinstance(outcome.result, Failure)
    assert [call["cost_nano_usd"] for call in outcome.calls] == [2, 2, 2]
    assert outcome.cost["cost_nano_usd"] == 6
