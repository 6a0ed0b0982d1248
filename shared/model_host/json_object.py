"""JSON as hosts send it: an object, or nothing that can be read. Amounts keep the decimals that the host wrote."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:  # beyond what a Decimal can hold
        return Decimal("NaN")


_JSON = json.JSONDecoder(parse_float=_decimal)


class UnreadableChunkError(ValueError):
    """The host sent something that is not JSON where JSON belongs."""


def read_object(payload: bytes) -> dict[str, Any]:
    """The JSON object that these bytes are.

    Raises:
        UnreadableChunkError: they are none.
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
    """The `error` object of a failed call's body; empty where there is none, as in an HTML page."""
    text = body.decode("utf-8-sig", "replace").strip().removeprefix("data:")
    try:
        error = read_object(text.encode()).get("error")
    except UnreadableChunkError:
        return {}
    return error if isinstance(error, Mapping) else {"message": error}
