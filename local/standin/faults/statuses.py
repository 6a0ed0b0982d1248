"""Faults that show in the HTTP status: refusals before anything was generated, none of them charged."""

import math
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Final

from aiohttp import web

from local.standin.billing import JsonObject
from local.standin.dialect import availability_of, error_of
from local.standin.directives import DirectiveError, Options
from local.standin.exchange import Exchange, Refusal
from local.standin.faults.table import Family, Group, Run

_REASONS: Final = {
    400: ("invalid_request", "The request was not understood"),
    401: ("authentication", "The API key is missing or unknown"),
    402: ("payment_required", "The account has too little credit for this request"),
    403: ("permission_denied", "The API key may not do this"),
    404: ("not_found", "No provider serves this model"),
    408: ("timeout", "The request took too long"),
    413: ("payload_too_large", "The request is too large"),
    422: ("unprocessable", "The request cannot be processed"),
    429: ("rate_limit_exceeded", "Too many requests"),
    500: ("server", "Internal error"),
    502: ("provider_unavailable", "The provider answered with nonsense"),
    503: ("provider_overloaded", "The provider has no capacity left"),
    504: ("timeout", "The provider did not answer in time"),
    524: ("timeout", "The origin did not answer in time"),
    529: ("provider_overloaded", "The provider is overloaded"),
}
_PAGE: Final = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>\n"


