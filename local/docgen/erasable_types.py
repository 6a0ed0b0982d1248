"""Makes JavaScript of TypeScript by leaving out its types, and changes nothing else.

Only what TypeScript calls erasable syntax is taken: https://www.typescriptlang.org/tsconfig/#erasableSyntaxOnly.
The code has to parse, and to end its statements with semicolons.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node, Parser

from shared.artifacts.syntax.script.tree_sitter import Grammar, language

Span = tuple[int, int]
"""Where something begins and ends, in bytes."""

_NOT_ERASABLE = {
    "enum_declaration": "an enum",
    "internal_module": "a namespace",
    "module": "a namespace",
    "decorator": "a decorator",
    "type_assertion": "a type assertion in angle brackets",
    "import_alias": "an import alias",
    "import_require_clause": "an import of `require`",
}
_DECLARATIONS = {"interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature"}
_MEMBERS = {"abstract_method_signature", "index_signature", "method_signature"}
_ANNOTATIONS = {
    "type_annotation",
    "type_parameters",
    "type_arguments",
    "type_predicate_annotation",
    "asserts_annotation",
}
_MODIFIERS = {"accessibility_modifier", "override_modifier", "readonly", "abstract", "implements_clause"}
_MARKS = {"optional_parameter": "?", "public_field_definition": "?!", "variable_declarator": "!"}


class NotErasableError(Exception):
    """The code has something that is no mere type; the message says what and in which line."""


def erase_types(source: str) -> str:
    """Return the code without its types, nor the comments directly above what is left out.

    Raises:
        NotErasableError: when there is more to do than to leave something out, or the code cannot be parsed.
    """
    code = source.encode()
    root = Parser(language(Grammar.TYPESCRIPT)).parse(code).root_node
    if root.has_error:
        raise NotErasableError("The code cannot be parsed.")
    for start, end in sorted(_spans(root, code), reverse=True):
        code = code[:start] + code[end:]
    return code.decode().strip("\n") + "\n"


def _spans(node: Node, code: bytes) -> Iterator[Span]:
    """Yield what is left out of a node; spans never overlap."""
    _check(node)
    if _is_only_type(node):
        yield _whole_lines(node, code)
        return
    for child in node.children:
        if child.type in _ANNOTATIONS:
            yield child.start_byte, child.end_byte
        elif child.type in _MODIFIERS:
            yield _with_space(child, code)
        elif child.type in _MARKS.get(node.type, "") or _is_specifier_of_type(child) or _is_this(child):
            yield _with_comma(child, code)
        else:
            yield from _spans(child, code)
            if node.type in {"as_expression", "satisfies_expression", "non_null_expression"}:
                yield child.end_byte, node.end_byte
                return


def _check(node: Node) -> None:
    what = _NOT_ERASABLE.get(node.type)
    types = {child.type for child in node.children}
    if node.type == "required_parameter" and types & {"accessibility_modifier", "readonly", "override_modifier"}:
        what = "a parameter that is a field as well"
    if node.type == "export_statement" and types & {"=", "namespace"}:
        what = "an export that modules do not have"
    if what:
        msg = f"Line {node.start_point.row + 1} has {what}, which is not erasable."
        raise NotErasableError(msg)


def _is_only_type(node: Node) -> bool:
    types = {child.type for child in node.children}
    if node.type in {"import_statement", "export_statement"}:
        return bool(types & {"type", *_DECLARATIONS})
    if node.type == "public_field_definition":
        return bool(types & {"declare", "abstract"})
    return node.type in _DECLARATIONS | _MEMBERS


def _is_specifier_of_type(node: Node) -> bool:
    return node.type in {"import_specifier", "export_specifier"} and node.children[0].type == "type"


def _is_this(node: Node) -> bool:
    return node.type == "required_parameter" and node.children[0].type == "this"


def _whole_lines(node: Node, code: bytes) -> Span:
    """Return a statement with its semicolon, its lines and the comments directly above."""
    first, end = node, node.end_byte
    while (above := first.prev_sibling) and above.type == "comment" and _is_directly_above(above, first, code):
        first = above
    end += len(_match(rb"[ \t]*;?[ \t]*\n?\n?", code, end))
    start = first.start_byte - len(_match(rb"[ \t]*", code[: first.start_byte][::-1], 0))
    return start, end


def _is_directly_above(comment: Node, node: Node, code: bytes) -> bool:
    alone = re.search(rb"(?:^|\n)[ \t]*$", code[: comment.start_byte])
    return bool(alone) and comment.end_point.row + 1 == node.start_point.row


def _with_space(node: Node, code: bytes) -> Span:
    """Return a modifier with the space that tells it from its neighbour."""
    space = len(_match(rb"\s*", code, node.end_byte))
    if node.type == "implements_clause":
        return node.start_byte - len(_match(rb"\s*", code[: node.start_byte][::-1], 0)), node.end_byte
    return node.start_byte, node.end_byte + space


def _with_comma(node: Node, code: bytes) -> Span:
    comma = _match(rb"\s*(?:,\s*)?", code, node.end_byte) if node.is_named else b""
    return node.start_byte, node.end_byte + len(comma)


def _match(pattern: bytes, code: bytes, at: int) -> bytes:
    found = re.compile(pattern).match(code, at)
    return found[0] if found else b""
