"""The comments in a piece of code that stand in place of code."""

import re
from collections.abc import Iterator

import tree_sitter

from shared.artifacts.syntax.elision import MESSAGE, is_elision
from shared.artifacts.syntax.problem import Problem, Rule, Source

_LINE = re.compile(r"^[ \t]*+(?://|/\*|<!--|(?:#|--|;|%)(?=[#;%-]*+[ \t.…]))([^\n]*+)", re.MULTILINE)
"""A line that is a comment in one language or another."""


def line_elisions(source: Source) -> Iterator[Problem]:
    """The same for code that no grammar has read: what begins like a comment is taken for one."""
    for line in _LINE.finditer(source.code):
        if is_elision(line[1]):
            indented = len(line[0]) - len(line[0].lstrip())
            yield source.problem_in(Rule.ELIDED, MESSAGE, line.start() + indented)


def elisions(source: Source, tree: tree_sitter.Tree) -> Iterator[Problem]:
    """The comments that stand in place of code, in the order of the code."""
    if b"//" not in source.encoded and b"/*" not in source.encoded:
        return
    for node in _comments(tree):
        if is_elision(source.encoded[node.start_byte : node.end_byte].decode("utf-8", "replace")):
            yield source.problem_at(Rule.ELIDED, MESSAGE, node.start_byte)


def _comments(tree: tree_sitter.Tree) -> Iterator[tree_sitter.Node]:
    # Step by step: a query takes time by the square of what could not be read.
    cursor = tree.walk()
    while True:
        node = cursor.node
        if node and node.type == "comment":
            yield node
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return
