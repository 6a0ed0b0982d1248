"""What the model host is sent, seen behind the client's own transport: headers and body, for each model and setting."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import respx

from shared import __version__
from shared.catalog import built_in
from shared.model_host import Client, Question
from shared.settings import Settings
from tests.support.runs import a_run

URL = "http://host.test/api/v1/chat/completions"
ANSWER = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}]
QUESTION = Question(MESSAGES)
KIMI, NEWER, UNKNOWN = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6", "somebody/another-model"
UNGUARDED = {"OPENROUTER_K2T_KEY": "sk-1", "OPENROUTER_BASE_URL": "http://host.test/api/v1", "ENABLE_GUARD": "false"}


def sent(question: Question = QUESTION, max_tokens: int = 0, /, **environment: str) -> httpx.Request:
    """The one attempt for this question, with these settings."""
    client = Client.of(Settings.from_environment(UNGUARDED | environment))
    with respx.mock() as host:
        route = host.post(URL).respond(json=ANSWER)
        client.complete(question, a_run(5), max_tokens=max_tokens)
    client.close()
    (call,) = route.calls
    request: httpx.Request = call.request
    return request


def body(question: Question = QUESTION, max_tokens: int = 0, /, **environment: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sent(question, max_tokens, **environment).content)
    return found


def test_the_headers_name_the_key_and_us_and_no_more() -> None:
    headers = sent().headers

    assert headers["authorization"] == "Bearer sk-1"
    assert headers["user-agent"] == f"kimi-artifacts/{__version__}"
    assert (headers["accept"], headers["content-type"]) == ("text/event-stream", "application/json")
    assert headers["accept-encoding"] == "identity"
    assert not headers.keys() & {"http-referer", "x-title", "cookie"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SITE_URL": "https://example.org"}, {"http-referer": "https://example.org"}),
        ({"SITE_NAME": "Example"}, {"x-title": "Example"}),
        (
            {"SITE_URL": "https://example.org", "SITE_NAME": "Example"},
            {"http-referer": "https://example.org", "x-title": "Example"},
        ),
    ],
    ids=["url", "name", "both"],
)
def test_the_site_is_named_where_it_has_a_name(environment: Mapping[str, str], expected: dict[str, str]) -> None:
    headers = sent(**environment).headers

    assert {name: headers[name] for name in ("http-referer", "x-title") if name in headers} == expected


@pytest.mark.parametrize(
    ("model", "temperature"),
    [
        pytest.param(KIMI, {"temperature": 1.0}, id="advised"),
        pytest.param(f"{KIMI}-20251106", {"temperature": 1.0}, id="dated"),
        pytest.param(f"{KIMI}:nitro", {"temperature": 1.0}, id="routing-variant"),
        pytest.param(NEWER, {}, id="accepts-only-its-own"),
        pytest.param(UNKNOWN, {}, id="unknown"),
    ],
)
def test_the_whole_body(model: str, temperature: dict[str, float]) -> None:
    """Nothing else is sent: neither a temperature that the model refuses, nor a session that nobody named."""
    assert body(MODELS=model) == {
        "model": model,
        "messages": MESSAGES,
        "stream": True,
        "max_tokens": 32_000,
        "provider": {"sort": "throughput"},
        **temperature,
    }


@pytest.mark.parametrize("model", [KIMI, NEWER])
def test_no_more_tokens_are_asked_for_than_the_model_can_write(model: str) -> None:
    entry = built_in().lookup(model)
    assert entry is not None
    limit = entry.max_output_tokens

    asked = [body(QUESTION, most, MODELS=model)["max_tokens"] for most in (limit - 1, limit, limit + 1, 10 * limit)]

    assert asked == [limit - 1, limit, limit, limit]


def test_of_a_model_that_is_not_known_as_many_tokens_are_asked_for_as_are_wanted() -> None:
    assert body(QUESTION, 9_999_999, MODELS=UNKNOWN)["max_tokens"] == 9_999_999


def test_the_tokens_are_the_settings_and_what_the_question_needs_on_top() -> None:
    longer = Question(MESSAGES, extra_output_tokens=5_000)

    assert body(MAX_OUTPUT_TOKENS="20000")["max_tokens"] == 20_000
    assert body(longer, MAX_OUTPUT_TOKENS="20000")["max_tokens"] == 25_000
    assert body(longer, 30_000, MAX_OUTPUT_TOKENS="20000")["max_tokens"] == 30_000


def test_the_session_is_told_where_there_is_one() -> None:
    assert body(Question(MESSAGES, session_id="s-1"))["session_id"] == "s-1"
    assert "session_id" not in body(Question(MESSAGES, session_id=""))


PRICE = {"prompt": 1.0, "completion": 4.0}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({"PROVIDER_SORT": "price"}, {"sort": "price"}, id="sort"),
        pytest.param({"PROVIDER_ORDER": "One, Two"}, {"sort": "throughput", "order": ["One", "Two"]}, id="order"),
        pytest.param({"PROVIDER_IGNORE": "Three"}, {"sort": "throughput", "ignore": ["Three"]}, id="ignore"),
        pytest.param({"PROVIDER_MAX_PRICE": "1,4"}, {"sort": "throughput", "max_price": PRICE}, id="max-price"),
    ],
)
def test_providers_are_chosen_as_the_settings_say(environment: Mapping[str, str], expected: dict[str, Any]) -> None:
    assert body(**environment)["provider"] == expected


@pytest.mark.parametrize(
    ("model", "price"),
    [(KIMI, (0.6, 2.5)), (NEWER, (0.95, 4.0)), (UNKNOWN, (4.0, 20.0))],
    ids=["kimi", "newer", "unknown"],
)
def test_behind_the_guard_no_provider_may_ask_more_than_is_reserved(model: str, price: tuple[float, float]) -> None:
    """For a model of no known price, that of the dearest."""
    guarded = {"ENABLE_GUARD": "true", "GUARD_TABLE": "t", "MODELS": model}

    assert body(**guarded)["provider"]["max_price"] == dict(zip(("prompt", "completion"), price, strict=True))
    assert body(**guarded, PROVIDER_MAX_PRICE="1,4")["provider"]["max_price"] == PRICE


def test_the_next_model_is_sent_its_own_body() -> None:
    """A model that is gone leaves nothing of itself: the next is asked by its own rules."""
    client = Client.of(Settings.from_environment(UNGUARDED | {"MODELS": f"{KIMI},{NEWER}"}))
    with respx.mock() as host:
        route = host.post(URL)
        route.side_effect = [httpx.Response(404, json={"error": {"code": 404}}), httpx.Response(200, json=ANSWER)]
        client.complete(Question(MESSAGES), a_run(5))
    client.close()

    first, second = (json.loads(call.request.content) for call in route.calls)
    assert (first["model"], first["temperature"]) == (KIMI, 1.0)
    assert second["model"] == NEWER
    assert "temperature" not in second
