"""The chat function's part of the OpenAPI document: its paths, and what is answered there."""

from collections.abc import Callable
from typing import Any, NamedTuple

from local.docgen.openapi_chat_requests import REQUESTS
from local.docgen.openapi_chat_responses import RESPONSES
from local.docgen.openapi_failures import Outcome, outcomes
from local.docgen.openapi_references import (
    failure_headers,
    header_refs,
    json_content,
    limit_headers,
    parameter_refs,
    ref,
)
from shared.chat.responses import error_type

SCHEMAS: dict[str, Any] = REQUESTS | RESPONSES
_FUNCTION = "chat_completions"
_HOST_STATUSES = {400, 422, 429, 500, 502, 503, 504}
"""The statuses of failures that may come after a model was chosen."""
_STREAM = (
    'For `"stream": true`. Server-sent events without names, each with a `ChatCompletionChunk` as its data: deltas, '
    "one finish reason, the usage where it is asked for, and then `[DONE]`. One that fails ends with a `ChatError` in "
    "place of what is still to come. Comments come in between."
)


class _Operation(NamedTuple):
    id: str
    summary: str
    request: str | None
    response: str
    failure: Callable[[Outcome], dict[str, Any]]
    is_paid: bool = False
    streams: bool = False


def paths() -> dict[str, Any]:
    """Return the paths of the chat function, as `make run` serves them."""
    return {
        f"/chat-completions{path}": {"post" if operation.request else "get": _described(operation)}
        for path, operation in _operations().items()
    }


def _operations() -> dict[str, _Operation]:
    return {
        "/v1/chat/completions": _Operation(
            "chat_completion", "Complete a chat", "ChatRequest", "ChatCompletion", _error, is_paid=True, streams=True
        ),
        "/v1/models": _Operation("models", "List the models that a caller may name", None, "ChatModels", _error),
        "/v1/route": _Operation(
            "route", "Say which models a request would be answered by, and why", "RouteRequest", "Route", _error
        ),
        "/api/kimi": _Operation("kimi", "Answer a prompt", "KimiRequest", "KimiResponse", _kimi_failure, is_paid=True),
    }


def _described(operation: _Operation) -> dict[str, Any]:
    failures = outcomes(_FUNCTION, is_paid=operation.is_paid, has_body=operation.request is not None)
    codes = {code for outcome in failures for code in outcome.codes}
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": {"200": _success(operation, codes)}
        | {str(outcome.status): _failure(operation, outcome, codes) for outcome in failures},
    }
    if operation.request:
        described["description"] = "Unknown fields are ignored; null counts as absent."
        described["requestBody"] = {"required": True, "content": json_content(ref(operation.request))}
    if operation.is_paid:
        described["parameters"] = parameter_refs(["IdempotencyKey"])
    return described


def _success(operation: _Operation, codes: set[str]) -> dict[str, Any]:
    names = ["X-Request-ID", *limit_headers(codes)]
    content = json_content(ref(operation.response))
    if operation.is_paid:
        names.append("Idempotent-Replayed")
    if operation.streams:
        names.append("X-Ignored-Parameters")
        content |= {"text/event-stream": {"schema": {"type": "string", "description": _STREAM}}}
    return {"description": "It succeeded.", "headers": header_refs(names), "content": content}


def _failure(operation: _Operation, outcome: Outcome, codes: set[str]) -> dict[str, Any]:
    names = ["X-Request-ID", "X-Should-Retry", *limit_headers(codes), *failure_headers(outcome.status)]
    if operation.streams and outcome.status in _HOST_STATUSES:
        names.append("X-Ignored-Parameters")
    return {
        "description": outcome.description,
        "headers": header_refs(names),
        "content": json_content(operation.failure(outcome)),
    }


def _error(outcome: Outcome) -> dict[str, Any]:
    said = {"code": {"enum": list(outcome.codes)}, "type": {"const": error_type(outcome.status)}}
    return {"allOf": [ref("ChatError"), {"properties": {"error": {"properties": said}}}]}


def _kimi_failure(outcome: Outcome) -> dict[str, Any]:
    said = {"code": {"enum": list(outcome.codes)}}
    status = {"const": outcome.status}
    return {"allOf": [ref("KimiFailure"), {"properties": {"status": status, "data": {"properties": said}}}]}
