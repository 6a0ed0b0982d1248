"""What is read from a function-URL event."""

import base64
from typing import Any

import pytest

from shared.edge.event import header, read_request
from shared.errors import Failure

ROUTES = [("POST", "/")]


def event(body: str | None = "{}", *, method: str = "POST", path: str = "/", **more: Any) -> dict[str, Any]:
    headers = {"content-type": "application/json"} | more.pop("headers", {})
    http = {"method": method, "path": path}
    return {"rawPath": path, "headers": headers, "requestContext": {"http": http}, "body": body} | more


def read(event: Any) -> Any:
    return read_request(event, ROUTES)[1]


def code_of(event: dict[str, Any]) -> str:
    with pytest.raises(Failure) as raised:
        read(event)
    return raised.value.code


def test_a_json_object() -> None:
    assert read(event('{"prompt": "é"}')) == {"prompt": "é"}


def test_a_base64_body() -> None:
    body = base64.b64encode('{"prompt": "é"}'.encode()).decode()

    assert read(event(body, isBase64Encoded=True)) == {"prompt": "é"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=utf-8",
        " application/json ",
        'application/json;Charset="UTF-8"; x=y',
        "application/json;charset=us-ascii",
        "application/json;",
    ],
)
def test_json_by_any_spelling(content_type: str) -> None:
    assert read(event(headers={"content-type": content_type})) == {}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (event(path="/x"), "not_found"),
        (event(path="/x", method="GET"), "not_found"),
        (event(method="GET"), "method_not_allowed"),
        (event(method="OPTIONS"), "method_not_allowed"),
        (event(headers={"content-type": "text/plain"}), "unsupported_media_type"),
        (event(headers={"content-type": "application/jsonp"}), "unsupported_media_type"),
        (event(None) | {"headers": None}, "unsupported_media_type"),
        (event(headers={"content-type": "application/json; charset=utf-16"}), "unsupported_media_type"),
        (event(headers={"content-type": "application/json; charset=utf-8; charset=latin1"}), "unsupported_media_type"),
        (event(headers={"content-type": "application/json,application/json"}), "unsupported_media_type"),
        (event(headers={"content-type": None}), "unsupported_media_type"),
        (event(headers={"content-encoding": "gzip"}), "unsupported_media_type"),
        (event() | {"headers": [["content-type", "application/json"]]}, "unsupported_media_type"),
        (event() | {"requestContext": None}, "method_not_allowed"),
        (event() | {"requestContext": {"http": "POST"}}, "method_not_allowed"),
        (event() | {"rawPath": ["/"]}, "not_found"),
        (event() | {"body": {"prompt": "a"}}, "invalid_json"),
        (event() | {"body": 5}, "invalid_json"),
        (event("{}", isBase64Encoded=True), "invalid_json"),
        (event("e30", isBase64Encoded=True), "invalid_json"),
        (event(None), "invalid_json"),
        (event("  "), "invalid_json"),
        (event("{"), "invalid_json"),
        (event("{'a': 1}"), "invalid_json"),
        (event('{"a": NaN}'), "invalid_json"),
        (event("[" * 100_000), "invalid_json"),
        (event("\ud800"), "invalid_json"),
        (event("%%%", isBase64Encoded=True), "invalid_json"),
        (event("é", isBase64Encoded=True), "invalid_json"),
        (event(base64.b64encode(b"\xff").decode(), isBase64Encoded=True), "invalid_json"),
        (event("[]"), "invalid_request"),
        (event('"text"'), "invalid_request"),
        (event("null"), "invalid_request"),
        ({}, "method_not_allowed"),
        ([], "method_not_allowed"),
        (None, "method_not_allowed"),
    ],
)
def test_what_is_wrong_is_told_apart(wrong: dict[str, Any], code: str) -> None:
    assert code_of(wrong) == code


def test_a_body_is_one_mebibyte_at_most() -> None:
    limit = 1024 * 1024
    padding = limit - len('{"a":""}')

    assert read(event('{"a":"' + "x" * padding + '"}'))
    assert code_of(event('{"a":"' + "x" * (padding + 1) + '"}')) == "payload_too_large"
    assert code_of(event("x" * 3 * limit)) == "payload_too_large"
    large = base64.b64encode(b"x" * (limit + 1)).decode()
    assert code_of(event(large, isBase64Encoded=True)) == "payload_too_large"


def test_headers_are_16_kib_at_most() -> None:
    spare = 16 * 1024 - len("content-typeapplication/json") - len("x")

    assert read(event(headers={"x": "y" * spare})) == {}
    assert code_of(event(headers={"x": "y" * (spare + 1)})) == "headers_too_large"
    assert code_of(event(headers={"x" * (spare + 2): ""})) == "headers_too_large"
    assert code_of(event(cookies=["a=" + "b" * spare])) == "headers_too_large"


def test_a_header_by_any_case() -> None:
    assert header({"headers": {"Content-TYPE": "a"}}, "content-type") == "a"
    assert header({"headers": {"content-type": 5}}, "content-type") is None
    assert header({}, "content-type") is None
