"""Every error code of docs/openapi.json, as the client gives it to a page."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.docgen.client_types import error_codes
from tests.browser.client_page import Asked, ClientPage, client_page
from tests.local.bundle import running_bundle, trusting
from tests.local.emulator import Emulator
from tests.support.chromium import Browser
from tests.support.documented import DOCUMENT, responses_of
from tests.support.issuer import jwks, token
from tests.support.sockets import read_message, serving
from tests.support.standin import StandIn

LIST = {"prompt": "A list", "artifactType": "react"}
BROKEN = {
    "content": "export default function App() {\n  return <p>Hi</b>;\n}\n",
    "type": "react",
    "errorMessage": "End",
}
GUARDED = {
    "ENABLE_GUARD": "true",
    "ALLOW_GUESTS": "true",
    "GUEST_LIMIT": "1000",
    "GLOBAL_LIMIT_PER_MINUTE": "1000",
    "CALLER_DAILY_BUDGET_USD": "1000",
    "DAILY_BUDGET_USD": "1000",
    "LOCAL_CONCURRENCY": "4",
}


@dataclass(frozen=True)
class Case:
    """How a failure comes about.

    Attributes:
        request: what is asked for.
        options: more options of the client, as JavaScript.
        before: JavaScript that runs first, with `ask`, `options` and `request`.
        call: options of the call, as JavaScript.
        event: whether it comes as the last event of a stream.
    """

    request: dict[str, Any]
    options: str = "{}"
    before: str = ""
    call: str = "{}"
    event: bool = False


def fault(name: str, **more: Any) -> Case:
    return Case({**LIST, "prompt": f"A list [[fault {name}]]"}, event=True, **more)


def sending(change: str, request: dict[str, Any] = LIST) -> Case:
    """The client's request, changed on its way."""
    return Case(request, f"{{ fetch: (url, init) => fetch(url, {{ ...init, {change} }}) }}")


