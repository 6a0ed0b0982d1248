"""One endpoint for several contracts, each of its own paths: as the chat function is."""

import json
from typing import Any

import pytest

from shared.errors import Failure
from shared.guard.errors import Allowance, RateLimited
from shared.model_host.errors import Overloaded
from shared.run import Run
from tests.support.chat_service import BODIES, CHAT, METHODS, MODELS, PROMPT, ROUTE, Chat, answer, failing
from tests.support.service import KEY, Asked, Guard

REFUSAL = RateLimited(Allowance(limit=5, remaining=0, reset=99), 7)
PATHS = pytest.mark.parametrize("path", BODIES)
STREAMS = pytest.mark.parametrize("streams", [True, False], ids=["streaming", "buffered"])


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


def error_of(asked: Asked, path: str) -> tuple[str, str | None]:
    """The code and the field of a failure, whose body has the shape of its path's contract."""
    body = asked.json
    if path == PROMPT:
        assert set(body) == {"ok", "status", "data"}
        assert (body["ok"], body["status"]) == (False, asked.status)
        return body["data"]["code"], body["data"].get("field")
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    return body["error"]["code"], body["error"]["param"]


@STREAMS
@PATHS
def test_a_path_is_answered_by_its_own_contract(path: str, streams: bool) -> None:
    asked = Chat().call(path, streams=streams)

    told = {CHAT: "chat.completion", MODELS: "list", ROUTE: "route"}
    assert (asked.status, asked.headers["content-type"]) == (200, "application/json")
    assert asked.json.get("object") == told.get(path)
    assert asked.json.get("ok") is (True if path == PROMPT else None)
    assert asked.cost["outcome"] == "ok"


@STREAMS
@PATHS
def test_a_wrong_method_is_refused_in_the_shape_of_the_path(path: str, streams: bool) -> None:
    right = METHODS[path]
    wrong = "POST" if right == "GET" else "GET"

    asked = Chat().ask(path=path, method=wrong, streams=streams)

    assert (asked.status, asked.headers["allow"]) == (405, right)
    assert error_of(asked, path) == ("method_not_allowed", None)
    assert asked.cost["status"] == 405


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/models/", "/api/kimi/x", "/v1/completions"])
def test_a_path_that_there_is_not_is_refused_in_the_shape_of_the_first(path: str) -> None:
    """And those that there are, are named."""
    asked = Chat().ask(path=path)

    assert asked.status == 404
    assert error_of(asked, path) == ("not_found", None)
    assert all(f"`{known}`" in asked.json["error"]["message"] for known in BODIES)


@PATHS
def test_a_caller_that_is_not_known_is_refused_in_the_shape_of_the_path(path: str) -> None:
    chat = Chat()
    chat.signs = False

    asked = chat.call(path)

    assert asked.status == 401
    assert error_of(asked, path) == ("unauthorized", None)
    assert asked.headers["x-should-retry"] == "false"


@PATHS
def test_settings_that_make_no_sense_are_told_in_the_shape_of_the_path(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_CALLS", "many")

    asked = Chat().call(path)

    assert asked.status == 503
    assert error_of(asked, path) == ("service_misconfigured", None)


@PATHS
def test_a_crash_is_told_in_the_shape_of_the_path(path: str) -> None:
    asked = Chat(failing(RuntimeError("the secret prompt"))).call(path)

    assert asked.status == 500
    assert error_of(asked, path) == ("internal_error", None)
    assert "secret" not in asked.body


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        (CHAT, {"messages": [{"role": "user", "content": 3}]}, "messages[0].content"),
        (ROUTE, {"prompt": 3}, "prompt"),
        (PROMPT, {"prompt": ""}, "prompt"),
        (CHAT, {"stream": True, "n": 2}, "n"),
    ],
)
def test_a_bad_field_is_named_in_the_shape_of_the_path(path: str, fields: dict[str, Any], field: str) -> None:
    asked = Chat().call(path, **fields)

    assert asked.status == 400
    assert error_of(asked, path) == ("invalid_request", field)


@PATHS
def test_what_asks_no_model_is_counted_by_no_limit(path: str) -> None:
    guard = Guard()
    served = Chat(guard=guard).call(path, KEY)
    refused = Chat(guard=Guard(refusal=REFUSAL)).call(path)

    is_free = path in {MODELS, ROUTE}
    assert guard.told == ([] if is_free else ["count", "store"])
    assert ("x-ratelimit-limit" in served.headers) is not is_free
    assert refused.status == (200 if is_free else 429)
    assert any("_aws" in line for line in served.lines) is not is_free, "what asks no model is in no metric"
    if not is_free:
        assert error_of(refused, path) == ("rate_limited", None)
        assert refused.headers["retry-after"] == "7"


@PATHS
def test_a_request_that_fails_before_any_attempt_is_not_counted(path: str) -> None:
    guard = Guard()

    asked = Chat(failing(Overloaded()), guard).call(path)

    assert asked.status == 503
    assert guard.told == ([] if path in {MODELS, ROUTE} else ["count", "refund"])
    assert "x-should-retry" not in asked.headers


@pytest.mark.parametrize("path", [CHAT, PROMPT])
def test_a_replay_has_the_id_of_its_own_request(path: str) -> None:
    chat = Chat(guard=Guard())
    first, again = chat.call(path, KEY), chat.call(path, KEY)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.cost["replayed"]
    own = json.loads(first.body.replace("request-1", "request-2"))
    assert again.json == own
    assert "request-2" in again.body


def test_an_answer_that_is_stored_whole_can_be_had_as_a_stream_and_the_other_way_round() -> None:
    """It is the same request: nothing is paid for twice."""
    served: list[Any] = []

    def work(request: Any, tools: str, run: Run) -> Any:
        served.append(request)
        return answer(request, tools, run)

    for first in (False, True):
        chat = Chat(work, Guard())
        asked = [chat.call(CHAT, KEY, stream=stream, streams=True) for stream in (first, not first)]
        assert [each.status for each in asked] == [200, 200]
        assert [each.headers["content-type"] == "text/event-stream" for each in asked] == [first, not first]
        assert all('"Hi"' in each.body for each in asked)
        assert [each.cost["replayed"] for each in asked] == [False, True]
    assert len(served) == 2


@pytest.mark.parametrize("path", [CHAT, PROMPT])
def test_what_could_not_be_stored_is_given_with_a_warning(path: str) -> None:
    """Where no client looks that does not know of it."""
    asked = Chat(guard=Guard(stores=False)).call(path, KEY)

    assert asked.json["warnings"] == ["not_stored"]
    assert set(asked.json) - {"warnings"} == set(Chat().call(path).json)


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        (CHAT, {"prompt_chars": 5, "feature": "search", "session_id": "s"}),
        (PROMPT, {"prompt_chars": 5, "feature": "search", "session_id": None}),
        (ROUTE, {"prompt_chars": 5, "feature": "search", "session_id": "s"}),
    ],
)
@pytest.mark.parametrize("failure", [None, Failure()], ids=["success", "failure"])
def test_the_cost_line_has_the_facts_of_the_request(path: str, facts: dict[str, Any], failure: Failure | None) -> None:
    """Whatever becomes of it."""
    asked = Chat(failing(failure) if failure else answer).call(path, metadata={"feature": "search"}, session_id="s")

    assert {name: asked.cost[name] for name in facts} == facts
