"""The stand-in's HTTP side: the endpoints of its hosts, the ledger, and a page that says what all of this is."""

import asyncio
import json
import sys
from functools import partial
from typing import Final

from aiohttp import web

from local.standin.billing import Meter
from local.standin.calls import ChatCall
from local.standin.chat.answers import chat_reply
from local.standin.dialects import DIALECTS
from local.standin.dialects.problem import Problem
from local.standin.directives import Directive, DirectiveError
from local.standin.exchange import Exchange, Refusal, error_response
from local.standin.faults import FAULTS, as_json, described
from local.standin.host import Host
from local.standin.json_text import to_json
from local.standin.ledger import Ledger, Row
from local.standin.messages import BadRequestError
from local.standin.replies import Reply, artifact_reply
from local.standin.settings import StandinSettings
from local.standin.step_replies import step_reply
from local.standin.steps import ADVISING
from local.standin.wire import ClientGoneError, Wire

_HOSTS: Final = web.AppKey("hosts", list[Host])
_LEDGER: Final = web.AppKey("ledger", Ledger)
_LARGEST_BODY: Final = 16 * 1024 * 1024
_ABOUT: Final = "A stand-in for model hosts: it speaks their dialects and answers with hand-written examples."
_NO_KEY: Final = "The Authorization header is missing"
_HOW_TO: Final = (
    'Faults, asked for with "[[fault NAME key=value]]" in a prompt; times=N fails only the first N calls, '
    "at=HOST+HOST those at these hosts, step=STEP+STEP those in these steps of a reviewed request:"
)


def create_app(settings: StandinSettings) -> web.Application:
    """Return the stand-in as an application, with a ledger of its own.

    Raises:
        SettingsError, DirectiveError: when the settings ask for a fault that there is not.
    """
    app = web.Application(client_max_size=_LARGEST_BODY)
    app[_LEDGER] = ledger = Ledger()
    edited: set[str] = set()
    app[_HOSTS] = [Host(settings, dialect, ledger, edited) for dialect in DIALECTS.values()]
    app.add_routes(
        [
            web.get("/", _about),
            web.get("/faults", _list_faults),
            web.get("/api/v1/generation", _generation),
            web.get("/ledger", _show_ledger),
            web.delete("/ledger", _empty_ledger),
            *(web.post(f"{host.dialect.path}/chat/completions", partial(_chat, host)) for host in app[_HOSTS]),
        ]
    )
    app.on_shutdown.append(_close)
    return app


async def _close(app: web.Application) -> None:
    for host in app[_HOSTS]:
        host.is_closing = True


async def _about(_request: web.Request) -> web.Response:
    hosts = "\n".join(f"  {name:<12}{dialect.path}" for name, dialect in DIALECTS.items())
    return web.Response(
        text=f"{_ABOUT}\n\nHosts and the paths of their base URLs:\n{hosts}\n\n{_HOW_TO}\n{described()}\n"
    )


async def _list_faults(_request: web.Request) -> web.Response:
    return web.json_response(as_json())


async def _show_ledger(request: web.Request) -> web.Response:
    return web.json_response(request.app[_LEDGER].as_json(_chosen_host(request)))


async def _empty_ledger(request: web.Request) -> web.Response:
    request.app[_LEDGER].empty(_chosen_host(request))
    return await _show_ledger(request)


def _chosen_host(request: web.Request) -> str | None:
    """Return the host that the query names, or None for all."""
    name = request.query.get("host")
    if name is not None and name not in DIALECTS:
        raise web.HTTPBadRequest(text=f"host={name} is none of {', '.join(DIALECTS)}\n")
    return name


async def _generation(request: web.Request) -> web.Response:
    openrouter = DIALECTS["openrouter"]
    if not _has_key(request):
        return error_response(Refusal(401, {"error": openrouter.error(401, _NO_KEY)}))
    row = request.app[_LEDGER].find(openrouter.name, request.query.get("id", ""))
    if row is None:
        return error_response(Refusal(404, {"error": openrouter.error(404, "There is no such generation")}))
    return web.json_response({"data": row.as_generation()}, dumps=to_json)


async def _chat(host: Host, request: web.Request) -> web.StreamResponse:
    """Open a row, then answer; what is wrong with the request itself is answered as the host would."""
    row = host.ledger.open(host.dialect.name)
    try:
        if not _has_key(request):
            return _refuse(host, row, 401, _NO_KEY)
        return await _answer(request, host, row, ChatCall.from_body(await request.json()))
    except json.JSONDecodeError:
        return _refuse(host, row, 400, "The body is not JSON")
    except BadRequestError as error:
        return _refuse(host, row, 400, str(error))
    except DirectiveError as error:
        # The functions pass no words of a host on: who wrote the directive would not learn what is wrong with it.
        print(f"stand-in: {error}", file=sys.stderr, flush=True)
        return _refuse(host, row, 400, str(error))
    except ClientGoneError:
        # What aiohttp itself ends a handler with whose client has gone: it closes the connection and says nothing.
        raise asyncio.CancelledError from None


async def _answer(request: web.Request, host: Host, row: Row, call: ChatCall) -> web.StreamResponse:
    row.model, row.unknown_fields, row.options = call.model, host.dialect.unknown_fields(call), call.options
    problem = host.dialect.check(call, request.headers.get("User-Agent", ""))
    if problem is not None:
        return _respond(host, row, problem)
    directive = host.fault_for(call)
    exchange = _exchange(request, host, row, call)
    response = await (exchange.answer() if directive is None else _fail(exchange, directive))
    await exchange.wire.flush()
    return response


async def _fail(exchange: Exchange, directive: Directive) -> web.StreamResponse:
    fault = FAULTS[directive.name]
    exchange.row.fault = fault.name
    if fault.needs_stream and not exchange.call.stream:
        msg = f"the fault {fault.name!r} happens in streams only, and this request asks for none"
        raise DirectiveError(msg)
    if fault.needs_edits and not exchange.call.wants_edits:
        msg = f"the fault {fault.name!r} is about edits, and this request asks for none"
        raise DirectiveError(msg)
    return await fault.run(exchange, directive.options)


def _exchange(request: web.Request, host: Host, row: Row, call: ChatCall) -> Exchange:
    identity = host.dialect.identity(call.model)
    row.model, row.generation_id = identity.model, identity.generation_id
    cached = host.prompts.cached_tokens(call)
    price = host.dialect.price(call.model)
    return Exchange(
        call=call,
        reply=_reply_to(call),
        dialect=host.dialect,
        identity=identity,
        wire=Wire(request, hurried=host.settings.pace == "instant", is_closing=lambda: host.is_closing),
        row=row,
        meter=Meter(row, price, call.prompt_tokens, cached, lambda: host.prompts.remember(call)),
    )


def _reply_to(call: ChatCall) -> Reply:
    """Return the good answer: advice or an artifact where that is asked for, or an edit of one, else that of a chat."""
    if call.wants_artifact and call.step in ADVISING:
        return step_reply(call)
    return artifact_reply(call) if call.wants_artifact or call.edits else chat_reply(call)


def _has_key(request: web.Request) -> bool:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip())


def _refuse(host: Host, row: Row, status: int, message: str) -> web.Response:
    return _respond(host, row, Problem(status, host.dialect.error(status, message)))


def _respond(host: Host, row: Row, problem: Problem) -> web.Response:
    row.status, row.generation_id = problem.status, None
    return error_response(Refusal(problem.status, host.dialect.body(problem)))
