"""The check of a React component: a module with one default export that imports only what is at hand."""

from collections.abc import Iterator

from tree_sitter import Node

from shared.artifacts.syntax import modules, script
from shared.artifacts.syntax.declarations import names
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Problem, Rule, Source
from shared.artifacts.syntax.reading import Reading, first, read

_NOT_CODE = "This is not code; write nothing but the component."
_LABELLED = frozenset({
    "for_statement", "for_in_statement", "while_statement", "do_statement", "statement_block", "switch_statement",
    "if_statement",
})  # fmt: skip
"""What a label can be of use to."""


def problems(source: Source, imports: Imports) -> list[Problem]:
    """What keeps a component from being rendered, in the order of the code; about ten at most.

    TypeScript is accepted. Names that are used and never declared are not looked for.
    """
    reading = read(source)
    checks = [*script.checks(reading, strict=True), modules.imports(reading, imports), _words(reading)]
    if reading.complete and not reading.tree.root_node.has_error:
        # What cannot be read may hold the export.
        checks.append(modules.default_exports(reading))
    return first(*checks)


def _words(reading: Reading) -> Iterator[Problem]:
    """Words at the top that happen to be code, such as `Done` and `Enjoy!`."""
    lone = [(node, word) for node in reading.tree.root_node.children if (word := _word(node)) is not None]
    if lone:
        declared = names(reading)
        for node, word in lone:
            if reading.text(word) not in declared:
                yield reading.problem(Rule.SYNTAX, _NOT_CODE, node)


def _word(statement: Node) -> Node | None:
    """The word that a statement is or begins with, if it does nothing."""
    if statement.type == "labeled_statement":
        body = statement.child_by_field_name("body")
        return None if body is not None and body.type in _LABELLED else statement.child_by_field_name("label")
    if statement.type != "expression_statement" or not statement.named_children:
        return None
    node = statement.named_children[0]
    while node.type in {"non_null_expression", "sequence_expression"} and node.named_children:
        node = node.named_children[0]
    return node if node.type == "identifier" else None
