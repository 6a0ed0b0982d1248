"""What the client sends again, and when, in a real browser."""

import json
import re
import socket
import time
from typing import Any

import pytest

from tests.browser.client_page import client_page
from tests.browser.scripted import (
    ANSWER,
    GUARDED,
    LIST,
    error_of,
    failure,
    scripted,
    stream,
    whole,
)
from tests.support.chromium import Browser
from tests.support.sockets import HEAD, read_message, send_chunk, serving


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


def test_a_token_that_cannot_be_had_is_a_failure_to_sign_in(browser: Browser) -> None:
    with scripted(browser, lambda connection, _path, _number: connection.close()) as (page, url):
        asked = page.run(
            f"""const token = () => {{ throw new Error("gone"); }};
            return ask("generate", {{ generateUrl: {json.dumps(url)}, token }}, {{ prompt: "A list" }});"""
        )

    assert (error_of(asked)["code"], error_of(asked)["cause"]) == ("unauthorized", "Error: gone")
    assert "status" not in error_of(asked)
