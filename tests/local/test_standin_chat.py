"""The stand-in as a chat model: texts, tools, JSON, stop, and what hosts do that hurts clients, over real HTTP."""

import json
from collections.abc import Iterable
from typing import Any

import httpx
import jsonschema_rs
import pytest

from local.standin.faults import FAULTS
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
TOOLS = [WEATHER, ADD, {"type": "function", "function": {"name": "add_all"}}]
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
        ("Use add all for 6 and 7", {}, [("add_all", {})]),
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
                "name": {"type": "string", "minLength": 5, "maxLength": 20},
                "tag": {"type": "string", "maxLength": 2},
                "legs": {"type": "integer", "minimum": 0, "maximum": 8},
                "born": {"type": "string", "format": "date"},
                "parent": {"anyOf": [{"$ref": "#/$defs/Pet"}, {"type": "null"}]},
            },
            "required": ["name", "tag", "legs", "born", "parent"],
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
    assert answer["pets"][0]["name"] == "Rex.."
    assert answer["pets"][0]["tag"] == "Re"
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
    response = chat(host, fields.get("messages", "Hi"), **_but_messages(fields))

    assert response.status_code == 400
    assert words in error_of(response)["message"]
    row = last_at(host, "openrouter")
    assert (row["status"], row["charged_nano_usd"], row["generation_id"]) == (400, 0, None)


LOOP = {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}
SELF = {"type": "object", "properties": {"me": {"$ref": "#"}}, "required": ["me"]}
BAD_SCHEMAS = [
    *({"type": "poem"}, {"type": "array", "minItems": 10**9}, {"type": "string", "minLength": 10**9}, LOOP, SELF),
    *({"$ref": "#/$defs/None"}, {"properties": 5}, {"anyOf": [1]}, {"enum": {}, "type": 5, "minLength": "x"}),
]


@pytest.mark.parametrize("schema", BAD_SCHEMAS, ids=str)
def test_a_schema_that_is_none_is_a_400(host: StandIn, schema: dict[str, Any]) -> None:
    """As the form of the answer, and as that of a tool's arguments."""
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    tool = {"type": "function", "function": {"name": "add", "parameters": schema}}

    assert chat(host, "Hi", response_format=form).status_code == 400
    assert chat(host, "Hi", tools=[tool], tool_choice="required").status_code == 400


ODD: list[Any] = [0, 1, True, "x", [], [1], {}, {"type": "x"}, {"function": "x"}, {"json_schema": [1]}, [{"id": 1}]]
FIELDS = ["tools", "tool_choice", "response_format", "stop", "temperature", "top_p", "seed", "reasoning", "thinking"]


@pytest.mark.parametrize("name", ["openrouter", "moonshot"])
@pytest.mark.parametrize("field", FIELDS)
def test_an_odd_value_is_taken_or_refused(host: StandIn, name: str, field: str) -> None:
    assert {chat(host, "Hi", name, **{field: value}).status_code for value in ODD} <= {200, 400}


@pytest.mark.parametrize("field", ["role", "content", "tool_calls", "tool_call_id", "reasoning_content"])
def test_an_odd_message_is_taken_or_refused(host: StandIn, field: str) -> None:
    turns = [
        [user("Hi"), *([CALLING] if message is RESULT else []), message] for message in (user("Hi"), CALLING, RESULT)
    ]
    odd = [[*turn[:-1], turn[-1] | {field: value}] for turn in turns for value in ODD]

    assert {chat(host, each, "moonshot").status_code for each in odd} <= {200, 400}


