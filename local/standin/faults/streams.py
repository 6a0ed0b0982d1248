"""Faults in mid-stream: an answer that begins well and does not end well. What was generated is charged.

They come after half of the answer, or after so many deltas of reasoning, content and calls of tools (`after=N`).
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from local.standin.billing import JsonObject
from local.standin.directives import Options
from local.standin.exchange import Exchange
from local.standin.faults.table import OPENROUTER, Family, Group, Run
from local.standin.stream import EventStream

_JUNK_EVENTS: Final = 20
_CODES: Final[dict[str, JsonObject]] = {"int": {"code": 502}, "string": {"code": "stream_failure"}, "none": {}}


def _adapted(function: Callable[[Exchange, EventStream, Options], Awaitable[None]]) -> Run:
    """Hand the function a stream that has sent its headers, its comments and a part of the answer."""

    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        stream = exchange.open_stream()
        await stream.begin()
        if "after" in options:
            await stream.speak_until(exchange.limited_reply, options.whole("after", 0))
        else:
            await stream.speak_half(exchange.limited_reply)
        await function(exchange, stream, options)
        return exchange.wire.response

    return run


fault: Final[Family[Callable[[Exchange, EventStream, Options], Awaitable[None]]]] = Family(
    _adapted, Group.MID_STREAM, needs_stream=True
)


@fault("mid-error", "after=N", "code=int|string|none")
async def mid_error(exchange: Exchange, stream: EventStream, options: Options) -> None:
    """An event with a top-level error in mid-stream, its code the host's own, an int, a string or absent (none)."""
    error = dict(exchange.dialect.stream_error)
    if "code" in options:
        error.pop("code", None)
        error |= _CODES[options.text("code")]
    await stream.event(exchange.dialect.error_event(exchange.identity, error))


@fault("finish-error", "after=N", hosts=OPENROUTER)
async def finish_error(exchange: Exchange, stream: EventStream, _options: Options) -> None:
    """finish_reason "error" in mid-stream, then [DONE], and no error object anywhere."""
    await stream.event(exchange.dialect.chunk(exchange.identity, {"content": "", "role": "assistant"}, "error"))
    await stream.line("data: [DONE]")


@fault("cut", "after=N")
async def cut(_exchange: Exchange, _stream: EventStream, _options: Options) -> None:
    """The body ends in an orderly way after half of the content, with neither finish_reason nor [DONE]."""


@fault("reset", "after=N")
async def reset(exchange: Exchange, _stream: EventStream, _options: Options) -> None:
    """The TCP connection is reset after half of the content."""
    await exchange.wire.reset()


@fault("stall", "after=N", "comments=0|1", "every=SECONDS")
async def stall(exchange: Exchange, stream: EventStream, options: Options) -> None:
    """Half of the content, then silence for ever, or comments for ever (comments=1, every=0.1 seconds)."""
    if options.flag("comments"):
        await stream.comment_for_ever(options.number("every", 0.1))
    await exchange.wire.hold()


@fault("garbage-json", "after=N")
async def garbage_json(exchange: Exchange, stream: EventStream, _options: Options) -> None:
    """Half of the content, then data lines that are not JSON, then the end."""
    event = str(exchange.dialect.chunk(exchange.identity, {"content": "…"}))  # Python's way to write it: almost JSON
    for _ in range(_JUNK_EVENTS):
        await stream.line(f"data: {event}")
