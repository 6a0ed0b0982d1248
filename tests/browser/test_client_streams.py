"""How the client reads what comes, in a real browser: split, cut, or not of this service at all."""

import json
import socket

import pytest

from tests.browser.scripted import (
    ANSWER,
    LAST,
    LIST,
    STREAM,
    error_of,
    plain,
    scripted,
    stream,
)
from tests.support.chromium import Browser


def test_a_stream_may_be_split_anywhere(browser: Browser) -> None:
    """In a line end, in a character, in each byte: what is told is the same."""
    script = f"""
        const bytes = new Uint8Array({json.dumps(list(STREAM))});
        const parts = (at) => at < 0 ? [...bytes].map((byte) => [byte]) : [bytes.slice(0, at), bytes.slice(at)];
        const answering = (at) => async () => new Response(new ReadableStream({{
          start(controller) {{
            for (const part of parts(at)) controller.enqueue(new Uint8Array(part));
            controller.close();
          }},
        }}), {{ headers: {{ "Content-Type": "text/event-stream; charset=utf-8" }} }});
        const all = [];
        for (let at = -1; at <= bytes.length; at++) {{
          const asked = await ask("generate", {{ generateUrl: "/", fetch: answering(at) }}, {{ prompt: "A list" }});
          all.push(JSON.stringify([asked.told.map(([name, given]) => [name, given]), asked.answer, asked.error]));
        }}
        return {{ answer: {{ all }}, error: null, told: [], took: 0 }};
    """
    with scripted(browser, lambda connection, _path, _number: connection.close()) as (page, _):
        came = page.run(script).answer

    assert came
    told = [["onStatus", {"phase": "writing"}], ["onDelta", {"code": "ä\u2028𝄞"}], ["onDelta", {"code": "\n"}]]
    assert len(came["all"]) == len(STREAM) + 2
    assert [json.loads(each) for each in came["all"]] == [[told, ANSWER, None]] * len(came["all"])


def test_plan_and_review_are_told_when_they_come_and_events_of_a_newer_service_are_harmless(browser: Browser) -> None:
    """Between the pieces, and no piece is withdrawn by them."""
    plan = {"shows": ["A list"], "states": [], "interactions": [], "edgeCases": ["It is empty"]}
    finding = {"what": "It cannot be empty.", "where": "List", "severity": "major"}
    review = {"verdict": "changes_requested", "findings": [finding]}
    events = [
        ("status", {"phase": "planning"}),
        ("plan", plan),
        ("delta", {"code": "a\n"}),
        ("prize", {"code": "b\n"}),
        ("review", review),
        ("status", {"phase": "celebrating"}),
        ("artifact", ANSWER),
    ]
    written = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)

    def respond(connection: socket.socket, _path: str, _number: int) -> None:
        stream(connection, written.encode())
        connection.recv(1)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url}, LIST)

    assert asked.answer == ANSWER
    assert [(name, given) for name, given, _ in asked.told] == [
        ("onStatus", {"phase": "planning"}),
        ("onPlan", plan),
        ("onDelta", {"code": "a\n"}),
        ("onReview", review),
        ("onStatus", {"phase": "celebrating"}),
    ]


def test_events_that_are_no_objects_are_told_to_nobody(browser: Browser) -> None:
    """Every callback may take its event apart."""
    odd = "".join(
        f"event: {name}\ndata: {data}\n\n"
        for name in ("status", "delta", "plan", "review")
        for data in ("null", "5", '"a"', "{")
    )
    last = f"event: artifact\ndata: {json.dumps(ANSWER)}\n\n"

    def respond(connection: socket.socket, _path: str, _number: int) -> None:
        stream(connection, (odd + last).encode())
        connection.recv(1)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url}, LIST)

    assert (asked.answer, asked.told) == (ANSWER, [])


@pytest.mark.parametrize("ended", [False, True], ids=["cut", "ended"])
def test_a_stream_may_be_cut_anywhere(browser: Browser, *, ended: bool) -> None:
    """By a real server, at every byte: it is lost, until its last event is whole; then nothing else is needed."""

    def respond(connection: socket.socket, path: str, _number: int) -> None:
        at = int(path.removeprefix("/"))
        stream(connection, *([STREAM[:at]] if at else []))
        if ended:
            connection.sendall(b"0\r\n\r\n")
        if at >= LAST:
            connection.recv(1)  # a browser drops what it has not given yet when a connection breaks

    script = f"""
        const all = [];
        const told = [];
        for (let at = 0; at <= {len(STREAM)}; at++) {{
          const asked = await ask("generate", {{ generateUrl: `/${{at}}`, retries: 0 }}, {{ prompt: "A list" }});
          all.push(asked.error?.code ?? asked.answer.artifact.code);
          told.push(asked.told.length);
        }}
        return {{ answer: {{ all, told }}, error: null, told: [], took: 0 }};
    """
    with scripted(browser, respond) as (page, _):
        came = page.run(script).answer

    assert came
    assert came["all"] == ["unreachable"] * LAST + [ANSWER["artifact"]["code"]] * 2  # type: ignore[index]
    assert not ended or came["told"] == sorted(came["told"])
    assert (came["told"][0], came["told"][-1]) == (0, 3)


def test_a_real_server_may_send_byte_by_byte(browser: Browser) -> None:
    def respond(connection: socket.socket, _path: str, _number: int) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream(connection, *(bytes([byte]) for byte in STREAM))
        connection.recv(1)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url}, LIST)

    assert asked.answer == ANSWER
    assert asked.code == ANSWER["artifact"]["code"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("status", "body", "content_type", "retryable", "bills_again"),
    [
        (200, "<p>Sign in to the network</p>", "text/html", False, False),
        (200, '{"success": "perhaps"}', "application/json", False, False),
        (200, '{"success": true, "data": {}}', "application/json", False, False),
        (500, '{"success": false, "code": "E1", "error": {"text": "It."}}', "application/json", True, True),
        (200, "null", "application/json", False, False),
        (403, '{"Message": "Forbidden"}', "application/json", False, False),
        (429, '{"Message": "Rate exceeded"}', "application/json", True, False),
        (502, "Internal Server Error", "text/plain", True, True),
        (200, "event: artifact\ndata: {\n\n", "text/event-stream", False, False),
    ],
    ids=[
        "portal",
        "other-json",
        "other-success",
        "other-failure",
        "null",
        "signature",
        "throttled",
        "killed",
        "broken-event",
    ],
)
def test_an_answer_that_is_not_ours(
    browser: Browser, status: int, body: str, content_type: str, *, retryable: bool, bills_again: bool
) -> None:
    def respond(connection: socket.socket, _path: str, _number: int) -> None:
        plain(connection, body, status, content_type)

    with scripted(browser, respond) as (page, url):
        error = error_of(page.ask("generate", {"generateUrl": url, "retries": 0}, LIST))

    assert (error["code"], error["status"], f"HTTP {status}" in error["message"]) == ("unreadable", status, True)
    assert (error["retryable"], error["mayBillAgain"]) == (retryable, bills_again)
