"""What a dialect is: the plain shapes of OpenAI's API, and the places in which a host may differ from them."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from local.standin.billing import Bill, JsonObject, Price, Usage
from local.standin.calls import ChatCall
from local.standin.dialects.problem import REASONS, Problem
from local.standin.dialects.style import PLAIN, Identity, Style
from local.standin.replies import Reply

OPENAI_FIELDS = frozenset(
    (
        *("model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "reasoning_effort"),
        *("temperature", "top_p", "n", "stop", "seed", "user", "presence_penalty", "frequency_penalty", "logit_bias"),
        *("logprobs", "top_logprobs", "response_format", "tools", "tool_choice", "parallel_tool_calls"),
    )
)
"""What a request to OpenAI's API may hold, as of 2026."""


class Dialect(ABC):
    """One host: where it is found, what it accepts, how it answers and what it charges.

    Attributes:
        name: of the host, in directives and in the ledger.
        path: where its base URL is.
        comments: sent before the first token.
        keep_alive: a comment that is sent while nothing happens.
        padding: sent again and again before a JSON body.
        tells_refusals: whether a refusal is in a field of its own, and not only the finish_reason.
        types: the error type of a status.
        problems: what the host says in the faults of these names.
        stream_error: the error that ends a stream.
        mix: what the fault `mix` draws from.
        known_fields: fields of a request that mean something to the host.
    """

    name: str
    path: str
    comments: tuple[str, ...] = ()
    keep_alive = ": keep-alive"
    padding = b""
    tells_refusals = True
    types: ClassVar[Mapping[int, str]]
    problems: ClassVar[Mapping[str, Problem]]
    stream_error: ClassVar[JsonObject]
    mix: tuple[str, ...]
    known_fields = OPENAI_FIELDS

    @abstractmethod
    def price(self, model: str) -> Price:
        """Return the price of a model by the name it was asked for with."""

    @abstractmethod
    def error(self, status: int, message: str, error_type: str | None = None) -> JsonObject:
        """Return the inside of the error envelope; without a type, that of the status."""

    def check(self, call: ChatCall, user_agent: str) -> Problem | None:  # noqa: ARG002 - most hosts accept anything
        """Return why the host refuses this request, if it does."""
        return None

    def unknown_fields(self, call: ChatCall) -> list[str]:
        """Return the fields that mean nothing to the host; hosts are said to ignore them without a word."""
        return sorted(call.body.keys() - self.known_fields)

    def identity(self, model: str) -> Identity:
        """Return the identity of a new answer."""
        return Identity(model, f"chatcmpl-{uuid.uuid4()}")

    def failed(self, status: int, error_type: str | None, reason: str | None) -> Problem:
        """Return an error of what is behind the host."""
        return Problem(status, self.error(status, reason or REASONS[status], error_type))

    def limited(self, reply: Reply, call: ChatCall) -> Reply:
        """Return the reply as far as the request lets it go."""
        return reply.until(call.stop).within(call.max_tokens)

    def headers(self, identity: Identity) -> dict[str, str]:  # noqa: ARG002 - most hosts name nothing there
        """Return the headers that name an answer."""
        return {}

    def bill(self, usage: Usage) -> Bill:
        """Return the usual case: all is charged, and the usage counts tokens only."""
        return Bill(self.usage(usage), usage.cost_nano, 0)

    def usage(self, usage: Usage) -> JsonObject:
        """Return the usage object."""
        return {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.prompt_tokens + usage.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        }

    def body(self, problem: Problem) -> JsonObject | str:
        """Return the body of an error: JSON, or a page."""
        return {"error": problem.error}

    def first_delta(self) -> JsonObject | None:
        """Return what comes before the first token, if something does."""
        return {"role": "assistant", "content": ""}

    def reasoning_delta(self, text: str, style: Style = PLAIN) -> JsonObject:
        """Return a piece of reasoning."""
        return {style.reasoning or "reasoning_content": text}

    def content_delta(self, text: str | None, style: Style = PLAIN) -> JsonObject:  # noqa: ARG002 - the same
        """Return a piece of content."""
        return {"content": text}

    def tool_delta(self, entry: JsonObject) -> JsonObject:
        """Return a piece of a call of a tool."""
        return {"tool_calls": [entry]}

    def chunk(self, identity: Identity, delta: JsonObject, finish_reason: str | None = None) -> JsonObject:
        """Return one event of a stream."""
        choice: JsonObject = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return self.envelope(identity, "chat.completion.chunk") | {"choices": [choice]}

    def ending(
        self, identity: Identity, last: JsonObject, call: ChatCall, reply: Reply, usage: JsonObject | None
    ) -> list[JsonObject]:
        """Return the events that end a stream, of which the last one carries the usage: the last piece to `[DONE]`."""
        said = [self.chunk(identity, last)] if last.get("content") or last.get("refusal") else []
        events = [*said, self.chunk(identity, {}, reply.finish_reason)]
        return [*events, *self.trailer(identity, call, usage)]

    def trailer(self, identity: Identity, call: ChatCall, usage: JsonObject | None) -> list[JsonObject]:
        """Return the event without choices that brings the usage, where the request asks for it."""
        if usage is None or not call.wants_usage:
            return []
        return [self.envelope(identity, "chat.completion.chunk") | {"choices": [], "usage": usage}]

    def error_event(self, identity: Identity, error: JsonObject) -> JsonObject:  # noqa: ARG002 - most name nothing else
        """Return the event that ends a stream in an error."""
        return {"error": error}

    def completion(self, identity: Identity, reply: Reply, style: Style = PLAIN) -> JsonObject:
        """Return a whole answer in one body, without its usage."""
        choice: JsonObject = {"index": 0, "message": self.message(reply, style), "finish_reason": reply.finish_reason}
        return self.envelope(identity, "chat.completion") | {"choices": [choice]}

    def message(self, reply: Reply, style: Style = PLAIN) -> JsonObject:
        """Return the message of a whole answer."""
        reasoning: JsonObject = self.reasoning_delta(reply.reasoning, style) if reply.reasoning else {}
        return {"role": "assistant", "content": reply.content} | reasoning | tool_calls_of(reply)

    def envelope(self, identity: Identity, what: str) -> JsonObject:
        """Return what every body and every event of an answer begins with."""
        return {
            "id": identity.generation_id,
            "object": what,
            "created": identity.created,
            "model": identity.model,
        }


def tool_calls_of(reply: Reply) -> JsonObject:
    """Return the field of a whole answer that holds its calls of tools, if there are any."""
    calls = [
        {"id": call.call_id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in reply.tool_calls
    ]
    return {"tool_calls": calls} if calls else {}
