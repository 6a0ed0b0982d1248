"""Fetches the document with an issuer's keys (JWKS): limited in time and size, without following redirects."""

import json
from typing import Any

import httpx

from shared.transport import IoDeadline, deadline_bound_client

_SIZE_LIMIT = 256 * 1024
"""Bytes. A JWKS of ten keys with their certificates has some 30 KB."""
_MAX_KEYS = 100
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}


class JwksError(Exception):
    """The document cannot be fetched, or is not a JWKS; the text says why, for the log."""


def fetch(url: str, seconds: float) -> bytes:
    """Return the document at this URL, within this many seconds; a redirect is not followed.

    Raises:
        JwksError: it cannot be fetched.
    """
    io_deadline = IoDeadline()
    io_deadline.reset(seconds)
    try:
        with deadline_bound_client(io_deadline) as http, http.stream("GET", url, headers=_HEADERS) as response:
            return _body(response)
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise JwksError(type(error).__name__) from None


def read(document: bytes) -> list[dict[str, Any]]:
    """Return the keys in a document, as they are written.

    Raises:
        JwksError: it is not a JWKS.
    """
    try:
        keys = json.loads(document)["keys"]
    except (ValueError, TypeError, KeyError, RecursionError):
        keys = None
    if not isinstance(keys, list):
        raise JwksError("it is not a JWKS")
    return [key for key in keys[:_MAX_KEYS] if isinstance(key, dict)]


def _body(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        msg = f"status {response.status_code}"
        raise JwksError(msg)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise JwksError("it is compressed, and was not asked to be")
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > _SIZE_LIMIT:
            msg = f"it is over {_SIZE_LIMIT} bytes"
            raise JwksError(msg)
    return bytes(body)