def _adapted(function: Callable[[Options], Refusal]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        return exchange.refuse(function(options))

    return run


def _status(options: Options, default: int) -> int:
    """The status that `code` asks for."""
    code = options.whole("code", default)
    if code not in _REASONS:
        msg = f"code={code} is none of {', '.join(str(known) for known in _REASONS)}"
        raise DirectiveError(msg)
    return code


fault: Final[Family[Callable[[Options], Refusal]]] = Family(_adapted, Group.STATUS)


@fault("status", "code=N", "hint=VALUE", "type=TYPE", "raw=TEXT", "html=0|1")
def status(options: Options) -> Refusal:
    """Any error status (code, 503), with Retry-After (hint), error_type, metadata.raw, or as an HTML page (html=1)."""
    code = _status(options, 503)
    error_type, reason = _REASONS[code]
    headers = (("Retry-After", options.text("hint")),) if "hint" in options else ()
    if options.flag("html"):
        return Refusal(code, _PAGE.format(code, reason), headers)
    raw = options.text("raw") or reason
    error = error_of(code, "The provider returned an error", error_type=options.text("type", error_type), raw=raw)
    return Refusal(code, {"error": error, "user_id": "user_standin"}, headers)


@fault(
    "rate-limit",
    "retry_after=VALUE",
    "retry_after_ms=VALUE",
    "retry_date=SECONDS",
    "reset_ms=N",
    "words=VALUE",
    "availability=SECONDS",
)
def rate_limit(options: Options) -> Refusal:
    """429, without a hint, or with one in a form that hosts use (seconds; milliseconds where the name says ms)."""
    if "availability" in options:
        wait = options.number("availability", 1)
        return _unavailable(429, "rate_limit_exceeded", retryable=True, retry_after=wait)
    if "words" in options:
        message = f"Too many requests of this account at once, please try again after {options.text('words')} seconds"
        return Refusal(429, {"error": {"message": message, "type": "rate_limit_reached_error"}})
    metadata: JsonObject = {}
    if "reset_ms" in options:
        at = int(time.time() * 1000) + options.whole("reset_ms", 1000)
        metadata["headers"] = {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(at)}
    error = error_of(429, "The provider returned an error", raw="Too many requests for this model", metadata=metadata)
    return Refusal(429, {"error": error}, _hint_headers(options))


def _hint_headers(options: Options) -> tuple[tuple[str, str], ...]:
    headers = []
    if "retry_after" in options:
        headers.append(("Retry-After", options.text("retry_after")))
    if "retry_after_ms" in options:
        headers.append(("retry-after-ms", options.text("retry_after_ms")))
    if "retry_date" in options:
        date = math.ceil(time.time() + options.number("retry_date", 1))
        headers.append(("Retry-After", formatdate(date, usegmt=True)))
    return tuple(headers)


@fault("availability", "code=N", "type=TYPE", "retryable=0|1", "retry_after=SECONDS", "fallback=MODEL,MODEL")
def availability(options: Options) -> Refusal:
    """The envelope without a code (503): error.availability says whether and when to retry, and what else there is."""
    retry_after = options.number("retry_after", 1) if "retry_after" in options else None
    return _unavailable(
        _status(options, 503),
        options.text("type", "capacity_exhausted"),
        retryable=options.flag("retryable") or "retryable" not in options,
        retry_after=retry_after,
        fallback=options.text("fallback"),
    )


def _unavailable(
    code: int, error_type: str, *, retryable: bool, retry_after: float | None = None, fallback: str = ""
) -> Refusal:
    models = [model for model in fallback.split(",") if model]
    error = availability_of(
        code, error_type, _REASONS[code][1], retryable=retryable, retry_after=retry_after, fallback_models=models
    )
    return Refusal(code, {"error": error})


@fault("quota", "form=account|wrapped|daily")
def quota(options: Options) -> Refusal:
    """429 that means no money and is never worth a retry: form=account (default), wrapped in metadata.raw, or daily."""
    message = "The balance of this account is used up, recharge it to go on"
    inner: JsonObject = {"error": {"message": message, "type": "exceeded_current_quota_error"}}
    form = options.text("form", "account")
    if form == "account":
        return Refusal(429, inner)
    if form == "wrapped":
        raw = '{"error":{"message":"' + message + '","type":"exceeded_current_quota_error"}}'
        return Refusal(429, {"error": error_of(429, "The provider returned an error", raw=raw)})
    return Refusal(429, {"error": error_of(429, "Rate limit exceeded: free-models-per-day")})


@fault("credit")
def credit(_options: Options) -> Refusal:
    """402: the account cannot pay for max_tokens."""
    message = "Too little credit for this many max_tokens; the account can pay for 1200"
    return Refusal(402, {"error": error_of(402, message, metadata={"provider_name": None}), "user_id": "user_standin"})


@fault("key")
def key(_options: Options) -> Refusal:
    """401: the key is unknown."""
    return Refusal(401, {"error": error_of(401, "No account has this key")})


@fault("forbidden", "type=TYPE")
def forbidden(options: Options) -> Refusal:
    """403: the key may not do this (type, access_terminated_error)."""
    error_type = options.text("type", "access_terminated_error")
    return Refusal(403, {"error": error_of(403, "Access to this model has ended", error_type=error_type)})


@fault("gone", "fallback=MODEL,MODEL")
def gone(options: Options) -> Refusal:
    """404: the model has been retired (model_deprecated) and others are named (fallback, separated by commas)."""
    fallback = options.text("fallback", "moonshotai/kimi-k2.6")
    return _unavailable(404, "model_deprecated", retryable=False, fallback=fallback)


@fault("context")
def context(_options: Options) -> Refusal:
    """400: the prompt is longer than the model's context."""
    message = "This model's context ends at 262144 tokens, and the request needs more"
    return Refusal(400, {"error": error_of(400, message, error_type="context_length_exceeded")})


@fault("policy", "code=N")
def policy(options: Options) -> Refusal:
    """400 (or code): the prompt is refused, content_policy_violation."""
    code = _status(options, 400)
    message = "The input was flagged and is not passed on"
    return Refusal(code, {"error": error_of(code, message, error_type="content_policy_violation")})


@fault("html", "code=N")
def html(options: Options) -> Refusal:
    """504 (or code) as an HTML page."""
    code = _status(options, 504)
    return Refusal(code, _PAGE.format(code, _REASONS[code][1]))
