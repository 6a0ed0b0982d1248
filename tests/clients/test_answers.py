"""What callers of the client libraries get from the chat function: text, reasoning, tool calls, JSON, and the bill."""

import json
from typing import Any

import pytest

from tests.clients.driver import Driver
from tests.clients.served import Served, told

SUNNY = "It is sunny, and 21 degrees."
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather at a place.",
        "parameters": {
            "type": "object",
            "properties": {"place": {"type": "string"}},
            "required": ["place"],
            "additionalProperties": False,
        },
    },
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "tall": {"type": "boolean"}},
    "required": ["name", "age", "tall"],
    "additionalProperties": False,
}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": PERSON}}

ways = pytest.mark.parametrize("way", ["whole", "streamed"])


@ways
def test_an_answer_is_the_models_and_its_cost_the_hosts(chat: Served, client: Driver, way: str) -> None:
    """The host says its reason to finish twice; the client learns of it once."""
    asked = chat.ask(client, "Say hello", stream=way == "streamed")
    message = told(chat.host, "Say hello")

    assert asked.answer.error is None
    assert asked.answer.text == message["content"]
    assert asked.answer.finish == ["stop"]
    assert asked.answer.reasoning == (message["reasoning"] if client.client.shows_reasoning else "")
    assert [line["function"] for line in asked.costs] == ["chat_completions"]
    asked.check_bill()
    assert (asked.answer.usage["cost"] is not None) is (way in client.client.shows_cost_of)
    if way == "streamed" and chat.mode == "stream":
        assert asked.answer.pieces > 1


@ways
def test_a_tool_is_called_and_its_result_used(chat: Served, client: Driver, way: str) -> None:
    question, options = "What is the weather in Oslo? Call get_weather.", {"tools": [WEATHER]}
    asked = chat.ask(client, question, stream=way == "streamed", options=options, tool_result=SUNNY, requests=2)
    (call,) = told(chat.host, question, **options)["tool_calls"]

    assert asked.answer.error is None
    assert asked.answer.calls == [{"name": "get_weather", "arguments": json.loads(call["function"]["arguments"])}]
    assert asked.answer.finish == ["tool_calls", "stop"]
    assert SUNNY in asked.answer.text
    asked.check_bill()


@ways
@pytest.mark.parametrize("form", [{"type": "json_object"}, SCHEMA], ids=["any", "schema"])
def test_json_is_json(chat: Served, client: Driver, way: str, form: dict[str, Any]) -> None:
    asked = chat.ask(client, "Describe somebody as JSON", stream=way == "streamed", options={"response_format": form})
    value = json.loads(asked.answer.text)

    assert asked.answer.error is None
    assert asked.answer.finish == ["stop"]
    if form is SCHEMA:
        assert {name: type(each) for name, each in value.items()} == {"name": str, "age": int, "tall": bool}
    else:
        assert isinstance(value, dict)
    asked.check_bill()