SAME = "{ idempotencyKey: 'CODE' }"
OPEN = {
    "invalid_json": sending("body: '{'"),
    "invalid_request": Case({"prompt": ""}),
    "unauthorized": Case(LIST, "{ token: () => Promise.resolve('anything') }"),
    "not_found": Case(LIST, "{ generateUrl: options.generateUrl + '/else' }"),
    "method_not_allowed": sending("method: 'PUT'"),
    "request_in_progress": Case(
        {**LIST, "prompt": "A list [[fault silence]]"},
        "{ maxWaitSeconds: 0 }",
        f"await new Promise((onStatus) => {{ ask(method, options, request, {{ ...{SAME}, onStatus }}); }});",
        SAME,
    ),
    "payload_too_large": Case({"prompt": "x" * 1024 * 1024}),
    "unsupported_media_type": sending("headers: { 'Content-Type': 'text/plain' }"),
    "idempotency_mismatch": Case(LIST, "{}", f"await ask(method, options, {{ prompt: 'Another' }}, {SAME});", SAME),
    "refused": fault("refusal"),
    "rate_limited": Case(
        LIST, "{ maxWaitSeconds: 0 }", f"for (const _ of [1, 2]) await ask(method, options, request, {SAME});", SAME
    ),
    "headers_too_large": sending("headers: { ...init.headers, 'X-Long': 'x'.repeat(17000) }"),
    "upstream_rate_limited": fault("rate-limit retry_after=3600"),
    "upstream_error": fault("cut"),
    "artifact_missing": fault("prose"),
    "artifact_invalid": fault("invalid"),
    "artifact_truncated": fault("truncated"),
    "fix_unusable": Case({**BROKEN, "errorMessage": "[[fault elided]]"}, event=True),
    "service_misconfigured": fault("credit"),
    "upstream_overloaded": fault("status code=503"),
    "deadline_exceeded": fault("keepalive"),
}
"""Of a guarded bundle that takes tokens and guests."""
POOR = {
    "budget_exhausted": Case(LIST, event=True),
    "auth_unavailable": Case(LIST, f"{{ token: {json.dumps(token())} }}"),
}
"""Of one that may spend nothing, and whose issuer does not answer."""
SCRIPTED = {"internal_error": Case(LIST), "store_unavailable": Case(LIST)}
"""Of a server that says so, as no bundle can be made to."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, host: StandIn) -> Iterator[Emulator]:
    patience = {"MAX_CALLS": "1", "FIRST_TOKEN_SECONDS": "60", "REPLAY_LIMIT": "1", "FUNCTION_TIMEOUT_SECONDS": "5"}
    with (
        jwks() as issuer,
        running_bundle(tmp_path_factory.mktemp("open"), **trusting(issuer, host, **GUARDED, **patience)) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory, host: StandIn) -> Iterator[Emulator]:
    settings = {**GUARDED, "DAILY_BUDGET_USD": "0.000001"}
    with jwks() as issuer:
        trusted = trusting(issuer, host, **settings)
    with running_bundle(tmp_path_factory.mktemp("poor"), **trusted) as running:
        yield running


@pytest.fixture
def page(browser: Browser, bundle: Emulator) -> Iterator[ClientPage]:
    with client_page(browser, f"{bundle.url}/config") as opened:
        yield opened


def fail(page: ClientPage, url: str, code: str, case: Case) -> dict[str, Any]:
    """The error that the page gets, checked against the document."""
    asked = ask(page, url, code, case)
    error = asked.error
    assert error, asked
    assert (error["type"], error["code"]) == ("ArtifactError", code)
    assert error["status"] == (200 if case.event else status_of(code))
    assert error["message"].endswith((".", "`."))
    assert error["requestId"]
    assert len(error["idempotencyKey"]) > 0
    assert not error["mayBillAgain"]
    assert asked.all("onRetry") == []
    return error


def ask(page: ClientPage, url: str, code: str, case: Case) -> Asked:
    method = "fix" if "content" in case.request else "generate"
    urls = {"generateUrl": f"{url}/generate-artifact", "fixUrl": f"{url}/generate-artifact-fix", "retries": 0}
    script = f"""
        const method = {json.dumps(method)};
        let options = {json.dumps(urls)};
        options = {{ ...options, ...{case.options} }};
        const request = {json.dumps(case.request)};
        {case.before}
        return ask(method, options, request, {case.call});
    """
    return page.run(script.replace("'CODE'", json.dumps(code)))


def status_of(code: str) -> int:
    """The documented status."""
    responses = responses_of("generate-artifact-fix")
    (status,) = [status for status, each in responses.items() if f'"{code}"' in json.dumps(each)]
    return int(status)


def test_every_code_is_shown() -> None:
    """A new code needs its case here."""
    assert sorted([*OPEN, *POOR, *SCRIPTED]) == error_codes(DOCUMENT)


@pytest.mark.parametrize("code", OPEN)
def test_a_failure(page: ClientPage, bundle: Emulator, code: str) -> None:
    error = fail(page, bundle.url, code, OPEN[code])

    if code in {"request_in_progress", "rate_limited", "upstream_rate_limited"}:
        assert error["retryable"]
        assert error["retryAfterSeconds"] > 0
    if code == "invalid_request":
        assert error["field"] == "prompt"
    if OPEN[code].event:
        assert (error["attempts"], error["usage"]["outputTokens"] >= 0) == (1, True)
    assert ("draft" in error) == (code == "artifact_invalid")


@pytest.mark.parametrize("code", POOR)
def test_a_failure_of_a_service_that_lacks_something(browser: Browser, poor: Emulator, code: str) -> None:
    with client_page(browser, f"{poor.url}/config") as page:
        fail(page, poor.url, code, POOR[code])


@pytest.mark.parametrize("code", SCRIPTED)
def test_a_failure_that_cannot_be_provoked(browser: Browser, code: str) -> None:
    body = {"success": False, "error": "It failed.", "code": code, "retryable": False, "requestId": "r-1"}
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status_of(code)} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"

    def answer(connection: socket.socket, _number: int) -> None:
        while read_message(connection):
            connection.sendall(head.encode() + content)

    with serving(answer) as url, client_page(browser, url) as page:
        error = fail(page, url, code, SCRIPTED[code])

    assert error["message"] == "It failed."


@pytest.mark.parametrize("token", ["a\nb", "t\u00f6k\u20acn"])
def test_a_token_that_cannot_be_sent_is_not_a_lost_connection(page: ClientPage, bundle: Emulator, token: str) -> None:
    error = page.ask("generate", {"generateUrl": bundle.url, "token": token}, {"prompt": "A list"}).error

    assert error
    assert (error["code"], error["retryable"]) == ("unauthorized", False)
    assert "token" in error["message"]
