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
    """The syntax tree of the code; where the code is wrong it holds error and missing nodes."""
    return tree_sitter.Parser(language(grammar)).parse(source.encoded)


@cache
def language(grammar: Grammar) -> tree_sitter.Language:
    """The grammar, loaded once."""
    module, name = _LANGUAGES[grammar]
    return tree_sitter.Language(getattr(import_module(module), name)())


def syntax_problems(source: Source, tree: tree_sitter.Tree) -> Iterator[Problem]:
    """What the grammar could not read, in the order of the code."""
    if not tree.root_node.has_error:
        return
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.is_missing:
            yield source.problem_at(Rule.SYNTAX, f"`{node.type}` is missing here.", node.start_byte)
        elif node.is_error:
            yield source.problem_at(Rule.SYNTAX, "This cannot be read here.", node.start_byte)
        elif node.has_error:
            pending.extend(reversed(node.children))
