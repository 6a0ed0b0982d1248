"""A question to a model, and what the requests to all hosts have in common."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from shared import __version__
from shared.catalog import Model, Prices
from shared.costs.attempt_lines import Purpose

_SAMPLING = {"temperature", "top_p"}
_MESSAGE_TOKENS = 16
"""What a host writes around a message at most: its role, and marks at both ends."""
_IMAGE_TOKENS = 16_384
"""Of an image at most, however few bytes it or its address has: four of Kimi K3's 65,536 patches are a token, and K2.5
and K2.6 have a quarter of these patches (the processors' published configurations, 2026)."""
_API_NAMES = frozenset(
    ("system", "user", "assistant", "tool", "text", "image_url", "function", "json_object", "json_schema",
     "object", "array", "string", "number", "integer", "boolean", "null")
)  # fmt: skip
"""What `role` and `type` say in messages, options and JSON schemas."""
_NAMED_BY_CALLERS = {"properties", "patternProperties", "$defs", "definitions"}
"""The parts of a JSON schema whose fields have names of the caller's own."""

Message = Mapping[str, Any]
"""A message of the OpenAI API: a `role`, and a `content` that is a text or a list of parts."""


class Question(NamedTuple):
    """The messages for a model, and what the host is told of the request."""

    messages: Sequence[Message]
    session_id: str | None = None
    """Requests with the same id go to the same provider, which keeps its prompt cache warm."""
    extra_output_tokens: int = 0
    """Output tokens that this question needs in addition to `MAX_OUTPUT_TOKENS`."""
    max_output_tokens: int | None = None
    """The most output tokens that the caller wants; None: as many as the service allows."""
    options: Mapping[str, Any] = MappingProxyType({})
    """Further fields of the request, as the OpenAI API names them, such as `tools` and `response_format`."""
    system_is_private: bool = False
    """Whether the messages of role `system` are the caller's, and not our own instructions."""
    edits: bool = False
    """Whether small edits are asked for: models that can think less about them, for reasoning is most of their bill."""
    purpose: Purpose = "first"
    """Why it is asked: the purpose of its attempts, but for those that repair or extend an answer."""
    json_schema: Mapping[str, Any] | None = None
    """Of the JSON object that is to be the answer: models that can are held to it."""

    @property
    def size(self) -> int:
        """The most tokens of the prompt: one for a byte of UTF-8, of which no tokenizer makes more, and its images."""
        others = sum(len(json.dumps(each)) for each in (self.options, self.json_schema) if each)
        return sum(_size(message) for message in self.messages) + others

    @property
    def private(self) -> list[str]:
        """The texts that must not be logged: all but our own instructions."""
        messages = [each for each in self.messages if self.system_is_private or each["role"] != "system"]
        return [text for each in (*messages, self.options) for text in _texts(each)]


class ModelRequest(NamedTuple):
    """One question as it goes to one model."""

    model: str
    """The host's own name for it."""
    entry: Model | None
    """What the catalog knows of it."""
    max_price: Prices
    """The most that a provider may ask for it."""
    question: Question
    max_tokens: int

    @property
    def effort(self) -> str | None:
        """How much the model is to think; None leaves that to the model."""
        entry = self.entry
        if entry is None:
            return None
        little = self.question.edits or self.question.purpose == "plan"
        return (entry.edit_effort if little else None) or entry.effort


def build_headers(key: str) -> dict[str, str]:
    """Return the headers of an attempt with this key."""
    return {
        "Authorization": f"Bearer {key}",
        "Accept": "text/event-stream",
        "Accept-Encoding": "identity",  # a compressed stream is delayed until a block is full
        "User-Agent": f"kimi-artifacts/{__version__}",
    }


def build_body(request: ModelRequest, max_tokens_field: str) -> dict[str, Any]:
    """Return the part of an attempt's JSON body that all hosts have, with the host's name for the limit of tokens."""
    entry = request.entry
    body: dict[str, Any] = {
        "model": request.model,
        "messages": list(request.question.messages),
        "stream": True,
        # Without it a host reserves the model's own maximum, and answers 402 if the balance does not cover that.
        max_tokens_field: request.max_tokens,
    }
    if entry and entry.temperature is not None:
        body["temperature"] = entry.temperature
    if entry and (answer := json_answer(request.question, entry)):
        body["response_format"] = answer
    options = request.question.options
    return body | {name: options[name] for name in options if name not in refused_options(options, entry)}


def json_answer(question: Question, entry: Model) -> dict[str, Any] | None:
    """Return how a model is told to answer in JSON; None where it need not, or cannot be told."""
    schema = question.json_schema
    if schema is None or entry.json_answers is None:
        return None
    if entry.json_answers == "json_object":
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": question.purpose, "strict": True, "schema": schema}}


def refused_options(options: Mapping[str, Any], entry: Model | None) -> set[str]:
    """Return which options a model does not take: some answer 400 to any temperature but their own.

    A model that the catalog does not know is sent what it is given.
    """
    if entry is None:
        return set()
    if entry.temperature_range is None:
        return _SAMPLING & options.keys()
    low, high = entry.temperature_range
    return {"temperature"} & options.keys() if not low <= options.get("temperature", low) <= high else set()


def _size(message: Message) -> int:
    """Return the most tokens of a message, one for a byte; all but a plain text counts as its JSON."""
    content, rest = message.get("content"), {name: message[name] for name in message if name not in {"role", "content"}}
    text = content if isinstance(content, str) else json.dumps(content)
    images = 0 if isinstance(content, str) else sum(part["type"] == "image_url" for part in content or ())
    size = len(text.encode("utf-8", "replace")) + (len(json.dumps(rest)) if rest else 0)
    return size + _MESSAGE_TOKENS + images * _IMAGE_TOKENS


def _texts(value: object) -> Iterator[str]:
    """Yield all texts in a message or an option, but for the names that the API itself gives to roles and types."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name in _NAMED_BY_CALLERS and isinstance(each, Mapping):
                yield from each
            found = _texts(each)
            yield from (text for text in found if text not in _API_NAMES) if name in {"role", "type"} else found
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
