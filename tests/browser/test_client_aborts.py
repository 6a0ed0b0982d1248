"""How a page stops the client, and cannot stop it by mistake, in a real browser."""

import json
import socket

import pytest

from tests.browser.scripted import (
    ANSWER,
    STREAM,
    error_of,
    failure,
    scripted,
    stream,
    whole,
)
from tests.support.chromium import Browser

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
