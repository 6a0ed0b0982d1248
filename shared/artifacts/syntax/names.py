"""Names that cannot be declared: `eval` and `arguments` in strict code, the language's own words anywhere."""

from collections.abc import Iterator

from tree_sitter import Node

from shared.artifacts.syntax.problem import Problem, Rule
from shared.artifacts.syntax.reading import Reading

_STRICT = frozenset({"eval", "arguments"})
_PATTERNS = frozenset({
    "array_pattern", "object_pattern", "rest_pattern", "for_in_statement:left",
    "pair_pattern:value", "assignment_pattern:left", "object_assignment_pattern:left",
})  # fmt: skip
"""Where a name stands that gets a value, as a node's type or as its type and field."""
_DECLARING = _PATTERNS | frozenset({
    "variable_declarator:name", "required_parameter:pattern", "optional_parameter:pattern", "arrow_function:parameter",
    "function_declaration:name", "function_expression:name", "generator_function:name",
    "generator_function_declaration:name", "class_declaration:name", "class:name", "abstract_class_declaration:name",
    "enum_declaration:name", "catch_clause:parameter", "import_clause", "namespace_import", "import_specifier:alias",
    "import_require_clause", "assignment_expression:left", "augmented_assignment_expression:left",
    "update_expression:argument",
})  # fmt: skip
_TYPES = frozenset({
    "function_type", "constructor_type", "function_signature", "method_signature", "abstract_method_signature",
    "call_signature", "construct_signature",
})  # fmt: skip
"""What is erased with the names of its parameters."""

_LOOKED_AT = 1000
"""A node's parent is sought from the top, so that many names in deep nests would take long."""


def problems(reading: Reading, *, strict: bool) -> Iterator[Problem]:
    """Names that every parser refuses where they stand."""
    # Behind an error, the grammar takes words of the language for names.
    readable = not reading.tree.root_node.has_error
    for node in reading.found("name")[:_LOOKED_AT]:
        name = reading.text(node)
        if name not in _STRICT:
            if readable and not _may_be_any_word(node):
                yield reading.problem(Rule.SYNTAX, f"`{name}` is a word of the language, not a name.", node)
        elif strict and _is_declared(node):
            message = f"`{name}` cannot be declared or assigned in a module; choose another name everywhere it is used."
            yield reading.problem(Rule.NAME, message, node)


def _may_be_any_word(node: Node) -> bool:
    """Whether any word may stand there: `export { a as default }`, `<var>`."""
    parent = node.parent
    if parent is None or parent.type.startswith("jsx_"):
        return True
    if parent.type == "import_specifier":
        return parent.named_children[-1] != node
    return parent.type in {"export_specifier", "namespace_export", "type_parameter"}


def _is_declared(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if node.type == "shorthand_property_identifier_pattern":
        return True
    if parent.type == "import_specifier":
        return parent.named_children[-1] == node
    field = next((f":{field}" for field in ("name", "pattern", "parameter", "left", "value", "alias", "argument")
                  if parent.child_by_field_name(field) == node), "")  # fmt: skip
    if parent.type not in _DECLARING and f"{parent.type}{field}" not in _DECLARING:
        return False
    return not _is_of_a_type(parent)


def _is_of_a_type(parameter: Node) -> bool:
    parameters = parameter.parent
    owner = parameters.parent if parameters is not None and parameters.type == "formal_parameters" else None
    return owner is not None and owner.type in _TYPES
