"""The chat function against a real host that fails before the first delta or after it, and a caller that goes away."""

import io
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from functions.chat_completions.app import CONTRACTS, work
from shared.chat.chat import Chat
from shared.chat.models import AllowedModels
from shared.edge.endpoint import Endpoint
from shared.model_host import Client
from shared.settings import Settings
from tests.support.logged import logged_to
from tests.support.sockets import HEAD, read_message, send_chunk, serving

Fault = Callable[[socket.socket], None]
PATIENCE = 10.0
"""Seconds until a test that waits in vain fails."""


def event(delta: dict[str, Any], **more: Any) -> bytes:
    return f"data: {json.dumps({'choices': [{'delta': delta, **more}]})}\n\n".encode()


DELTA, ROLE = event({"content": "Hel"}), event({"role": "assistant", "content": ""})
WHOLE = event({"content": "Hello"}) + event({}, finish_reason="stop") + b"data: [DONE]\n\n"
ERROR = b'data: {"error": {"code": 503, "message": "busy"}}\n\n'


def close(_connection: socket.socket) -> None:
    """Close the connection in the middle of the body."""


def end(connection: socket.socket) -> None:
    """End the body as if all were well."""
    connection.sendall(b"0\r\n\r\n")


def reset(connection: socket.socket) -> None:
    """Close it so that what was sent before may be lost as well."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def fail(connection: socket.socket) -> None:
    send_chunk(connection, ERROR)
    end(connection)


def stall(connection: socket.socket) -> None:
    connection.recv(1)


FAULTS: list[Fault] = [close, end, fail, stall]


def named(fault: object) -> str | None:
    return getattr(fault, "__name__", None)


class Host:
    """A host whose first answer begins with this and then has a fault; the others are whole."""

    def __init__(self, begins: bytes, fault: Fault) -> None:
        self.calls = 0
        self._begins = begins
        self._fault = fault

    def __call__(self, connection: socket.socket, _number: int) -> None:
        while read_message(connection):
            self.calls += 1
            connection.sendall(HEAD)
            if self.calls > 1:
                send_chunk(connection, WHOLE)
                end(connection)
                continue
            if self._begins:
                send_chunk(connection, self._begins)
            self._fault(connection)
            if self._fault not in {end, fail}:  # after these, the client may use the connection again
                return


class Answer(NamedTuple):
    """What came, and the lines that were logged."""

    status: int
    body: str
    lines: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The content as far as it came."""
        if not self.body.startswith(("data: ", ": ")):
            return str(json.loads(self.body)["choices"][0]["message"]["content"])
        deltas = [choice["delta"] for each in self.data if each != "[DONE]" for choice in _choices(each)]
        return "".join(delta.get("content") or "" for delta in deltas)

    @property
    def data(self) -> list[str]:
        return [line.removeprefix("data: ") for line in self.body.splitlines() if line.startswith("data: ")]

    @property
    def cost(self) -> dict[str, Any]:
        (cost,) = [line for line in self.lines if line["message"] == "cost"]
        return cost


def _choices(data: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data).get("choices", [])
    return found


class Function:
    """The chat function, whose backoff takes no time."""

    def __init__(self) -> None:
        self._chats: list[Chat] = []
        self.endpoint: Endpoint[Any, Any, Any] = Endpoint("chat_completions", CONTRACTS, self._start, work)

    def _start(self, settings: Settings) -> Chat:
        models = AllowedModels.of(settings)
        self._chats.append(Chat(Client.of(settings, models.all, sleep=lambda _: None), models))
        return self._chats[0]

    def open(self, *, stream: bool, streams: bool) -> dict[str, Any]:
        """Ask, and return the answer as the runtime gets it."""
        body = {"model": "a/one", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}
        event = {
            "rawPath": "/v1/chat/completions",
            "headers": {"content-type": "application/json"},
            "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
            "body": json.dumps(body),
        }
        context: Any = SimpleNamespace(
            aws_request_id="r-1", get_remaining_time_in_millis=lambda: 60_000, streams=streams
        )
        return self.endpoint(event, context)

    def ask(self, *, stream: bool, streams: bool = True) -> Answer:
        """Ask, and take the whole answer."""
        with logged_to(self.endpoint._logs, io.StringIO()) as log:
            answer = self.open(stream=stream, streams=streams)
            body = answer["body"]
            if not isinstance(body, str):
                whole = b"".join(body).decode()
                body.close()
                body = whole
        self.close()
        return Answer(answer["statusCode"], body, [json.loads(line) for line in log.getvalue().splitlines()])

    def close(self) -> None:
        self._chats[0].client.close()


