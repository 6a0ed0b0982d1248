"""Any OpenAI-compatible host, as vLLM and Groq are: usage only if asked for, no cost, every model by every name."""

from typing import ClassVar, Final

from local.standin.billing import JsonObject, Price
from local.standin.dialects.dialect import Dialect
from local.standin.dialects.problem import Problem
from local.standin.dialects.style import PLAIN, Identity, Style
from local.standin.replies import Reply

_PRICE: Final = Price(prompt=950, cached=160, completion=4000)
_FINGERPRINT: Final = "fp_standin"
_INVALID: Final = "invalid_request_error"


def _error(message: str, error_type: str, code: str | None = None) -> JsonObject:
    return {"message": message, "type": error_type, "param": None, "code": code}


class Custom(Dialect):
    """OpenAI's types of errors, and an error with all of its four fields."""

    name = "custom"
    path = "/custom/v1"
    types: ClassVar = {
        400: _INVALID,
        401: "authentication_error",
        402: "insufficient_quota",
        403: "permission_error",
        404: "not_found_error",
        408: "timeout",
        413: _INVALID,
        422: _INVALID,
        429: "rate_limit_error",
    }
    problems: ClassVar = {
        "rate-limit": Problem(429, _error("Rate limit reached for requests", "requests", "rate_limit_exceeded")),
        "quota": Problem(
            429, _error("The quota of this account is used up", "insufficient_quota", "insufficient_quota")
        ),
        "credit": Problem(
            429, _error("The credit of this account is used up", "insufficient_quota", "insufficient_quota")
        ),
        "key": Problem(401, _error("The API key is not a valid one", _INVALID, "invalid_api_key")),
        "forbidden": Problem(403, _error("The API key may not use this model", "permission_error")),
        "gone": Problem(404, _error("The model does not exist", _INVALID, "model_not_found")),
        "context": Problem(
            400, _error("The prompt is longer than the context of the model", _INVALID, "context_length_exceeded")
        ),
        "policy": Problem(400, _error("The prompt was flagged", _INVALID, "content_policy_violation")),
    }
    stream_error: ClassVar = _error("The engine failed while it generated", "server_error")
    mix = ("rate-limit retry_after=1", "rate-limit", "status code=503", "error-200", "mid-error", "cut", "reset")

    def price(self, model: str) -> Price:  # noqa: ARG002 - the same for all
        """Return the one price."""
        return _PRICE

    def error(self, status: int, message: str, error_type: str | None = None) -> JsonObject:
        """Return message, type, param and code."""
        return _error(message, error_type or self.types.get(status, "server_error"))

    def chunk(self, identity: Identity, delta: JsonObject, finish_reason: str | None = None) -> JsonObject:
        """Return one event of a stream, whose choice has log probabilities."""
        choice: JsonObject = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self.envelope(identity, "chat.completion.chunk") | {"choices": [choice]}

    def completion(self, identity: Identity, reply: Reply, style: Style = PLAIN) -> JsonObject:
        """Return a whole answer in one body, whose choice has log probabilities."""
        choice: JsonObject = {"index": 0, "message": self.message(reply, style), "logprobs": None}
        choice["finish_reason"] = reply.finish_reason
        return self.envelope(identity, "chat.completion") | {"choices": [choice]}

    def message(self, reply: Reply, style: Style = PLAIN) -> JsonObject:
        """Return the message, with a refusal where there is one."""
        return super().message(reply, style) | ({"refusal": reply.refusal} if reply.refusal else {})

    def envelope(self, identity: Identity, what: str) -> JsonObject:
        """Return what every body and every event of an answer begins with."""
        return super().envelope(identity, what) | {"system_fingerprint": _FINGERPRINT}
