"""JSON read strictly: what two readers could take for two different things, or what could wear one out, is refused.

Python's own parser takes NaN, keeps the last of two fields of one name, makes infinity of 1e999 and guesses encodings.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from shared.edge.errors import InvalidJson
from shared.errors import InvalidRequest

_DEPTH = 32
"""Objects and arrays in each other, the outermost included. The contract needs one; unknown fields may hold more."""
_LONGEST_NAME = 64
"""A longer name is not repeated to the caller: it is no field of ours."""


def read_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in a body of UTF-8.

    Raises:
        InvalidJson: it is not JSON, or holds a name twice, a number that no double can hold, or too many levels.
        InvalidRequest: it is JSON, and not an object.
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
    _number(text)  # before it is read as a whole: that takes time that grows with the square of its length
    return int(text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        raise _named_twice(next(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    return members


def _named_twice(name: str) -> InvalidJson:
    if name.isascii() and name.isidentifier() and len(name) <= _LONGEST_NAME:
        return InvalidJson(f"The body holds `{name}` twice. Send each field once.", field=name)
    return InvalidJson("The body holds a field twice. Send each field once.")


def _check_depth(value: object) -> None:
    level: list[Any] = [value]
    for _ in range(_DEPTH):
        inner = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> InvalidJson:
    return InvalidJson(f"The body has too many levels. Send at most {_DEPTH} objects and arrays in each other.")
