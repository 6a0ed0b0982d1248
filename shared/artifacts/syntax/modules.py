"""What a component imports, and that it is the one default export."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from shared.artifacts.syntax.declarations import is_type_only
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Problem, Rule
from shared.artifacts.syntax.reading import Reading

_LOCAL = ("./", "../", "/", "@/", "~/", "#")
_NO_VALUE = frozenset({"interface_declaration", "function_signature", "type_alias_declaration"})
_NO_COMPONENT = frozenset({
    "number", "string", "template_string", "object", "array", "true", "false", "null", "undefined", "regex",
})  # fmt: skip
_ALL_TYPES = re.compile(r"export\s+type\s*\*")
_SHOWN = 60
_LISTED = 12

_NO_DEFAULT = "Nothing is exported as default: write `export default` before the component."
_IS_NO_COMPONENT = "What is exported as default is no component; export a function that returns JSX."
_SECOND_DEFAULT = "There is a second default export; the first is on line {}."


def imports(reading: Reading, allowed: Imports) -> Iterator[Problem]:
    """Modules that the component asks for and cannot have; imports of types are erased and do not count."""
    for node in _modules(reading):
        name = reading.text(node).strip("\"'`")
        if not allowed.allows(name):
            yield reading.problem(Rule.IMPORT, _refusal(name, allowed), node)


def default_exports(reading: Reading) -> Iterator[Problem]:
    """None, one that can be no component, and every one after the first."""
    found = [node for statement in reading.found("export") for node in _defaults(reading, statement)]
    if not found:
        yield reading.source.problem(Rule.EXPORT, _NO_DEFAULT, *_component(reading))
    for node in found[:1]:
        value = node.child_by_field_name("value")
        if value is not None and value.type in _NO_COMPONENT:
            yield reading.problem(Rule.EXPORT, _IS_NO_COMPONENT, node)
    for node in found[1:]:
        line = reading.problem(Rule.EXPORT, "", found[0]).line
        yield reading.problem(Rule.EXPORT, _SECOND_DEFAULT.format(line), node)


def _modules(reading: Reading) -> Iterator[Node]:
    for statement in sorted(reading.found("import") + reading.found("export"), key=lambda node: node.start_byte):
        source = statement.child_by_field_name("source")
        required = next((each for each in statement.named_children if each.type == "import_require_clause"), None)
        if source is None and required is not None:
            source = next((each for each in required.named_children if each.type == "string"), None)
        if source is not None and not _is_erased(statement) and not _ALL_TYPES.match(reading.text(statement)):
            yield source
    yield from reading.found("import.called")


def _is_erased(statement: Node) -> bool:
    """Whether an import or a re-export is of types only: `import type …`, `import { type A, type B } …`."""
    if is_type_only(statement):
        return True
    names = [each for part in statement.named_children for each in _specifiers(part)]
    bare = any(part.type in {"identifier", "namespace_import"} for clause in statement.named_children
               if clause.type == "import_clause" for part in clause.named_children)  # fmt: skip
    return bool(names) and not bare and all(map(is_type_only, names))


def _specifiers(part: Node) -> Iterator[Node]:
    lists = part.named_children if part.type == "import_clause" else [part]
    for each in lists:
        if each.type in {"named_imports", "export_clause"}:
            yield from (name for name in each.named_children if name.type in {"import_specifier", "export_specifier"})


def _refusal(name: str, allowed: Imports) -> str:
    shown = name[:_SHOWN]
    if name in {".", ".."} or name.startswith(_LOCAL):
        return f"`{shown}` is a file of its own, and there is none but this: put its code here."
    if ":" in name or name.startswith("//"):
        return f"`{shown}` is an address, and nothing can be loaded from one: import a package that is at hand."
    listed = ", ".join(allowed.names[:_LISTED])
    more = ", …" if len(allowed.names) > _LISTED else ""
    return (
        f"`{shown}` is not at hand; what can be imported is {listed}{more}." if listed else f"`{shown}` is not at hand."
    )


def _defaults(reading: Reading, statement: Node) -> Iterator[Node]:
    if any(child.type == "default" for child in statement.children[:6]):
        declaration = statement.child_by_field_name("declaration")
        if declaration is None or declaration.type not in _NO_VALUE:
            yield statement
    for name in _exported(statement):
        outer = name.child_by_field_name("alias") or name.child_by_field_name("name")
        if outer is not None and reading.text(outer).strip("\"'") == "default" and not is_type_only(name):
            yield name


def _exported(statement: Node) -> Iterator[Node]:
    if not is_type_only(statement):
        for part in statement.named_children:
            yield from _specifiers(part)


def _component(reading: Reading) -> tuple[int, int]:
    """Where the last thing is declared that may be the component: it, or the first line."""
    for node in reversed(reading.tree.root_node.children):
        if node.type in {"function_declaration", "class_declaration", "lexical_declaration"}:
            place = reading.problem(Rule.EXPORT, "", node)
            return place.line, place.column
    return 1, 1
