"""The stand-in as a chat model: texts, tools, JSON, stop, and what hosts do that hurts clients, over real HTTP."""

import json
from collections.abc import Iterable
from typing import Any

import httpx
import jsonschema_rs
import pytest

from tests.local.test_standin import content_of, events, request
from tests.local.test_standin_hosts import HEADERS, HOSTS, MODELS, error_of, last_at
from tests.support.standin import StandIn

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
            "required": ["city"],
        },
    },
}
ADD = {
    "type": "function",
    "function": {
        "name": "add",
        "parameters": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
    },
}
TOOLS = [WEATHER, ADD]
ROME = "What is it like in Rome, in fahrenheit? Use get_weather."


def user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def chat(host: StandIn, prompt: str | list[dict[str, Any]], name: str = "openrouter", **fields: Any) -> httpx.Response:
    """A call at one of the hosts, streamed unless the fields say otherwise; one that is None is left out."""
    messages = [user(prompt)] if isinstance(prompt, str) else prompt
    body = {"model": MODELS[name], "stream": True, "max_tokens": 8000, "messages": messages}
    body |= {"stream_options": {"include_usage": True}} | fields
    given = {field: value for field, value in body.items() if value is not None}
    return request("POST", f"{host.url_of(name)}/chat/completions", HEADERS, json=given)


def message_of(response: httpx.Response) -> dict[str, Any]:
    return dict(response.json()["choices"][0]["message"])


def deltas(response: httpx.Response) -> list[dict[str, Any]]:
    return [choice["delta"] for event in events(response) for choice in event["choices"]]


def finishes(response: httpx.Response) -> list[str]:
    reasons = [choice["finish_reason"] for event in events(response) for choice in event["choices"]]
    return [reason for reason in reasons if reason]


def call_pieces(response: httpx.Response) -> list[dict[str, Any]]:
    return [piece for delta in deltas(response) for piece in delta.get("tool_calls", [])]


def calls_of(response: httpx.Response) -> list[tuple[str, Any]]:
    """The names and arguments of the calls, put together as a client does it."""
    names: dict[int, str] = {}
    arguments: dict[int, str] = {}
    for piece in call_pieces(response):
        names.setdefault(piece["index"], piece["function"].get("name"))
        arguments[piece["index"]] = arguments.get(piece["index"], "") + piece["function"]["arguments"]
    return [(names[index], json.loads(arguments[index])) for index in names]


