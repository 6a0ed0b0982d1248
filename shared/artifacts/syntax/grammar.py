"""Tree-sitter's grammars, loaded on first use, and what they find wrong.

A grammar that does not understand a piece of code goes on behind it; what it skipped or had to imagine is the error.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module

import tree_sitter

from shared.artifacts.syntax.problem import Problem, Rule, Source


class Grammar(StrEnum):
    """A grammar at hand."""

    TSX = "tsx"
    """JavaScript and TypeScript with JSX."""
    TYPESCRIPT = "typescript"
    CSS = "css"


_LANGUAGES = {
    Grammar.TSX: ("tree_sitter_typescript", "language_tsx"),
    Grammar.TYPESCRIPT: ("tree_sitter_typescript", "language_typescript"),
    Grammar.CSS: ("tree_sitter_css", "language"),
}


def parse(source: Source, grammar: Grammar) -> tree_sitter.Tree:
    """The syntax tree of the code; where the code is wrong it holds error and missing nodes.

    Places in the tree are places in `source.encoded`; what a node's text is, ask of that, not of the node.
    """
    text = source.encoded
    if grammar is not Grammar.CSS:
        # In JSX, `R&D` and `?a=1&b=2` are text, but the grammar takes every `&` there for the start of an entity. A `|`
        # may stand wherever a `&` may, and is text in JSX.
        text = text.replace(b"&", b"|")
    return tree_sitter.Parser(language(grammar)).parse(text)


@cache
def language(grammar: Grammar) -> tree_sitter.Language:
    """The grammar, loaded once."""
    module, name = _LANGUAGES[grammar]
    return tree_sitter.Language(getattr(import_module(module), name)())


def syntax_problems(source: Source, tree: tree_sitter.Tree) -> Iterator[Problem]:
    """What the grammar could not read, in the order of the code."""
    for node in unreadable(tree):
        what = f"`{node.type}` is missing here." if node.is_missing else "This cannot be read here."
        yield source.problem_at(Rule.SYNTAX, what, node.start_byte)


def unreadable(tree: tree_sitter.Tree) -> Iterator[tree_sitter.Node]:
    """The outermost nodes of what the grammar could not read, in the order of the code."""
    pending = [tree.root_node] if tree.root_node.has_error else []
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            if not _is_imagined_mark(node):
                yield node
        elif node.has_error:
            pending.extend(reversed(node.children))


def _is_imagined_mark(node: tree_sitter.Node) -> bool:
    """Whether the grammar put a `!` behind type arguments: it knows no other way to read "styled(A)<B>`…`"."""
    before = node.prev_sibling
    return node.type == "!" and before is not None and before.type == "instantiation_expression"
