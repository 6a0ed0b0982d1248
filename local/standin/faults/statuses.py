"""Faults that show in the HTTP status: refusals before anything was generated, none of them charged."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from typing import Final

from aiohttp import web

from local.standin.dialects.dialect import Dialect
from local.standin.dialects.moonshot import rate_limited
from local.standin.dialects.openrouter_errors import error_of, unavailable
from local.standin.dialects.problem import REASONS, Problem, page
from local.standin.directives import DirectiveError, Options
from local.standin.exchange import Exchange, Refusal
from local.standin.faults.table import OPENROUTER, Family, Group, Run

_MOONSHOT: Final = ("moonshot", "kimi")


def _adapted(function: Callable[[Dialect, Options], Refusal]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        return exchange.refuse(function(exchange.dialect, options))

    return run


def _status(options: Options, default: int) -> int:
    """The status that `code` asks for."""
    code = options.whole("code", default)
    if code not in REASONS:
        msg = f"code={code} is none of {', '.join(str(known) for known in REASONS)}"
        raise DirectiveError(msg)
    return code


def _refusal(dialect: Dialect, problem: Problem, headers: tuple[tuple[str, str], ...] = ()) -> Refusal:
    return Refusal(problem.status, dialect.body(problem), headers)


fault: Final[Family[Callable[[Dialect, Options], Refusal]]] = Family(_adapted, Group.STATUS)


@fault("status", "code=N", "hint=VALUE", "type=TYPE", "raw=TEXT", "html=0|1")
def status(dialect: Dialect, options: Options) -> Refusal:
    """Any error status (code, 503), with Retry-After (hint), type, reason (raw), or as an HTML page (html=1)."""
    code = _status(options, 503)
    headers = (("Retry-After", options.text("hint")),) if "hint" in options else ()
    if options.flag("html"):
        return Refusal(code, page(code), headers)
    return _refusal(dialect, dialect.failed(code, options.text("type") or None, options.text("raw") or None), headers)


@fault(
    "rate-limit",
    "retry_after=VALUE at openrouter+custom",
    "retry_after_ms=VALUE at openrouter+custom",
    "retry_date=SECONDS at openrouter+custom",
    "reset_ms=N at openrouter",
    "words=VALUE at openrouter+moonshot+kimi",
    "availability=SECONDS at openrouter",
)
def rate_limit(dialect: Dialect, options: Options) -> Refusal:
    """429 as the host says it, or with a hint in a form that it uses (seconds; milliseconds where the name says ms)."""
    if "availability" in options:
        wait = options.number("availability", 1)
        return _refusal(dialect, unavailable(429, "rate_limit_exceeded", retryable=True, retry_after=wait))
    if "words" in options:
        return Refusal(429, {"error": rate_limited(options.text("words")).error})
    if "reset_ms" in options:
        return _refusal(dialect, _reset_at(int(time.time() * 1000) + options.whole("reset_ms", 1000)))
    return _refusal(dialect, dialect.problems["rate-limit"], _hint_headers(options))


def _reset_at(epoch_ms: int) -> Problem:
    headers = {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(epoch_ms)}
    message, raw = "The provider returned an error", "Too many requests for this model"
    return Problem(429, error_of(429, message, raw=raw, metadata={"headers": headers}))


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


@fault(
    "availability",
    "code=N",
    "type=TYPE",
    "retryable=0|1",
    "retry_after=SECONDS",
    "fallback=MODEL,MODEL",
    hosts=OPENROUTER,
)
def availability(dialect: Dialect, options: Options) -> Refusal:
    """The envelope without a code (503): error.availability says whether and when to retry, and what else there is."""
    problem = unavailable(
        _status(options, 503),
        options.text("type", "capacity_exhausted"),
        retryable=options.flag("retryable") or "retryable" not in options,
        retry_after=options.number("retry_after", 1) if "retry_after" in options else None,
        fallback_models=_models(options),
    )
    return _refusal(dialect, problem)


def _models(options: Options) -> list[str]:
    return [model for model in options.text("fallback").split(",") if model]


@fault("overloaded", hosts=_MOONSHOT)
def overloaded(dialect: Dialect, _options: Options) -> Refusal:
    """429 that is about the engine, not the account: engine_overloaded_error."""
    return _refusal(dialect, dialect.problems["overloaded"])


@fault("quota", "form=account|tokens|wrapped|daily")
def quota(dialect: Dialect, options: Options) -> Refusal:
    """429 that means no money and is never worth a retry: form=account (default), or tokens, wrapped in raw, daily."""
    form = options.text("form", "account")
    name = "quota" if form == "account" else f"quota-{form}"
    if name not in dialect.problems:
        msg = f"the fault 'quota' has no form={form} at {dialect.name}"
        raise DirectiveError(msg)
    return _refusal(dialect, dialect.problems[name])


@fault("credit")
def credit(dialect: Dialect, _options: Options) -> Refusal:
    """402, or what else the host says where the account cannot pay: most say 429."""
    return _refusal(dialect, dialect.problems["credit"])


@fault("key")
def key(dialect: Dialect, _options: Options) -> Refusal:
    """401: the key is unknown."""
    return _refusal(dialect, dialect.problems["key"])


@fault("forbidden", "type=TYPE")
def forbidden(dialect: Dialect, options: Options) -> Refusal:
    """403: the key may not do this (type)."""
    problem = dialect.problems["forbidden"]
    if "type" in options:
        problem = Problem(403, dialect.error(403, str(problem.error["message"]), options.text("type")))
    return _refusal(dialect, problem)


@fault("access-terminated", hosts=("kimi",))
def access_terminated(dialect: Dialect, _options: Options) -> Refusal:
    """403: the host admits approved clients only (access_terminated_error; assumed, for want of a recording)."""
    return _refusal(dialect, dialect.problems["access-terminated"])


@fault("gone", "fallback=MODEL,MODEL at openrouter")
def gone(dialect: Dialect, options: Options) -> Refusal:
    """404: the model has been retired; where the host names others, those are in fallback."""
    problem = dialect.problems["gone"]
    if "fallback" in options:
        problem = unavailable(404, "model_deprecated", retryable=False, fallback_models=_models(options))
    return _refusal(dialect, problem)


@fault("context")
def context(dialect: Dialect, _options: Options) -> Refusal:
    """400: the prompt is longer than the model's context."""
    return _refusal(dialect, dialect.problems["context"])


@fault("policy", "code=N")
def policy(dialect: Dialect, options: Options) -> Refusal:
    """400 (or code): the prompt is refused by its content."""
    problem = dialect.problems["policy"]
    return _refusal(dialect, replace(problem, status=_status(options, problem.status)))


@fault("html", "code=N")
def html(_dialect: Dialect, options: Options) -> Refusal:
    """504 (or code) as an HTML page."""
    code = _status(options, 504)
    return Refusal(code, page(code))
