"""Tree-sitter's grammars and the syntax errors that they find, for code on which a renderer's own parser gives up.

A grammar skips code that it cannot parse, or inserts a missing token; either is an error. It takes little time for any
code, and checks less than the parser: no names, no rules.
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
    """An available grammar."""

    TSX = "tsx"
    """JavaScript and TypeScript with JSX."""
    TYPESCRIPT = "typescript"


_LANGUAGES = {
    Grammar.TSX: tree_sitter_typescript.language_tsx,
    Grammar.TYPESCRIPT: tree_sitter_typescript.language_typescript,
}


_MAX_DEPTH = 2_000
"""Maximum nesting of brackets. The parser recurses for each, and some ten thousand crash the process."""
_SECONDS = 0.5
"""Of CPU time. The longest code takes 0.1 s; code that cannot be parsed may take the square of its length."""
_CHUNK = 512
"""Bytes that the parser is given at a time."""
_ACCESSOR = re.compile(rb"\baccessor(?=\s{0,9}[=;(?!:])")
_ALL_TYPES = re.compile(rb"\b(export\s{1,9})type(?=\s{0,9}\*)")
_NO_BRACKETS = bytes(set(range(256)) - set(b"([{)]}"))


def parse(source: Source, grammar: Grammar) -> tree_sitter.Tree | None:
    """Return the syntax tree of the code, with error and missing nodes where the code is wrong.

    Positions in the tree are byte offsets in `source.encoded`; read a node's text there, not from the node.

    Returns:
        The tree, or None for code that is too complex.
    """
    if _depth(source.encoded) > _MAX_DEPTH:
        return None
    code = _readable(source.encoded)
    end = time.thread_time() + _SECONDS
    try:
        return tree_sitter.Parser(language(grammar)).parse(
            lambda at, _: code[at : at + _CHUNK], progress_callback=lambda _at, _failed: time.thread_time() > end
        )
    except ValueError:  # stopped by the callback
        return None


def _readable(code: bytes) -> bytes:
    """Return the code with some syntax that the grammar does not know replaced by known syntax of the same length."""
    # In JSX, `R&D` and `?a=1&b=2` are text, but the grammar reads every `&` there as the start of an entity. A `|` is
    # valid wherever a `&` is, and is text in JSX.
    code = code.replace(b"&", b"|")
    # `class A { accessor = 1 }`, where it reads the name as a modifier, and `export type * from`.
    if b"accessor" in code:
        code = _ACCESSOR.sub(b"Accessor", code)
    return _ALL_TYPES.sub(rb"\1    ", code) if b"type" in code else code


def too_complex(source: Source) -> Problem:
    """Return the problem of code that has no tree."""
    return source.problem(Rule.SYNTAX, "This is too complex to be checked; write it more simply.", 1, 1)


def _depth(code: bytes) -> int:
    """Return the maximum nesting of brackets in the code; those in strings and comments count too."""
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
    """Return the grammar, loaded once."""
    return tree_sitter.Language(_LANGUAGES[grammar]())


def syntax_problems(source: Source, tree: tree_sitter.Tree) -> Iterator[Problem]:
    """Yield what the grammar could not parse, in the order of the code."""
    for node in _unreadable(tree):
        what = f"`{node.type}` is missing here." if node.is_missing else "This cannot be read here."
        yield source.problem_at(Rule.SYNTAX, what, node.start_byte)


def _unreadable(tree: tree_sitter.Tree) -> Iterator[tree_sitter.Node]:
    """Yield the outermost error and missing nodes, in the order of the code."""
    root = tree.root_node
    pending: list[tuple[tree_sitter.Node, str]] = [(root, "")] if root.has_error else []
    while pending:
        node, before = pending.pop()
        if node.is_error or node.is_missing:
            # It inserts a `!` after type arguments, because it has no rule for "styled(A)<B>`…`".
            if node.type != "!" or before != "instantiation_expression":
                yield node
        elif node.has_error:
            # A node's own `prev_sibling` overflows the stack with ten thousand nested ifs.
            children = node.children
            befores = ["", *(child.type for child in children[:-1])]
            pending.extend(reversed(list(zip(children, befores, strict=True))))
