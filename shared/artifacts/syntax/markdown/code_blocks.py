"""The code blocks of a Markdown document, as CommonMark has them: at the margin, in lists and in quotations."""

from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

_MAX_DEPTH = 20
"""Levels of nested lists, list items and quotations; deeper ones are parsed as text."""
_MAX_STEPS = 400_000
"""Attempts to find the start of a block. They grow with the lines and with the nesting: a document takes about two
a line, and so many take two seconds."""


class TooNestedError(Exception):
    """More is nested in the document than people write, and parsing it would take too long."""


class CodeBlock(NamedTuple):
    """A block of code, fenced or indented."""

    start: int
    """Its first line, from 0."""
    end: int
    """The line after its last one."""
    column: int
    """Where its fence begins in its line, from 0."""
    left_open: bool
    """Whether it is fenced and the document ends before the fence is closed."""


def code_blocks(text: str) -> list[CodeBlock]:
    """Return the blocks of code in their order.

    A fence ends with the list item or quotation that it is in, closed or not; so only the last one can be left open.

    Raises:
        TooNestedError: parsing it would take too long.
    """
    # The same lines as elsewhere, each with a line feed.
    text = text.replace("\r", " ").rstrip() + "\n"
    tokens: list[Token] = []
    _parser().block.parse(text, _parser(), {"steps": 0}, tokens)
    lines = text.split("\n")
    return [_block(token, lines) for token in tokens if token.type in {"fence", "code_block"} and token.map]


def _block(token: Token, lines: list[str]) -> CodeBlock:
    start, end = token.map or (0, 0)
    content = token.content.count("\n")
    left_open = token.type == "fence" and end - start == content + 1 and end >= len(lines) - 1
    return CodeBlock(start, end, max(lines[start].find(token.markup), 0), left_open)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_DEPTH})
    everywhere = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("code", "steps", _count, {"alt": everywhere})
    return parser


def _count(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:  # noqa: FBT001 - markdown-it's
    """Count the attempts to begin a block; as a rule that is tried first and never begins one."""
    state.env["steps"] += 1
    if state.env["steps"] > _MAX_STEPS:
        raise TooNestedError
    return False
