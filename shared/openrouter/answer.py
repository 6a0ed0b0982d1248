"""What a host has said so far in answer to one call, gathered from its stream or from one JSON body.

Chunks are read as plain dicts: a model object for each of some thousand chunks is what makes other clients slow.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.costs.usage import Usage
from shared.openrouter.sse import EventSplitter

NAME_LIMIT = 200
"""Characters kept of a name that the host gives: it goes on a log line."""


class UnreadableChunkError(ValueError):
    """The host sent something that is not JSON where JSON belongs."""


class Answer:
    """Content, reasoning, usage and the rest of one answer, as far as they have come."""

    def __init__(self) -> None:
        self.generation_id: str | None = None
        self.model: str | None = None
        self.provider: str | None = None
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.error: Mapping[str, Any] | None = None
        """The error that came inside the answer; an empty mapping where it says nothing that can be read."""
        self.refused = False
        self.done = False
        """Whether the stream said `[DONE]`, or the JSON body was whole."""
        self._content: list[str] = []
        self._reasoning: list[str] = []

    @property
    def content(self) -> str:
        """The text of the answer, apart from the reasoning."""
        return _mend("".join(self._content))

    @property
    def reasoning(self) -> str:
        """What the model thought before it answered."""
        return _mend("".join(self._reasoning))

    @property
    def began(self) -> bool:
        """Whether the model wrote anything: from then on the call costs money."""
        return bool(self._content or self._reasoning)

    @property
    def whole(self) -> bool:
        """Whether the host said that the answer is over. A stream that just ends was cut."""
        return self.done or self.finish_reason is not None

    def add(self, payload: bytes) -> bool:
        """Take in one payload of the stream, or a whole JSON body; True when it brought content or reasoning.

        Raises:
            UnreadableChunkError: the payload is not a JSON object.
        """
        if payload == b"[DONE]":
            self.done = True
            return False
        before = len(self._content) + len(self._reasoning)
        self._take(_decode(payload))
        return len(self._content) + len(self._reasoning) > before

    def _take(self, chunk: Mapping[str, Any]) -> None:
        self.generation_id = self.generation_id or _name(chunk.get("id"))
        self.model = _name(chunk.get("model")) or self.model
        self.provider = _name(chunk.get("provider")) or self.provider
        self._take_error(chunk.get("error"))
        self._take_usage(chunk.get("usage"))
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(choice, Mapping):
            self._take_choice(choice)

    def _take_choice(self, choice: Mapping[str, Any]) -> None:
        message = choice.get("delta") or choice.get("message")
        if isinstance(message, Mapping):
            self._take_message(message)
        self._take_error(choice.get("error"))
        self._take_usage(choice.get("usage"))  # where Moonshot puts it
        self.finish_reason = _name(choice.get("finish_reason")) or self.finish_reason
        if self.finish_reason == "error":
            self._take_error({})
        self.refused = self.refused or self.finish_reason == "content_filter"

    def _take_message(self, message: Mapping[str, Any]) -> None:
        _append(self._content, message.get("content"))
        # `reasoning` is OpenRouter's name for it, `reasoning_content` Moonshot's; `reasoning_details` repeats either.
        _append(self._reasoning, message.get("reasoning") or message.get("reasoning_content"))
        self.refused = self.refused or bool(message.get("refusal"))

    def _take_error(self, error: object) -> None:
        if error is not None and error is not False:
            self.error = error if isinstance(error, Mapping) else {"message": error}

    def _take_usage(self, usage: object) -> None:
        if isinstance(usage, Mapping):
            self.usage = Usage.read(usage)


class StreamReader:
    """Reads an answer that comes as server-sent events."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._events = EventSplitter()

    def feed(self, chunk: bytes) -> bool:
        """Take in bytes; True when they brought content or reasoning."""
        progress = [self._answer.add(payload) for payload in self._events.feed(chunk)]
        return any(progress)

    def close(self) -> None:
        """Take in what the stream ends with."""
        for payload in self._events.close():
            self._answer.add(payload)


class BodyReader:
    """Reads an answer that comes as one JSON body, behind any number of blanks that keep the connection alive."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> bool:
        """Take in bytes; never progress, because nothing can be read before the body is whole."""
        self._pieces.append(chunk)
        return False

    def close(self) -> None:
        """Read the body.

        Raises:
            UnreadableChunkError: it is not a JSON object.
        """
        self._answer.add(b"".join(self._pieces).strip())
        self._answer.done = True


def error_of(body: bytes) -> Mapping[str, Any]:
    """The `error` object of a failed call's body; empty where there is none, as in an HTML page."""
    try:
        error = _decode(body).get("error")
    except UnreadableChunkError:
        return {}
    return error if isinstance(error, Mapping) else {"message": error}


def _decode(payload: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(payload, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadableChunkError from error
    if not isinstance(value, Mapping):
        raise UnreadableChunkError
    return value


def _append(texts: list[str], value: object) -> None:
    """Add a text, or the texts of a list of parts."""
    if isinstance(value, str):
        if value:
            texts.append(value)
    elif isinstance(value, list):
        for part in value:
            _append(texts, part.get("text") if isinstance(part, Mapping) else part)


def _name(value: object) -> str | None:
    return value[:NAME_LIMIT] if isinstance(value, str) and value else None


def _mend(text: str) -> str:
    """Join the halves of characters that two chunks share, and replace what is left of others."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
