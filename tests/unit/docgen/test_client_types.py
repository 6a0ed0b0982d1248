"""TypeScript's types of an OpenAPI document."""

from typing import Any

import pytest

from local.docgen.client_types import BEGIN, END, error_codes, types, with_types, without_types

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/a": {"post": {"responses": {"400": {"properties": {"code": {"enum": ["b", "a"]}}}, "500": {}}}},
        "/b": {"post": {"responses": {"400": {"allOf": [{"properties": {"code": {"enum": ["c", "a"]}}}]}}}},
    },
    "components": {
        "schemas": {
            "Thing": {
                "description": "A thing.",
                "properties": {
                    "kind": {"$ref": "#/components/schemas/Kind", "description": "Which it is."},
                    "names": {"items": {"type": "string"}, "type": "array"},
                    "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "whole": {"const": True, "type": "boolean"},
                    "code": {"type": "string"},
                },
                "required": ["kind", "names", "whole", "code"],
            },
            "Body": {"properties": {"success": {"const": False}, "code": {"type": "string"}}, "required": ["success"]},
            "Kind": {"enum": ["one", "two"], "type": "string"},
            "Options": {"properties": {"deep": {"type": "boolean"}}},
            "Error": {"anyOf": [{"$ref": "#/components/schemas/Body"}, {"$ref": "#/components/schemas/Thing"}]},
        }
    },
}
TYPES = """\
/** Every code that the functions answer with. */
export type ServerErrorCode = "a" | "b" | "c";

/** A thing. */
export interface Thing {
  /** Which it is. */
  kind: Kind;
  names: string[];
  size?: number | null;
  whole: true;
  code: string;
}

export interface Body {
  success: false;
  code?: ServerErrorCode;
}

export type Kind = "one" | "two";

export interface Options {
  deep?: boolean;
}

export type Failure = Body | Thing;"""


def test_every_schema_has_its_type() -> None:
    assert types(DOCUMENT) == TYPES


def test_the_codes_of_all_answers_are_found() -> None:
    assert error_codes(DOCUMENT) == ["a", "b", "c"]


def test_a_long_union_has_a_line_for_each_alternative() -> None:
    schema = {"enum": ["x" * 40, "y" * 40, "z" * 40], "type": "string"}
    thing = {"properties": {"which": schema}, "required": []}

    made = types({"paths": {}, "components": {"schemas": {"Which": schema, "Thing": thing}}})

    assert f'export type Which =\n  | "{"x" * 40}"\n  | "{"y" * 40}"\n  | "{"z" * 40}";' in made
    assert f'  which?:\n    | "{"x" * 40}"\n    | "{"y" * 40}"\n    | "{"z" * 40}";\n}}' in made


def test_a_schema_that_is_not_understood_is_no_type() -> None:
    with pytest.raises(KeyError):
        types({"paths": {}, "components": {"schemas": {"Thing": {"not": {"type": "string"}}}}})


def test_the_types_are_between_their_comments() -> None:
    source = f"a;\n{BEGIN}\nold\n{END}\nb;\n"

    assert with_types(source, DOCUMENT) == f"a;\n{BEGIN}\n{TYPES}\n\n{END}\nb;\n"
    assert without_types(source) == "a;\n\nb;\n"


def test_without_the_comments_there_is_no_place_for_them() -> None:
    with pytest.raises(ValueError, match="must stand in it"):
        with_types(f"a;\n{BEGIN}\n", DOCUMENT)
