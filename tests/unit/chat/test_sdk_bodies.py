"""What client libraries were seen to send, written anew: all of it is read, and only what hosts know is passed on."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.chat.requests import ChatRequest

BODIES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("sdk_bodies.json").read_text())
KNOWN = {"role", "content", "name", "tool_calls", "tool_call_id", "reasoning_content"}


def the_call(call_id: str) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": "rain", "arguments": '{"city": "Bergen"}'}}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_it_is_read(body: dict[str, Any]) -> None:
    request = ChatRequest.read(body)

    assert [each["role"] for each in request.messages] == [each["role"] for each in body["messages"]]
    assert set().union(*request.messages) <= KNOWN


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_it_asks_for_the_same_with_fields_that_nobody_knows(body: dict[str, Any]) -> None:
    """At each level of the messages and tools."""

    def strewn(value: Any) -> Any:
        if isinstance(value, list):
            return [strewn(each) for each in value]
        if isinstance(value, dict) and not {"schema", "parameters", "properties"} & value.keys():
            return {name: strewn(each) for name, each in value.items()} | {"unknown": [None, {}]}
        return value

    assert ChatRequest.read(strewn(body)) == ChatRequest.read(body)


@pytest.mark.parametrize(
    ("case", "messages"),
    [
        (
            "openai: its own message sent back",
            [
                {
                    "role": "assistant",
                    "content": None,
                    "reasoning_content": "I should look.",
                    "tool_calls": [the_call("call_7")],
                },
                {"role": "tool", "content": [{"type": "text", "text": "yes"}], "tool_call_id": "call_7"},
            ],
        ),
        (
            "openai: a parsed answer sent back",
            [{"role": "assistant", "content": '{"who": "me"}'}, {"role": "user", "content": "Who else?"}],
        ),
        (
            "langchain: tools",
            [
                {"role": "assistant", "content": None, "tool_calls": [the_call("call_7")]},
                {"role": "tool", "content": "yes", "tool_call_id": "call_7"},
            ],
        ),
        (
            "litellm: tools, no content",
            [
                {
                    "role": "assistant",
                    "content": None,
                    "reasoning_content": "I should look.",
                    "tool_calls": [the_call("c")],
                },
                {"role": "tool", "content": "yes", "name": "rain", "tool_call_id": "c"},
            ],
        ),
    ],
)
def test_a_message_goes_back_as_the_model_knows_it(case: str, messages: list[dict[str, Any]]) -> None:
    """Its calls and its reasoning are passed on, the library's own fields are not."""
    assert list(ChatRequest.read(BODIES[case]).messages[1:]) == messages


def test_options_are_passed_on() -> None:
    def options(case: str) -> dict[str, Any]:
        return dict(ChatRequest.read(BODIES[case]).options)

    assert options("openai: plain, with nulls") == {}
    own = BODIES["openai: its own message sent back"]
    assert options("openai: its own message sent back") == {"tools": own["tools"]}
    parsed = BODIES["openai: a parsed answer sent back"]
    assert options("openai: a parsed answer sent back") == {"response_format": parsed["response_format"]}
    assert options("langchain: plain") == {"temperature": 0, "stop": ["END"]}
    tools = BODIES["langchain: tools"]
    names = ("tools", "tool_choice", "parallel_tool_calls")
    assert options("langchain: tools") == {name: tools[name] for name in names}
    assert options("litellm: JSON mode, cache marks") == {"response_format": {"type": "json_object"}}
