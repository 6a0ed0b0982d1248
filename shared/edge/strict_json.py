"""Reads JSON strictly: rejects what parsers read differently, and what could exhaust one.

Python's own parser accepts NaN, keeps the last of duplicate fields, reads 1e999 as infinity and guesses encodings.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from shared.edge.errors import InvalidJson
from shared.errors import InvalidRequest

_MAX_DEPTH = 32
"""Levels of objects and arrays, the outermost included. The contract needs one; unknown fields may have more."""
_MAX_NAME_LENGTH = 64
"""Characters. A longer name is not repeated in the error: no field of the contract is that long."""


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object in a body of UTF-8.

    Raises:
        InvalidJson: not JSON, or with a duplicate name, a number that no double can hold, or too many levels.
        InvalidRequest: JSON, but not an object.
    """
    if not body.strip():
        raise InvalidJson("The body is empty. Send a JSON object.")
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            parse_constant=_refuse,
            parse_float=_number,
            parse_int=_integer,
            object_pairs_hook=_members,
        )
    except UnicodeDecodeError:
        raise InvalidJson("The body is not UTF-8. Send a JSON object in UTF-8.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise InvalidJson from None
    if not isinstance(value, Mapping):
        raise InvalidRequest
    _check_depth(value)
    return value


def _refuse(constant: str) -> NoReturn:
    msg = f"The body is not valid JSON: it holds {constant}, which is not allowed in JSON."
    raise InvalidJson(msg)


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise InvalidJson("The body holds a number that is too large. Send numbers that a double can hold.")
    return number


def _integer(text: str) -> int:
    _number(text)  # checked first: the time of `int` grows with the square of the length
    return int(text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        raise _duplicate_name(next(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    return members


def _duplicate_name(name: str) -> InvalidJson:
    if name.isascii() and name.isidentifier() and len(name) <= _MAX_NAME_LENGTH:
        return InvalidJson(f"The body holds `{name}` twice. Send each field once.", field=name)
    return InvalidJson("The body holds a field twice. Send each field once.")


def _check_depth(value: object) -> None:
    level: list[Any] = [value]
    for _ in range(_MAX_DEPTH):
        inner = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> InvalidJson:
    return InvalidJson(f"The body has too many levels. Send at most {_MAX_DEPTH} objects and arrays in each other.")
