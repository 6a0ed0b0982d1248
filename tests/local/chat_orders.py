"""Mixed requests to the chat function: good ones of every kind, such as meet a fault of the host, and bad ones."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from tests.local.chat_answers import COMPLETIONS, KIMI, MODELS, ROUTE, ChatAnswer, chat
from tests.local.emulator import Emulator

FIRST, SECOND = "moonshotai/kimi-k2-thinking", "moonshot/kimi-k3"
DOWN = "custom/moonshotai/kimi-k2.6"
"""A model at a host where nothing listens."""

BEFORE_FIRST_DELTA = [
    "status code=503 hint=0 times=1", "rate-limit retry_after=0 times=1 at=openrouter", "error-200 times=1",
    "rate-limit words=0 times=1 at=moonshot", "rate-limit", "rate-limit retry_after=3600 at=openrouter",
    "credit at=openrouter", "key", "gone at=openrouter", "context", "policy", "html times=1",
    "choices-empty times=1 at=openrouter",
]  # fmt: skip
IN_MID_STREAM = [
    "cut", "cut times=1", "cut after=0 times=1", "reset", "reset times=1", "mid-error", "mid-error after=1",
    "mid-error times=1", "finish-error at=openrouter", "garbage-json", "mid-usage-reset",
    "choice-error as=sse times=1 at=openrouter",
]  # fmt: skip
STALLS = ["stall", "stall after=1 times=1", "keepalive times=1 at=openrouter", "silence times=1"]
OTHERWISE = [
    "no-usage", "no-cost at=openrouter", "no-cost at=openrouter", "byok at=openrouter", "free at=openrouter",
    "null-usage at=openrouter", "length", "refusal", "empty", "reasoning-only", "crlf", "no-done", "json",
    "finish-twice at=moonshot", "usage-with-choices at=moonshot", "roles at=moonshot", "no-index",
]  # fmt: skip
"""Answers that come to an end, but are billed or written otherwise."""

TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
RESULT = [
    {"role": "assistant", "content": None, "tool_calls": [
        {"id": "call-1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "call-1", "content": "Rain, 7 degrees"},
]  # fmt: skip
"""A call of the tool, and what came of it."""
SYSTEM = "You answer in few words, and in the language of the question."
FLAVOURS: list[Mapping[str, Any]] = [
    {},
    {"stream": True, "stream_options": {"include_usage": True}},
    {"tools": [TOOL], "tool_choice": "required"},
    {"stream": True},
    {"response_format": {"type": "json_object"}},
    {"stream": True, "stream_options": {"include_usage": True}, "tools": [TOOL], "tool_choice": "required"},
    {"stream": True, "stream_options": {"include_usage": True}, "response_format": {"type": "json_object"}},
]
"""Whole and streamed, with tools and as JSON."""
NAMES = [FIRST, SECOND, "auto", FIRST, "auto", SECOND, FIRST]


@dataclass(frozen=True)
class Order:
    """A request to the chat function."""

    body: Mapping[str, Any] | None
    path: str = COMPLETIONS
    method: str = "POST"
    key: str | None = None
    """Its Idempotency-Key."""

    @property
    def streams(self) -> bool:
        return bool(self.body and self.body.get("stream"))

    def send(self, running: Emulator) -> ChatAnswer:
        headers = {"Idempotency-Key": self.key} if self.key else {}
        return chat(running, self.body, self.path, method=self.method, headers=headers)

    def other_way(self) -> Self:
        """The same, whole where it was streamed and streamed where it was whole, if it can be."""
        if self.path != COMPLETIONS:
            return self
        streams = {"stream": not self.streams, "stream_options": {"include_usage": True}}
        return replace(self, body={**(self.body or {}), **streams})


def _bad(number: int) -> Order:
    """A request that is refused before anything is counted."""
    good = _body(f"Number {number}", number)
    result = {"role": "tool", "tool_call_id": "none", "content": "3"}
    return [
        Order(good | {"n": 2}),
        Order(good | {"model": "moonshotai/kimi-k3", "stream": True}),
        Order(good | {"messages": [*good["messages"], result]}),
        Order(good | {"max_tokens": 0}),
        Order({"prompt": ""}, KIMI),
        Order(None),
        Order(good, "/v1/embeddings"),
        Order(None, COMPLETIONS, "GET"),
        Order({"messages": 3}, ROUTE),
        Order({"metadata": {"feature": "no such name"}}),
    ][number % 10]


def _free(number: int) -> Order:
    """A request that asks no model."""
    return Order({"prompt": f"Number {number}"}, ROUTE) if number % 2 else Order(None, MODELS, "GET")


def _body(text: str, number: int) -> dict[str, Any]:
    """Every second one with a system message, which the host finds in its cache."""
    user = {"role": "user", "content": text}
    messages = [{"role": "system", "content": SYSTEM}, user] if number % 2 else [user]
    return {"model": NAMES[number % 7], "messages": messages, "max_tokens": 150, **FLAVOURS[number // 7 % 7]}


def _paid(number: int, fault: str | None) -> Order:
    """A request that asks a model, in this way and with this fault; such as meet none have a key."""
    text = f"An SVG drawing, number {number}" + (f" [[fault {fault}]]" if fault else "")
    key = None if fault else f"number-{number}"
    if number % 10 == 3:
        return Order({"prompt": text, "system": SYSTEM, "model": NAMES[number % 7], "max_tokens": 150}, KIMI, key=key)
    body = _body(text, number)
    if number % 16 == 1:
        return Order(body | {"model": DOWN})
    if number % 16 == 2:
        body |= {"messages": [*body["messages"], *RESULT], "tools": [TOOL], "tool_choice": "auto"}
    return Order(body, key=key)


def orders(count: int, seed: int) -> list[Order]:
    """So many requests: a tenth of them bad, a tenth free, and a half with a fault."""
    mix = random.Random(seed)  # noqa: S311 - no secret
    faults = [*BEFORE_FIRST_DELTA, *IN_MID_STREAM, *IN_MID_STREAM, *STALLS, *OTHERWISE]
    made = []
    for place, number in enumerate(mix.sample(range(10_000), count)):
        match place % 10:
            case 4:
                made.append(_bad(place // 10))
            case 8:
                made.append(_free(place // 10))
            case _:
                made.append(_paid(number, faults[place // 2 % len(faults)] if place % 2 else None))
    return made
