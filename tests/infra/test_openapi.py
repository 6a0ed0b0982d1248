"""docs/openapi.json is what the code says, and says what the contract promises."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from functions.chat_completions.app import CONTRACTS
from local.docgen.client_types import error_codes
from local.docgen.openapi import DOCUMENT, document, main
from local.docgen.openapi_failures import failures

OPERATIONS: dict[str, Any] = {
    path: operation for path, item in document()["paths"].items() for operation in item.values()
}
CHAT, MODELS, ROUTE, KIMI = (
    f"/chat-completions{path}" for path in ("/v1/chat/completions", "/v1/models", "/v1/route", "/api/kimi")
)
SCHEMAS: dict[str, Any] = document()["components"]["schemas"]


def codes(path: str) -> set[tuple[str, str]]:
    """Each code with its status."""
    responses = OPERATIONS[path]["responses"]
    return {(code, status) for status, response in responses.items() for code in error_codes({"paths": response})}


def test_the_document_is_up_to_date() -> None:
    """`make openapi` writes it."""
    assert main(["--check"]) == 0


def test_drift_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "openapi.json"

    assert main(["--check"], other) == 1
    assert "make openapi" in capsys.readouterr().err
    assert main([], other) == main(["--check"], other) == 0
    assert other.read_bytes() == DOCUMENT.read_bytes()
    other.write_text(other.read_text("utf-8").replace("Kimi", "Kiwi"), "utf-8")
    assert main(["--check"], other) == 1


def test_every_failure_is_documented_with_its_status() -> None:
    known = {(each.code, str(each.status)) for each in failures()}

    assert known == codes("/generate-artifact-fix") == codes("/generate-artifact")
    assert ("internal_error", "500") in known


def test_a_chat_fails_as_an_artifact_does_but_for_what_is_wrong_with_artifacts() -> None:
    assert codes(CHAT) == codes(KIMI)
    assert codes("/generate-artifact") - codes(CHAT) == {
        (code, "502") for code in ("artifact_missing", "artifact_invalid", "artifact_truncated", "fix_unusable")
    }
    assert codes(CHAT) < codes("/generate-artifact")


def test_what_asks_no_model_fails_by_its_request_or_by_us() -> None:
    assert codes(ROUTE) == {
        ("invalid_json", "400"),
        ("invalid_request", "400"),
        ("unauthorized", "401"),
        ("not_found", "404"),
        ("method_not_allowed", "405"),
        ("payload_too_large", "413"),
        ("unsupported_media_type", "415"),
        ("headers_too_large", "431"),
        ("internal_error", "500"),
        ("auth_unavailable", "503"),
        ("service_misconfigured", "503"),
    }
    assert {status for _, status in codes(ROUTE) - codes(MODELS)} == {"400", "413", "415"}


def test_every_path_of_the_chat_function_is_documented() -> None:
    paths = document()["paths"]
    routes = {(method, f"/chat-completions{path}") for each in CONTRACTS for method, path in each.routes}

    assert routes == {(method.upper(), path) for path in (CHAT, MODELS, ROUTE, KIMI) for method in paths[path]}
    assert set(OPERATIONS) - {CHAT, MODELS, ROUTE, KIMI} == {"/generate-artifact", "/generate-artifact-fix"}


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    whole = document()
    for reference in {line.split('"')[3] for line in json.dumps(whole, indent=0).splitlines() if '"$ref"' in line}:
        found = whole
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_answer_carries_the_request_id() -> None:
    for operation in OPERATIONS.values():
        assert all("X-Request-ID" in response["headers"] for response in operation["responses"].values())


def test_requests_are_documented_as_they_are_read() -> None:
    fields = {name: set(SCHEMAS[name]["properties"]) for name in ("GenerateRequest", "FixRequest")}

    assert fields["GenerateRequest"] == {
        "prompt", "artifactType", "sessionId", "content", "workflow", "metadata",
    }  # fmt: skip
    assert fields["FixRequest"] == {"content", "type", "errorMessage", "metadata"}
    assert SCHEMAS["GenerateRequest"]["required"] == ["prompt"]
    assert {"react", "image/svg+xml"} < set(SCHEMAS["FixRequest"]["properties"]["type"]["enum"])
    assert all(field["description"] for field in SCHEMAS["FixRequest"]["properties"].values())


def test_the_events_with_plan_and_review_are_those_of_a_generation_alone() -> None:
    described = {
        path: operation["responses"]["200"]["content"]["text/event-stream"]["schema"]["description"]
        for path, operation in OPERATIONS.items()
        if path.startswith("/generate-artifact")
    }

    assert "`plan` (`PlanBody`) and `review` (`ReviewBody`)" in described["/generate-artifact"]
    assert "PlanBody" not in described["/generate-artifact-fix"]
    assert {"planning", "reviewing", "changing"} < set(SCHEMAS["StatusEvent"]["properties"]["phase"]["enum"])


def test_every_field_of_an_answer_is_there_but_for_some_of_a_change_and_of_a_review() -> None:
    optional: dict[str, set[str]] = {
        "GenerateResponse": {"plan", "review", "applied", "baseVersion", "edits"},
        "FixResponse": {"edits"},
        "TokenUsage": set(),
        "PlanBody": set(),
        "ReviewBody": {"changes", "rebuild"},
        "FindingBody": set(),
    }
    for name, missing in optional.items():
        assert set(SCHEMAS[name]["properties"]) - set(SCHEMAS[name]["required"]) == missing
    body = SCHEMAS["ArtifactBody"]
    assert set(body["properties"]) - set(body["required"]) == {"language"}
