"""Classifies a host's error by its type and status; what is retried is decided in `retry`.

The type comes first, because a 429 can mean "slow down" or "no money left"; the status comes second. The types are
OpenRouter's list (its API reference, 2026) and those recorded from Moonshot and other hosts.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from shared.errors import ServiceMisconfigured
from shared.model_host.errors import (
    ClientNotApproved,
    ContextExceeded,
    CreditExhausted,
    HostFailed,
    KeyRejected,
    ModelGone,
    ModelHostFailure,
    Overloaded,
    RateLimited,
    Redirected,
    Refused,
    RequestRejected,
)
from shared.model_host.retry_after import retry_after_seconds

HostError = ModelHostFailure | ServiceMisconfigured

_TYPES: dict[str, type[HostError]] = {
    "rate_limit_exceeded": RateLimited,
    "rate_limit_reached_error": RateLimited,
    "capacity_exhausted": RateLimited,
    "provider_overloaded": Overloaded,
    "provider_unavailable": Overloaded,
    "engine_overloaded_error": Overloaded,
    "timeout": Overloaded,
    "overloaded_error": Overloaded,
    "exceeded_current_quota_error": CreditExhausted,
    "insufficient_credits": CreditExhausted,
    "insufficient_quota": CreditExhausted,
    "payment_required": CreditExhausted,
    "token_limit_exceeded": CreditExhausted,
    "access_terminated_error": ClientNotApproved,
    "context_length_exceeded": ContextExceeded,
    "model_deprecated": ModelGone,
    "model_decommissioned": ModelGone,  # Groq, with 400
    "model_not_found": ModelGone,
    "resource_not_found_error": ModelGone,
    "content_policy_violation": Refused,
    "content_filter": Refused,
    "refusal": Refused,
}
_VAGUE_TYPES: dict[str, type[HostError]] = {
    "authentication": KeyRejected,
    "permission_denied": KeyRejected,
    "rate_limit_error": RateLimited,
    "not_found": ModelGone,
    "invalid_request": RequestRejected,
    "invalid_request_error": RequestRejected,
    "invalid_prompt": RequestRejected,
    "precondition_failed": RequestRejected,
    "payload_too_large": RequestRejected,
    "string_too_long": RequestRejected,
    "max_tokens_exceeded": RequestRejected,
    "unprocessable": RequestRejected,
}
"""Types that say no more than a status: used only inside a 200, where no other status is named."""
_STATUSES: dict[int, type[HostError]] = {
    400: RequestRejected,
    401: KeyRejected,
    402: CreditExhausted,
    403: KeyRejected,
    404: ModelGone,
    408: Overloaded,
    413: RequestRejected,
    422: RequestRejected,
    429: RateLimited,
    500: HostFailed,
    502: HostFailed,
    503: Overloaded,
    504: Overloaded,
    524: Overloaded,
    529: Overloaded,
}
_STATUS = re.compile("[45][0-9]{2}")
_DAILY_FREE_LIMIT = "free-models-per-day"
_CONTEXT = re.compile(r"context (?:length|window)|maximum context|token limit", re.IGNORECASE)
"""What hosts say, that have no type for it, of a prompt that is longer than the context (Moonshot, vLLM, 2026)."""
_MODERATION = {"reasons", "flagged_input"}
"""Keys in the metadata of a 403 that comes from the host's moderation, not from a rejected key."""


def classify(status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> HostError:
    """Return the failure that a host's error response is.

    Args:
        status: the HTTP status; 200 if the error came inside a successful answer.
        error: the `error` object; empty if there is none that can be read.
        headers: the answer's headers, with lower-case names.
    """
    failure = _class_of(status, error)(retry_after_seconds=retry_after_seconds(headers, error))
    advised = _part(error, "availability").get("retryable")
    if isinstance(advised, bool) and isinstance(failure, ModelHostFailure):
        failure.retry_advised = failure.retryable = advised
    return failure


def _class_of(status: int, error: Mapping[str, Any]) -> type[HostError]:
    known = _named(_TYPES, error)
    if known is not None:
        return known
    code = _status(error, status)
    if code == 429 and _DAILY_FREE_LIMIT in str(error.get("message")):  # noqa: PLR2004 - the status itself
        return CreditExhausted
    if code == 403 and _MODERATION & _part(error, "metadata").keys():  # noqa: PLR2004 - the status itself
        return Refused
    if code == httpx.codes.OK:
        return _named(_VAGUE_TYPES, error) or HostFailed
    if httpx.codes.is_redirect(code):
        return Redirected
    found = _STATUSES.get(code, RequestRejected if httpx.codes.is_client_error(code) else HostFailed)
    return ContextExceeded if found is RequestRejected and _CONTEXT.search(str(error.get("message"))) else found


def _named(table: Mapping[str, type[HostError]], error: Mapping[str, Any]) -> type[HostError] | None:
    return next((table[name] for name in _types(error) if name in table), None)


def _types(error: Mapping[str, Any]) -> Iterator[str]:
    """Yield the error's types from every place where hosts put one, the most specific first."""
    metadata, availability = _part(error, "metadata"), _part(error, "availability")
    for value in (metadata.get("error_type"), error.get("error_type"), availability.get("code"),
                  error.get("type"), error.get("code")):  # fmt: skip
        if isinstance(value, str):
            yield value


def _status(error: Mapping[str, Any], status: int) -> int:
    """Return the status that the error itself names, which may come inside a 200; else the answer's."""
    for value in (error.get("code"), error.get("http_status")):
        number = int(value) if isinstance(value, str) and _STATUS.fullmatch(value) else value
        if isinstance(number, int) and 400 <= number < 600:  # noqa: PLR2004 - HTTP's error statuses
            return number
    return status


def _part(error: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = error.get(name)
    return part if isinstance(part, Mapping) else {}
