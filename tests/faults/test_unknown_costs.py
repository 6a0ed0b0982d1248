"""How far an attempt came that was lost, and what a host's word is worth: each behaviour on a real socket."""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from shared.costs.ledger import AttemptRecord, Ledger
from shared.costs.usage import NOTHING, CostSource
from shared.costs.worst_case import Stage
from shared.errors import Failure
from shared.model_host import Client
from tests.support.asking import question_of, settings_for
from tests.support.runs import a_run
from tests.support.sockets import HEAD, read_message, send_answer, send_chunk, serving

KIMI = "moonshotai/kimi-k2-thinking"
Send = Callable[[socket.socket], object]


def attempt(send: Send, *, open_still: bool = False, **settings: Any) -> AttemptRecord:
    """The one call to a host that does this, and then closes the connection or leaves it open."""

    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        send(connection)
        if open_still:
            connection.recv(1)

    with serving(answer) as url:
        return asked(url, **settings)


def asked(url: str, **settings: Any) -> AttemptRecord:
    given = {"max_attempts": 1, "first_token_seconds": 0.4, "stall_seconds": 0.4} | settings
    client = Client.of(settings_for(url, **given))
    ledger = Ledger("generate_artifact", "r-1", lambda *_: None)
    try:
        client.complete(question_of("Notes"), a_run(10, ledger=ledger))
    except Failure:
        pass
    finally:
        client.close()
    (only,) = ledger.attempts
    return only


def raw(*parts: bytes) -> Send:
    return lambda connection: connection.sendall(b"".join(parts))


def events(*payloads: bytes) -> Send:
    def send(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        for payload in payloads:
            send_chunk(connection, payload)

    return send


COMMENT = b": OPENROUTER PROCESSING\n\n"
ROLE = b'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'
TEXT = b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'
THOUGHT = b'data: {"choices":[{"delta":{"reasoning":"Hm"}}]}\n\n'
COUNT = b'data: {"choices":[],"usage":{"completion_tokens":3}}\n\n'
FINISH = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
OK, GZIP = b"HTTP/1.1 200 OK\r\n", b"Content-Encoding: gzip\r\n"
LENGTH = b"Content-Length: 9999\r\n\r\n"


@pytest.mark.parametrize("open_still", [False, True], ids=["closed", "left-open"])
@pytest.mark.parametrize(
    ("send", "stage"),
    [
        pytest.param(raw(), Stage.NO_RESPONSE, id="nothing"),
        pytest.param(raw(b"HTTP/1.1 20"), Stage.NO_CONTENT, id="half a status line"),
        pytest.param(raw(OK, LENGTH), Stage.NO_CONTENT, id="headers"),
        pytest.param(raw(OK, LENGTH, b"\n   \n"), Stage.NO_CONTENT, id="padding"),
        pytest.param(events(COMMENT), Stage.NO_CONTENT, id="comments"),
        pytest.param(events(COMMENT, COMMENT[:9]), Stage.NO_CONTENT, id="half a comment"),
        pytest.param(events(COMMENT, ROLE), Stage.NO_CONTENT, id="a role"),
        pytest.param(events(COMMENT, ROLE, THOUGHT), Stage.CONTENT, id="reasoning"),
        pytest.param(events(TEXT), Stage.CONTENT, id="content"),
        pytest.param(events(COMMENT, TEXT[:30]), Stage.CONTENT, id="half an event"),
        pytest.param(events(COUNT), Stage.CONTENT, id="tokens that were not seen"),
        pytest.param(events(FINISH), Stage.CONTENT, id="an end without content"),
        pytest.param(raw(OK, LENGTH, b'{"choices":[{"mess'), Stage.CONTENT, id="half a body"),
        pytest.param(raw(OK, LENGTH, b"<html>"), Stage.CONTENT, id="what cannot be read"),
        pytest.param(raw(OK, GZIP, LENGTH, b"\x1f\x8b"), Stage.CONTENT, id="what is not unpacked"),
        pytest.param(raw(b"HTTP/1.1 206 Partial\r\n", LENGTH), Stage.CONTENT, id="another success"),
    ],
)
def test_how_far_an_attempt_came(send: Send, stage: Stage, *, open_still: bool) -> None:
    found = attempt(send, open_still=open_still)

    assert (found.cost.source, found.stage) == (CostSource.UNKNOWN, stage)


def test_without_a_connection_nothing_is_spent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

    found = asked(url)

    assert (found.cost, found.stage) == (NOTHING, Stage.NOT_CONNECTED)


@pytest.mark.parametrize(
    ("status", "source"),
    [(504, "unknown"), (522, "unknown"), (524, "unknown"), (500, "none"), (502, "none"), (503, "none"), (429, "none"),
     (408, "none"), (529, "none")],
)  # fmt: skip
def test_behind_a_gateway_that_gave_up_somebody_may_bill(status: int, source: str) -> None:
    found = attempt(raw(b"HTTP/1.1 %d No\r\nX-Generation-Id: gen-1\r\nContent-Length: 0\r\n\r\n" % status))

    assert (found.status, found.cost.source) == (status, source)
    assert (found.stage, found.generation_id) == (Stage.NO_CONTENT, "gen-1")


@pytest.mark.parametrize(
    ("model", "source", "nano"),
    [
        (None, "estimated", 600 * 1000 + 2500 * 10_000),
        (KIMI, "estimated", 600 * 1000 + 2500 * 10_000),
        (f"{KIMI}-20251106", "estimated", 600 * 1000 + 2500 * 10_000),
        (f"{KIMI}:nitro", "estimated", 600 * 1000 + 2500 * 10_000),
        ("moonshotai/kimi-k2.6", "estimated", 650 * 1000 + 3410 * 10_000),
        (f"{KIMI}:free", "unknown", None),
        ("anthropic/claude-sonnet-4.5", "unknown", None),
        ("a model of no name", "unknown", None),
        (5, "unknown", None),
    ],
)
def test_what_another_model_costs_is_not_guessed(model: object, source: str, nano: int | None) -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 10_000}
    body: dict[str, Any] = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "usage": usage}
    if model is not None:
        body["model"] = model

    found = attempt(lambda connection: send_answer(connection, json.dumps(body).encode()))

    assert found.outcome == "ok"
    assert found.cost.source == source
    assert (found.cost.usd if nano is None else (found.cost.usd or 0) * 10**9) == nano


BROKE = {"error": {"code": 502}, "choices": []}


@pytest.mark.parametrize(
    ("usage", "source"),
    [(None, "unknown"), ({}, "unknown"), ({"completion_tokens": 5}, "unknown"), ({"cost": 0}, "reported")],
)
def test_what_was_said_before_an_error_is_not_what_will_be_billed(usage: object, source: str) -> None:
    """Unless the error comes with a cost: then the larger one stands."""
    before = {"choices": [{"delta": {"content": "hi"}}], "usage": {"cost": 0.01, "completion_tokens": 5}}
    error = BROKE if usage is None else BROKE | {"usage": usage}

    found = attempt(events(*(f"data: {json.dumps(each)}\n\n".encode() for each in (before, error))))

    assert (found.cost.source, found.stage) == (source, Stage.CONTENT)
    assert found.cost.usd is None or found.cost.usd * 100 == 1