OFF = {"type": "disabled"}
NAMED = {"type": "function", "function": {"name": "add"}}
PAIR = {"type": "object", "properties": {"pair": {"type": "array", "items": [{}, {}]}}}
BARE_CALL = [user("Hi"), CALLING, RESULT]
OBJECTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("kimi-k2.6", {"top_p": 0.9}, "invalid top_p: only 0.95"),
    ("kimi-k2.6", {"presence_penalty": 1}, "invalid presence_penalty: only 0"),
    ("kimi-k2.6", {"stop": list("abcdef")}, "invalid stop"),
    ("kimi-k2.6", {"stop": "x" * 33}, "invalid stop"),
    ("kimi-k2.6", {"tools": TOOLS, "tool_choice": "required"}, "invalid tool_choice"),
    ("kimi-k3", {"tools": TOOLS, "tool_choice": NAMED}, "invalid tool_choice"),
    ("kimi-k3", {"messages": BARE_CALL}, "tool calls at position 1"),
    (
        "kimi-k2.6",
        {"messages": [user("Hi"), {"role": "assistant", "content": ""}, user("Hm")]},
        "message at position 1",
    ),
    (
        "kimi-k2.6",
        {"response_format": {"type": "json_schema", "json_schema": {"schema": PAIR}}},
        "properties.pair.items",
    ),
]


@pytest.mark.parametrize(("model", "fields", "words"), OBJECTIONS, ids=[f"{row[0]} {row[2]}" for row in OBJECTIONS])
def test_moonshot_refuses_what_its_models_do_not_take(
    host: StandIn, model: str, fields: dict[str, Any], words: str
) -> None:
    response = chat(host, fields.get("messages", "Hi"), "moonshot", model=model, **_but_messages(fields))

    assert response.status_code == 400
    assert (error_of(response)["type"], words in error_of(response)["message"]) == ("invalid_request_error", True)
    assert last_at(host, "moonshot")["charged_nano_usd"] == 0


def _but_messages(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "messages"}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("kimi-k2.6", {"top_p": 0.95, "n": 1, "presence_penalty": 0, "temperature": 1}),
        ("kimi-k2.6", {"tools": TOOLS, "tool_choice": NAMED, "thinking": OFF}),
        ("kimi-k3", {"tools": TOOLS, "tool_choice": "required"}),
        ("kimi-k2.6", {"messages": BARE_CALL, "thinking": OFF}),
        ("kimi-k3", {"messages": [user("Hi"), CALLING | {"reasoning_content": ""}, RESULT]}),
    ],
)
def test_moonshot_takes_the_rest(host: StandIn, model: str, fields: dict[str, Any]) -> None:
    response = chat(host, fields.get("messages", "Hi"), "moonshot", model=model, **_but_messages(fields))

    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("model", "fields", "words"),
    [
        ("moonshotai/kimi-k2.6", {"temperature": 0.3}, "invalid temperature: only 1"),
        ("moonshotai/kimi-k2.6:nitro", {"temperature": 1, "reasoning": {"enabled": False}}, "only 0.6"),
        ("moonshotai/kimi-k3", {"top_p": 0.95}, "invalid top_p"),
        ("moonshotai/kimi-k2.7-code", {"top_p": 0.9}, "invalid top_p"),
        ("moonshotai/kimi-k2-thinking", {"temperature": 0.3, "top_p": 0.5}, ""),
        ("moonshotai/kimi-k2.6", {"temperature": 0.6, "reasoning": {"enabled": False}}, ""),
        ("someone/else", {"temperature": 0.3}, ""),
    ],
)
def test_openrouter_passes_on_what_a_provider_refuses(
    host: StandIn, model: str, fields: dict[str, Any], words: str
) -> None:
    """The provider's own words are in the metadata."""
    response = chat(host, "Hi", model=model, **fields)

    assert response.status_code == (400 if words else 200)
    if words:
        assert words in json.loads(error_of(response)["metadata"]["raw"])["error"]["message"]


def test_openrouter_can_switch_the_thinking_of_some_models_off(host: StandIn) -> None:
    off: dict[str, Any] = {"reasoning": {"enabled": False}}
    silent = chat(host, "Hi", model="moonshotai/kimi-k2.6", stream=False, **off)
    other = chat(host, "Hi", stream=False, **off)

    assert (message_of(silent)["reasoning"], message_of(silent)["reasoning_details"]) == ("", [])
    assert silent.json()["usage"]["completion_tokens_details"]["reasoning_tokens"] == 0
    assert message_of(other)["reasoning"]


def asked(fault: str, prompt: str = "Hello") -> str:
    return f"{prompt} [[fault {fault}]]"


