"""Good answers in other dialects, and bills that say less or something else: nothing here is wrong with the content."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from aiohttp import web

from local.standin.billing import Bill, JsonObject, Price, Usage
from local.standin.dialects.openrouter import usage_block
from local.standin.dialects.style import Style
from local.standin.directives import Options
from local.standin.exchange import Exchange
from local.standin.faults.table import ALL_BUT_OPENROUTER, OPENROUTER, Family, Group, Run

_NOTHING: Final = Price(prompt=0, cached=0, completion=0)


def _adapted(function: Callable[[Options], Style]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        return await exchange.answer(style=function(options))

    return run


fault: Final[Family[Callable[[Options], Style]]] = Family(_adapted, Group.WRITTEN)


@fault("crlf")
def crlf(_options: Options) -> Style:
    """A good answer whose lines end in CRLF."""
    return Style(line_end="\r\n")


@fault("ids", hosts=OPENROUTER)
def ids(_options: Options) -> Style:
    """A good answer whose id changes in mid-stream, from chatcmpl-… to gen-…."""
    return Style(new_id=True)


@fault("parts", hosts=OPENROUTER)
def parts(_options: Options) -> Style:
    """A good answer whose content comes as a list of parts."""
    return Style(parts=True)


@fault("reasoning-content", hosts=OPENROUTER)
def reasoning_content(_options: Options) -> Style:
    """A good answer whose reasoning is called reasoning_content, next to content null."""
    return Style(reasoning="reasoning_content")


@fault("reasoning-details", hosts=OPENROUTER)
def reasoning_details(_options: Options) -> Style:
    """A good answer whose reasoning stands in reasoning_details only."""
    return Style(reasoning="reasoning_details")


@fault("reasoning", hosts=ALL_BUT_OPENROUTER)
def reasoning(_options: Options) -> Style:
    """A good answer whose reasoning is called reasoning, as newer versions of vLLM call it."""
    return Style(reasoning="reasoning")


@fault("roles", hosts=ALL_BUT_OPENROUTER)
def roles(_options: Options) -> Style:
    """A good answer that names the role in every delta."""
    return Style(roles=True)


@fault("no-index")
def no_index(_options: Options) -> Style:
    """A good answer whose calls of tools have no index."""
    return Style(tool_index=False)


@fault("whole-arguments")
def whole_arguments(_options: Options) -> Style:
    """A good answer in whose stream every call of a tool is one piece."""
    return Style(whole_arguments=True)


@fault("finish-twice", hosts=ALL_BUT_OPENROUTER)
def finish_twice(_options: Options) -> Style:
    """A good answer whose finish_reason comes twice."""
    return Style(ending=lambda events: [each for event in events for each in [event] * (1 + _is_finish(event))])


@fault("usage-with-choices", hosts=ALL_BUT_OPENROUTER)
def usage_with_choices(_options: Options) -> Style:
    """A good answer whose usage stands beside the choices of the last event, where the request asks for it."""

    def ending(events: list[JsonObject]) -> list[JsonObject]:
        *others, finish, last = events
        return [*others, finish | {"usage": last["usage"]}] if "usage" in last else events

    return Style(ending=ending)


def _is_finish(event: JsonObject) -> bool:
    choices = event["choices"]
    return isinstance(choices, list) and any(choice["finish_reason"] for choice in choices)


@fault("json")
def as_json(_options: Options) -> Style:
    """A good answer in one JSON body, whatever stream says."""
    return Style(as_json=True)


@fault("trickle", "seconds=SECONDS", group=Group.ENDLESS)
def trickle(options: Options) -> Style:
    """A good answer at one byte a second (seconds=1)."""
    return Style(byte_seconds=options.number("seconds", 1))


@fault("no-done")
def no_done(_options: Options) -> Style:
    """A good answer with finish_reason and usage and without [DONE]."""
    return Style(done=False)


@fault("no-usage", group=Group.BILLED)
def no_usage(_options: Options) -> Style:
    """A good answer that is charged and says nothing of it."""
    return Style(bill=lambda usage: Bill(None, usage.cost_nano, 0))


@fault("no-cost", group=Group.BILLED, hosts=OPENROUTER)
def no_cost(_options: Options) -> Style:
    """A good answer whose usage counts tokens and names no cost."""

    def bill(usage: Usage) -> Bill:
        block = usage_block(usage, usage.cost_nano)
        hidden = {"cost", "is_byok", "cost_details"}
        return Bill({key: value for key, value in block.items() if key not in hidden}, usage.cost_nano, 0)

    return Style(bill=bill)


@fault("null-usage", "tokens=0|1", group=Group.BILLED, hosts=OPENROUTER)
def null_usage(options: Options) -> Style:
    """A good answer whose usage is null in all its fields (tokens=1: but for the tokens)."""
    kept = {"prompt_tokens", "completion_tokens", "total_tokens"} if options.flag("tokens") else set()

    def bill(usage: Usage) -> Bill:
        block = usage_block(usage, usage.cost_nano)
        return Bill({key: value if key in kept else None for key, value in block.items()}, usage.cost_nano, 0)

    return Style(bill=bill)


@fault("byok", "fee=N", group=Group.BILLED, hosts=OPENROUTER)
def byok(options: Options) -> Style:
    """A good answer paid with one's own key: cost is the host's fee (percent, 0), the rest is the upstream's."""
    percent = options.whole("fee", 0)

    def bill(usage: Usage) -> Bill:
        fee = usage.cost_nano * percent // 100
        total = usage.cost_nano + fee
        return Bill(usage_block(usage, fee, is_byok=True), total, total)

    return Style(bill=bill)


@fault("free", group=Group.BILLED, hosts=OPENROUTER)
def free(_options: Options) -> Style:
    """A good answer that costs nothing: 0 is a price."""

    def bill(usage: Usage) -> Bill:
        return Bill(usage_block(replace(usage, price=_NOTHING), 0), 0, 0)

    return Style(bill=bill)
