"""Faults inside HTTP 200: the status says that all is well, the body says that it is not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from local.standin.billing import JsonObject
from local.standin.dialects.openrouter import OpenRouter
from local.standin.dialects.openrouter_errors import error_of
from local.standin.dialects.problem import Problem
from local.standin.directives import Options
from local.standin.exchange import Exchange
from local.standin.faults.table import OPENROUTER, Family, Group, Run

_OPENROUTER: Final = OpenRouter()


@dataclass(frozen=True, slots=True)
class Body:
    """What is answered, and how much of the cost stands in it."""

    json: JsonObject
    sent_nano: int = 0


def _adapted(function: Callable[[Exchange, Options], Body]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        body = function(exchange, options)
        if not _as_event(exchange, options):
            await exchange.open_json()
            return await exchange.send_json(body.json, body.sent_nano, finished=False)
        stream = exchange.open_stream()
        await stream.begin()
        await stream.send_usage(body.json, body.sent_nano)
        return exchange.wire.response

    return run


def _as_event(exchange: Exchange, options: Options) -> bool:
    return exchange.call.stream and options.text("as") == "sse"


fault: Final[Family[Callable[[Exchange, Options], Body]]] = Family(_adapted, Group.IN_200)


@fault("error-200", "as=json|sse")
def error_200(exchange: Exchange, _options: Options) -> Body:
    """200 with nothing but an error, in a JSON body or as the stream's only event (as=sse)."""
    dialect = exchange.dialect
    body = dialect.body(Problem(500, dialect.error(500, "Internal error")))
    return Body({"error": body} if isinstance(body, str) else body)


@fault("choices-null", "as=json|sse", hosts=OPENROUTER)
def choices_null(_exchange: Exchange, _options: Options) -> Body:
    """200 with choices null, all else null and error 429 (as=sse: as an event)."""
    nothing: JsonObject = dict.fromkeys(("id", "choices", "created", "model", "object", "usage"))
    return Body(nothing | {"error": error_of(429, "The provider returned an error", raw="Too many requests")})


@fault("choices-empty", "as=json|sse", hosts=OPENROUTER)
def choices_empty(exchange: Exchange, _options: Options) -> Body:
    """200 with choices [] and error 502 (as=sse: as an event)."""
    error = error_of(502, "The provider is overloaded", error_type="provider_unavailable")
    return Body(_OPENROUTER.error_event(exchange.identity, error))


@fault("choice-error", "as=json|sse", "usage=0|1", hosts=OPENROUTER)
def choice_error(exchange: Exchange, options: Options) -> Body:
    """200 with half the content and choices[0].error beside it, and no usage (usage=1: with; as=sse: as an event)."""
    reply = exchange.limited_reply
    content = reply.content or ""
    half = content[: len(content) // 2]
    exchange.meter.count(reasoning=reply.reasoning, content=half)
    bill = _OPENROUTER.bill(exchange.meter.usage)
    error = error_of(502, "The provider broke off", error_type="provider_unavailable")
    if _as_event(exchange, options):
        body = _OPENROUTER.chunk(exchange.identity, {"role": "assistant", "content": half}, "error", error)
    else:
        broken_off = replace(reply, content=half, finish_reason="error")
        body = _OPENROUTER.completion(exchange.identity, broken_off, error=error)
    return Body(body | {"usage": bill.block}, bill.sent_nano) if options.flag("usage") else Body(body)
