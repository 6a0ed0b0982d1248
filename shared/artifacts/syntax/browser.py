"""What a script in a page may hold: browsers read JavaScript, and neither TypeScript nor JSX."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tree_sitter import Node, Query, QueryCursor

from shared.artifacts.syntax import refused, script
from shared.artifacts.syntax.grammar import Grammar, language
from shared.artifacts.syntax.problem import Problem, Rule, Source
from shared.artifacts.syntax.reading import Reading, first, read

_QUERY = Path(__file__).with_name("browser.scm")
_COMPARED = frozenset({"type_identifier", "nested_type_identifier", "literal_type", "generic_type"})
"""What may as well be compared: `a < b > (c)` is JavaScript."""

_JSX = 'No browser reads JSX: build the element otherwise, or load Babel and write `<script type="text/babel">`.'
_TYPED = "This is TypeScript, and browsers read only JavaScript: leave the types out."
_MODULE = 'Only a module imports and exports: write `<script type="module">`.'
_AWAIT = '`await` outside of functions is for modules only: write `<script type="module">`.'


def problems(source: Source, *, module: bool) -> list[Problem]:
    """What is wrong with a script that a browser is to run, in the order of the code; about ten at most."""
    reading = read(source)
    checks = script.checks(reading, strict=module)
    # Behind an error, the grammar takes much for types.
    if reading.complete and not reading.tree.root_node.has_error:
        checks.append(_foreign(reading))
        if not module:
            checks.append(_of_modules(reading))
    return first(*checks)


def _foreign(reading: Reading) -> Iterator[Problem]:
    """The first place that is no JavaScript."""
    captured = QueryCursor(_query()).captures(reading.tree.root_node)
    found = [*captured.get("jsx", ()), *captured.get("typed", ())]
    found += (node for node in captured.get("not_null", ()) if not any(child.is_missing for child in node.children))
    found += (node for node in captured.get("arguments", ()) if not _is_comparison(reading, node))
    if found:
        node = min(found, key=lambda each: each.start_byte)
        yield reading.problem(Rule.SYNTAX, _JSX if node.type.startswith("jsx_") else _TYPED, node)


def _of_modules(reading: Reading) -> Iterator[Problem]:
    for node in (reading.found("import") + reading.found("export"))[:1]:
        yield reading.problem(Rule.SYNTAX, _MODULE, node)
    for node, function in refused.awaited(reading):
        if function is None and not _is_call(node):
            yield reading.problem(Rule.SYNTAX, _AWAIT, node)
            return


def _is_comparison(reading: Reading, arguments: Node) -> bool:
    """Whether what the grammar takes for type arguments is a comparison to JavaScript, as in `a < b > (c)`."""
    behind = reading.source.encoded[arguments.end_byte : arguments.end_byte + 20].lstrip()
    return all(node.type in _COMPARED for node in arguments.named_children) and not behind.startswith(b"()")


def _is_call(node: Node) -> bool:
    """Whether it may be a function of the name `await`, which a classic script may have."""
    return any(child.type == "parenthesized_expression" for child in node.children[:2])


@cache
def _query() -> Query:
    return Query(language(Grammar.TSX), _QUERY.read_text("utf-8"))
