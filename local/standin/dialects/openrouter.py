"""OpenRouter, as recorded: comments, padding, a `finish_reason` that comes twice, usage with its cost at the end."""

import time
import uuid
from dataclasses import replace
from typing import Final

from local.standin.billing import Bill, JsonObject, Price, Usage
from local.standin.calls import ChatCall
from local.standin.dialects.dialect import OPENAI_FIELDS, Dialect, tool_calls_of
from local.standin.dialects.kimi_models import sampling_objection
from local.standin.dialects.openrouter_errors import BROKE_OFF, PROBLEMS, PROVIDER, TYPES, error_of
from local.standin.dialects.problem import REASONS, Problem
from local.standin.dialects.style import PLAIN, Identity, Style
from local.standin.json_text import to_json
from local.standin.ledger import dollars
from local.standin.replies import Reply

COMMENT: Final = ": OPENROUTER PROCESSING"
BARE_COMMENT: Final = ": "
_KIMI_K2_THINKING: Final = Price(prompt=600, cached=150, completion=2500)
_FIXED_MODELS: Final = ("kimi-k2.5", "kimi-k2.6", "kimi-k2.7", "kimi-k3")
_SWITCHED_OFF: Final = ("moonshotai/kimi-k2.5", "moonshotai/kimi-k2.6")
_ANY_OTHER: Final = Price(prompt=950, cached=160, completion=4000)


