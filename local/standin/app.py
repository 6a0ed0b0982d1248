"""The stand-in's HTTP side: the host's two endpoints, the ledger, and a page that says what all of this is."""

import asyncio
import json
from typing import Final

from aiohttp import web

from local.standin.billing import Meter, price_of
from local.standin.calls import BadRequestError, ChatCall
from local.standin.dialect import Identity, error_of, to_json
from local.standin.directives import Directive, DirectiveError
from local.standin.exchange import Exchange
from local.standin.faults import FAULTS, as_json, described
from local.standin.host import Host
from local.standin.ledger import Row
from local.standin.replies import reply_to
from local.standin.settings import StandinSettings
from local.standin.wire import ClientGoneError, Wire

_HOST: Final = web.AppKey("host", Host)
_LARGEST_BODY: Final = 16 * 1024 * 1024
_ABOUT: Final = "A stand-in for a model host: it speaks OpenRouter's dialect and answers with hand-written examples."
_HOW_TO: Final = 'Faults, asked for with "[[fault NAME key=value]]" in a prompt; times=N fails only the first N calls:'


def create_app(settings: StandinSettings) -> web.Application:
    """Return the stand-in as an application, with a ledger of its own.

    Raises:
        SettingsError, DirectiveError: when the settings ask for a fault that there is not.
    """
    app = web.Application(client_max_size=_LARGEST_BODY)
    app[_HOST] = Host(settings)
    app.add_routes(
        [
            web.get("/", _about),
            web.get("/faults", _list_faults),
            web.post("/api/v1/chat/completions", _chat),
            web.get("/api/v1/generation", _generation),
            web.get("/ledger", _show_ledger),
            web.delete("/ledger", _empty_ledger),
        ]
    )
    app.on_shutdown.append(_close)
    return app


async def _close(app: web.Application) -> None:
    app[_HOST].is_closing = True


async def _about(_request: web.Request) -> web.Response:
    return web.Response(text=f"{_ABOUT}\n\n{_HOW_TO}\n{described()}\n")


async def _list_faults(_request: web.Request) -> web.Response:
    return web.json_response(as_json())


async def _show_ledger(request: web.Request) -> web.Response:
    return web.json_response(request.app[_HOST].ledger.as_json())


async def _empty_ledger(request: web.Request) -> web.Response:
    request.app[_HOST].ledger.rows.clear()
    return await _show_ledger(request)


async def _generation(request: web.Request) -> web.Response:
    if not _has_key(request):
        return _error(401, "The Authorization header is missing")
    row = request.app[_HOST].ledger.find(request.query.get("id", ""))
    if row is None:
        return _error(404, "There is no such generation")
    return web.json_response({"data": row.as_generation()}, dumps=to_json)


async def _chat(request: web.Request) -> web.StreamResponse:
    """Open a row, then answer; what is wrong with the request itself is answered as the host would."""
    host = request.app[_HOST]
    row = host.ledger.open()
    if not _has_key(request):
        return _error(401, "The Authorization header is missing", row)
    try:
        call = ChatCall.from_body(await request.json())
        return await _answer(request, host, row, call)
    except json.JSONDecodeError:
        return _error(400, "The body is not JSON", row)
    except (BadRequestError, DirectiveError) as error:
        return _error(400, str(error), row)
    except ClientGoneError:
        # What aiohttp itself ends a handler with whose client has gone: it closes the connection and says nothing.
        raise asyncio.CancelledError from None


async def _answer(request: web.Request, host: Host, row: Row, call: ChatCall) -> web.StreamResponse:
    row.model = call.model
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
    return await fault.run(exchange, directive.options)


def _exchange(request: web.Request, host: Host, row: Row, call: ChatCall) -> Exchange:
    identity = Identity.new(call.model)
    row.model, row.generation_id = identity.model, identity.generation_id
    cached = host.prompts.cached_tokens(call)
    return Exchange(
        call=call,
        reply=reply_to(call),
        identity=identity,
        wire=Wire(request, hurried=host.settings.pace == "instant", is_closing=lambda: host.is_closing),
        row=row,
        meter=Meter(row, price_of(call.model), call.prompt_tokens, cached, lambda: host.prompts.remember(call)),
    )


def _has_key(request: web.Request) -> bool:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip())


def _error(status: int, message: str, row: Row | None = None) -> web.Response:
    if row is not None:
        row.status = status
    return web.json_response({"error": error_of(status, message)}, status=status, dumps=to_json)
