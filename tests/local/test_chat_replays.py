"""Idempotency-Key on chat completions: one call and one bill, however often and in whatever form it is asked for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.local.bundle import at, lines, lines_of, running_bundle
from tests.local.chat_answers import KIMI, ChatAnswer, chat, says
from tests.local.emulator import Emulator, wait_for
from tests.local.streams import CALLED, at_once, silent
from tests.local.test_guard import PLENTY, charged
from tests.support.standin import StandIn

WHOLE: dict[str, Any] = {}
STREAMED = {"stream": True, "stream_options": {"include_usage": True}}


@pytest.fixture(scope="module", params=["stream", "buffered"])
def mode(request: pytest.FixtureRequest) -> str:
    """How answers arrive: as they come, or all at once."""
    return str(request.param)


@pytest.fixture(scope="module")
def guarded(mode: str, host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    settings = PLENTY | at(host) | {"RESPONSE_MODE": mode, "LOCAL_CONCURRENCY": "4"}
    with running_bundle(tmp_path_factory.mktemp(mode), **settings) as running:
        yield running


def ask(running: Emulator, key: str, body: dict[str, Any], path: str = "/v1/chat/completions") -> ChatAnswer:
    return chat(running, body, path, headers={"Idempotency-Key": key})


def error_of(answer: ChatAnswer) -> dict[str, Any]:
    """The error of an answer in the shape of the OpenAI API."""
    body = answer.response.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"message", "type", "param", "code"}
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.parametrize("second", [WHOLE, STREAMED], ids=["whole", "streamed"])
@pytest.mark.parametrize("first", [WHOLE, STREAMED], ids=["whole", "streamed"])
def test_the_same_request_twice(
    host: StandIn, guarded: Emulator, first: dict[str, Any], second: dict[str, Any]
) -> None:
    """Refused while the first one is at work, and its answer afterwards, in the form that is asked for."""
    host.forget()
    key = f"{'stream' in first} {'stream' in second}"
    body = says(f"A list, {key}")
    with ThreadPoolExecutor(1) as threads:
        with silent(host):
            before = len(lines(guarded))
            original = threads.submit(ask, guarded, key, body | first)
            wait_for(lambda: any(line["message"] == CALLED for line in lines(guarded)[before:]))
            refused = ask(guarded, key, body | second)
        made = original.result()
    again = ask(guarded, key, body | second)

    error = error_of(refused)
    assert (refused.response.status_code, error["code"]) == (409, "request_in_progress")
    assert (error["type"], error["param"]) == ("invalid_request_error", None)
    assert int(refused.response.headers["retry-after"]) > 0
    assert "x-should-retry" not in refused.response.headers, "an SDK may ask again for what is paid for"
    assert "idempotent-replayed" not in made.response.headers
    assert again.response.headers["idempotent-replayed"] == "true"
    assert (made.is_stream, again.is_stream) == ("stream" in first, "stream" in second)
    assert (again.text, again.usage) == (made.text, made.usage)
    for answer in (made, again):
        ids = {chunk["id"] for chunk in answer.chunks} if answer.is_stream else {answer.body["id"]}
        assert ids == {f"chatcmpl-{answer.request_id}"}
    assert again.request_id != made.request_id
    cost = {answer.request_id: lines_of(guarded, answer.request_id)[-1] for answer in (made, refused, again)}
    assert [line["attempts"] for line in cost.values()] == [1, 0, 0]
    assert [line["replayed"] for line in cost.values()] == [False, False, True]
    assert len(host.ledger()["calls"]) == 1
    assert sum(line["cost_nano_usd"] for line in cost.values()) == charged(host) > 0


def test_many_at_once_are_one_call(host: StandIn, guarded: Emulator) -> None:
    """Half of them ask for a stream; each gets the answer or is told that it is in the making."""
    host.forget()
    body = says("A list for many")
    answers = at_once([partial(ask, guarded, "many", body | form) for form in (WHOLE, STREAMED) for _ in range(10)])

    assert {answer.response.status_code for answer in answers} <= {200, 409}
    assert {error_of(answer)["code"] for answer in answers if not answer.succeeded} <= {"request_in_progress"}
    assert len({answer.text for answer in answers if answer.succeeded}) == 1
    assert sum("idempotent-replayed" not in answer.response.headers for answer in answers if answer.succeeded) == 1
    assert len(host.ledger()["calls"]) == 1


def test_a_key_belongs_to_one_request(host: StandIn, guarded: Emulator) -> None:
    """What changes nothing of the answer may differ; anything else is another request, on any path."""
    assert ask(guarded, "one", says("A list")).succeeded
    host.forget()

    same: list[dict[str, Any]] = [
        {"metadata": {"feature": "search"}},
        {"stream": True},
        {"user": "somebody"},
        {"temperature": None},
    ]
    other: list[dict[str, Any]] = [
        {"temperature": 0.5},
        {"max_tokens": 100},
        {"seed": 1},
        {"response_format": {"type": "json_object"}},
    ]
    replayed = [ask(guarded, "one", says("A list", **fields)) for fields in same]
    refused = [ask(guarded, "one", says("A list", **fields)) for fields in other]
    refused += [ask(guarded, "one", says("Another list", **form)) for form in (WHOLE, STREAMED)]
    elsewhere = ask(guarded, "one", {"prompt": "A list"}, KIMI)

    assert {answer.response.headers["idempotent-replayed"] for answer in replayed} == {"true"}
    for answer in refused:
        error = error_of(answer)
        assert (answer.response.status_code, error["code"]) == (422, "idempotency_mismatch")
        assert (error["type"], error["param"]) == ("invalid_request_error", None)
        assert answer.response.headers["x-should-retry"] == "false"
    body = elsewhere.response.json()
    assert (body["ok"], body["status"], body["data"]["code"]) == (False, 422, "idempotency_mismatch")
    assert not host.ledger()["calls"]


def test_a_failure_is_not_stored(host: StandIn, guarded: Emulator) -> None:
    """The same key asks a model again."""
    host.forget()
    for fault, form in (("credit", WHOLE), ("context", STREAMED)):
        body = says(f"A list [[fault {fault} times=1]]", **form)
        failed, made, again = (ask(guarded, f"failed {fault}", body) for _ in range(3))
        assert not failed.succeeded
        assert made.succeeded
        assert "idempotent-replayed" not in made.response.headers
        assert (again.text, again.response.headers["idempotent-replayed"]) == (made.text, "true")
    assert len(host.ledger()["calls"]) == 4


def test_a_stream_that_broke_is_not_stored(mode: str, host: StandIn, guarded: Emulator) -> None:
    """Its caller asks again with the same key; what arrives at once was asked for again before."""
    host.forget()
    body = says("A list [[fault cut times=1]]", **STREAMED)

    first, second, third = (ask(guarded, "broken", body) for _ in range(3))

    assert bool(first.deltas)
    assert (first.succeeded, first.error) == ((False, "upstream_error") if mode == "stream" else (True, None))
    replayed = ["idempotent-replayed" in answer.response.headers for answer in (first, second, third)]
    assert replayed == [False, mode == "buffered", True]
    assert second.succeeded
    assert third.text == second.text
    assert len(host.ledger()["calls"]) == 2
