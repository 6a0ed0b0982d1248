"""The fault that a good repair request ends: see `local/standin/cases.py`."""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from local.standin.cases import cases, first_case_of
from local.standin.directives import Options
from local.standin.exchange import Exchange
from local.standin.faults.table import Family, Group, Run
from local.standin.replies import Reply
from local.standin.steps import MAKING


def _adapted(function: Callable[[Exchange, Options], Reply]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        return await exchange.answer(function(exchange, options))

    return run


fault: Final[Family[Callable[[Exchange, Options], Reply]]] = Family(_adapted, Group.NOT_WHOLE, steps=MAKING)


@fault("broken", f"case={'|'.join(cases())}")
def broken(exchange: Exchange, options: Options) -> Reply:
    """A broken artifact, again and again until a repair request names the error; without a case, one of the kind."""
    reply = exchange.reply
    case = cases()[options.text("case")] if "case" in options else first_case_of(reply.artifact.kind)
    return reply.showing(case.answer(exchange.call.complaint))
