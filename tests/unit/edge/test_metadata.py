"""What a request is part of is on its cost line, however the request ends."""

import json

import pytest

from shared.errors import DeadlineExceeded, Failure
from shared.guard.errors import Allowance, RateLimited
from shared.model_host.errors import Overloaded
from tests.support.service import ASYNC, EVENTS, KEY, Asked, Guard, Service, fail, succeed

REFUSED = RateLimited(Allowance(limit=5, remaining=0, reset=99), 7)


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


def body(feature: str = "checkout") -> str:
    return json.dumps({"prompt": "hi", "metadata": {"feature": feature, "component": "cart"}})


def named(asked: Asked) -> tuple[object, object]:
    return asked.cost["feature"], asked.cost["component"]


@pytest.mark.parametrize("headers", [{}, EVENTS, ASYNC | KEY], ids=["plain", "events", "async"])
@pytest.mark.parametrize("error", [None, Overloaded(), DeadlineExceeded(), RuntimeError("a bug")], ids=repr)
def test_of_a_request_that_was_worked_on(headers: dict[str, str], error: Exception | None) -> None:
    asked = Service(fail(error) if error else succeed, Guard()).ask(headers, body=body())

    outcome = "ok" if error is None else error.code if isinstance(error, Failure) else "internal_error"
    assert asked.cost["outcome"] == outcome
    assert named(asked) == ("checkout", "cart")


def test_of_a_request_that_is_refused_before_the_work() -> None:
    """By a limit, where its key is that of another one, and where something else of it is wrong."""
    limited = Service(succeed, Guard(refusal=REFUSED)).ask(body=body())
    service = Service(succeed, Guard())
    service.ask(KEY)
    mismatch = service.ask(KEY, body=body().replace("hi", "another"))

    invalid = service.ask(body=body().replace("hi", ""))

    refused = [limited, mismatch, invalid]
    assert [each.cost["outcome"] for each in refused] == ["rate_limited", "idempotency_mismatch", "invalid_request"]
    assert {named(each) for each in refused} == {("checkout", "cart")}


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["plain", "events"])
def test_of_a_replay_it_is_what_the_replayed_request_says(headers: dict[str, str]) -> None:
    """It is the same request although it is part of something else, and is answered with what was stored."""
    service = Service(succeed, Guard())
    first, again = service.ask(KEY, body=body("checkout")), service.ask(KEY, headers, body=body("search"))

    assert (first.cost["replayed"], again.cost["replayed"]) == (False, True)
    assert (named(first), named(again)) == (("checkout", "cart"), ("search", "cart"))


def test_of_a_request_that_says_nothing_it_is_null() -> None:
    """And of one that says something wrong, which is refused."""
    plain, wrong = Service(succeed).ask(), Service(succeed).ask(body=body("two words"))

    assert (plain.status, wrong.status) == (200, 400)
    assert (wrong.json["code"], wrong.json["field"]) == ("invalid_request", "metadata.feature")
    assert named(plain) == named(wrong) == (None, None)
    assert "two words" not in json.dumps(wrong.lines)
