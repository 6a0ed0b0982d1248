"""The options of a request: which are passed on, which are refused, and which have no effect."""

from typing import Any

import pytest

from shared.chat.fields import Fields
from shared.chat.options import read_max_tokens, read_options, without_effect
from shared.errors import InvalidRequest

SCHEMA = {"type": "object", "properties": {"a": {"enum": ["b", None, 1.5]}}}


def tool(name: object = "rain", **fields: object) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **fields}}


def choosing(choice: object) -> dict[str, Any]:
    return {"tools": [tool(), tool("sun")], "tool_choice": choice}


def json_schema(**fields: object) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA} | fields}}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"temperature": 0.0, "top_p": 1.0, "seed": -(2**63), "stop": ["a", "b", "c", "d"]},
        {"temperature": 2.0, "top_p": 0.0, "seed": 2**63 - 1, "stop": ["\n"]},
        {"response_format": {"type": "json_object"}},
        json_schema(),
        json_schema(description="b", strict=True),
        {"tools": [tool(), tool("sun", parameters={"": [""]})]},
        {"tools": [tool("a-B_9" * 12, description="", parameters=SCHEMA, strict=False)], "parallel_tool_calls": False},
        {"tools": [tool(f"t{number}") for number in range(128)]},
        choosing("required"),
        choosing("none"),
        choosing({"type": "function", "function": {"name": "sun"}}),
    ],
)
def test_it_is_passed_on_as_it_is(options: dict[str, Any]) -> None:
    assert read_options(Fields(options)) == options


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        (dict.fromkeys(["n", "stop", "seed", "temperature", "top_p", "tools", "tool_choice", "response_format"]), {}),
        ({"n": 1, "stop": [], "tools": [], "tool_choice": "auto", "parallel_tool_calls": True}, {}),
        ({"response_format": {"type": "text"}, "tool_choice": "none", "parallel_tool_calls": False}, {}),
        (choosing("auto") | {"parallel_tool_calls": True}, {"tools": [tool(), tool("sun")]}),
        ({"tools": [tool(parameters=None, strict=None, x=1) | {"x": 1}]}, {"tools": [tool()]}),
        (json_schema(strict=None, x=1), json_schema()),
        ({"stop": "a"}, {"stop": ["a"]}),
        ({"unknown": 1, "top_k": 3}, {}),
    ],
)
def test_null_defaults_and_unknown_fields_are_left_out(given: dict[str, Any], passed_on: dict[str, Any]) -> None:
    assert read_options(Fields(given)) == passed_on


