"""Calls of tools in pieces, as hosts stream them: id and name once, then the arguments bit by bit."""

from typing import NamedTuple

from local.standin.billing import JsonObject
from local.standin.dialects.style import Style
from local.standin.json_text import tokens_of
from local.standin.replies import Reply, ToolCall


class ToolDelta(NamedTuple):
    """One piece: what of it is charged, and how it stands in `tool_calls`."""

    text: str
    entry: JsonObject


def tool_deltas(reply: Reply, style: Style) -> list[ToolDelta]:
    """Return the pieces of all calls of a reply."""
    return [delta for index, call in enumerate(reply.tool_calls) for delta in _pieces(index, call, style)]


def _pieces(number: int, call: ToolCall, style: Style) -> list[ToolDelta]:
    index: JsonObject = {"index": number} if style.tool_index else {}
    opening = index | {"id": call.call_id, "type": "function"}
    if style.whole_arguments:
        return [ToolDelta(call.name + call.arguments, opening | _function(call.arguments, call.name))]
    rest = [ToolDelta(text, index | _function(text)) for text in tokens_of(call.arguments)]
    return [ToolDelta(call.name, opening | _function("", call.name)), *rest]


def _function(arguments: str, name: str = "") -> JsonObject:
    named: JsonObject = {"name": name} if name else {}
    return {"function": named | {"arguments": arguments}}
