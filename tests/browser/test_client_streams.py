"""The client in a real browser, against servers that split, cut and hold back what they send."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

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


def test_a_silent_stream_is_lost_and_asked_for_again(browser: Browser) -> None:
    """Comments keep it alive; a sleeping laptop or another network leaves a connection on which nothing comes."""
    seen: list[float] = []

    def respond(connection: socket.socket, _path: str, number: int) -> None:
        if number == 1:
            whole(connection)
            return
        stream(connection, b'event: delta\ndata: {"code": "x"}\n\n')
        for _ in range(4):
            time.sleep(0.2)
            send_chunk(connection, b": working\n\n")
        began = time.monotonic()
        connection.recv(1)  # until the client gives it up
        seen.append(time.monotonic() - began)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url, "silenceSeconds": 0.5}, LIST)

    assert asked.answer == ANSWER
    assert asked.names == ["onDelta", "onRetry", "onReset", "onStatus", "onDelta"]
    assert asked.all("onRetry")[0]["code"] == "unreachable"
    assert 0.4 < seen[0] < 1.5


@pytest.mark.parametrize(
    ("head", "options", "requests"),
    [(GUARDED, {}, 3), (HEAD, {}, 1), (HEAD, {"guard": True}, 3), (GUARDED, {"guard": False}, 1)],
    ids=["the-headers-say-so", "they-do-not", "the-page-says-so", "the-page-says-not"],
)
def test_a_cut_stream_is_asked_for_again_where_keys_are_heeded(
    browser: Browser, head: bytes, options: dict[str, bool], requests: int
) -> None:
    """With the same key and body each time, at most as often as retries are allowed."""
    seen: list[str] = []

    def respond(connection: socket.socket, path: str, _number: int) -> None:
        seen.append(path)
        stream(connection, b": working\n\n", head=head)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url, **options}, LIST)

    assert error_of(asked)["code"] == "unreachable"
    assert error_of(asked)["mayBillAgain"] is (requests == 1)
    assert len(seen) == requests
    waits = [retry["waitSeconds"] for retry in asked.all("onRetry")]
    assert [0.5 * 2**number <= wait <= 2**number for number, wait in enumerate(waits)] == [True] * (requests - 1)
    assert [retry["attempt"] for retry in asked.all("onRetry")] == [2, 3][: requests - 1]


@pytest.mark.parametrize(("options", "tries"), [({}, 1), ({"guard": True}, 3)], ids=["unknown", "the-page-says-so"])
def test_no_answer_at_all(browser: Browser, options: dict[str, bool], tries: int) -> None:
    """Nobody knows whether work began."""
    seen: list[str] = []

    def respond(_connection: socket.socket, path: str, _number: int) -> None:
        seen.append(path)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url, **options}, LIST)

    assert error_of(asked)["code"] == "unreachable"
    assert "status" not in error_of(asked)
    assert error_of(asked)["retryable"]
    assert len(asked.all("onRetry")) == tries - 1


def test_a_request_in_progress_is_waited_for_beyond_the_retries(browser: Browser) -> None:
    def respond(connection: socket.socket, _path: str, number: int) -> None:
        if number in {0, 2}:
            failure(connection, "request_in_progress", 409, retryAfterSeconds=number)
        elif number == 1:
            failure(connection, "upstream_error", 502, retryAfterSeconds=0)
        else:
            whole(connection)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url, "retries": 1}, LIST)

    assert asked.answer == ANSWER
    assert [retry["waitSeconds"] for retry in asked.all("onRetry")] == [1, 0, 2], "never in progress without a pause"


def test_a_request_is_not_in_progress_for_ever(browser: Browser) -> None:
    """No function runs for longer than a quarter of an hour."""

    def respond(connection: socket.socket, _path: str, _number: int) -> None:
        failure(connection, "request_in_progress", 409, retryAfterSeconds=500)

    with scripted(browser, respond) as (page, url):
        page.page.evaluate("{ const real = setTimeout; window.setTimeout = (work) => real(work, 0); }; 0")
        asked = page.ask("generate", {"generateUrl": url, "maxWaitSeconds": 1000}, LIST)

    assert error_of(asked)["code"] == "request_in_progress"
    assert [retry["waitSeconds"] for retry in asked.all("onRetry")] == [500, 500]


@pytest.mark.parametrize(
    ("more", "requests"),
    [
        ({"retryAfterSeconds": 1}, 2),
        ({"retryAfterSeconds": 61}, 1),
        ({"retryable": False}, 1),
    ],
    ids=["soon", "too-late", "never"],
)
def test_a_failure_is_retried_when_the_service_says(browser: Browser, more: dict[str, Any], requests: int) -> None:
    seen: list[float] = []

    def respond(connection: socket.socket, _path: str, number: int) -> None:
        seen.append(time.monotonic())
        if number:
            whole(connection)
        else:
            failure(connection, "upstream_overloaded", **more)

    with scripted(browser, respond) as (page, url):
        asked = page.ask("generate", {"generateUrl": url}, LIST)

    assert len(seen) == requests
    if requests == 2:
        assert asked.answer == ANSWER
        assert seen[1] - seen[0] >= 1
    else:
        assert error_of(asked)["code"] == "upstream_overloaded"


def test_each_try_has_the_same_key_and_body_and_a_token_of_its_own(browser: Browser) -> None:
    heads: list[tuple[str, str, str]] = []

    def answer(connection: socket.socket, _number: int) -> None:
        message = read_message(connection).decode()
        if message.startswith("GET"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>")
            return
        found = [
            re.search(rf"(?i)^{name}: (.*)\r$", message, re.MULTILINE) for name in ("idempotency-key", "authorization")
        ]
        key, authorization = (each[1] if each else "" for each in found)
        heads.append((key, authorization, message.partition("\r\n\r\n")[2]))
        failure(connection, "upstream_error", 502, retryAfterSeconds=0)

    with serving(answer) as url, client_page(browser, url) as page:
        page.run(
            f"""let number = 0;
            const options = {{ generateUrl: {json.dumps(url)}, token: async () => `token-${{++number}}` }};
            return ask("generate", options, {{ prompt: "A list" }});"""
        )
        page.ask("generate", {"generateUrl": url, "retries": 0, "token": "fixed"}, LIST)
        page.ask("generate", {"generateUrl": url, "retries": 0}, LIST, "{ idempotencyKey: 'mine' }")

    assert [authorization for _, authorization, _ in heads] == [
        "Bearer token-1",
        "Bearer token-2",
        "Bearer token-3",
        "Bearer fixed",
        "",
    ]
    keys = [key for key, *_ in heads]
    assert len(set(keys[:3])) == 1
    assert re.fullmatch(r"[0-9a-f]{32}", keys[0])
    assert len({keys[0], keys[3], keys[4]}) == 3
    assert keys[4] == "mine"
    assert [body for *_, body in heads] == ['{"prompt":"A list"}'] * 5


@pytest.mark.parametrize(
    ("status", "body", "content_type", "retryable", "bills_again"),
    [
        (200, "<p>Sign in to the network</p>", "text/html", False, False),
        (200, '{"success": "perhaps"}', "application/json", False, False),
        (200, "null", "application/json", False, False),
        (403, '{"Message": "Forbidden"}', "application/json", False, False),
        (429, '{"Message": "Rate exceeded"}', "application/json", True, False),
        (502, "Internal Server Error", "text/plain", True, True),
        (200, "event: artifact\ndata: {\n\n", "text/event-stream", False, False),
    ],
    ids=["portal", "other-json", "null", "signature", "throttled", "killed", "broken-event"],
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


SOON = "setTimeout(() => controller.abort('enough'), 100)"
ABORTS: dict[str, tuple[str, list[str], int]] = {
    "before": ("call.signal = AbortSignal.abort('enough');", [], 0),
    "token": (f"options.token = () => new Promise(() => {{}}); {SOON};", [], 0),
    "fetch": (f"options.fetch = () => new Promise(() => {{}}); {SOON};", [], 0),
    "headers": (f"options.generateUrl += 'never'; {SOON};", ["/never"], 0),
    "stream": ("options.generateUrl += 'stream'; call.onStatus = () => controller.abort('enough');", ["/stream"], 1),
    "silence": (f"options.generateUrl += 'stream'; call.onStatus = () => {SOON};", ["/stream"], 3),
    "retry": ("options.generateUrl += 'later'; call.onRetry = () => controller.abort('enough');", ["/later"], 1),
    "wait": (f"options.generateUrl += 'later'; call.onRetry = () => {SOON};", ["/later"], 1),
}
"""When the signal fires, which paths were asked for by then, and how often the page was told something."""


@pytest.mark.parametrize(("setting", "paths", "count"), ABORTS.values(), ids=ABORTS)
def test_an_abort_ends_whatever_is_waited_for(browser: Browser, setting: str, paths: list[str], count: int) -> None:
    """At once, with nothing told afterwards and nothing sent again; the server's connection is closed."""
    asked_for: list[str] = []
    closed: list[bool] = []

    def respond(connection: socket.socket, path: str, _number: int) -> None:
        asked_for.append(path)
        if path == "/later":
            failure(connection, "upstream_error", 502, retryAfterSeconds=50)
            return
        if path == "/stream":
            stream(connection, STREAM[:-30])
        closed.append(connection.recv(1) == b"")

    script = f"const options = {{ generateUrl: location.href }}, call = {{}}; {setting}"
    with scripted(browser, respond) as (page, _):
        asked = page.run(f'{script} return ask("generate", options, {{ prompt: "A list" }}, call);')
        told = len(asked.told)
        page.page.evaluate("new Promise((done) => setTimeout(done, 200))")
        later = page.page.evaluate("told.length")

    error = error_of(asked)
    assert (error["code"], error["cause"], error["retryable"]) == ("aborted", "enough", False)
    assert error["idempotencyKey"]
    assert asked.took < 1_000
    assert later == told == count
    assert asked_for == paths
    assert all(closed)