@contextmanager
def function_at(
    host: Callable[[socket.socket, int], None], monkeypatch: pytest.MonkeyPatch, stall_seconds: int = 1
) -> Iterator[Function]:
    """The function with this host, which has long to begin, and a second to go on."""
    with serving(host) as url:
        settings = {
            "OPENROUTER_K2T_KEY": "k",
            "OPENROUTER_BASE_URL": url,
            "ENABLE_GUARD": "false",
            "CHAT_MODELS": "a/one,a/two",
            "FIRST_TOKEN_SECONDS": "30",
            "STALL_SECONDS": str(stall_seconds),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield Function()


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_a_host_that_fails_after_a_delta_was_passed_on_is_called_once(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller is told in the last event, and no other model is asked."""
    host = Host(DELTA, fault)
    with function_at(host, monkeypatch) as function:
        answer = function.ask(stream=True)

    *_, last = answer.data
    assert (answer.status, answer.text, host.calls) == (200, "Hel", 1)
    assert set(json.loads(last)["error"]) == {"message", "type", "param", "code"}
    assert answer.cost["outcome"] == json.loads(last)["error"]["code"]
    assert (answer.cost["attempts"], answer.cost["cost_source"]) == (1, "unknown")


@pytest.mark.parametrize("fault", [*FAULTS, reset], ids=named)
@pytest.mark.parametrize(("stream", "streams"), [(False, True), (True, False)], ids=["whole", "buffered-stream"])
def test_where_nobody_has_read_the_delta_it_is_called_again(
    fault: Fault, stream: bool, streams: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(DELTA, fault)
    with function_at(host, monkeypatch) as function:
        answer = function.ask(stream=stream, streams=streams)

    assert (answer.status, answer.text, host.calls) == (200, "Hello", 2)
    assert (answer.cost["outcome"], answer.cost["attempts"], answer.cost["retries"]) == ("ok", 2, 1)


@pytest.mark.parametrize("begins", [b"", b": working\n\n", ROLE], ids=["nothing", "comment", "role"])
@pytest.mark.parametrize("fault", [close, end, reset, fail], ids=named)
def test_a_host_that_fails_before_the_first_delta_is_called_again(
    begins: bytes, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller of a stream sees nothing of it."""
    host = Host(begins, fault)
    with function_at(host, monkeypatch) as function:
        answer = function.ask(stream=True)

    assert (answer.status, answer.text, host.calls) == (200, "Hello", 2)
    assert answer.data[-1] == "[DONE]"
    assert (answer.cost["outcome"], answer.cost["attempts"], answer.cost["retries"]) == ("ok", 2, 1)


def test_a_caller_that_goes_away_ends_the_attempt_and_no_other_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host sees its connection closed; the cost line says that nobody got the answer."""
    calls, gone = [], threading.Event()

    def host(connection: socket.socket, number: int) -> None:
        read_message(connection)
        calls.append(number)
        connection.sendall(HEAD)
        send_chunk(connection, DELTA)
        try:
            while True:
                send_chunk(connection, b": still working\n\n")
                time.sleep(0.01)
        except OSError:
            gone.set()

    with function_at(host, monkeypatch, 30) as function, logged_to(function.endpoint._logs, io.StringIO()) as log:
        body = function.open(stream=True, streams=True)["body"]
        first = next(iter(body))
        body.close()
        assert gone.wait(PATIENCE)
        function.close()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    costs = [line for line in lines if line["message"] == "cost"]
    assert b'"Hel"' in first
    assert calls == [0]
    assert [line["outcome"] for line in lines if line["message"] == "attempt"] == ["deadline_exceeded"]
    assert [(line["outcome"], line["status"], line["attempts"]) for line in costs] == [("client_gone", 499, 1)]
