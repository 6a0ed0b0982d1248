"""The components of the OpenAPI document: headers, ways to sign in, and JSON Schema of the contract's models."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import is_typeddict

from local.docgen.field_docs import field_docs
from shared import metadata
from shared.artifacts import advice, progress_events, requests, responses

SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "`AuthMode` `jwt`: a token of the issuer that the operator names.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "`AuthMode` `key`: an API key that the operator has made.",
    },
    "sigv4": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`AuthMode` `iam`: AWS Signature Version 4 for the service `lambda`, checked by the platform.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
}
_MODULES = (requests, responses, advice, progress_events, metadata)
_ID = {"type": "string"}
_SECONDS = {"type": "integer", "minimum": 0}


def headers() -> dict[str, Any]:
    """Return the headers of answers, by name."""

    def header(description: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
        return {"description": description, "required": required, "schema": schema}

    return {
        "X-Request-ID": header("As `requestId`, and on every log line.", _ID, required=True),
        "Retry-After": header("Seconds, where it is known when to try again.", _SECONDS),
        "X-RateLimit-Limit": header("How many requests this caller has in a window.", _SECONDS),
        "X-RateLimit-Remaining": header("How many are left of them.", _SECONDS),
        "X-RateLimit-Reset": header("When the window ends, in seconds since 1970.", _SECONDS),
        "Idempotent-Replayed": header("The answer is that of an earlier request.", {"const": "true"}),
        "WWW-Authenticate": header("`Bearer`, where tokens or API keys are taken.", {"type": "string"}),
        "Preference-Applied": header("The preference that was heeded.", {"const": "respond-async"}),
        "Allow": header("The one method.", {"enum": ["GET", "POST"]}),
        "X-Should-Retry": header(
            "`false` keeps an SDK from repeating the request by itself: that would be paid for again, or fail again.",
            {"const": "false"},
        ),
        "X-Ignored-Parameters": header(
            "The parameters that were given and have no effect, with a comma and a space between them.",
            {"type": "string", "pattern": "^[a-z_]+(, [a-z_]+)*$"},
        ),
    }


def parameters() -> dict[str, Any]:
    """Return the headers of requests, by name."""
    return {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Sent again with the same body within 24 hours, the first answer comes back and costs "
            "nothing.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
        },
        "Prefer": {
            "name": "Prefer",
            "in": "header",
            "description": "`respond-async`, with `Idempotency-Key`: where answers stream, 202 at once and the result "
            "later, by the same request.",
            "schema": {"const": "respond-async"},
        },
    }


def event_stream(result: str, model: str, steps: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of a success as server-sent events, the last of which is the result.

    Args:
        result: the name of the last event.
        model: the name of its schema.
        steps: the schemas of the events with the results of steps, by the names of these.
    """
    of_steps = [f"`{step}` (`{schema}`)" for step, schema in steps.items()]
    of_reviewed = f" Of a reviewed artifact also {' and '.join(of_steps)}, as soon as they are known." if steps else ""
    description = (
        "For `Accept: text/event-stream`. Server-sent events, each with JSON as its data: `status` (`StatusEvent`), "
        "`delta` (`DeltaEvent`), `reset` (`ResetEvent`) and, as the last, exactly one of "
        f"`{result}` (`{model}`) and `error` (`Error`). A stream without that one is broken off.{of_reviewed}"
    )
    return {"text/event-stream": {"schema": {"type": "string", "description": description}}}


class ContractSchemas(GenerateJsonSchema):
    """Pydantic's generator without its titles, which only say a field's name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's core schema
        """No title for any field."""
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, FBT001 - pydantic's own signature
        """In an answer every field is there, but for what is left out on purpose."""
        if self.mode == "serialization":
            return bool(field.get("required", True))
        return super().field_is_required(field, total)


def described(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return these schemas with the description of each field that has one, which stands under it in the source."""
    for name, schema in schemas.items():
        model: Any = next((getattr(each, name) for each in _MODULES if hasattr(each, name)), None)
        for field, text in (
            field_docs(model).items()
            if is_typeddict(model) or (isinstance(model, type) and issubclass(model, BaseModel))
            else ()
        ):
            schema["properties"].get(to_camel(field), {}).setdefault("description", text)
    return schemas
