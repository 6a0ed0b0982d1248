"""The TypeScript types of docs/client/client.ts, written from docs/openapi.json between two comments of that file."""

from collections.abc import Iterator
from typing import Any

from local.docgen import openapi_chat

BEGIN = "// What follows is written by `make client` from docs/openapi.json."
END = "// Up to here."

_NAMES = {"Error": "Failure"}
"""Names that mean something else in JavaScript."""
_NOT_ASKED_FOR = {"Acceptance", *openapi_chat.SCHEMAS}
"""What the client never asks for: it waits for its answers, and leaves chats to OpenAI's SDK."""
_CODE = "ServerErrorCode"
_SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_WIDTH = 120


def with_types(source: str, document: dict[str, Any]) -> str:
    """Return the client with the types of this document in their place."""
    before, after = _around(source)
    return f"{before}{BEGIN}\n{types(document)}\n\n{END}{after}"


def without_types(source: str) -> str:
    """Return the client without these types and the comments around them."""
    return "".join(_around(source))


def _around(source: str) -> tuple[str, str]:
    """Return what stands before and after the types."""
    before, begin, rest = source.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        msg = f"{BEGIN!r} and {END!r} must stand in it"
        raise ValueError(msg)
    return before, after


def types(document: dict[str, Any]) -> str:
    """Return the declarations of all schemas and of the error codes."""
    schemas = document["components"]["schemas"]
    declarations = [_declaration(name, schema) for name, schema in schemas.items() if name not in _NOT_ASKED_FOR]
    codes = _alias(_CODE, [f'"{code}"' for code in error_codes(document)])
    return "\n\n".join([f"/** Every code that the functions answer with. */\n{codes}", *declarations])


def error_codes(document: dict[str, Any]) -> list[str]:
    """Return every code that an answer of the document may have, sorted."""
    return sorted(set(_codes(document["paths"])))


def _codes(node: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(node, dict):
        yield from node.get("code", {}).get("enum", []) if isinstance(node.get("code"), dict) else []
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _codes(child)


def _declaration(name: str, schema: dict[str, Any]) -> str:
    name = _NAMES.get(name, name)
    comment = _comment(schema, "")
    if "properties" not in schema:
        return comment + _alias(name, _alternatives(schema))
    fields = "".join(_field(schema, field, each) for field, each in schema["properties"].items())
    return f"{comment}export interface {name} {{\n{fields}}}"


def _field(owner: dict[str, Any], name: str, schema: dict[str, Any]) -> str:
    optional = "" if name in owner.get("required", []) else "?"
    is_code = name == "code" and "success" in owner["properties"]
    kind = _CODE if is_code else " | ".join(_alternatives(schema))
    line = f"  {name}{optional}: {kind};\n"
    if len(line) > _WIDTH:
        line = f"  {name}{optional}:\n" + "".join(f"    | {each}\n" for each in _alternatives(schema))
        line = f"{line[:-1]};\n"
    return _comment(schema, "  ") + line


def _comment(schema: dict[str, Any], indent: str) -> str:
    return f"{indent}/** {schema['description']} */\n" if "description" in schema else ""


def _alias(name: str, alternatives: list[str]) -> str:
    line = f"export type {name} = {' | '.join(alternatives)};"
    if len(line) <= _WIDTH:
        return line
    return f"export type {name} =\n" + "\n".join(f"  | {each}" for each in alternatives) + ";"


def _alternatives(schema: dict[str, Any]) -> list[str]:
    """Return the types of which one is meant.

    Raises:
        KeyError: for a schema that no type is known for.
    """
    if "anyOf" in schema:
        return [each for part in schema["anyOf"] for each in _alternatives(part)]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return [_NAMES.get(name, name)]
    if "const" in schema:
        return [str(schema["const"]).lower()]
    if "enum" in schema:
        return [f'"{value}"' for value in schema["enum"]]
    if schema["type"] == "array":
        return [f"{'|'.join(_alternatives(schema['items']))}[]"]
    return [_SCALARS[schema["type"]]]