def usages(answers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [answer["usage"] for answer in answers if answer.get("usage")]


@pytest.mark.parametrize("name", HOSTS)
def test_a_chat_is_answered_with_a_text_that_depends_on_the_prompt(host: StandIn, name: str) -> None:
    """Reasoning first, the same text whole and streamed, and a row for each."""
    whole = chat(host, "Say hello to Ada 👋", name, stream=False)
    streamed = chat(host, "Say hello to Ada 👋", name)

    message = message_of(whole)
    assert "Say hello to Ada 👋" in message["content"]
    assert "artifact" not in message["content"]
    assert content_of(streamed) == message["content"]
    assert message.get("reasoning") or message.get("reasoning_content")
    first = next(
        delta for delta in deltas(streamed) if any(delta.get(key) for key in ("reasoning", "reasoning_content"))
    )
    assert not first.get("content"), "reasoning comes first"
    assert set(finishes(streamed)) == {"stop"}
    row = last_at(host, name)
    usage = usages(events(streamed))[-1]
    assert row["prompt_tokens"] == usage["prompt_tokens"] == -(-len("Say hello to Ada 👋") // 4)
    assert row["completion_tokens"] == usage["completion_tokens"] == whole.json()["usage"]["completion_tokens"]
    assert row["finished"]


def test_a_later_turn_is_a_request_of_its_own(host: StandIn) -> None:
    """It is answered with its own words, and a directive holds for the turn that it is in."""
    turns = [user("Hello [[fault credit]]"), {"role": "assistant", "content": "Hi."}, user("And goodbye")]

    response = chat(host, turns)

    assert "And goodbye" in content_of(response)
    assert "message 2 of yours" in content_of(response)


def test_every_role_and_parts_with_images_are_taken(host: StandIn) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    turns: list[dict[str, Any]] = [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
        user([{"type": "text", "text": "What is "}, image, {"type": "text", "text": "this?"}]),
    ]

    response = chat(host, turns, stream=False)

    assert "What is this?" in message_of(response)["content"]
    assert "1 images" in message_of(response)["content"]
    assert last_at(host, "openrouter")["prompt_tokens"] > 1000, "an image has its tokens"


@pytest.mark.parametrize("name", HOSTS)
def test_a_tool_that_the_prompt_names_is_called(host: StandIn, name: str) -> None:
    """Id and name come once, the arguments in pieces; they are made of the prompt and are charged for."""
    whole = chat(host, ROME, name, tools=TOOLS, stream=False)
    streamed = chat(host, ROME, name, tools=TOOLS)

    (call,) = message_of(whole)["tool_calls"]
    arguments = {"city": "Rome", "unit": "fahrenheit"}
    assert (call["id"], call["type"], call["function"]["name"]) == (
        "functions.get_weather:0",
        "function",
        "get_weather",
    )
    assert json.loads(call["function"]["arguments"]) == arguments
    assert message_of(whole)["content"] is None
    assert whole.json()["choices"][0]["finish_reason"] == "tool_calls"
    assert calls_of(streamed) == [("get_weather", arguments)]
    opening, *rest = call_pieces(streamed)
    assert opening == {
        "index": 0,
        "id": "functions.get_weather:0",
        "type": "function",
        "function": {"name": "get_weather", "arguments": ""},
    }
    assert len(rest) > 3
    assert all(set(piece) == {"index", "function"} and set(piece["function"]) == {"arguments"} for piece in rest)
    assert set(finishes(streamed)) == {"tool_calls"}
    assert content_of(streamed) == ""
    row, usage = last_at(host, name), usages(events(streamed))[-1]
    written = len("get_weather" + call["function"]["arguments"])
    assert usage["completion_tokens"] - row["reasoning_tokens"] == -(-written // 4)
    assert row["prompt_tokens"] == -(-len(ROME) // 4) + -(-len(json.dumps(TOOLS)) // 4), "tools are part of the prompt"


@pytest.mark.parametrize(
    ("prompt", "fields", "calls"),
    [
        ("add and get_weather: 2 and 3 in Rome", {}, [("add", {"a": 2, "b": 3}), ("get_weather", "Rome")]),
        ("get_weather in Rome and get_weather in Oslo", {}, [("get_weather", "Rome"), ("get_weather", "Oslo")]),
        ("get_weather in Rome and get_weather in Oslo", {"parallel_tool_calls": False}, [("get_weather", "Rome")]),
        ("Good morning, Rome", {}, []),
        ("Good morning, Rome", {"tool_choice": "required"}, [("get_weather", "Rome")]),
        (
            "Sum up 4 and 5",
            {"tool_choice": {"type": "function", "function": {"name": "add"}}},
            [("add", {"a": 4, "b": 5})],
        ),
        ("get_weather in Rome", {"tool_choice": "none"}, []),
    ],
)
def test_which_tools_are_called(
    host: StandIn, prompt: str, fields: dict[str, Any], calls: list[tuple[str, Any]]
) -> None:
    """Those that the prompt names, each as often as it does; the choice and the limit to one are kept."""
    response = chat(host, prompt, tools=TOOLS, **fields)

    made = [(name, arguments.get("city", arguments)) for name, arguments in calls_of(response)]
    assert made == calls
    ids = [piece["id"] for piece in call_pieces(response) if "id" in piece]
    assert ids == [f"functions.{name}:{number}" for number, (name, _) in enumerate(calls)]
    assert set(finishes(response)) == {"tool_calls" if calls else "stop"}


def test_a_tool_result_is_used_in_a_text(host: StandIn) -> None:
    asked = message_of(chat(host, ROME, tools=TOOLS, stream=False))
    (call,) = asked["tool_calls"]
    result = {"role": "tool", "tool_call_id": call["id"], "content": '{"degrees": 54}'}

    response = chat(host, [user(ROME), asked, result], tools=TOOLS, tool_choice="required")

    assert content_of(response) == ' The tool get_weather says: {"degrees": 54}'
    assert set(finishes(response)) == {"stop"}
    again = chat(host, [user(ROME), asked, result, user("Now add 1 and 2")], tools=TOOLS)
    assert [piece["id"] for piece in call_pieces(again) if "id" in piece] == ["functions.add:1"], "numbered on"


SCHEMA = {
    "type": "object",
    "$defs": {
        "Pet": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 3, "maxLength": 20},
                "legs": {"type": "integer", "minimum": 0, "maximum": 8},
                "born": {"type": "string", "format": "date"},
                "parent": {"anyOf": [{"$ref": "#/$defs/Pet"}, {"type": "null"}]},
            },
            "required": ["name", "legs", "born", "parent"],
            "additionalProperties": False,
        }
    },
    "properties": {
        "pets": {"type": "array", "items": {"$ref": "#/$defs/Pet"}, "minItems": 2},
        "mood": {"type": "string", "enum": ["sad", "glad"]},
        "weight": {"type": "number", "exclusiveMinimum": 100},
        "is_open": {"type": "boolean"},
        "nothing": {"type": "null"},
        "note": {"type": ["string", "null"]},
        "fixed": {"const": 7},
        "both": {"allOf": [{"properties": {"x": {"type": "integer"}}}, {"properties": {"y": {"type": "boolean"}}}]},
    },
    "required": ["pets", "mood", "weight", "is_open", "nothing", "note", "fixed", "both"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("stream", [True, False])
def test_json_fits_its_schema(host: StandIn, stream: bool) -> None:
    """References to itself, alternatives, limits, and what the prompt says of them."""
    form = {"type": "json_schema", "json_schema": {"name": "zoo", "strict": True, "schema": SCHEMA}}

    response = chat(host, "Two glad pets, Rex with 4 legs", stream=stream, response_format=form)

    answer = json.loads(content_of(response) if stream else message_of(response)["content"])
    jsonschema_rs.validate(SCHEMA, answer)
    assert answer["mood"] == "glad"
    assert answer["pets"][0]["name"] == "Rex"
    assert answer["pets"][0]["legs"] == 4
    assert answer["both"] == {"x": 4, "y": True}


def test_a_json_object_is_one(host: StandIn) -> None:
    response = chat(host, "Answer in JSON", response_format={"type": "json_object"})

    assert "Answer in JSON" in json.loads(content_of(response))["answer"]


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize(("stop", "end"), [("5", "4, "), (["9", ", 3"], "2"), (["never"], "12")])
def test_an_answer_ends_before_a_stop_text(host: StandIn, name: str, stop: Any, end: str) -> None:
    """What would have come behind it is not charged."""
    response = chat(host, "Count to 12", name, stop=stop)

    content = content_of(response)
    assert content == " 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"[: len(content)]
    assert content.endswith(end)
    assert set(finishes(response)) == {"stop"}
    row = last_at(host, name)
    assert row["completion_tokens"] - row["reasoning_tokens"] == -(-len(content) // 4)
    assert row["options"] == {"stop": stop}


@pytest.mark.parametrize("stream", [True, False])
def test_max_tokens_end_a_chat_and_a_call_in_its_arguments(host: StandIn, stream: bool) -> None:
    whole = chat(host, ROME, tools=TOOLS)
    limit = last_at(host, "openrouter")["completion_tokens"] - 3

    response = chat(host, ROME, tools=TOOLS, max_tokens=limit, stream=stream)

    assert set(finishes(whole)) == {"tool_calls"}
    pieces = call_pieces(response) if stream else message_of(response)["tool_calls"]
    arguments = "".join(piece["function"]["arguments"] for piece in pieces)
    with pytest.raises(json.JSONDecodeError):
        json.loads(arguments)
    assert last_at(host, "openrouter")["completion_tokens"] == limit
    assert (set(finishes(response)) if stream else {response.json()["choices"][0]["finish_reason"]}) == {"length"}


def test_the_row_has_the_options_that_came(host: StandIn) -> None:
    options: dict[str, Any] = {"seed": 7, "temperature": 0.5, "top_p": 0.9, "tool_choice": "auto"}

    chat(host, "Hello", tools=TOOLS, **options)

    assert last_at(host, "openrouter")["options"] == options


RESULT = {"role": "tool", "tool_call_id": "functions.add:0", "content": "3"}
CALL = {"id": "functions.add:0", "type": "function", "function": {"name": "add", "arguments": "{}"}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"messages": [{"role": "robot", "content": "Hi"}]}, "messages[0]"),
    ({"messages": [user("Hi"), RESULT]}, "messages[1]: tool_call_id"),
    ({"messages": [user("Hi"), CALLING, user("Well?")]}, "messages[2]: the tool calls functions.add:0"),
    ({"messages": [user("Hi"), CALLING]}, "messages[2]: the tool calls functions.add:0"),
    ({"messages": [user("Hi"), {"role": "assistant", "tool_calls": [{"id": "x"}]}]}, "messages[1].tool_calls"),
    ({"tools": {}}, "tools must be a list"),
    ({"tools": [{"type": "function"}]}, "tools[0]"),
    ({"tools": TOOLS, "tool_choice": "perhaps"}, "tool_choice must be"),
    ({"tools": TOOLS, "tool_choice": {"function": {"name": "sub"}}}, "tool_choice names 'sub'"),
    ({"tool_choice": "required"}, "tool_choice is required"),
    ({"response_format": {"type": "xml"}}, "response_format.type"),
    ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format.json_schema.schema"),
    ({"stop": 5}, "stop must be"),
]


@pytest.mark.parametrize(("fields", "words"), MALFORMED, ids=[row[1] for row in MALFORMED])
def test_what_no_host_takes_is_a_400_and_free(host: StandIn, fields: dict[str, Any], words: str) -> None:
    response = chat(host, fields.get("messages", "Hi"), **{key: fields[key] for key in fields if key != "messages"})

    assert response.status_code == 400
    assert words in error_of(response)["message"]
    row = last_at(host, "openrouter")
    assert (row["status"], row["charged_nano_usd"], row["generation_id"]) == (400, 0, None)
