"""Faults in the edits that the model answers with where a request asks for edits: most of them cannot be made."""

import html
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from local.standin.artifact import Artifact
from local.standin.blocks import Block, Fits, as_text, blocks_between, same_block
from local.standin.directives import DirectiveError, Options
from local.standin.exchange import Exchange
from local.standin.faults.contents import AFTERWORD, CHATTER, broken_code, with_elision
from local.standin.faults.table import Family, Group, Run
from local.standin.kinds import Kind, commented
from local.standin.steps import MAKING

_ELIDED: Final = "... existing code ..."
_SHIFT: Final = "    "


@dataclass(frozen=True, slots=True)
class Revision:
    """The code that was sent, and what the edits are to make of it."""

    given: str
    artifact: Artifact

    def blocks(self, fits: Fits = lambda _: True) -> list[Block]:
        """Return the right edits."""
        return blocks_between(self.given, self.artifact.code, fits)

    def block(self, fits: Fits, otherwise: str) -> Block:
        """Return the first of the edits that fits.

        Raises:
            DirectiveError: when none does, with the reason why the fault makes no sense here.
        """
        for block in self.blocks(fits):
            if fits(block):
                return block
        raise DirectiveError(otherwise)


def _adapted(function: Callable[[Revision, Options], str]) -> Run:
    async def run(exchange: Exchange, options: Options) -> web.StreamResponse:
        about, reply = exchange.call.about, exchange.reply
        if about is None:
            raise DirectiveError("there is no code in this request that could be edited")
        return await exchange.answer(reply.saying(function(Revision(about.given, reply.artifact), options)))

    return run


fault: Final[Family[Callable[[Revision, Options], str]]] = Family(_adapted, Group.EDITS, needs_edits=True, steps=MAKING)


@fault("edit-not-found")
def edit_not_found(revision: Revision, _options: Options) -> str:
    """The first edit searches for lines that are not in the code."""
    first, *others = revision.blocks()
    return as_text([Block(_absent(first.search, revision.given), first.replace), *others])


@fault("edit-found-twice")
def edit_found_twice(revision: Revision, _options: Options) -> str:
    """The first edit searches for a line that stands in the code more than once."""
    first, *others = revision.blocks()
    times = Counter(line for line in revision.given.split("\n") if line.strip())
    line = next((line for line, count in times.items() if count > 1), None)
    if line is None:
        raise DirectiveError("no line stands in this code twice")
    return as_text([Block(line, first.replace), *others])


@fault("edit-overlapping")
def edit_overlapping(revision: Revision, _options: Options) -> str:
    """A second edit searches for lines that the first one has replaced."""
    for first in revision.blocks(lambda block: not _holds(block.replace, block.search)):
        if not _holds(first.replace, first.search):
            return as_text([first, Block(first.search, "")])
    # All lines stay where they are, and others are added above or below: the first edit takes some away.
    first = revision.blocks()[0]
    return as_text([Block(first.search, ""), first])


@fault("edit-elided", "part=search|replacement")
def edit_elided(revision: Revision, options: Options) -> str:
    """An edit has "... existing code ..." in place of lines: in its search, or in its replacement."""
    artifact = revision.artifact
    if options.text("part") == "replacement":
        return as_text(blocks_between(revision.given, with_elision(artifact)))
    first = revision.block(lambda block: block.search.count("\n") > 1, "this code has too few lines to leave some out")
    lines = first.search.split("\n")
    elision = commented(artifact.kind, artifact.language, _ELIDED)
    return as_text([Block("\n".join([lines[0], elision, lines[-1]]), first.replace)])


@fault("edit-whole")
def edit_whole(revision: Revision, _options: Options) -> str:
    """A whole artifact, although edits were asked for."""
    return revision.artifact.text()


@fault("edit-mixed")
def edit_mixed(revision: Revision, _options: Options) -> str:
    """A whole artifact, and the edits that lead to it behind it."""
    return f"{revision.artifact.text()}\n\n{as_text(revision.blocks())}"


@fault("edit-half")
def edit_half(revision: Revision, _options: Options) -> str:
    """The last edit ends in its middle, and finish_reason says stop."""
    blocks = revision.blocks()
    left_out = len(blocks[-1].text()) // 2
    return as_text(blocks)[:-left_out]


@fault("edit-unfenced")
def edit_unfenced(revision: Revision, _options: Options) -> str:
    """Good edits between sentences, under the name of a file, in a fence that is never closed."""
    label = revision.artifact.fenced.partition("\n")[0]
    return f"{CHATTER}\n\nthe-file\n{label}\n{as_text(revision.blocks())}\n\n{AFTERWORD}"


@fault("edit-escaped")
def edit_escaped(revision: Revision, _options: Options) -> str:
    """Good edits whose signs are escaped as in HTML: &lt; for <."""
    revision.block(_has_signs, "there is no sign in this code that could be escaped")
    return as_text([_each(block, _escaped) for block in revision.blocks(_has_signs)])


@fault("edit-shifted")
def edit_shifted(revision: Revision, _options: Options) -> str:
    """Good edits whose lines are all indented by four blanks too many."""
    return as_text([_each(block, _shifted) for block in revision.blocks()])


@fault("edit-already-there")
def edit_already_there(revision: Revision, _options: Options) -> str:
    """An edit that searches for lines that are not in the code, and would put there what is there already."""
    there = same_block(revision.given)
    return as_text([Block(_absent(there.search, revision.given), there.replace)])


@fault("edit-same")
def edit_same(revision: Revision, _options: Options) -> str:
    """An edit that replaces a line by itself."""
    return as_text([same_block(revision.given)])


@fault("edit-breaks")
def edit_breaks(revision: Revision, _options: Options) -> str:
    """Edits that can be made, and leave code with a syntax error; of a Markdown document, which has none, nothing."""
    artifact = revision.artifact
    broken = "" if artifact.kind is Kind.MARKDOWN else broken_code(artifact)
    return as_text(blocks_between(revision.given, broken))


def _absent(text: str, code: str) -> str:
    """Return lines that are not in the code, and nearly those that are."""
    line, *rest = text.split("\n")
    while line in code:
        line += "_"
    return "\n".join([line, *rest])


def _each(block: Block, function: Callable[[str], str]) -> Block:
    return replace(block, search=function(block.search), replace=function(block.replace))


def _has_signs(block: Block) -> bool:
    return _escaped(block.search) != block.search


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _shifted(text: str) -> str:
    return "\n".join(_SHIFT + line if line.strip() else line for line in text.split("\n"))


def _holds(text: str, part: str) -> bool:
    """Return whether lines stand in a text, blanks at both ends aside."""
    lines, wanted = (["", *(line.strip() for line in each.split("\n")), ""] for each in (text, part))
    return "\n".join(wanted) in "\n".join(lines)