def test_a_callback_that_throws_stops_nothing_and_is_heard_of(browser: Browser) -> None:
    def respond(connection: socket.socket, _path: str, number: int) -> None:
        if number:
            whole(connection)
        else:
            failure(connection, "upstream_error", 502, retryAfterSeconds=0)

    with scripted(browser, respond) as (page, url):
        asked = page.run(
            f"""const heard = []; window.heard = heard;
            window.addEventListener("error", (event) => {{ heard.push(event.error.message); event.preventDefault(); }});
            const fail = (name) => () => {{ throw new Error(name); }};
            const call = {{ onStatus: fail("status"), onDelta: fail("delta"), onRetry: fail("retry") }};
            return ask("generate", {{ generateUrl: {json.dumps(url)} }}, {{ prompt: "A list" }}, call);"""
        )
        heard = page.page.evaluate("heard")

    assert asked.answer == ANSWER
    assert heard == ["retry", "status", "delta", "delta"]


def test_a_token_that_cannot_be_had_is_a_failure_to_sign_in(browser: Browser) -> None:
    with scripted(browser, lambda connection, _path, _number: connection.close()) as (page, url):
        asked = page.run(
            f"""const token = () => {{ throw new Error("gone"); }};
            return ask("generate", {{ generateUrl: {json.dumps(url)}, token }}, {{ prompt: "A list" }});"""
        )

    assert (error_of(asked)["code"], error_of(asked)["cause"]) == ("unauthorized", "Error: gone")
    assert "status" not in error_of(asked)
