"""The chat function, running: each of its paths in both invoke modes, through `make run` and the stand-in host."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.bundle import lines_of, running_bundle
from tests.local.chat_answers import ChatAnswer
from tests.local.emulator import ROOT, Emulator

EVENTS = sorted((ROOT / "events" / "chat_completions").glob("*.json"))
FREE = {"/v1/models", "/v1/route"}


@pytest.fixture(scope="module", params=["stream", "buffered"])
def mode(request: pytest.FixtureRequest) -> str:
    """How answers arrive: as they come, or all at once."""
    return str(request.param)


@pytest.fixture(scope="module")
def running(mode: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    settings = {"STANDIN_PACE": "instant", "RESPONSE_MODE": mode, "LOCAL_CONCURRENCY": "1"}
    with running_bundle(tmp_path_factory.mktemp(mode), **settings) as bundle:
        yield bundle


def replay(running: Emulator, name: str) -> ChatAnswer:
    """The answer to an event, sent as the request that a function URL would have made it from."""
    event = json.loads((ROOT / "events" / "chat_completions" / f"{name}.json").read_text())
    sent = {each: value for each, value in event["headers"].items() if each in {"content-type", "accept"}}
    response = running.request(
        event["requestContext"]["http"]["method"],
        f"/chat-completions{event['rawPath']}",
        content=event.get("body", "").encode(),
        headers=sent,
    )
    return ChatAnswer(response)


def cost_of(running: Emulator, answer: ChatAnswer) -> dict[str, Any]:
    (cost,) = [line for line in lines_of(running, answer.request_id) if line["message"] == "cost"]
    return cost


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_event_gets_the_status_that_it_is_named_for(running: Emulator, path: Path) -> None:
    """And one cost line, which says the same; what asks no model has no attempt on it."""
    answer = replay(running, path.stem)
    cost = cost_of(running, answer)

    status = int(path.stem.partition("-")[0])
    asks = json.loads(path.read_text())["rawPath"] not in FREE
    assert (answer.response.status_code, cost["status"], cost["function"]) == (status, status, "chat_completions")
    assert cost["attempts"] == (1 if status == 200 and asks else 0)
    assert answer.is_stream == (path.stem == "200-stream")


def test_a_chat(running: Emulator) -> None:
    answer = replay(running, "200-chat")
    body, cost = answer.response.json(), cost_of(running, answer)

    (choice,) = body["choices"]
    assert "What is a lambda?" in choice["message"]["content"]
    assert (choice["finish_reason"], body["model"]) == ("stop", "moonshotai/kimi-k2.6")
    assert body["id"] == f"chatcmpl-{answer.request_id}"
    assert body["usage"]["cost"] == cost["cost_usd"] > 0
    assert body["usage"]["total_tokens"] == cost["input_tokens"] + cost["output_tokens"]
    assert (cost["requested_model"], cost["tier"]) == ("moonshotai/kimi-k2.6", None)


def test_a_choice_of_the_services_is_on_the_cost_line(running: Emulator) -> None:
    answer = replay(running, "200-auto")
    cost = cost_of(running, answer)

    assert answer.response.json()["model"] == cost["requested_model"]
    assert cost["tier"] in {"fast", "balanced"}
    assert cost["tier_reason"].endswith(cost["tier"])
    assert (cost["feature"], cost["component"]) == ("phrasebook", "greeting")


def test_a_stream(running: Emulator, mode: str) -> None:
    """The same events in either mode, but for the pieces that the text is in."""
    answer = replay(running, "200-stream")
    cost = cost_of(running, answer)

    text = "".join(delta.get("content") or "" for delta in answer.deltas)
    assert "Name three rivers." in text
    assert (len(answer.deltas) > 2) is (mode == "stream")  # reasoning and text, in pieces or each as a whole
    assert [delta.get("role") for delta in answer.deltas if "role" in delta] == ["assistant"]
    assert answer.finish_reasons == ["stop"]
    assert answer.events[-1] == "[DONE]"
    last = answer.chunks[-1]
    assert (last["choices"], last["usage"]["cost"]) == ([], cost["cost_usd"])
    assert {chunk["id"] for chunk in answer.chunks} == {f"chatcmpl-{answer.request_id}"}


def test_tools(running: Emulator) -> None:
    answer = replay(running, "200-tools")

    (choice,) = answer.response.json()["choices"]
    (call,) = choice["message"]["tool_calls"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)
    assert (call["type"], call["function"]["name"]) == ("function", "get_weather")
    assert isinstance(json.loads(call["function"]["arguments"]), dict)


def test_models_and_routes(running: Emulator) -> None:
    models = replay(running, "200-models").response.json()
    route = replay(running, "200-route").response.json()

    names = [model["id"] for model in models["data"]]
    assert names == ["moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6", "auto"]
    assert route["tiers"][route["tier"]][0] == route["model"]
    assert route["tier"] in route["reason"]


def test_a_prompt(running: Emulator) -> None:
    answer = replay(running, "200-prompt")
    body = answer.response.json()

    assert (body["ok"], body["status"], body["data"]["requestId"]) == (True, 200, answer.request_id)
    assert "Name three rivers." in body["data"]["text"]
    assert body["data"]["usage"]["cost"] == cost_of(running, answer)["cost_usd"]


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("400-no-messages", "invalid_request", "messages"),
        ("400-stream-of-an-unknown-model", "invalid_request", "model"),
        ("400-prompt-of-another-type", "invalid_request", "prompt"),
        ("404-wrong-path", "not_found", None),
        ("405-wrong-method", "method_not_allowed", None),
    ],
)
def test_a_bad_request_is_told_in_the_shape_of_its_path(
    running: Emulator, name: str, code: str, field: str | None
) -> None:
    answer = replay(running, name)
    body = answer.response.json()

    if name == "400-prompt-of-another-type":
        assert (body["ok"], body["data"]["code"], body["data"]["field"]) == (False, code, field)
    else:
        assert (body["error"]["code"], body["error"]["param"]) == (code, field)
        assert body["error"]["type"] == "invalid_request_error"
    assert answer.response.headers["x-should-retry"] == "false"
    assert cost_of(running, answer)["outcome"] == code
