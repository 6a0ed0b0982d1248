"""Moonshot's own API: bare ids, no cost, usage in the stop chunk, errors of two fields, fixed sampling."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from local.standin.billing import JsonObject, Price, Usage
from local.standin.calls import ChatCall
from local.standin.dialects.dialect import OPENAI_FIELDS, Dialect
from local.standin.dialects.kimi_models import sampling_objection
from local.standin.dialects.moonshot_rules import is_silent, objection
from local.standin.dialects.problem import Problem, page
from local.standin.dialects.style import Identity
from local.standin.replies import Reply

_PRICES: Final[Mapping[str, Price]] = {
    "kimi-k2.6": Price(prompt=950, cached=160, completion=4000),
    "kimi-k2.7-code": Price(prompt=950, cached=190, completion=4000),
    "kimi-k2.7-code-highspeed": Price(prompt=1900, cached=380, completion=8000),
    "kimi-k3": Price(prompt=3000, cached=300, completion=15000),
    "kimi-k3.1-pro": Price(prompt=2000, cached=200, completion=10000),
    "kimi-k3.1-pro-highspeed": Price(prompt=4000, cached=200, completion=20000),
}
"""Of November 2026. A cache write costs as much as any other input."""
_GATEWAY_TIMEOUT: Final = 504
_ACCOUNT: Final = "org-standin"


def _problem(status: int, error_type: str, message: str) -> Problem:
    return Problem(status, {"message": message, "type": error_type})


def _invalid(message: str) -> Problem:
    return _problem(400, "invalid_request_error", message)


def rate_limited(seconds: str) -> Problem:
    """Return the limit of an account, whose hint is in the words only."""
    words = f"request reached max organization concurrency: 1, please try again after {seconds} seconds"
    return _problem(429, "rate_limit_reached_error", f"Your account {_ACCOUNT} {words}")


def not_found(model: str) -> Problem:
    """Return what a model that is not there, or no longer, is answered with."""
    return _problem(404, "resource_not_found_error", f"Not found the model {model} or Permission denied")


_SUSPENDED: Final = _problem(
    429,
    "exceeded_current_quota_error",
    f"Your account {_ACCOUNT} is suspended due to insufficient balance, please recharge your account or check your "
    "plan and billing details",
)


class Moonshot(Dialect):
    """What is recorded of it, in its own words."""

    name = "moonshot"
    path = "/moonshot/v1"
    tells_refusals = False
    types: ClassVar = {
        400: "invalid_request_error",
        401: "invalid_authentication_error",
        402: "exceeded_current_quota_error",
        403: "permission_denied_error",
        404: "resource_not_found_error",
        413: "invalid_request_error",
        422: "invalid_request_error",
        429: "rate_limit_reached_error",
        503: "engine_overloaded_error",
        529: "engine_overloaded_error",
    }
    problems: ClassVar[Mapping[str, Problem]] = {
        "rate-limit": rate_limited("1"),
        "overloaded": _problem(
            429, "engine_overloaded_error", "The engine is currently overloaded, please try again later"
        ),
        "quota": _SUSPENDED,
        "quota-tokens": _problem(
            429,
            "exceeded_current_quota_error",
            f"You exceeded your current token quota: <{_ACCOUNT}> 31275, please check your account balance",
        ),
        "credit": _SUSPENDED,
        "key": _problem(401, "invalid_authentication_error", "Invalid Authentication"),
        "forbidden": _problem(403, "permission_denied_error", "The API key may not use this model"),
        "gone": not_found("that was asked for"),
        "context": _invalid("Invalid request: the request exceeds the token limit of the model: 262144"),
        "policy": _problem(400, "content_filter", "The request was rejected because its content is of high risk"),
    }
    stream_error: ClassVar = {"message": "Stream failed", "type": "server_error", "code": "stream_failure"}
    mix = ("rate-limit", "overloaded", "status code=500", "html", "mid-error", "cut", "reset")
    known_fields = OPENAI_FIELDS - {"logit_bias", "user"} | {"thinking", "prompt_cache_key", "safety_identifier"}

    def price(self, model: str) -> Price:
        """Return the list price of a model that is there."""
        return _PRICES[model]

    def error(self, status: int, message: str, error_type: str | None = None) -> JsonObject:
        """Return message and type."""
        return {"message": message, "type": error_type or self.types.get(status, "server_error")}

    def body(self, problem: Problem) -> JsonObject | str:
        """Return the error, which is a page where a gateway has waited too long."""
        return page(problem.status) if problem.status == _GATEWAY_TIMEOUT else super().body(problem)

    def check(self, call: ChatCall, user_agent: str) -> Problem | None:  # noqa: ARG002 - it serves every client
        """Return why the host refuses this request: the model, or a value that it does not take."""
        if not self.serves(call.model):
            return not_found(call.model)
        words = objection(call) or sampling_objection(call.model, call.body, is_silent=is_silent(call))
        return _invalid(words) if words else None

    def serves(self, model: str) -> bool:
        """Return whether there is such a model."""
        return model in _PRICES

    def unknown_fields(self, call: ChatCall) -> list[str]:
        """Return the fields that mean nothing to the model: K3 has efforts, those before it a switch."""
        other = "thinking" if call.model.startswith("kimi-k3") else "reasoning_effort"
        return sorted({*super().unknown_fields(call), *({other} & call.body.keys())})

    def limited(self, reply: Reply, call: ChatCall) -> Reply:
        """Return the reply, without reasoning where that is switched off."""
        return super().limited(replace(reply, reasoning="") if is_silent(call) else reply, call)

    def usage(self, usage: Usage) -> JsonObject:
        """Return the usage, with the cached tokens at its top level too."""
        return super().usage(usage) | {"cached_tokens": usage.cached_tokens}

    def ending(
        self, identity: Identity, last: JsonObject, call: ChatCall, reply: Reply, usage: JsonObject | None
    ) -> list[JsonObject]:
        """Return the last piece, the stop chunk with the usage inside its choice, and the usage once more."""
        events = super().ending(identity, last, call, reply, None)
        if usage is not None:
            choice: JsonObject = {"index": 0, "delta": {}, "finish_reason": reply.finish_reason, "usage": usage}
            events[-1] = events[-1] | {"choices": [choice]}
        return [*events, *self.trailer(identity, call, usage)]
