"""Calls of tools in pieces, as hosts stream them: id and name once, then the arguments bit by bit."""

from typing import NamedTuple

from local.standin.billing import JsonObject
from local.standin.json_text import tokens_of
from local.standin.replies import Reply, ToolCall


class ToolDelta(NamedTuple):
    """One piece: what of it is charged, and how it stands in `tool_calls`."""

    text: str
    entry: JsonObject


def tool_deltas(reply: Reply) -> list[ToolDelta]:
    """Return the pieces of all calls of a reply."""
    return [delta for index, call in enumerate(reply.tool_calls) for delta in _pieces(index, call)]


def _pieces(index: int, call: ToolCall) -> list[ToolDelta]:
    opening: JsonObject = {"index": index, "id": call.call_id, "type": "function"}
    first = ToolDelta(call.name, opening | {"function": {"name": call.name, "arguments": ""}})
    return [
        first,
        *(ToolDelta(text, {"index": index, "function": {"arguments": text}}) for text in tokens_of(call.arguments)),
    ]
