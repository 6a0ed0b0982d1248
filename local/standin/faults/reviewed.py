"""Faults in the steps of a reviewed artifact: advice that is not as it was asked for, rebuilds that mend nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from local.standin.blocks import as_text, blocks_between
from local.standin.directives import DirectiveError, Options
from local.standin.examples import example_for
from local.standin.exchange import Exchange
from local.standin.faults.contents import AFTERWORD, CHATTER
from local.standin.faults.table import Family, Group, Run
from local.standin.json_text import to_json
from local.standin.kinds import Kind, looks_like_python, wanted_kind
from local.standin.replies import Reply
from local.standin.steps import ADVISING, Step

_MANY: Final = 5_000
_INVENTED: Final = {
    "what": "The button for printing does nothing.",
    "where": "the button for printing",
    "severity": "major",
}
_SMALL: Final = {
    Kind.REACT: "export default function Mended() {\n  return <p>Mended</p>;\n}",
    Kind.HTML: '<!DOCTYPE html>\n<html lang="en"><head><title>Mended</title></head><body><p>Mended</p></body></html>',
    Kind.SVG: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>',
    Kind.MERMAID: "flowchart TD\n    a --> b",
    Kind.MARKDOWN: "# Mended",
    Kind.CODE: "export default function mended() {}",
}


def _adapted(function: Callable[[Exchange, Options], Reply]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        return await exchange.answer(function(exchange, options))

    return run


fault: Final[Family[Callable[[Exchange, Options], Reply]]] = Family(_adapted, Group.REVIEWED, steps=ADVISING)


@fault("json-shape", "form=list|names|values")
def json_shape(exchange: Exchange, options: Options) -> Reply:
    """JSON of another shape: a list instead of an object (form=list), fields of other names, values of other types."""
    advice = _advice(exchange)
    shapes: dict[str, object] = {
        "list": list(advice.values()),
        "names": {f"my_{name}": value for name, value in advice.items()},
        "values": {name: {"text": value} for name, value in advice.items()},
    }
    return exchange.reply.saying(to_json(shapes[options.text("form", "list")]))


@fault("json-fenced")
def json_fenced(exchange: Exchange, _options: Options) -> Reply:
    """Good JSON in a fence, with sentences before and behind it."""
    text = json.dumps(_advice(exchange), ensure_ascii=False, indent=2)
    return exchange.reply.saying(f"{CHATTER}\n\n```json\n{text}\n```\n\n{AFTERWORD}")


@fault("json-endless")
def json_endless(exchange: Exchange, _options: Options) -> Reply:
    """JSON with a list that goes on until max_tokens are spent: finish_reason length."""
    name = next(name for name, value in _advice(exchange).items() if isinstance(value, list))
    more = ", ".join(f'"And then there is number {number}."' for number in range(_MANY))
    return exchange.reply.saying(f'{{"{name}": [{more}').ending("length")


@fault("json-code")
def json_code(exchange: Exchange, _options: Options) -> Reply:
    """An artifact, where advice on one was asked for."""
    call = exchange.call
    example = example_for(wanted_kind(call.asked.instructions, call.request), call.request)
    return exchange.reply.saying(example.text())


@fault("review-severity", steps=(Step.REVIEW,))
def review_severity(exchange: Exchange, _options: Options) -> Reply:
    """A review whose findings are of a severity that nobody knows."""
    return _found(exchange, "changes_requested", {**_INVENTED, "severity": "catastrophic"})


@fault("review-approves", steps=(Step.REVIEW,))
def review_approves(exchange: Exchange, _options: Options) -> Reply:
    """A review that approves, and has the finding all the same; one of severity major where there is none."""
    return _found(exchange, "approved", *_findings(exchange) or [_INVENTED])


@fault("review-invents", steps=(Step.REVIEW,))
def review_invents(exchange: Exchange, _options: Options) -> Reply:
    """A review that finds, beside what it should, something that is not in the code, severity major."""
    return _found(exchange, "changes_requested", *_findings(exchange), _INVENTED)


@fault("review-misses", steps=(Step.REVIEW,))
def review_misses(exchange: Exchange, _options: Options) -> Reply:
    """A review that asks for changes, and has no finding."""
    return _found(exchange, "changes_requested")


@fault("rebuild-guts", steps=(Step.REBUILD,))
def rebuild_guts(exchange: Exchange, _options: Options) -> Reply:
    """A rebuild that leaves nothing of the code, and puts something small in its place that can be rendered."""
    artifact = exchange.reply.artifact
    is_python = artifact.kind is Kind.CODE and looks_like_python(artifact.code)
    return _rebuilt(exchange, "print(1)" if is_python else _SMALL[artifact.kind])


@fault("rebuild-same", steps=(Step.REBUILD,))
def rebuild_same(exchange: Exchange, _options: Options) -> Reply:
    """A rebuild that gives the code back as it was."""
    return _rebuilt(exchange, None)


def _advice(exchange: Exchange) -> dict[str, Any]:
    """Return what the good answer says."""
    return dict(json.loads(exchange.reply.text))


def _findings(exchange: Exchange) -> list[dict[str, str]]:
    return list(_advice(exchange)["findings"])


def _found(exchange: Exchange, verdict: str, *findings: dict[str, str]) -> Reply:
    return exchange.reply.saying(to_json({"verdict": verdict, "findings": findings}))


def _rebuilt(exchange: Exchange, code: str | None) -> Reply:
    """Return this code in the place of what was sent, as edits or as the whole; None: what was sent."""
    about, reply = exchange.call.about, exchange.reply
    if about is None:
        raise DirectiveError("there is no code in this request that could be mended")
    after = about.given if code is None else code
    if exchange.call.wants_edits:
        return reply.saying(as_text(blocks_between(about.given, after)))
    return reply.showing(replace(reply.artifact, code=after))
