"""A function-URL event, payload format 2.0, as far as this bundle reads it.

Read by hand: Powertools' data class for it costs half as much start-up time again as its Logger
(docs/decisions/0002-event-by-hand.md).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from shared.edge.errors import (
    InvalidJson,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)

_BODY_LIMIT = 1024 * 1024
"""Bytes."""

Event = Mapping[str, Any]


def read_body(event: Event) -> Mapping[str, Any]:
    """The JSON object that an event carries.

    Raises:
        RequestFailure: wrong path, method, content type or size, or not a JSON object.
    """
    http = event.get("requestContext", {}).get("http", {})
    if event.get("rawPath", "/") not in {"", "/"}:
        raise NotFound
    if http.get("method") != "POST":
        raise MethodNotAllowed
    if (header(event, "content-type") or "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    return _object(_decoded(event))


def header(event: Event, name: str) -> str | None:
    """The value of the header with this name in lower case; None where it was not sent."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _decoded(event: Event) -> bytes:
    body: str = event.get("body") or ""
    if len(body) > _BODY_LIMIT * 4 // 3 + 4:
        raise PayloadTooLarge
    try:
        decoded = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, ValueError):
        raise InvalidJson from None
    if len(decoded) > _BODY_LIMIT:
        raise PayloadTooLarge
    return decoded


def _object(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        msg = "The body is empty. Send a JSON object."
        raise InvalidJson(msg)
    try:
        value = json.loads(body, parse_constant=_not_json)
    except (ValueError, RecursionError):
        raise InvalidJson from None
    if not isinstance(value, Mapping):
        raise InvalidRequest
    return value


def _not_json(constant: str) -> NoReturn:
    """NaN and the infinities, which Python's parser takes and JSON does not know."""
    raise ValueError(constant)