def usage_block(usage: Usage, cost_nano: int, *, is_byok: bool = False) -> JsonObject:
    """Return the usage object in the recorded shape, with all its parts."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "cost": dollars(cost_nano),
        "is_byok": is_byok,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens, "cache_write_tokens": 0, "audio_tokens": 0},
        "cost_details": {
            "upstream_inference_cost": dollars(usage.cost_nano),
            "upstream_inference_prompt_cost": dollars(usage.prompt_nano),
            "upstream_inference_completions_cost": dollars(usage.completion_nano),
        },
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens, "image_tokens": 0},
    }


def _details(reasoning: str) -> list[JsonObject]:
    return [{"type": "reasoning.text", "text": reasoning, "format": "unknown", "index": 0}] if reasoning else []


def _reasoning(text: str, style: Style) -> JsonObject:
    """Return the reasoning in both of its fields, or in the one that the style names."""
    fields: JsonObject = {"reasoning": text, "reasoning_details": _details(text), "reasoning_content": text}
    return {
        name: value
        for name, value in fields.items()
        if name in (style.reasoning or "reasoning reasoning_details").split()
    }


def _is_silent(call: ChatCall) -> bool:
    """Return whether the model does not think, which not every model can be told."""
    reasoning = call.body.get("reasoning")
    is_off = isinstance(reasoning, dict) and reasoning.get("enabled") is False
    return is_off and call.model.partition(":")[0] in _SWITCHED_OFF


class OpenRouter(Dialect):
    """Any model, which comes back under a dated name."""

    name = "openrouter"
    path = "/api/v1"
    comments = (COMMENT, COMMENT, BARE_COMMENT, COMMENT, COMMENT)
    keep_alive = COMMENT
    padding = b"\n         \n"
    types = TYPES
    problems = PROBLEMS
    stream_error = BROKE_OFF
    mix = ("rate-limit retry_after=1", "rate-limit", "status code=503", "error-200", "mid-error", "cut", "reset")
    known_fields = OPENAI_FIELDS | {
        *("provider", "reasoning", "include_reasoning", "session_id", "models", "route", "transforms", "usage"),
        *("plugins", "trace", "verbosity", "prediction", "top_k", "top_a", "min_p", "repetition_penalty"),
    }

    def price(self, model: str) -> Price:
        """Return the price of a model; a variant (`:nitro`) costs the same."""
        return _KIMI_K2_THINKING if model.partition(":")[0] == "moonshotai/kimi-k2-thinking" else _ANY_OTHER

    def check(self, call: ChatCall, user_agent: str) -> Problem | None:  # noqa: ARG002 - it serves every client
        """Return why the provider refuses this request: a value that is fixed for Kimi's model."""
        vendor, _, model = call.model.partition(":")[0].partition("/")
        if vendor != "moonshotai" or not model.startswith(_FIXED_MODELS):
            return None
        words = sampling_objection(model, call.body, is_silent=_is_silent(call))
        if words is None:
            return None
        raw = to_json({"error": {"message": words, "type": "invalid_request_error"}})
        return Problem(400, error_of(400, "The provider returned an error", raw=raw))

    def limited(self, reply: Reply, call: ChatCall) -> Reply:
        """Return the reply, without reasoning where that is switched off."""
        return super().limited(replace(reply, reasoning="") if _is_silent(call) else reply, call)

    def error(self, status: int, message: str, error_type: str | None = None) -> JsonObject:
        """Return message and code, and a type only where one is given."""
        return error_of(status, message, error_type=error_type)

    def failed(self, status: int, error_type: str | None, reason: str | None) -> Problem:
        """Return an error of the provider, whose reason is in the metadata."""
        raw, error_type = reason or REASONS[status], error_type or self.types[status]
        return Problem(status, error_of(status, "The provider returned an error", error_type=error_type, raw=raw))

    def identity(self, model: str) -> Identity:
        """Return the identity of a new generation; the model comes back under a dated name."""
        name = model.partition(":")[0]
        date = "20251106" if name == "moonshotai/kimi-k2-thinking" else "20260101"
        return Identity(f"{name}-{date}", f"gen-{int(time.time())}-{uuid.uuid4().hex[:20]}")

    def headers(self, identity: Identity) -> dict[str, str]:
        """Return the header by which a lost cost can be looked up."""
        return {"X-Generation-Id": identity.generation_id}

    def bill(self, usage: Usage) -> Bill:
        """Return the usual case: everything is charged and reported."""
        return Bill(self.usage(usage), usage.cost_nano, usage.cost_nano)

    def usage(self, usage: Usage) -> JsonObject:
        """Return the usage object with its cost."""
        return usage_block(usage, usage.cost_nano)

    def body(self, problem: Problem) -> JsonObject | str:
        """Return the error beside the account."""
        return {"error": problem.error, "user_id": "user_standin"}

    def first_delta(self) -> JsonObject | None:
        """Return nothing: every delta names the role."""
        return None

    def reasoning_delta(self, text: str, style: Style = PLAIN) -> JsonObject:
        """Return a piece of reasoning, next to empty content."""
        content = None if style.reasoning == "reasoning_content" else ""
        return {"content": content, "role": "assistant", **_reasoning(text, style)}

    def content_delta(self, text: str | None, style: Style = PLAIN) -> JsonObject:
        """Return a piece of content."""
        content = [{"type": "text", "text": text}] if style.parts and text is not None else text
        return {"content": content, "role": "assistant"}

    def tool_delta(self, entry: JsonObject) -> JsonObject:
        """Return a piece of a call of a tool, next to content null."""
        return {"content": None, "role": "assistant", "tool_calls": [entry]}

    def chunk(
        self,
        identity: Identity,
        delta: JsonObject,
        finish_reason: str | None = None,
        error: JsonObject | None = None,
    ) -> JsonObject:
        """Return one event of a stream; an error given here stands inside the choice."""
        choice: JsonObject = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        choice["native_finish_reason"] = finish_reason
        if error is not None:
            choice["error"] = error
        return self.envelope(identity, "chat.completion.chunk") | {"choices": [choice]}

    def ending(
        self,
        identity: Identity,
        last: JsonObject,
        call: ChatCall,  # noqa: ARG002 - usage comes unasked
        reply: Reply,
        usage: JsonObject | None,
    ) -> list[JsonObject]:
        """Return the last piece with the finish_reason, then that once more with the usage."""
        event = self.chunk(identity, last, reply.finish_reason)
        if usage is None:
            return [event]
        again = self.chunk(identity, {"content": "", "role": "assistant"}, reply.finish_reason)
        return [event, again | {"usage": usage}]

    def error_event(self, identity: Identity, error: JsonObject) -> JsonObject:
        """Return the event that ends a stream in an error."""
        return self.envelope(identity, "chat.completion.chunk") | {"choices": [], "error": error}

    def completion(
        self, identity: Identity, reply: Reply, style: Style = PLAIN, error: JsonObject | None = None
    ) -> JsonObject:
        """Return a whole answer in one body, without its usage; an error given here stands inside the choice."""
        choice: JsonObject = {
            "index": 0,
            "logprobs": None,
            "finish_reason": reply.finish_reason,
            "native_finish_reason": reply.finish_reason,
            "message": self.message(reply, style),
        }
        if error is not None:
            choice["error"] = error
        return self.envelope(identity, "chat.completion") | {"system_fingerprint": None, "choices": [choice]}

    def message(self, reply: Reply, style: Style = PLAIN) -> JsonObject:
        """Return the message, whose reasoning stands in it twice."""
        return {
            "role": "assistant",
            "refusal": reply.refusal,
            "content": reply.content,
            **_reasoning(reply.reasoning, style),
        } | tool_calls_of(reply)

    def envelope(self, identity: Identity, what: str) -> JsonObject:
        """Return what every body and every event of an answer begins with."""
        return super().envelope(identity, what) | {"provider": PROVIDER}
