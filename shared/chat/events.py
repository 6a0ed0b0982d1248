"""The events of a streamed completion: chunks in the shape of the OpenAI API, then `[DONE]`.

Six client libraries were measured against it: they need exactly one finish reason, the role in the first delta, and the
usage in a chunk without choices; most take a stream that ends in silence for a success.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.chat.responses import completion_id
from shared.progress import Silent, ToolCallPiece
from shared.run import Run

_HIGH_SURROGATES = "\ud800", "\udbff"
_PLACE = "\0"
"""Holds the place of the delta in a chunk; nothing else in one is just this."""


class CompletionEvents(Silent):
    """Passes on what a model writes as it comes, and ends the stream.

    Args:
        send: sends an event without a name: its data, on one line.
        run: the request that is served.
        include_usage: whether the caller asked for the usage.
    """

    def __init__(self, send: Callable[[str, str], None], run: Run, *, include_usage: bool) -> None:
        self._send = send
        self._run = run
        self._include_usage = include_usage
        self._created = int(time.time())
        self._held: dict[str, str] = {}
        self._around_delta: Sequence[str] = ()
        """The JSON of a chunk before and after its delta, once there was one: it is the same in every chunk."""
        self._model: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether anything was passed on: no client can take it back."""
        return bool(self._around_delta)

    def begin(self) -> None:
        """Send nothing: until the first delta, a failure has a status of its own."""

    def text(self, piece: str) -> None:
        """Pass on a piece of the answer."""
        if text := self._joined("content", piece):
            self._send_delta({"content": text})

    def reasoning(self, piece: str) -> None:
        """Pass on a piece of the reasoning."""
        if text := self._joined("reasoning_content", piece):
            self._send_delta({"reasoning_content": text})

    def tool_calls(self, pieces: Sequence[ToolCallPiece]) -> None:
        """Pass on pieces of calls of tools: id and name once, the arguments as they come."""
        if calls := [self._call(piece) for piece in pieces]:
            self._send_delta({"tool_calls": calls})

    def reset(self) -> None:
        """Forget what was held back of an attempt that failed."""
        self._held.clear()

    def end(self, body: str, *, success: bool) -> None:
        """Send the finish reason, the usage and `[DONE]`; or the error, and nothing more."""
        if not success:
            self._send("", body)
            return
        whole = json.loads(body)
        self._model, choice = whole["model"], whole["choices"][0]
        if not self.is_final:
            self._send_message(choice["message"])
        self._send_chunk([{"index": 0, "delta": {}, "logprobs": None, "finish_reason": choice["finish_reason"]}])
        if self._include_usage:
            self._send_chunk([], usage=whole["usage"])
        self._send("", "[DONE]")

    def _send_message(self, message: Mapping[str, Any]) -> None:
        """Send a whole message as deltas."""
        if message.get("reasoning_content"):
            self._send_delta({"reasoning_content": message["reasoning_content"]})
        calls = [{"index": number} | call for number, call in enumerate(message.get("tool_calls") or ())]
        if message["content"] or not calls:
            self._send_delta({"content": message["content"] or ""})
        if calls:
            self._send_delta({"tool_calls": calls})

    def _call(self, piece: ToolCallPiece) -> dict[str, Any]:
        call: dict[str, Any] = {"index": piece.place}
        if piece.id:
            call |= {"id": piece.id, "type": "function"}
        function = {"name": piece.name} if piece.name else {}
        return call | {"function": function | {"arguments": self._joined(f"call {piece.place}", piece.arguments)}}

    def _send_delta(self, delta: dict[str, Any]) -> None:
        if not self._around_delta:
            delta = {"role": "assistant", "content": None} | delta
            choice = {"index": 0, "delta": _PLACE, "logprobs": None, "finish_reason": None}
            self._around_delta = self._chunk([choice]).split(json.dumps(_PLACE))
        self._send("", json.dumps(delta).join(self._around_delta))

    def _send_chunk(self, choices: Sequence[Mapping[str, Any]], **more: Mapping[str, Any]) -> None:
        self._send("", self._chunk(choices, **more))

    def _chunk(self, choices: Sequence[Mapping[str, Any]], **more: Mapping[str, Any]) -> str:
        chunk = {
            "id": completion_id(self._run),
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._run.asked_model or self._model,
            "choices": choices,
            **more,
        }
        # ASCII only, so that it can be sent whatever characters a model writes.
        return json.dumps(chunk)

    def _joined(self, what: str, piece: str) -> str:
        """Return the piece with the half of a character that was held back before it, less one at its own end.

        Hosts split characters beyond U+FFFF into two surrogates, and these between two chunks.
        """
        text = self._held.pop(what, "") + piece
        if text and _HIGH_SURROGATES[0] <= text[-1] <= _HIGH_SURROGATES[1]:
            self._held[what] = text[-1]
            text = text[:-1]
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text
