"""Faults of the connection: answers that never come, or never end, or are broken off when all has been said.

The endless ones go on until the client goes away or the server stops.
"""

import random
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from local.standin.dialects.style import Style
from local.standin.directives import Options
from local.standin.exchange import Exchange
from local.standin.faults.table import OPENROUTER, Family, Group, Run

_JUNK_BYTES: Final = 4096
_JUNK_SECONDS: Final = 0.01
_EVERY_SECONDS: Final = 0.1
_READ_SECONDS: Final = 0.2  # for the client to read, because a reset takes what it has not read yet with it


def _adapted(function: Callable[[Exchange, Options], Awaitable[None]]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        await function(exchange, options)
        return exchange.wire.response

    return run


fault: Final[Family[Callable[[Exchange, Options], Awaitable[None]]]] = Family(_adapted, Group.ENDLESS)


@fault("never")
async def never(exchange: Exchange, _options: Options) -> None:
    """The connection is accepted and nothing is ever answered, not even a status."""
    await exchange.wire.hold()


@fault("silence")
async def silence(exchange: Exchange, _options: Options) -> None:
    """Status and headers, then nothing."""
    await exchange.open_stream().open()
    await exchange.wire.hold()


@fault("keepalive", "every=SECONDS")
async def keepalive(exchange: Exchange, options: Options) -> None:
    """Comments for ever, one every so many seconds (0.1), and nothing else."""
    stream = exchange.open_stream()
    await stream.begin()
    await stream.comment_for_ever(options.number("every", _EVERY_SECONDS))


@fault("slow-json", "every=SECONDS", hosts=OPENROUTER)
async def slow_json(exchange: Exchange, options: Options) -> None:
    """A JSON body whose keep-alive padding never ends (a piece every 0.1 seconds)."""
    await exchange.open_json()
    while True:
        await exchange.wire.write(exchange.dialect.padding)
        await exchange.wire.wait(options.number("every", _EVERY_SECONDS))


@fault("garbage", "newlines=0|1")
async def garbage(exchange: Exchange, options: Options) -> None:
    """Junk bytes for ever, 4 KB every 10 ms (newlines=0: one line without an end)."""
    dice = random.Random(len(exchange.call.request))  # noqa: S311 - junk has no secrets
    avoided = b"" if options.text("newlines", "1") != "0" else b"\r\n"
    await exchange.open_stream().open()
    while True:
        await exchange.wire.write(dice.randbytes(_JUNK_BYTES).translate(None, avoided))
        await exchange.wire.wait(_JUNK_SECONDS)


@fault("mid-usage-reset", group=Group.MID_STREAM)
async def mid_usage_reset(exchange: Exchange, _options: Options) -> None:
    """The whole answer with its usage, then a TCP reset instead of [DONE]."""
    await exchange.answer(style=Style(done=False))
    await exchange.wire.wait(_READ_SECONDS)
    await exchange.wire.reset()