@pytest.mark.parametrize(
    ("options", "field", "problem"),
    [
        ({"n": 2}, "n", "must be 1"),
        ({"n": True}, "n", "must be 1"),
        ({"n": 1.0}, "n", "must be 1"),
        ({"temperature": 2.01}, "temperature", "must be a number from 0 to 2"),
        ({"temperature": -0.1}, "temperature", "must be a number"),
        ({"temperature": float("nan")}, "temperature", "must be a number"),
        ({"temperature": 10**400}, "temperature", "must be a number"),
        ({"temperature": "1"}, "temperature", "must be a number"),
        ({"temperature": True}, "temperature", "must be a number"),
        ({"top_p": 1.1}, "top_p", "must be a number from 0 to 1"),
        ({"seed": 1.5}, "seed", "must be a whole number"),
        ({"seed": 2**63}, "seed", "must be a whole number"),
        ({"seed": -(2**63) - 1}, "seed", "must be a whole number"),
        ({"seed": False}, "seed", "must be a whole number"),
        ({"stop": ["a"] * 5}, "stop", "must have at most 4 entries"),
        ({"stop": 1}, "stop", "must be an array"),
        ({"stop": ""}, "stop", "must not be empty"),
        ({"stop": ["a", ""]}, "stop[1]", "must not be empty"),
        ({"stop": [None]}, "stop[0]", "must be a string"),
        ({"stop": "\0"}, "stop", "must not hold a NUL"),
        ({"response_format": "json"}, "response_format", "must be an object"),
        ({"response_format": {}}, "response_format.type", "is missing"),
        ({"response_format": {"type": "xml"}}, "response_format.type", "must be text or json_object or json_schema"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema", "is missing"),
        (json_schema(name=None), "response_format.json_schema.name", "is missing"),
        (json_schema(name="a b"), "response_format.json_schema.name", "must have 1 to 64 letters"),
        (json_schema(schema=None), "response_format.json_schema.schema", "is missing"),
        (json_schema(schema="{}"), "response_format.json_schema.schema", "must be an object"),
        (json_schema(schema={"a": [{"\ud800": 1}]}), "response_format.json_schema.schema", "must be valid Unicode"),
        (json_schema(strict="yes"), "response_format.json_schema.strict", "must be true or false"),
        ({"tools": {}}, "tools", "must be an array"),
        ({"tools": [tool(f"t{number}") for number in range(129)]}, "tools", "must have at most 128 entries"),
        ({"tools": [tool(), None]}, "tools[1]", "must be an object"),
        ({"tools": [{"type": "custom"}]}, "tools[0].type", "must be function"),
        ({"tools": [{"function": {"name": "a"}}]}, "tools[0].type", "is missing"),
        ({"tools": [{"type": "function"}]}, "tools[0].function", "is missing"),
        ({"tools": [tool(None)]}, "tools[0].function.name", "is missing"),
        ({"tools": [tool("a" * 65)]}, "tools[0].function.name", "must have 1 to 64 letters"),
        ({"tools": [tool("a.b")]}, "tools[0].function.name", "must have 1 to 64 letters"),
        ({"tools": [tool("a\n")]}, "tools[0].function.name", "must have 1 to 64 letters"),
        ({"tools": [tool(), tool()]}, "tools[1].function.name", "must differ"),
        ({"tools": [tool(description=1)]}, "tools[0].function.description", "must be a string"),
        ({"tools": [tool(parameters=[])]}, "tools[0].function.parameters", "must be an object"),
        ({"tools": [tool(parameters={"a": ["\0"]})]}, "tools[0].function.parameters", "must not hold a NUL"),
        ({"tools": [tool(strict=1)]}, "tools[0].function.strict", "must be true or false"),
        ({"parallel_tool_calls": "no"}, "parallel_tool_calls", "must be true or false"),
        (choosing("any"), "tool_choice", "must be none, auto, required or an object"),
        (choosing(["sun"]), "tool_choice", "must be an object"),
        (choosing({"function": {"name": "sun"}}), "tool_choice.type", "is missing"),
        (choosing({"type": "allowed_tools"}), "tool_choice.type", "must be function"),
        (choosing({"type": "function"}), "tool_choice.function", "is missing"),
        (choosing(tool("hail")), "tool_choice.function.name", "must be the name of one of `tools`"),
        ({"tool_choice": tool()}, "tool_choice.function.name", "must be the name of one of `tools`"),
        ({"tool_choice": "required"}, "tool_choice", "must not be required without `tools`"),
    ],
)
def test_the_place_that_is_wrong_is_named(options: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_options(Fields(options))

    assert raised.value.field == field
    assert raised.value.message.startswith(f"`{field}` {problem}")


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        ({}, None),
        ({"max_tokens": None, "max_completion_tokens": None}, None),
        ({"max_tokens": 1}, 1),
        ({"max_completion_tokens": 5}, 5),
        ({"max_tokens": 9, "max_completion_tokens": 5}, 5),
    ],
)
def test_the_newer_name_of_max_tokens_is_preferred(body: dict[str, Any], tokens: int | None) -> None:
    assert read_max_tokens(Fields(body)) == tokens


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("value", [0, -1, 1.0, True, "5"])
def test_max_tokens_is_a_whole_number_above_0(name: str, value: object) -> None:
    with pytest.raises(InvalidRequest, match="must be a whole number of at least 1") as raised:
        read_max_tokens(Fields({"max_tokens": 1, "max_completion_tokens": 1} | {name: value}))

    assert raised.value.field == name


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"logit_bias": {"5": 1}, "frequency_penalty": 0.5, "reasoning_effort": "low"},
         ("frequency_penalty", "logit_bias", "reasoning_effort")),
        ({"logprobs": False, "presence_penalty": 0, "store": None, "modalities": []}, ()),
        ({"provider": {"order": ["a"]}}, ("provider",)),
        ({"provider": "kimi", "user": "u-1", "unknown": 1, "temperature": 1}, ()),
    ],
)  # fmt: skip
def test_what_has_no_effect_here_is_told(body: dict[str, Any], names: tuple[str, ...]) -> None:
    assert without_effect(Fields(body)) == names
