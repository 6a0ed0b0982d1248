"""What docs/openapi.json says of an answer, held against an answer."""

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text("utf-8"))
OPERATIONS: dict[str, dict[str, Any]] = {
    path.removeprefix("/"): operation for path, item in DOCUMENT["paths"].items() for operation in item.values()
}
"""By path without its first slash; no path has two methods."""


def responses_of(route: str) -> dict[str, Any]:
    """The documented responses of a path, by status."""
    responses: dict[str, Any] = OPERATIONS[route]["responses"]
    return responses


def check(route: str, answer: httpx.Response) -> None:
    """Fail unless this is a documented answer that is no mistake of ours."""
    status = str(answer.status_code)
    responses = responses_of(route)
    assert status != "500", answer.text
    assert status in responses, f"{status} is not documented: {answer.text}"
    for name in responses[status]["headers"]:
        assert name in answer.headers or not DOCUMENT["components"]["headers"][name]["required"], f"{name} is missing"
    if answer.headers["content-type"] == "text/event-stream":
        _check_chunks(answer.text)
        return
    body = answer.json()
    VALIDATORS[route, status].validate(body)
    _check_id(answer.headers["x-request-id"], body)


def _check_id(request_id: str, body: dict[str, Any]) -> None:
    """Fail if it is another one in the body, where it has a place there."""
    inner = body["data"] if "ok" in body else body
    assert inner.get("requestId", request_id) == request_id
    assert inner.get("id", f"chatcmpl-{request_id}") == f"chatcmpl-{request_id}"


def _check_chunks(text: str) -> None:
    """Fail unless these are the events of a completion, to its end or up to an error."""
    *events, last = [event.removeprefix("data: ") for event in text.split("\n\n") if event and event[0] != ":"]
    if last != "[DONE]":
        _of_schema("ChatError").validate(json.loads(last))
    chunks = [json.loads(event) for event in events]
    for chunk in chunks:
        _of_schema("ChatCompletionChunk").validate(chunk)
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    assert sum(choice["finish_reason"] is not None for choice in choices) == (last == "[DONE]"), text
    assert [choice["delta"].get("role") for choice in choices[:1]] in ([], ["assistant"])
    assert all((chunk["choices"] == []) == ("usage" in chunk) for chunk in chunks)


def _of_schema(name: str) -> Any:
    return validator({"$ref": f"#/components/schemas/{name}"})


def validator(schema: dict[str, Any]) -> Any:
    """What holds values against a schema of the document."""
    # References are looked up from the root of what is validated against.
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]})


VALIDATORS = {
    (route, status): validator(response["content"]["application/json"]["schema"])
    for route in OPERATIONS
    for status, response in responses_of(route).items()
}
