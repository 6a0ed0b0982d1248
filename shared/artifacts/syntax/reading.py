"""A script, read once: its tree, and what one pass of the query over it found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from pathlib import Path

from tree_sitter import Node, Query, QueryCursor, Tree

from shared.artifacts.syntax.grammar import Grammar, empty, language, parse
from shared.artifacts.syntax.problem import Problem, Rule, Source

_QUERY = Path(__file__).with_name("script.scm")

_MOST_MARKS = 20_000
"""Side by side: a quarter of a second. A component has some dozens."""
_MOST_NESTED = 20_000
"""Nodes in each other. A component has some dozens."""
_MARKS = re.compile(rb"(?<![,;\s])[,;\s]{%d}" % _MOST_MARKS)

_MOST_OPEN = 2_000
"""Patterns that have begun to match, as those of nested nodes have; the cursor looks at each of them at each node."""

MOST_PROBLEMS = 10
"""More than these help nobody to mend the code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A script with its tree and the nodes that the query captured, by the name of the capture."""

    source: Source
    tree: Tree
    captured: dict[str, list[Node]]
    complete: bool = True
    """False when the code is too tangled for the pass."""

    def found(self, name: str) -> list[Node]:
        """The nodes captured under this name, in the order of the code."""
        return sorted(self.captured.get(name, ()), key=lambda node: node.start_byte)

    def text(self, node: Node) -> str:
        """What is written there."""
        return self.source.encoded[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def problem(self, rule: Rule, message: str, node: Node) -> Problem:
        """A problem where this node begins."""
        return self.source.problem_at(rule, message, node.start_byte)

    @property
    def is_module(self) -> bool:
        """Whether it imports or exports, which makes it strict."""
        return bool(self.found("import") or self.found("export"))


def read(source: Source) -> Reading:
    """Parse JavaScript or TypeScript, with or without JSX, and look for everything that is checked."""
    tree = parse(source, Grammar.TSX)
    if tree is None:
        return Reading(source, empty(Grammar.TSX), {}, complete=False)
    if _is_tangled(source, tree):
        return Reading(source, tree, {}, complete=False)
    cursor = QueryCursor(_query(), match_limit=_MOST_OPEN)
    captured = cursor.captures(tree.root_node)
    return Reading(source, tree, captured, complete=not cursor.did_exceed_match_limit)


def _is_tangled(source: Source, tree: Tree) -> bool:
    """Whether the pass would take long: so many marks side by side, or so much nested, as nobody writes."""
    return _MARKS.search(source.encoded) is not None or _is_wide(tree) or _is_deep(tree)


def _is_wide(tree: Tree) -> bool:
    """Whether a piece that cannot be read has very many parts; the cursor looks along all of them at each."""
    pending = [tree.root_node] if tree.root_node.has_error else []
    while pending:
        node = pending.pop()
        if node.child_count > _MOST_MARKS:
            return True
        pending.extend(child for child in node.children if child.has_error)
    return False


def _is_deep(tree: Tree) -> bool:
    """Whether very many nodes are large themselves, as nodes in each other are; the cursor counts to 65,535."""
    pending, large = [tree.root_node], 0
    while pending:
        large += 1
        if large > _MOST_NESTED:
            return True
        pending.extend(child for child in pending.pop().children if child.descendant_count > _MOST_NESTED)
    return False


def first(*checks: Iterable[Problem]) -> list[Problem]:
    """The first problems of all checks, in the order of the code; of several at one place, that of the first check."""
    found = list(chain.from_iterable(islice(check, MOST_PROBLEMS) for check in checks))
    placed = {(each.line, each.column): each for each in reversed(found)}
    return [placed[place] for place in sorted(placed)][:MOST_PROBLEMS]


@cache
def _query() -> Query:
    return Query(language(Grammar.TSX), _QUERY.read_text("utf-8"))
