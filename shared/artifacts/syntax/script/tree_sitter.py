"""Tree-sitter's grammars, and what they find wrong: what is left where a renderer's own parser has given up.

A grammar that does not understand a piece of code goes on behind it; what it skipped or had to imagine is the error. It
takes little time whatever the code is, and knows less than the parser: no names, no rules.
"""

import re
import time
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import tree_sitter
import tree_sitter_typescript

from shared.artifacts.problem import Problem, Rule, Source


class Grammar(StrEnum):
    """A grammar at hand."""

    TSX = "tsx"
    """JavaScript and TypeScript with JSX."""
    TYPESCRIPT = "typescript"


_LANGUAGES = {
    Grammar.TSX: tree_sitter_typescript.language_tsx,
    Grammar.TYPESCRIPT: tree_sitter_typescript.language_typescript,
}


_DEEPEST = 2_000
"""Brackets in one another. The parser calls itself for each, and some ten thousand end the process."""
_SECONDS = 0.5
"""Of computing. The longest code takes a tenth of one; what cannot be read may take the square of its length."""
_CHUNK = 512
"""Bytes that the parser is handed at a time, and a query for each name it compares: with 64 KB a check takes four times
as long."""
_ACCESSOR = re.compile(rb"\baccessor(?=\s{0,9}[=;(?!:])")
_ALL_TYPES = re.compile(rb"\b(export\s{1,9})type(?=\s{0,9}\*)")
_NO_BRACKETS = bytes(set(range(256)) - set(b"([{)]}"))


def parse(source: Source, grammar: Grammar) -> tree_sitter.Tree | None:
    """The syntax tree of the code; where the code is wrong it holds error and missing nodes.

    Places in the tree are places in `source.encoded`; what a node's text is, ask of that, not of the node.

    Returns:
        The tree, or None for code that is too complex to be read.
    """
    if _depth(source.encoded) > _DEEPEST:
        return None
    code = _readable(source.encoded)
    end = time.thread_time() + _SECONDS
    try:
        return tree_sitter.Parser(language(grammar)).parse(
            lambda at, _: code[at : at + _CHUNK], progress_callback=lambda _at, _failed: time.thread_time() > end
        )
    except ValueError:  # it was stopped
        return None


def _readable(code: bytes) -> bytes:
    """The code with some of what the grammar does not know replaced by what it does, every place kept."""
    # In JSX, `R&D` and `?a=1&b=2` are text, but the grammar takes every `&` there for the start of an entity. A `|` may
    # stand wherever a `&` may, and is text in JSX.
    code = code.replace(b"&", b"|")
    # `class A { accessor = 1 }`, where it takes the name for a modifier, and `export type * from`.
    if b"accessor" in code:
        code = _ACCESSOR.sub(b"Accessor", code)
    return _ALL_TYPES.sub(rb"\1    ", code) if b"type" in code else code


def too_complex(source: Source) -> Problem:
    """The problem of code that has no tree."""
    return source.problem(Rule.SYNTAX, "This is too complex to be checked; write it more simply.", 1, 1)


def _depth(code: bytes) -> int:
    """How deep brackets may be nested in the code; those in strings and comments count too."""
    depth = deepest = 0
    for mark in code.translate(None, _NO_BRACKETS):
        if mark in b"([{":
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
    return deepest


@cache
def language(grammar: Grammar) -> tree_sitter.Language:
    """The grammar, loaded once."""
    return tree_sitter.Language(_LANGUAGES[grammar]())


def syntax_problems(source: Source, tree: tree_sitter.Tree) -> Iterator[Problem]:
    """What the grammar could not read, in the order of the code."""
    for node in _unreadable(tree):
        what = f"`{node.type}` is missing here." if node.is_missing else "This cannot be read here."
        yield source.problem_at(Rule.SYNTAX, what, node.start_byte)


def _unreadable(tree: tree_sitter.Tree) -> Iterator[tree_sitter.Node]:
    """The outermost pieces that the grammar could not read or had to imagine, in the order of the code."""
    root = tree.root_node
    pending: list[tuple[tree_sitter.Node, str]] = [(root, "")] if root.has_error else []
    while pending:
        node, before = pending.pop()
        if node.is_error or node.is_missing:
            # It puts a `!` behind type arguments: it knows no other way to read "styled(A)<B>`…`".
            if node.type != "!" or before != "instantiation_expression":
                yield node
        elif node.has_error:
            # A node's own `prev_sibling` overflows the stack where ifs are nested by the ten thousand.
            children = node.children
            befores = ["", *(child.type for child in children[:-1])]
            pending.extend(reversed(list(zip(children, befores, strict=True))))
