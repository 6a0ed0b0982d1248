"""docs/openapi.json is what the code says, and says what the contract promises."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from local.docgen.openapi import DOCUMENT, document, main
from local.docgen.openapi_failures import failures

POSTS: dict[str, Any] = {path: item["post"] for path, item in document()["paths"].items()}
SCHEMAS: dict[str, Any] = document()["components"]["schemas"]


def codes(post: dict[str, Any]) -> set[tuple[str, str]]:
    """Each code with its status."""
    schemas = {
        status: response["content"]["application/json"]["schema"] for status, response in post["responses"].items()
    }
    return {
        (code, status)
        for status, schema in schemas.items()
        for part in schema.get("allOf", [])
        for code in part.get("properties", {}).get("code", {}).get("enum", [])
    }


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

    assert known == codes(POSTS["/generate-artifact-fix"])
    assert codes(POSTS["/generate-artifact-fix"]) - codes(POSTS["/generate-artifact"]) == {("fix_unusable", "502")}
    assert ("internal_error", "500") in known


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    whole = document()
    for reference in {line.split('"')[3] for line in json.dumps(whole, indent=0).splitlines() if '"$ref"' in line}:
        found = whole
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_answer_carries_the_request_id() -> None:
    for post in POSTS.values():
        assert all("X-Request-ID" in response["headers"] for response in post["responses"].values())


def test_requests_are_documented_as_they_are_read() -> None:
    fields = {name: set(SCHEMAS[name]["properties"]) for name in ("GenerateRequest", "FixRequest")}

    assert fields["GenerateRequest"] == {"prompt", "artifactType", "sessionId", "metadata"}
    assert fields["FixRequest"] == {"content", "type", "errorMessage", "metadata"}
    assert SCHEMAS["GenerateRequest"]["required"] == ["prompt"]
    assert {"react", "image/svg+xml"} < set(SCHEMAS["FixRequest"]["properties"]["type"]["enum"])
    assert all(field["description"] for field in SCHEMAS["FixRequest"]["properties"].values())


def test_every_field_of_an_answer_is_there_but_the_language() -> None:
    for name in ("GenerateResponse", "FixResponse", "TokenUsage"):
        assert set(SCHEMAS[name]["required"]) == set(SCHEMAS[name]["properties"])
    body = SCHEMAS["ArtifactBody"]
    assert set(body["properties"]) - set(body["required"]) == {"language"}
