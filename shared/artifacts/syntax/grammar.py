"""Tree-sitter's grammars, loaded on first use, and what they find wrong.

A grammar that does not understand a piece of code goes on behind it; what it skipped or had to imagine is the error.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import tree_sitter
import tree_sitter_typescript

from shared.artifacts.syntax.problem import Problem, Rule, Source


class Grammar(StrEnum):
    """A grammar at hand."""

    TSX = "tsx"
    """JavaScript and TypeScript with JSX."""
    TYPESCRIPT = "typescript"


_LANGUAGES = {
    Grammar.TSX: tree_sitter_typescript.language_tsx,
    Grammar.TYPESCRIPT: tree_sitter_typescript.language_typescript,
}


def parse(source: Source, grammar: Grammar) -> tree_sitter.Tree:
    """The syntax tree of the code; where the code is wrong it holds error and missing nodes.

    Places in the tree are places in `source.encoded`; what a node's text is, ask of that, not of the node.
    """
    # In JSX, `R&D` and `?a=1&b=2` are text, but the grammar takes every `&` there for the start of an entity. A `|` may
    # stand wherever a `&` may, and is text in JSX.
    return tree_sitter.Parser(language(grammar)).parse(source.encoded.replace(b"&", b"|"))


@cache
def language(grammar: Grammar) -> tree_sitter.Language:
    """The grammar, loaded once."""
    return tree_sitter.Language(_LANGUAGES[grammar]())


class Unread(NamedTuple):
    """A piece that the grammar could not read, or had to imagine."""

    node: tree_sitter.Node
    parent: tree_sitter.Node
    before: tree_sitter.Node | None
    """What stands before it in its parent."""


def syntax_problems(source: Source, tree: tree_sitter.Tree) -> Iterator[Problem]:
    """What the grammar could not read, in the order of the code."""
    for node, _, _ in unreadable(tree):
        what = f"`{node.type}` is missing here." if node.is_missing else "This cannot be read here."
        yield source.problem_at(Rule.SYNTAX, what, node.start_byte)


def unreadable(tree: tree_sitter.Tree) -> Iterator[Unread]:
    """The outermost pieces that the grammar could not read, in the order of the code."""
    root = tree.root_node
    pending = [Unread(root, root, None)] if root.has_error else []
    while pending:
        piece = pending.pop()
        if piece.node.is_error or piece.node.is_missing:
            if not _is_imagined_mark(piece):
                yield piece
        elif piece.node.has_error:
            # A node's own `prev_sibling` overflows the stack where ifs are nested by the ten thousand.
            children = piece.node.children
            pending.extend(
                Unread(child, piece.node, before)
                for child, before in zip(reversed(children), [*reversed(children[:-1]), None], strict=True)
            )


def _is_imagined_mark(piece: Unread) -> bool:
    """Whether the grammar put a `!` behind type arguments: it knows no other way to read "styled(A)<B>`…`"."""
    return piece.node.type == "!" and piece.before is not None and piece.before.type == "instantiation_expression"
