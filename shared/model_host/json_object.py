"""Reads the JSON objects that hosts send. Amounts keep the decimals that the host wrote."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:  # outside the range of a Decimal
        return Decimal("NaN")


_JSON = json.JSONDecoder(parse_float=_decimal)


class UnreadableChunkError(ValueError):
    """The host sent something else than a JSON object."""


def read_object(payload: bytes) -> dict[str, Any]:
    """Return the JSON object in these bytes.

    Raises:
        UnreadableChunkError: they are not a JSON object.
    """
    try:
        text = payload.decode().strip()
        value, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableChunkError from error
    if end != len(text) or not isinstance(value, dict):
        raise UnreadableChunkError
    return value


def error_of(body: bytes) -> Mapping[str, Any]:
    """Return the `error` object in the body of a failed attempt; empty if there is none, as in an HTML page."""
    text = body.decode("utf-8-sig", "replace").strip().removeprefix("data:")
    try:
        error = read_object(text.encode()).get("error")
    except UnreadableChunkError:
        return {}
    return error if isinstance(error, Mapping) else {"message": error}
