"""JSON Schema of the contract's models, with what stands under each field in the source as its description."""

from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

from local.field_docs import field_docs
from shared.artifacts import contract


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
    for name, schema in schemas.items():
        model = getattr(contract, name, None)
        for field, text in (
            field_docs(model).items() if isinstance(model, type) and issubclass(model, BaseModel) else ()
        ):
            schema["properties"].get(to_camel(field), {}).setdefault("description", text)
    return schemas