CHAT_FAULTS = {
    *("reasoning-details", "reasoning", "roles", "no-index", "whole-arguments", "finish-twice", "usage-with-choices"),
    *("surrogates", "filtered"),
}
NOT_OPENROUTER = HOSTS[1:]


@pytest.mark.parametrize(
    ("name", "fault", "field"),
    [
        ("openrouter", "reasoning-content", "reasoning_content"),
        ("openrouter", "reasoning-details", "reasoning_details"),
        ("custom", "reasoning", "reasoning"),
        ("moonshot", "reasoning", "reasoning"),
    ],
)
def test_reasoning_stands_in_one_field_only(host: StandIn, name: str, fault: str, field: str) -> None:
    """In a stream as in a whole answer."""
    fields = {"reasoning", "reasoning_content", "reasoning_details"}
    streamed = chat(host, asked(fault), name)
    whole = chat(host, asked(fault), name, stream=False)

    assert {key for delta in deltas(streamed) for key in fields & set(delta)} == {field}
    assert fields & set(message_of(whole)) == {field}


@pytest.mark.parametrize("name", NOT_OPENROUTER)
def test_a_role_may_come_with_each_delta(host: StandIn, name: str) -> None:
    response = chat(host, asked("roles", ROME), name, tools=TOOLS)

    assert {delta.get("role") for delta in deltas(response) if delta} == {"assistant"}
    assert {delta.get("role") for delta in deltas(chat(host, ROME, name)) if delta} == {"assistant", None}


@pytest.mark.parametrize("name", NOT_OPENROUTER)
def test_the_finish_may_come_twice(host: StandIn, name: str) -> None:
    assert finishes(chat(host, asked("finish-twice"), name)) == ["stop", "stop"]
    assert finishes(chat(host, "Hello", name)) == ["stop"]


@pytest.mark.parametrize("name", NOT_OPENROUTER)
@pytest.mark.parametrize("include", [True, False])
def test_the_usage_may_stand_beside_choices(host: StandIn, name: str, include: bool) -> None:
    response = chat(host, asked("usage-with-choices"), name, stream_options={"include_usage": include})

    assert [bool(event["choices"]) for event in events(response) if "usage" in event] == [True] * include
    assert finishes(response) == ["stop"]


@pytest.mark.parametrize("name", HOSTS)
def test_calls_may_lack_their_index(host: StandIn, name: str) -> None:
    response = chat(host, asked("no-index", ROME), name, tools=TOOLS)

    assert call_pieces(response)
    assert not [piece for piece in call_pieces(response) if "index" in piece]


@pytest.mark.parametrize("name", HOSTS)
def test_a_call_may_be_one_piece(host: StandIn, name: str) -> None:
    response = chat(host, asked("whole-arguments", "get_weather in Rome, then get_weather in Oslo"), name, tools=TOOLS)

    assert [piece["id"] for piece in call_pieces(response)] == ["functions.get_weather:0", "functions.get_weather:1"]
    assert [arguments["city"] for _, arguments in calls_of(response)] == ["Rome", "Oslo"]


@pytest.mark.parametrize("name", HOSTS)
def test_a_surrogate_pair_may_be_split(host: StandIn, name: str) -> None:
    """Each half is an escape in a delta of its own, and together they are the emoji."""
    streamed = chat(host, asked("surrogates"), name)
    whole = chat(host, asked("surrogates"), name, stream=False)

    halves = [delta["content"] for delta in deltas(streamed) if delta.get("content")][-4:]
    assert halves == ["\ud83d", "\udc4b", "\ud83c", "\udf89"]
    assert message_of(whole)["content"].endswith(" \N{WAVING HAND SIGN}\N{PARTY POPPER}")


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", HOSTS)
def test_an_answer_may_be_filtered_in_its_middle(host: StandIn, name: str, stream: bool) -> None:
    good = message_of(chat(host, "Hello", name, stream=False))["content"]
    response = chat(host, asked("filtered"), name, stream=stream)

    said = content_of(response) if stream else message_of(response)["content"]
    assert good.startswith(said)
    assert 0 < len(said) < len(good)
    assert set(finishes(response) if stream else [response.json()["choices"][0]["finish_reason"]]) == {"content_filter"}
    assert last_at(host, name)["finished"]


