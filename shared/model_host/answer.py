"""The answer to one attempt as far as it has come, collected from a stream or from one JSON body.

Chunks are read as plain dicts: a model object for each of some thousand chunks is what makes other clients slow.
The size of the text is limited, whatever the host sends.
"""

from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any

from shared.costs.usage import Usage
from shared.model_host.errors import AnswerTooLarge
from shared.model_host.json_object import read_object
from shared.model_host.safe_names import SafeNames
from shared.model_host.tool_calls import ToolCall, ToolCalls
from shared.progress import ToolCallPiece

TEXT_LIMIT = 4 * 1024 * 1024
"""Characters of content and reasoning that are kept; the 262,144 tokens of Kimi's full context are about 1 million."""


class Answer:
    """Content, reasoning, usage and all else of one answer, as far as they have come."""

    def __init__(
        self,
        names: SafeNames | None = None,
        on_content: Callable[[str], None] = lambda _: None,
        on_reasoning: Callable[[str], None] = lambda _: None,
        on_tool_calls: Callable[[Sequence[ToolCallPiece]], None] = lambda _: None,
    ) -> None:
        self._on_content = on_content
        self._on_reasoning = on_reasoning
        self._on_tool_calls = on_tool_calls
        self.generation_id: str | None = None
        """The first id that the host sends: some change it in mid-stream (recorded 2026)."""
        self.model: str | None = None
        self.names_model = False
        """Whether the host names the model, even by a name that `model` leaves out as unsafe."""
        self.provider: str | None = None
        self.finish_reason: str | None = None
        """Why the model stopped; None also if the host gives an unknown reason."""
        self.finished = False
        """Whether the host gave any finish reason."""
        self.usage: Usage | None = None
        self.error: Mapping[str, Any] | None = None
        """The error that came inside the answer; an empty mapping if it has no readable content."""
        self.refused = False
        self.began = False
        """Whether the model wrote anything, useful or not: from then on the attempt costs money."""
        self.done = False
        """Whether `[DONE]` came, or the JSON body was complete."""
        self._names = names or SafeNames()
        self._payload_usage: Usage | None = None
        """The usage in the payload that is being added."""
        self._has_choice = False
        self._content = StringIO()
        self._reasoning = StringIO()
        self._tool_calls = ToolCalls()
        self._chars_left = TEXT_LIMIT

    @property
    def content(self) -> str:
        """The text of the answer, without reasoning."""
        return _fix_surrogates(self._content.getvalue())

    @property
    def reasoning(self) -> str:
        """The reasoning before the answer."""
        return _fix_surrogates(self._reasoning.getvalue())

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls of the model, in order."""
        return tuple(ToolCall(*map(_fix_surrogates, each)) for each in self._tool_calls)

    @property
    def complete(self) -> bool:
        """Whether the host marked the answer as complete. A stream that ends without that was interrupted."""
        return (self.done and self._has_choice) or self.finished

    def add(self, payload: bytes) -> bool:
        """Add one payload of the stream, or a complete JSON body; return whether the model made progress.

        Raises:
            UnreadableChunkError: the payload is not a JSON object.
            AnswerTooLarge: the text is longer than `TEXT_LIMIT`.
        """
        if self.done or not payload:
            return False
        if payload == b"[DONE]":
            self.done = True
            return False
        before, had_error = self.usage, self.error is not None
        self._payload_usage = None
        progressed = self._add_chunk(read_object(payload))
        if self.error is not None and not had_error and before is not None and not self._is_final(before):
            # The usage was reported before the error, and is not what will be billed.
            self.usage, self.began = None, self.began or bool(before.output_tokens)
        return progressed

    def name_generation(self, value: object) -> None:
        """Set the generation id, unless there is one already or this is not a safe name."""
        if self.generation_id is None:
            self.generation_id = self._names.generation_id(value)

    def _is_final(self, before: Usage) -> bool:
        """Return whether the usage that came with an error is what is billed, given the usage from before it."""
        usage = self._payload_usage
        if usage is None or usage == Usage():
            return False
        return usage.reported_usd is not None or before.reported_usd is None

    def _add_chunk(self, chunk: Mapping[str, Any]) -> bool:
        self.name_generation(chunk.get("id"))
        if self.model is None:
            self.model = self._names.model(chunk.get("model"))
            self.names_model = self.names_model or bool(chunk.get("model"))
        if self.provider is None:
            self.provider = self._names.provider(chunk.get("provider"))
        self._add_error_and_usage(chunk)
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        return isinstance(choice, dict) and self._add_choice(choice)

    def _add_choice(self, choice: Mapping[str, Any]) -> bool:
        self._has_choice = True
        self._add_error_and_usage(choice)  # Moonshot puts the usage here
        finish_reason = choice.get("finish_reason")
        if isinstance(finish_reason, str) and finish_reason:
            self._finish(finish_reason)
        message = choice.get("delta") or choice.get("message")
        return isinstance(message, dict) and self._add_message(message)

    def _finish(self, reason: str) -> None:
        self.finished = True
        self.finish_reason = self._names.finish_reason(reason) or self.finish_reason
        if reason == "error":
            self.error = self.error or {}
        self.refused = self.refused or reason == "content_filter"

    def _add_message(self, message: Mapping[str, Any]) -> bool:
        content = message.get("content")
        if content and (text := _text(content)):
            self._append(self._content, text)
            self._on_content(text)
        # `reasoning` is OpenRouter's name, `reasoning_content` Moonshot's. `reasoning_details` repeats either; alone it
        # may hold text, or encrypted reasoning, which still shows that the model makes progress.
        reasoning = message.get("reasoning") or message.get("reasoning_content") or message.get("reasoning_details")
        if reasoning and (text := _text(reasoning)):
            self._append(self._reasoning, text)
            self._on_reasoning(text)
        if message.get("refusal"):
            self.refused = True
        tool_calls = message.get("tool_calls")
        if tool_calls:
            pieces = self._tool_calls.add(tool_calls)
            self._count(sum(len(each.id) + len(each.name) + len(each.arguments) for each in pieces))
            if pieces:
                self._on_tool_calls(pieces)
        # Even a call of a tool that was not offered is billed.
        self.began = self.began or any(value for name, value in message.items() if name != "role")
        return bool(content or reasoning or tool_calls)

    def _append(self, texts: StringIO, text: str) -> None:
        self._count(len(text))
        texts.write(text)

    def _count(self, chars: int) -> None:
        self._chars_left -= chars
        if self._chars_left < 0:
            raise AnswerTooLarge

    def _add_error_and_usage(self, where: Mapping[str, Any]) -> None:
        error, usage = where.get("error"), where.get("usage")
        # After a finish reason the answer is complete and billed, so later errors do not matter.
        if error and not self.finished:
            self.error = error if isinstance(error, Mapping) else {"message": error}
        if usage is not None and isinstance(usage, Mapping):
            read = Usage.read(usage)
            self._payload_usage = read.merged_with(self._payload_usage)
            self.usage = read.merged_with(self.usage)


def _text(value: object) -> str:
    """Return a text, or the joined texts of a list of parts; empty if it is neither."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_part(part) for part in value)
    return ""


def _part(part: object) -> str:
    if isinstance(part, dict):
        part = part.get("text") or part.get("summary")
    return part if isinstance(part, str) else ""


def _fix_surrogates(text: str) -> str:
    """Join surrogate pairs that were split between chunks, and replace lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
