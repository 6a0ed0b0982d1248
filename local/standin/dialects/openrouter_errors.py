"""OpenRouter's errors: its two envelopes, and what it says in each of the faults."""

from collections.abc import Mapping, Sequence
from typing import Final

from local.standin.billing import JsonObject
from local.standin.dialects.problem import REASONS, Problem

PROVIDER: Final = "Stand-in"
_NO_BALANCE: Final = "The balance of this account is used up, recharge it to go on"
_QUOTA_TYPE: Final = "exceeded_current_quota_error"


def error_of(
    code: int | str | None,
    message: str,
    *,
    error_type: str | None = None,
    raw: str | None = None,
    metadata: JsonObject | None = None,
) -> JsonObject:
    """Return the inside of the usual error envelope; metadata only where there is some."""
    metadata = dict(metadata or {})
    error: JsonObject = {"message": message}
    if code is not None:
        error["code"] = code
    if error_type is not None:
        metadata["error_type"] = error_type
    if raw is not None:
        metadata |= {"raw": raw, "provider_name": PROVIDER}
    return error | {"metadata": metadata} if metadata else error


def unavailable(
    status: int,
    error_type: str,
    *,
    retryable: bool,
    retry_after: float | None = None,
    fallback_models: Sequence[str] = (),
) -> Problem:
    """Return a problem in the error envelope of August 2026, which has no code."""
    availability = {
        "code": error_type,
        "retryable": retryable,
        "retry_after": retry_after,
        "fallback_models": list(fallback_models),
    }
    error: JsonObject = {"message": REASONS[status], "error_type": error_type, "http_status": status}
    return Problem(status, error | {"availability": availability})


TYPES: Final[Mapping[int, str]] = {
    400: "invalid_request",
    401: "authentication",
    402: "payment_required",
    403: "permission_denied",
    404: "not_found",
    408: "timeout",
    413: "payload_too_large",
    422: "unprocessable",
    429: "rate_limit_exceeded",
    500: "server",
    502: "provider_unavailable",
    503: "provider_overloaded",
    504: "timeout",
    524: "timeout",
    529: "provider_overloaded",
}
PROBLEMS: Final[Mapping[str, Problem]] = {
    "rate-limit": Problem(429, error_of(429, "The provider returned an error", raw="Too many requests for this model")),
    "quota": Problem(429, {"message": _NO_BALANCE, "type": _QUOTA_TYPE}),
    "quota-wrapped": Problem(
        429,
        error_of(
            429,
            "The provider returned an error",
            raw=f'{{"error":{{"message":"{_NO_BALANCE}","type":"{_QUOTA_TYPE}"}}}}',
        ),
    ),
    "quota-daily": Problem(429, error_of(429, "Rate limit exceeded: free-models-per-day")),
    "credit": Problem(
        402,
        error_of(
            402,
            "Too little credit for this many max_tokens; the account can pay for 1200",
            metadata={"provider_name": None},
        ),
    ),
    "key": Problem(401, error_of(401, "No account has this key")),
    "forbidden": Problem(403, error_of(403, "Access to this model has ended", error_type="access_terminated_error")),
    "gone": unavailable(404, "model_deprecated", retryable=False, fallback_models=["moonshotai/kimi-k2.6"]),
    "context": Problem(
        400,
        error_of(
            400,
            "This model's context ends at 262144 tokens, and the request needs more",
            error_type="context_length_exceeded",
        ),
    ),
    "policy": Problem(
        400,
        error_of(400, "The input was flagged and is not passed on", error_type="content_policy_violation"),
    ),
}
"""By the names of the faults."""
BROKE_OFF: Final = error_of(502, "The provider broke off", error_type="provider_unavailable")
