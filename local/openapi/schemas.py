"""JSON Schema of the contract's models, with what stands under each field in the source as its description."""

import ast
import inspect
from typing import Any

from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

from shared.edge import contract


class ContractSchemas(GenerateJsonSchema):
    """Pydantic's generator without its titles, which only say a field's name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's core schema
        """No title for any field."""
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, FBT001 - pydantic's own signature
        """In an answer every field is there, but for what is left out on purpose."""
        if self.mode == "serialization":
            return "serialization_exclude_if" not in field
        return super().field_is_required(field, total)


def described(schemas: dict[str, Any]) -> dict[str, Any]:
    """These schemas with the description of each field that has one."""
    classes = {
        node.name: node for node in ast.walk(ast.parse(inspect.getsource(contract))) if isinstance(node, ast.ClassDef)
    }
    for name, schema in schemas.items():
        for owner in _lineage(name, classes):
            for field, text in _field_docs(owner).items():
                schema["properties"].get(field, {}).setdefault("description", text)
    return schemas


def _lineage(name: str, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """The class of this name and those that it is made from, as far as they are the contract's own."""
    if name not in classes:
        return []
    bases = [base.id for base in classes[name].bases if isinstance(base, ast.Name)]
    return [classes[name], *(each for base in bases for each in _lineage(base, classes))]


def _field_docs(owner: ast.ClassDef) -> dict[str, str]:
    docs = {}
    for field, below in zip(owner.body, owner.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            constant = below.value
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                docs[to_camel(field.target.id)] = inspect.cleandoc(constant.value)
    return docs
