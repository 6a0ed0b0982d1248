"""The messages of a conversation: which are taken, and what is said of each that is not."""

from typing import Any

import pytest

from shared.chat.fields import Fields
from shared.chat.messages import read_messages, texts
from shared.errors import InvalidRequest

CALL = {"id": "c-1", "type": "function", "function": {"name": "rain", "arguments": "{}"}}
ASKS = {"role": "assistant", "content": None, "tool_calls": [CALL]}


def image(**fields: object) -> dict[str, Any]:
    return {"type": "image_url", "image_url": fields}


def user(content: object) -> dict[str, Any]:
    return {"role": "user", "content": content}


def asking(**changes: object) -> dict[str, Any]:
    return ASKS | {"tool_calls": [CALL | changes]}


def read(*messages: object) -> list[Any]:
    return list(read_messages(Fields({"messages": list(messages)})))


@pytest.mark.parametrize(
    "message",
    [
        user("a"),
        user(""),
        user("tabs\tand\x1b[31mcolours"),
        user([{"type": "text", "text": ""}, image(url="https://example.test/a.png", detail="high")]),
        {"role": "system", "content": "a", "name": "rules"},
        {"role": "assistant", "content": "a", "reasoning_content": "b"},
        {"role": "assistant", "content": ""},
        ASKS,
        asking(function={"name": "functions.rain", "arguments": ""}),
        {"role": "assistant", "content": [{"type": "text", "text": "a"}], "tool_calls": [CALL, CALL | {"id": "c-2"}]},
    ],
)
def test_it_is_passed_on_as_it_is(message: dict[str, Any]) -> None:
    assert read(message) == [message]


@pytest.mark.parametrize(
    ("message", "passed_on"),
    [
        ({"role": "developer", "content": "a"}, {"role": "system", "content": "a"}),
        ({"role": "user", "content": "a", "name": None, "tool_calls": [CALL], "x": 1}, user("a")),
        ({"role": "user", "content": "a", "name": ""}, user("a")),
        ({"role": "user", "content": "a", "reasoning_content": "b", "tool_call_id": "c-9"}, user("a")),
        (
            {"role": "assistant", "content": "a", "tool_calls": [], "reasoning_content": ""},
            {"role": "assistant", "content": "a"},
        ),
        ({"role": "assistant", "tool_calls": [CALL]}, ASKS),
        (asking(type=None, index=0), ASKS),
        (user([{"type": "image_url", "image_url": "data:a"}]), user([image(url="data:a")])),
        (user([image(url="data:a", detail=None, x=1) | {"cache_control": {}}]), user([image(url="data:a")])),
    ],
)
def test_it_is_passed_on_as_hosts_know_it(message: dict[str, Any], passed_on: dict[str, Any]) -> None:
    assert read(message) == [passed_on]


@pytest.mark.parametrize(
    ("message", "place", "problem"),
    [
        ("a", "", "must be an object"),
        ({}, ".role", "is missing"),
        ({"role": "function", "content": "a"}, ".role", "must be system or developer or user or assistant or tool"),
        ({"role": ["user"], "content": "a"}, ".role", "must be system"),
        (user(None), ".content", "is missing: only"),
        ({"role": "assistant", "content": None, "tool_calls": []}, ".content", "is missing: only"),
        (user(None) | {"tool_calls": [CALL]}, ".content", "is missing: only"),
        (user(7), ".content", "must be a string or an array of parts"),
        (user({"type": "text", "text": "a"}), ".content", "must be a string or an array"),
        (user([]), ".content", "must have at least one part"),
        (user("a\0"), ".content", "must not hold a NUL character"),
        (user("a\ud83d"), ".content", "must be valid Unicode"),
        (user(["a"]), ".content[0]", "must be an object"),
        (user([{"type": "text", "text": "a"}, {"text": "a"}]), ".content[1].type", "is missing"),
        (user([{"type": "input_audio", "input_audio": {}}]), ".content[0].type", "must be text or image_url"),
        (user([{"type": "text"}]), ".content[0].text", "is missing"),
        (user([{"type": "text", "text": 1}]), ".content[0].text", "must be a string"),
        (user([{"type": "image_url"}]), ".content[0].image_url", "is missing"),
        (user([{"type": "image_url", "image_url": ""}]), ".content[0].image_url", "must not be empty"),
        (user([{"type": "image_url", "image_url": 1}]), ".content[0].image_url", "must be an object"),
        (user([image()]), ".content[0].image_url.url", "is missing"),
        (user([image(url="data:a", detail="best")]), ".content[0].image_url.detail", "must be auto or low or high"),
        (user("a") | {"name": 1}, ".name", "must be a string"),
        (user("a") | {"name": "a" * 65}, ".name", "must have at most 64 characters"),
        (ASKS | {"reasoning_content": []}, ".reasoning_content", "must be a string"),
        (ASKS | {"tool_calls": {}}, ".tool_calls", "must be an array"),
        (ASKS | {"tool_calls": [CALL] * 129}, ".tool_calls", "must have at most 128 entries"),
        (ASKS | {"tool_calls": [CALL, CALL]}, ".tool_calls[1].id", "must differ"),
        (asking(id=None), ".tool_calls[0].id", "is missing"),
        (asking(id=""), ".tool_calls[0].id", "must not be empty"),
        (asking(type="custom"), ".tool_calls[0].type", "must be function"),
        (asking(function=None), ".tool_calls[0].function", "is missing"),
        (asking(function={"arguments": "{}"}), ".tool_calls[0].function.name", "is missing"),
        (asking(function={"name": "rain"}), ".tool_calls[0].function.arguments", "is missing"),
        (asking(function={"name": "rain", "arguments": {}}), ".tool_calls[0].function.arguments", "must be a string"),
        ({"role": "tool", "content": "a"}, ".tool_call_id", "is missing"),
        ({"role": "tool", "content": "a", "tool_call_id": "c-1"}, ".tool_call_id", "must be the `id` of a tool call"),
    ],
)
def test_the_place_that_is_wrong_is_named(message: object, place: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read(user("a"), message)

    assert raised.value.field == f"messages[1]{place}"
    assert raised.value.message.startswith(f"`messages[1]{place}` {problem}")


@pytest.mark.parametrize("messages", [None, [], "a", {}, [user("a")] * 1_001])
def test_a_conversation_has_1_to_1000_messages(messages: object) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_messages(Fields({"messages": messages}))

    assert raised.value.field == "messages"
    assert len(read(*[user("a")] * 1_000)) == 1_000


def test_a_result_follows_its_call() -> None:
    """Any call of any earlier assistant message; what a user's message holds under that name is none."""
    result = {"role": "tool", "content": "yes", "tool_call_id": "c-1"}

    assert len(read(ASKS, user("a"), result)) == 3
    for before in ([], [user("a") | {"tool_calls": [CALL]}], [asking(id="c-2")]):
        with pytest.raises(InvalidRequest) as raised:
            read(*before, result, ASKS)
        assert raised.value.field == f"messages[{len(before)}].tool_call_id"


def test_its_texts_are_content_reasoning_and_arguments() -> None:
    parts = [{"type": "text", "text": "a"}, image(url="data:image/png;base64,AAAA"), {"type": "text", "text": "b"}]

    assert list(texts(user("a"))) == ["a"]
    assert list(texts(user(parts))) == ["a", "b"]
    assert list(texts(ASKS | {"reasoning_content": "Hm"})) == ["Hm", "{}"]
