"""A question to a model, and the request that every OpenAI-compatible host accepts for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared import __version__, catalog

Message = Mapping[str, Any]
"""A message of the OpenAI API: a `role`, and a `content` that is a text or a list of parts."""


@dataclass(frozen=True, slots=True)
class Question:
    """The messages for a model, and what the host is told of the request."""

    messages: Sequence[Message]
    session_id: str | None = None
    """Requests with the same id go to the same provider, which keeps its prompt cache warm."""
    extra_output_tokens: int = 0
    """Output tokens that this question needs in addition to `MAX_OUTPUT_TOKENS`."""

    @property
    def size(self) -> int:
        """Length of the prompt in bytes of UTF-8: no tokenizer makes more tokens of it."""
        return sum(_size(message.get("content")) for message in self.messages)

    @property
    def private(self) -> list[str]:
        """The texts that must not be logged: all but our own instructions (role `system`)."""
        return [text for message in self.messages if message["role"] != "system" for text in _texts(message)]


def build_headers(key: str) -> dict[str, str]:
    """Return the headers of an attempt with this key."""
    return {
        "Authorization": f"Bearer {key}",
        "Accept": "text/event-stream",
        "Accept-Encoding": "identity",  # a compressed stream is delayed until a block is full
        "User-Agent": f"kimi-artifacts/{__version__}",
    }


def build_body(model: str, question: Question, max_tokens: int) -> dict[str, Any]:
    """Return the JSON body of an attempt with this model."""
    entry = catalog.lookup(model)
    body: dict[str, Any] = {
        "model": model,
        "messages": list(question.messages),
        "stream": True,
        # Without it the host reserves the model's own maximum, and answers 402 if the balance does not cover that.
        "max_tokens": max_tokens,
    }
    if entry and entry.temperature is not None:
        body["temperature"] = entry.temperature
    return body


def _size(content: object) -> int:
    """Return the size of a message's content in bytes; a list of parts counts as its JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return len(text.encode("utf-8", "replace"))


def _texts(message: Message) -> list[str]:
    content = message.get("content")
    if isinstance(content, str):
        return [content]
    parts = content if isinstance(content, list) else []
    return [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
