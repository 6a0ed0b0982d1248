"""Names declared twice at the top of a script, as JavaScript and TypeScript count it.

Types are erased, so they collide with nothing: interfaces, type aliases, namespaces, `declare`, overloads' signatures
and type-only imports may share a name with each other and with a value.
"""

from collections.abc import Iterator
from enum import Enum, auto

from tree_sitter import Node

from shared.artifacts.syntax.problem import Problem, Rule
from shared.artifacts.syntax.reading import Reading


class _Binding(Enum):
    """How a name is declared, as far as that says what may declare it again."""

    LEXICAL = auto()
    """`import`, `let`, `const`, `class`: never."""
    FUNCTION = auto()
    VAR = auto()
    ENUM = auto()


_MAY_REPEAT = {(_Binding.VAR, _Binding.VAR), (_Binding.ENUM, _Binding.ENUM)}
_MAY_REPEAT_IN_SLOPPY = _MAY_REPEAT | {
    (_Binding.FUNCTION, _Binding.FUNCTION),
    (_Binding.FUNCTION, _Binding.VAR),
    (_Binding.VAR, _Binding.FUNCTION),
}
_NAMED = {
    "class_declaration": _Binding.LEXICAL,
    "abstract_class_declaration": _Binding.LEXICAL,
    "function_declaration": _Binding.FUNCTION,
    "generator_function_declaration": _Binding.FUNCTION,
    "enum_declaration": _Binding.ENUM,
}
_VARIABLES = {"lexical_declaration": _Binding.LEXICAL, "variable_declaration": _Binding.VAR}
_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_PATTERN_FIELDS = {"pair_pattern": "value", "assignment_pattern": "left", "object_assignment_pattern": "left"}


def duplicates(reading: Reading, *, strict: bool) -> Iterator[Problem]:
    """Top-level names that are declared again although they may not be."""
    may_repeat = _MAY_REPEAT if strict else _MAY_REPEAT_IN_SLOPPY
    declared: dict[str, tuple[_Binding, Node]] = {}
    for node, binding in _bindings(reading.tree.root_node):
        name = reading.text(node)
        before, place = declared.setdefault(name, (binding, node))
        if place is not node and (before, binding) not in may_repeat:
            line = reading.problem(Rule.DUPLICATE, "", place).line
            yield reading.problem(Rule.DUPLICATE, f"`{name}` is declared a second time; first on line {line}.", node)


def names(reading: Reading) -> set[str]:
    """The names that are declared at the top as values."""
    return {reading.text(node) for node, _ in _bindings(reading.tree.root_node)}


def is_type_only(node: Node) -> bool:
    """Whether an import or one of its names is marked as a type and so is erased."""
    return any(child.type in {"type", "typeof"} for child in node.children[:2])


def _bindings(program: Node) -> Iterator[tuple[Node, _Binding]]:
    for statement in program.children:
        if statement.type == "import_statement":
            yield from ((node, _Binding.LEXICAL) for node in _imported(statement))
            continue
        declaration = (
            statement.child_by_field_name("declaration") if statement.type == "export_statement" else statement
        )
        if declaration is None:
            continue
        if declaration.type in _NAMED and (name := declaration.child_by_field_name("name")) is not None:
            yield name, _NAMED[declaration.type]
        elif declaration.type in _VARIABLES:
            yield from ((node, _VARIABLES[declaration.type]) for node in _declared(declaration))


def _imported(statement: Node) -> Iterator[Node]:
    if is_type_only(statement):
        return
    for clause in statement.named_children:
        if clause.type == "import_require_clause":
            yield from clause.named_children[:1]
        for part in clause.named_children if clause.type == "import_clause" else ():
            if part.type == "identifier":
                yield part
            elif part.type == "namespace_import":
                yield from part.named_children[:1]
            else:
                yield from (each.named_children[-1] for each in part.named_children
                            if each.type == "import_specifier" and each.named_children
                            and not is_type_only(each))  # fmt: skip


def _declared(declaration: Node) -> Iterator[Node]:
    """The names of a declaration, those in patterns too."""
    declarators = (each for each in declaration.named_children if each.type == "variable_declarator")
    pending = [name for each in declarators if (name := each.child_by_field_name("name")) is not None][::-1]
    while pending:
        node = pending.pop()
        if node.type in _NAMES:
            yield node
        elif node.type in _PATTERN_FIELDS:
            inner = node.child_by_field_name(_PATTERN_FIELDS[node.type])
            pending.extend([] if inner is None else [inner])
        elif node.type in {"array_pattern", "object_pattern", "rest_pattern"}:
            pending.extend(reversed(node.named_children))
