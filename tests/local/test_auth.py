"""Who may call, through the running functions: each way to be refused costs nothing, and the host is not called."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.local.bundle import at, lines, lines_of, running_bundle, trusting
from tests.local.emulator import Emulator
from tests.support.issuer import (
    SUBJECT,
    Document,
    Fetches,
    document,
    huge,
    jwks,
    rsa_key,
    signed_with_the_public_key,
    token,
    trickle,
    unsigned,
)
from tests.support.standin import StandIn

ORDERS: dict[str, dict[str, Any]] = {
    "generate-artifact": {"prompt": "A list", "artifactType": "svg"},
    "generate-artifact-fix": {
        "content": "export default function App() { return <p>Hi</div>; }",
        "type": "react",
        "errorMessage": "Expected </p>",
    },
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Fetches]:
    with jwks() as fetches:
        yield fetches


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, issuer: Fetches, host: StandIn) -> Iterator[Emulator]:
    with running_bundle(tmp_path_factory.mktemp("jwt"), **trusting(issuer, host)) as running:
        yield running


@pytest.fixture(scope="module")
def with_guests(tmp_path_factory: pytest.TempPathFactory, issuer: Fetches, host: StandIn) -> Iterator[Emulator]:
    with running_bundle(tmp_path_factory.mktemp("guests"), **trusting(issuer, host, ALLOW_GUESTS="true")) as running:
        yield running


def ask(running: Emulator, bearer: str | None, route: str = "generate-artifact") -> httpx.Response:
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    return running.call(ORDERS[route], route, headers=headers)


def assert_refused(running: Emulator, answer: httpx.Response, status: int, code: str, host: StandIn) -> None:
    """Refused with this status, the host not called, nothing billed."""
    body = answer.json()
    assert (answer.status_code, body["code"], body["success"]) == (status, code, False)
    (cost,) = (line for line in lines_of(running, body["requestId"]) if line["message"] == "cost")
    assert (cost["outcome"], cost["status"], cost["caller"]) == (code, status, None)
    assert (cost["attempts"], cost["cost_usd"], cost["cost_source"]) == (0, 0, "none")
    assert host.ledger()["calls"] == []


def now() -> int:
    return int(time.time())


BAD: dict[str, Callable[[], str]] = {
    "bad-signature": lambda: token(rsa_key("stranger")),
    "wrong-issuer": lambda: token(iss="https://other.example/"),
    "wrong-audience": lambda: token(aud="another"),
    "expired": lambda: token(exp=now() - 120),
    "not-yet-valid": lambda: token(nbf=now() + 600),
    "no-expiry": lambda: token(exp=None),
    "no-subject": lambda: token(sub=None),
    "alg-none": unsigned,
    "hs256-with-the-public-key": signed_with_the_public_key,
    "unknown-kid": lambda: token(kid="unknown"),
    "anything": lambda: "anything",
}


@pytest.mark.parametrize("route", ORDERS)
def test_without_a_token(bundle: Emulator, host: StandIn, route: str) -> None:
    host.forget()
    answer = ask(bundle, None, route)

    assert_refused(bundle, answer, 401, "unauthorized", host)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_refused(bundle: Emulator, with_guests: Emulator, host: StandIn, name: str) -> None:
    """Also where guests are served: whoever shows a bad token is none."""
    host.forget()
    for running in (bundle, with_guests):
        answer = ask(running, BAD[name]())

        assert_refused(running, answer, 401, "unauthorized", host)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert not answer.json()["retryable"]


def test_who_is_not_known_is_not_read(bundle: Emulator, host: StandIn) -> None:
    """Neither path, nor method, nor body tell a stranger anything."""
    host.forget()
    for method, path in (
        ("GET", "/generate-artifact"),
        ("POST", "/generate-artifact/x"),
        ("POST", "/generate-artifact"),
    ):
        assert_refused(bundle, bundle.request(method, path, content=b"{"), 401, "unauthorized", host)


@pytest.mark.parametrize("route", ORDERS)
def test_a_good_token_is_served(bundle: Emulator, route: str) -> None:
    """The cost line knows its caller, the same each time, by a hash."""
    answers = [ask(bundle, token(sub=subject), route) for subject in ("ann", "ann", "bob")]

    assert [answer.status_code for answer in answers] == [200] * 3
    ann, again, bob = (lines_of(bundle, answer.json()["requestId"])[-1]["caller"] for answer in answers)
    assert ann == again != bob
    assert ann.startswith("jwt:")
    assert ann.removeprefix("jwt:").isalnum()


def test_no_token_is_a_guest_where_that_is_allowed(with_guests: Emulator) -> None:
    answer = ask(with_guests, None)

    assert answer.status_code == 200
    assert lines_of(with_guests, answer.json()["requestId"])[-1]["caller"].startswith("guest:")


BROKEN: dict[str, Document] = {
    "down": document(b"", "503 Service Unavailable"),
    "huge": huge,
    "trickles": trickle,
    "unreadable": document(b"<html>"),
    "moved": document(b"", "302 Found", "Location: /jwks.json\r\n"),
}


@pytest.mark.parametrize("name", [*BROKEN, "nobody-listens"])
def test_an_issuer_whose_keys_cannot_be_had(host: StandIn, tmp_path: Path, name: str) -> None:
    """An answer before the deadline, and one for the operator; the next request is not kept waiting."""
    host.forget()
    with jwks(BROKEN.get(name)) as fetches:
        if name == "nobody-listens":
            fetches.url = "http://127.0.0.1:9/jwks.json"
        with running_bundle(tmp_path, **trusting(fetches, host, FUNCTION_TIMEOUT_SECONDS="3")) as running:
            began = time.monotonic()
            first = ask(running, token())
            assert time.monotonic() - began < 3
            began = time.monotonic()
            second = ask(running, token())
            assert time.monotonic() - began < 1

            for answer in (first, second):
                assert_refused(running, answer, 503, "auth_unavailable", host)
                assert answer.json()["retryable"]
                assert 1 <= int(answer.headers["retry-after"]) <= 5
            problems = [line for line in lines(running) if line["message"] == "operator_must_act"]
            assert len(problems) == 2
            assert all("JWT_JWKS_URL" in line["problem"] for line in problems)


def test_nothing_that_is_written_tells_who_it_was(bundle: Emulator, with_guests: Emulator) -> None:
    """Neither a token, nor any part of one, nor a subject."""
    good, bad = token(), token(exp=1)
    answers = [ask(running, each) for running in (bundle, with_guests) for each in (good, bad)]

    assert [answer.status_code for answer in answers] == [200, 401] * 2
    written = "".join([running.stdout + running.stderr for running in (bundle, with_guests)])
    written += "".join(answer.text for answer in answers)
    parts = {part for each in (good, bad) for part in each.split(".")}
    assert "jwt:" in written
    assert not [part for part in [*parts, SUBJECT, SUBJECT.partition("@")[0], "Bearer ey"] if part in written]
    assert jwt.decode(good, options={"verify_signature": False})["sub"] == SUBJECT


def test_iam_is_one_local_signer(host: StandIn, tmp_path: Path) -> None:
    """On loopback nobody has to sign: the event says that somebody did."""
    with running_bundle(tmp_path, **at(host), AUTH_MODE="iam") as running:
        answers = [ask(running, None), ask(running, "anything")]

        callers = {lines_of(running, answer.json()["requestId"])[-1]["caller"] for answer in answers}
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(callers) == 1
    assert callers.pop().startswith("iam:")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"AUTH_MODE": "none", "ALLOW_UNAUTHENTICATED": "false"}, ["ALLOW_UNAUTHENTICATED"]),
        ({"AUTH_MODE": "jwt"}, ["JWT_ISSUER", "JWT_AUDIENCE"]),
        ({"AUTH_MODE": "perhaps"}, ["AUTH_MODE"]),
    ],
)
def test_settings_that_let_in_whom_they_should_not(
    host: StandIn, tmp_path: Path, settings: dict[str, str], named: list[str]
) -> None:
    host.forget()
    with running_bundle(tmp_path, **at(host), **settings) as running:
        assert_refused(running, ask(running, None), 503, "service_misconfigured", host)

        problem = next(line for line in lines(running) if line["message"] == "operator_must_act")["problem"]
    assert all(name in problem for name in named)


def test_at_home_everybody_is_a_guest(host: StandIn, tmp_path: Path) -> None:
    """Also with a variable that is there and empty."""
    with running_bundle(tmp_path, **at(host), AUTH_MODE="") as running:
        answer = ask(running, None)

        assert lines_of(running, answer.json()["requestId"])[-1]["caller"].startswith("guest:")