def test_an_empty_answer_has_no_calls_either(host: StandIn) -> None:
    response = chat(host, asked("empty", ROME), tools=TOOLS, stream=False)

    assert message_of(response)["content"] == ""
    assert "tool_calls" not in message_of(response)
    assert response.json()["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize("fault", ["cut", "mid-error", "garbage-json"])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_stream_may_break_off_after_some_deltas(host: StandIn, name: str, fault: str, after: int) -> None:
    """Without a finish and without [DONE]; what was said is charged, and nothing was said before the first."""
    response = chat(host, asked(f"{fault} after={after}"), name)

    lines = [line for line in response.text.split("\n") if line.startswith('data: {"')]
    payloads = [json.loads(line.removeprefix("data: ")) for line in lines]
    said = [choice["delta"] for event in payloads for choice in event.get("choices", [])]
    texts = [
        delta for delta in said if delta.get("content") or delta.get("reasoning") or delta.get("reasoning_content")
    ]
    assert len(texts) == after
    assert len(said) - after == (after > 0 and name != "openrouter"), "the role comes before the first piece"
    assert ("error" in payloads[-1] if payloads else False) == (fault == "mid-error")
    assert "[DONE]" not in response.text
    row = last_at(host, name)
    assert (row["finished"], row["sent_nano_usd"]) == (False, 0)
    assert (row["charged_nano_usd"] > 0) == (after > 0 and name != "kimi")


def test_a_stream_may_break_off_inside_a_call(host: StandIn) -> None:
    """Reasoning, then the name and the first pieces of the arguments."""
    whole = chat(host, ROME, tools=TOOLS)
    thoughts = sum(bool(delta.get("reasoning")) for delta in deltas(whole))

    response = chat(host, asked(f"cut after={thoughts + 3}", ROME), tools=TOOLS)

    assert call_pieces(response) == call_pieces(whole)[:3]
    assert finishes(response) == []
    half = chat(host, asked("cut", ROME), tools=TOOLS)
    assert call_pieces(half) == call_pieces(whole)[: len(call_pieces(whole)) // 2]


def test_a_stream_may_stall_after_a_delta(host: StandIn) -> None:
    """While another call is answered to its end, this one says nothing more."""
    body = {"model": MODELS["openrouter"], "stream": True, "messages": [user(asked("stall after=1"))]}
    url = f"{host.url}/chat/completions"
    with httpx.stream("POST", url, json=body, headers=HEADERS, timeout=10) as response:
        seen = next(line for line in response.iter_lines() if line.startswith("data: "))
        chat(host, "Hello")
        stalled, other = host.ledger("openrouter")["calls"][-2:]

    first = json.loads(seen.removeprefix("data: "))["choices"][0]["delta"]["reasoning"]
    assert (stalled["reasoning_tokens"], stalled["completion_tokens"]) == (-(-len(first) // 4),) * 2
    assert (stalled["finished"], other["finished"]) == (False, True)


@pytest.mark.parametrize("fault", ["length", "truncated", "u2028", "think", "tokens", "chatter", "prose", "refusal"])
def test_faults_of_content_are_for_chats_too(host: StandIn, fault: str) -> None:
    response = chat(host, asked(fault), stream=False)

    assert response.status_code == 200
    assert last_at(host, "openrouter")["fault"] == fault
    assert message_of(response) != message_of(chat(host, "Hello", stream=False))


@pytest.mark.parametrize("fault", ["fenced", "invalid", "broken", "nested", "two-fences"])
def test_a_fault_of_artifacts_makes_no_sense_in_a_chat(host: StandIn, fault: str) -> None:
    response = chat(host, asked(fault))

    assert (response.status_code, "about an artifact" in error_of(response)["message"]) == (400, True)
    assert last_at(host, "openrouter")["charged_nano_usd"] == 0


def test_every_chat_fault_is_in_the_table() -> None:
    assert set(FAULTS) > CHAT_FAULTS
