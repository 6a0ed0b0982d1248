"""`make openapi`: writes docs/openapi.json from the contract's models and the error classes; `--check` compares.

What it says of an answer is what the code says of it; no list of codes or fields stands here.
"""

import json
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from local.docgen import openapi_chat
from local.docgen.openapi_components import (
    SECURITY_SCHEMES,
    ContractSchemas,
    described,
    event_stream,
    headers,
    parameters,
)
from local.docgen.openapi_failures import Outcome, outcomes
from local.docgen.openapi_references import (
    failure_headers,
    header_refs,
    json_content,
    limit_headers,
    parameter_refs,
    ref,
)
from local.generated_file import write_or_check
from shared import __version__
from shared.artifacts.progress_events import DeltaEvent, ResetEvent, StatusEvent
from shared.artifacts.requests import ArtifactRequest, FixRequest, GenerateRequest
from shared.artifacts.responses import (
    FIXED,
    GENERATED,
    FailureBody,
    FixResponse,
    GenerateResponse,
    PaidFailureBody,
    Result,
)
from shared.edge.early_answer import Acceptance
from shared.progress import StepResult

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
_ABOUT = """A prompt in, one checked artifact out; and chat completions, as the OpenAI API has them.

The paths are those of `make run`. Deployed, each function has a function URL of its own: those that make
artifacts are called at its `/` and have no other path, the chat function at what stands behind `/chat-completions`.
What the platform answers itself, before or instead of a function, has its own shape,
`{"Message": "..."}` or plain text: 403 where a signature is wrong, 413 above 6 MB, 429 above the concurrency that is
reserved, and 502 where a function was killed."""
_FUNCTIONS: dict[str, tuple[type[ArtifactRequest], type[GenerateResponse | FixResponse], Result, str]] = {
    "generate_artifact": (GenerateRequest, GenerateResponse, GENERATED, "Make an artifact from a prompt"),
    "generate_artifact_fix": (FixRequest, FixResponse, FIXED, "Repair an artifact that failed in the browser"),
}

_FAILURES = (FailureBody, PaidFailureBody)
_WHILE_WORKING = (StatusEvent, DeltaEvent, ResetEvent, Acceptance)


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kimi Artifacts",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "http://127.0.0.1:8787", "description": "`make run`"}],
        "security": [{"sigv4": []}, {"bearer": []}, {"key": []}, {}],
        "paths": {f"/{name.replace('_', '-')}": {"post": _operation(name)} for name in _FUNCTIONS}
        | openapi_chat.paths(),
        "components": {
            "schemas": _schemas() | openapi_chat.SCHEMAS,
            "headers": headers(),
            "parameters": parameters(),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _operation(function: str) -> dict[str, Any]:
    request, response, result, summary = _FUNCTIONS[function]
    failures = outcomes(function)
    codes = {code for outcome in failures for code in outcome.codes}
    operation: dict[str, Any] = {
        "operationId": function,
        "summary": summary,
        "description": "Unknown fields are ignored.",
        "requestBody": {"required": True, "content": json_content(ref(request.__name__))},
        "responses": {"200": _success(response, result, codes), "202": _accepted()}
        | {str(outcome.status): _failure(outcome, codes) for outcome in failures},
    }
    if "idempotency_mismatch" in codes:
        operation["parameters"] = parameter_refs(parameters())
    return operation


def _success(model: type[GenerateResponse | FixResponse], result: Result, codes: set[str]) -> dict[str, Any]:
    names = ["X-Request-ID", *limit_headers(codes)]
    if "idempotency_mismatch" in codes:
        names.append("Idempotent-Replayed")
    fields = get_type_hints(model)
    steps = {step: fields[step].__name__ for step in get_args(StepResult) if step in fields}
    content = json_content(ref(model.__name__)) | event_stream(result.event, model.__name__, steps)
    return {"description": "It is made, and can be rendered.", "headers": header_refs(names), "content": content}


def _accepted() -> dict[str, Any]:
    return {
        "description": "With `Prefer: respond-async`: it is being made, and the same request gets the result later.",
        "headers": header_refs(["X-Request-ID", "Retry-After", "Preference-Applied"]),
        "content": json_content(ref("Acceptance")),
    }


def _failure(outcome: Outcome, codes: set[str]) -> dict[str, Any]:
    names = ["X-Request-ID", *limit_headers(codes), *failure_headers(outcome.status)]
    code = {"properties": {"code": {"enum": list(outcome.codes)}}}
    return {
        "description": outcome.description,
        "headers": header_refs(names),
        "content": json_content({"allOf": [ref("Error"), code]}),
    }


def _schemas() -> dict[str, Any]:
    directions = [pair for name in _FUNCTIONS for pair in _directions(name)]
    directions += [(model, "serialization") for model in (*_FAILURES, *_WHILE_WORKING)]
    inputs = [(model.__name__, direction, TypeAdapter(model)) for model, direction in directions]
    _, schemas = TypeAdapter.json_schemas(
        inputs, ref_template="#/components/schemas/{model}", schema_generator=ContractSchemas
    )
    schemas = described(schemas["$defs"])
    for model in _FAILURES:
        schemas[model.__name__]["additionalProperties"] = False
    return schemas | {"Error": {"anyOf": [ref(model.__name__) for model in _FAILURES]}}


def _directions(function: str) -> list[Any]:
    request, response, *_ = _FUNCTIONS[function]
    return [(request, "validation"), (response, "serialization")]


def text() -> str:
    """Return the document as it stands in its file."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None, path: Path = DOCUMENT) -> int:
    """Write the document, or say whether it is up to date; return the exit status."""
    return write_or_check(arguments, path, text, target="openapi", about=__doc__)


if __name__ == "__main__":
    sys.exit(main())
