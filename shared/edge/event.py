"""Reads a function-URL event, payload format 2.0; a malformed event is an error with an answer.

It is read by hand: Powertools' data class for it would add half as much start-up time as its Logger
(docs/decisions/0002-event-by-hand.md).
"""

import base64
import binascii
from collections.abc import Collection, Mapping
from typing import Any

from shared.edge.contract import Route
from shared.edge.errors import (
    HeadersTooLarge,
    InvalidJson,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from shared.edge.strict_json import read_object

_BODY_LIMIT = 1024 * 1024
"""Bytes."""
_HEADER_LIMIT = 16 * 1024
"""Characters of all names, values and cookies together, including a few hundred that the platform adds."""
_CHARSETS = {"utf-8", "utf8", "us-ascii"}

_WITHOUT_BODY = {"GET", "HEAD"}

Event = Mapping[str, Any]
Answer = dict[str, Any]
"""What a handler returns to the runtime: status, headers and body."""


def read_request(event: Event, routes: Collection[Route]) -> tuple[Route, Mapping[str, Any]]:
    """Return the route of an event and the JSON object in its body; empty for a method without a body.

    Raises:
        RequestFailure: wrong path, method, headers, content type or size, or not a JSON object.
    """
    event = _mapping(event)
    if _header_size(event) > _HEADER_LIMIT:
        raise HeadersTooLarge
    route = _route(event, routes)
    if route[0] in _WITHOUT_BODY:
        return route, {}
    _check_media_type(event)
    return route, read_object(_decoded(event))


def header(event: Event, name: str) -> str | None:
    """Return the value of the header with this lower-case name; None if it was not sent."""
    headers = _mapping(_mapping(event).get("headers"))
    value = next((value for key, value in headers.items() if key.lower() == name), None)
    return value if isinstance(value, str) else None


def path_of(event: Event) -> str:
    """Return the path that an event asks for; empty if it is no text."""
    path = _mapping(event).get("rawPath") or "/"
    return path if isinstance(path, str) else ""


def _route(event: Event, routes: Collection[Route]) -> Route:
    path = path_of(event)
    methods = sorted(method for method, known in routes if known == path)
    if not methods:
        raise NotFound(sorted({known for _, known in routes}))
    method = _mapping(_mapping(event.get("requestContext")).get("http")).get("method")
    if method not in methods:
        raise MethodNotAllowed(methods)
    return method, path


def _check_media_type(event: Event) -> None:
    media_type, *parameters = (header(event, "content-type") or "").lower().split(";")
    if media_type.strip() != "application/json":
        raise UnsupportedMediaType
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in _CHARSETS:
            raise UnsupportedMediaType("The body must be JSON in UTF-8: leave `charset` out, or say `charset=utf-8`.")
    if (header(event, "content-encoding") or "").strip().lower() not in {"", "identity"}:
        raise UnsupportedMediaType("The body must not be compressed: leave `Content-Encoding` out.")


def _decoded(event: Event) -> bytes:
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise InvalidJson
    if len(body) > _BODY_LIMIT * 4 // 3 + 4:
        raise PayloadTooLarge
    try:
        decoded = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, ValueError):
        raise InvalidJson from None
    if len(decoded) > _BODY_LIMIT:
        raise PayloadTooLarge
    return decoded


def _header_size(event: Event) -> int:
    headers = _mapping(event.get("headers"))
    cookies = event.get("cookies")
    texts = [*headers, *headers.values(), *(cookies if isinstance(cookies, list) else [])]
    return sum(len(text) for text in texts if isinstance(text, str))


def _mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}
