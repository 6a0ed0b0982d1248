"""The tools that a model calls, joined from the pieces of a stream."""

import secrets
from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple

from shared.model_host.errors import AnswerTooLarge
from shared.progress import ToolCallPiece

_MAX_CALLS = 128
"""The tools that one answer may call: as many as OpenAI's API takes (its reference, 2026)."""
_ID_BYTES = 12
"""Of an id of ours: no two calls of a conversation may have the same."""


class ToolCall(NamedTuple):
    """A call of a tool."""

    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it."""


class _Pieces:
    def __init__(self, place: int, call_id: str, *, has_hosts_id: bool) -> None:
        self.place = place
        self.id = call_id
        self.has_hosts_id = has_hosts_id
        """Whether the host said the id, and not we."""
        self.name = ""
        self.arguments = StringIO()

    def ends_before(self, call_id: str, name: str, *, has_index: bool) -> bool:
        """Return whether a piece begins another call: by its id or, from a host that sends no index, by its name."""
        if call_id and self.has_hosts_id:
            return call_id != self.id
        return bool(name and self.name) and not has_index


class ToolCalls:
    """Collects the calls of one answer: a stream names a call once, and sends its arguments in pieces."""

    def __init__(self) -> None:
        self._calls: list[_Pieces] = []
        self._at: dict[int, _Pieces] = {}

    def __iter__(self) -> Iterator[ToolCall]:
        for each in self._calls:
            yield ToolCall(each.id, each.name, each.arguments.getvalue())

    def add(self, calls: object) -> list[ToolCallPiece]:
        """Add the `tool_calls` of one message, and return what they brought.

        Raises:
            AnswerTooLarge: there are more calls than an answer may have.
        """
        found = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
        return [self._add(place, call) for place, call in enumerate(found)]

    def _add(self, place: int, call: dict[str, Any]) -> ToolCallPiece:
        given, function = call.get("index"), call.get("function")
        function = function if isinstance(function, dict) else {}
        call_id, name, arguments = (
            _string(each) for each in (call.get("id"), function.get("name"), function.get("arguments"))
        )
        index = given if isinstance(given, int) and not isinstance(given, bool) else None
        at = place if index is None else index
        pieces, new_id = self._at.get(at), ""
        if pieces is None or pieces.ends_before(call_id, name, has_index=index is not None):
            pieces = self._at[at] = self._begin(call_id)
            new_id = pieces.id
        new_name = "" if pieces.name else name
        pieces.name = pieces.name or name
        pieces.arguments.write(arguments)
        return ToolCallPiece(pieces.place, new_id, new_name, arguments)

    def _begin(self, call_id: str) -> _Pieces:
        """Begin a call. One without an id gets one: clients need it, and name it in the result of the call."""
        if len(self._calls) == _MAX_CALLS:
            raise AnswerTooLarge
        an_id = call_id or f"call_{secrets.token_hex(_ID_BYTES)}"
        pieces = _Pieces(len(self._calls), an_id, has_hosts_id=bool(call_id))
        self._calls.append(pieces)
        return pieces


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
