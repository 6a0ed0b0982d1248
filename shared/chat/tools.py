"""Reads the tools that a model may call, and which of them it must."""

import re
from typing import Any

from shared.chat.fields import Fields

_MAX_TOOLS = 128
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
NAME_RULE = "must have 1 to 64 letters, digits, hyphens and underscores"
"""What OpenAI's API takes as the name of a tool or a schema (its reference, 2026)."""


def read_tools(request: Fields) -> dict[str, Any]:
    """Return the options `tools`, `tool_choice` and `parallel_tool_calls`, those at their default left out.

    Raises:
        InvalidRequest: a tool is no function, has the name of another, or the choice is none of them.
    """
    tools: dict[str, dict[str, Any]] = {}
    for tool in request.children("tools", most=_MAX_TOOLS):
        tool.choice("type", ("function",))
        function = tool.child("function")
        name = read_name(function)
        if name in tools:
            raise function.wrong("name", "must differ from those of the other tools")
        tools[name] = {"type": "function", "function": {"name": name, **_of_function(function)}}
    choice, is_parallel = _tool_choice(request, tools), request.flag("parallel_tool_calls")
    if not tools:  # nothing to choose from: some clients send the choice all the same
        return {}
    read: dict[str, Any] = {"tools": list(tools.values())}
    if choice != "auto":
        read["tool_choice"] = choice
    if is_parallel is False:
        read["parallel_tool_calls"] = False
    return read


def read_name(fields: Fields) -> str:
    """Return the name of a tool or a schema."""
    name = fields.text("name")
    if not NAME.fullmatch(name):
        raise fields.wrong("name", NAME_RULE)
    return name


def _of_function(function: Fields) -> dict[str, Any]:
    """Return what a tool may say of itself."""
    read = {
        "description": function.optional_text("description"),
        "parameters": function.verbatim_object("parameters"),
        "strict": function.flag("strict"),
    }
    return {name: value for name, value in read.items() if value is not None}


def _tool_choice(request: Fields, tools: dict[str, dict[str, Any]]) -> str | dict[str, Any]:
    value = request.get("tool_choice")
    if value is None or value in ("none", "auto"):
        return value or "auto"
    if value == "required" and tools:
        return "required"
    if value == "required":
        raise request.wrong("tool_choice", "must not be required without `tools`")
    if isinstance(value, str):
        raise request.wrong("tool_choice", "must be none, auto, required or an object that names a tool")
    choice = request.child("tool_choice")
    choice.choice("type", ("function",))
    function = choice.child("function")
    if function.text("name") not in tools:
        raise function.wrong("name", "must be the name of one of `tools`")
    return {"type": "function", "function": {"name": function.text("name")}}
