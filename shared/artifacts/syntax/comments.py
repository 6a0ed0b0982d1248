"""The comments in a piece of code that a grammar has read."""

from collections.abc import Iterator
from functools import cache

import tree_sitter

from shared.artifacts.syntax.elision import MESSAGE, is_elision
from shared.artifacts.syntax.grammar import Grammar, language
from shared.artifacts.syntax.problem import Problem, Rule, Source


def elisions(source: Source, tree: tree_sitter.Tree, grammar: Grammar) -> Iterator[Problem]:
    """The comments that stand in place of code, in the order of the code."""
    nodes = tree_sitter.QueryCursor(_query(grammar)).captures(tree.root_node).get("comment", [])
    for node in sorted(nodes, key=lambda node: node.start_byte):
        if is_elision(source.encoded[node.start_byte : node.end_byte].decode("utf-8", "replace")):
            yield source.problem_at(Rule.ELIDED, MESSAGE, node.start_byte)


@cache
def _query(grammar: Grammar) -> tree_sitter.Query:
    return tree_sitter.Query(language(grammar), "(comment) @comment")
