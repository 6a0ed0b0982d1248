"""What docs/openapi.json says of an answer, held against an answer."""

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text("utf-8"))
ROUTES = {path.removeprefix("/") for path in DOCUMENT["paths"]}


def responses_of(route: str) -> dict[str, Any]:
    """The documented responses of a function, by status."""
    responses: dict[str, Any] = DOCUMENT["paths"][f"/{route}"]["post"]["responses"]
    return responses


def check(route: str, answer: httpx.Response) -> None:
    """Fail unless this is a documented answer that is no mistake of ours."""
    status, body = str(answer.status_code), answer.json()
    responses = responses_of(route)
    assert status != "500", body
    assert status in responses, f"{status} is not documented: {body}"
    VALIDATORS[route, status].validate(body)
    for name in responses[status]["headers"]:
        assert name in answer.headers or not DOCUMENT["components"]["headers"][name]["required"], f"{name} is missing"
    assert answer.headers["x-request-id"] == body["requestId"]


def _validator(response: dict[str, Any]) -> Any:
    schema = response["content"]["application/json"]["schema"]
    # References are looked up from the root of what is validated against.
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]})


VALIDATORS = {
    (route, status): _validator(response) for route in ROUTES for status, response in responses_of(route).items()
}
