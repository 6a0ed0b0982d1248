"""The tools that a model calls, joined from the pieces of a stream."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, NamedTuple

from shared.model_host.errors import AnswerTooLarge
from shared.progress import ToolCallPiece

_MAX_CALLS = 128
"""The tools that one answer may call: as many as OpenAI's API takes (its reference, 2026)."""


class ToolCall(NamedTuple):
    """A call of a tool."""

    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it."""


@dataclass(slots=True)
class _Pieces:
    place: int
    id: str = ""
    name: str = ""
    arguments: StringIO = field(default_factory=StringIO)


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
        index, function = call.get("index"), call.get("function")
        function = function if isinstance(function, dict) else {}
        call_id, name, arguments = (
            _string(each) for each in (call.get("id"), function.get("name"), function.get("arguments"))
        )
        pieces = self._pieces(index if type(index) is int else place, call_id)
        new_id, new_name = "" if pieces.id else call_id, "" if pieces.name else name
        pieces.id, pieces.name = pieces.id or call_id, pieces.name or name
        pieces.arguments.write(arguments)
        return ToolCallPiece(pieces.place, new_id, new_name, arguments)

    def _pieces(self, place: int, call_id: str) -> _Pieces:
        """Return the call at this place; another id begins another call, also from a host that sends no index."""
        pieces = self._at.get(place)
        if pieces is None or (call_id and pieces.id and call_id != pieces.id):
            if len(self._calls) == _MAX_CALLS:
                raise AnswerTooLarge
            pieces = self._at[place] = _Pieces(len(self._calls))
            self._calls.append(pieces)
        return pieces


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
