"""A value that fits a JSON schema, made of the clues of a prompt. `pattern` and `multipleOf` are not looked at."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from local.standin.chat.clues import Clues
from local.standin.messages import BadRequestError

_DEEP: Final = 6  # from here on only what is required, and nothing of a list: a schema may refer to itself
_LONGEST: Final = 10_000
_FORMATS: Final = {
    "date": "2026-11-01",
    "time": "12:00:00Z",
    "date-time": "2026-11-01T12:00:00Z",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_OPTIONS: Final = ("anyOf", "oneOf")


class Sample:
    """One value after the other that fits the same schema.

    Args:
        schema: whose `$ref` point into itself.
        clues: what texts and numbers are taken from.
    """

    def __init__(self, schema: Mapping[str, Any], clues: Clues) -> None:
        self._schema = schema
        self._clues = clues

    def value(self) -> object:
        """Return the next value.

        Raises:
            BadRequestError: when the schema is none, or requires itself.
        """
        try:
            return self._value(self._schema, 0)
        except (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
            # Nobody has checked it: whatever goes wrong here is the schema's doing, and hosts answer 400 to it.
            raise BadRequestError("The schema of the arguments or of the answer is not a valid JSON schema") from None

    def _value(self, schema: object, depth: int) -> object:
        """Return a value for a part of the schema; anything fits a part that is `true`."""
        part = self._resolved(schema if isinstance(schema, dict) else {}, depth)
        if "const" in part:
            return part["const"]
        if part.get("enum"):
            return self._clues.choice(part["enum"])
        return self._MAKERS[_type_of(part)](self, part, depth)

    def _resolved(self, part: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
        """Return the part with references followed, alternatives chosen and `allOf` put together."""
        if "$ref" in part:
            return self._resolved(_without(part, "$ref") | self._target(part["$ref"]), depth)
        for name in _OPTIONS:
            if part.get(name):
                chosen = _preferred([self._resolved(option, depth) for option in part[name]], depth)
                return self._resolved(_without(part, name) | chosen, depth)
        for inner in part.get("allOf", []):
            more = self._resolved(inner, depth)
            properties = {**part.get("properties", {}), **more.get("properties", {})}
            required = [*part.get("required", []), *more.get("required", [])]
            part = {**part, **more, "properties": properties, "required": required}
        return part

    def _target(self, reference: str) -> dict[str, Any]:
        """Return what `#/$defs/Name` points to."""
        target: Any = self._schema
        for step in reference.removeprefix("#").strip("/").split("/"):
            target = target[step] if step else target
        return dict(target)

    def _object(self, part: Mapping[str, Any], depth: int) -> dict[str, object]:
        required = part.get("required", ())
        properties = part.get("properties", {})
        chosen = {name: inner for name, inner in properties.items() if depth < _DEEP or name in required}
        return {name: self._value(inner, depth + 1) for name, inner in chosen.items()}

    def _array(self, part: Mapping[str, Any], depth: int) -> list[object]:
        least = part.get("minItems", 0)
        count = max(least, 1) if depth < _DEEP else least
        count = _limited(min(count, part.get("maxItems", count)))
        return [self._value(part.get("items"), depth + 1) for _ in range(count)]

    def _string(self, part: Mapping[str, Any], _depth: int) -> str:
        text = _FORMATS.get(part.get("format", "")) or self._clues.name()
        return text.ljust(_limited(part.get("minLength", 0)), ".")[: part.get("maxLength")]

    def _integer(self, part: Mapping[str, Any], depth: int) -> int:
        return int(self._number(part, depth))

    def _number(self, part: Mapping[str, Any], _depth: int) -> float:
        """Return a number within the limits, a whole one without a point."""
        number = self._clues.number()
        above, below = part.get("exclusiveMinimum"), part.get("exclusiveMaximum")
        least = part.get("minimum", number if above is None else above + 1)
        most = part.get("maximum", number if below is None else below - 1)
        number = max(least, min(most, number))
        return int(number) if number == int(number) else number

    def _boolean(self, _part: Mapping[str, Any], _depth: int) -> bool:
        return True

    def _null(self, _part: Mapping[str, Any], _depth: int) -> None:
        return None

    _MAKERS: ClassVar[Mapping[str, Callable[["Sample", Mapping[str, Any], int], object]]] = {
        "object": _object,
        "array": _array,
        "string": _string,
        "integer": _integer,
        "number": _number,
        "boolean": _boolean,
        "null": _null,
    }


def _limited(length: int) -> int:
    """Return the length of a list or a text, if a model could write it."""
    if length > _LONGEST:
        raise ValueError(length)
    return length


def _type_of(part: Mapping[str, Any]) -> str:
    """Return the type of a part: of several the first that is not null, and without one what its fields say."""
    named = part.get("type")
    if isinstance(named, list):
        return next((name for name in named if name != "null"), "null")
    if isinstance(named, str):
        return named
    return "object" if "properties" in part else "array" if "items" in part else "string"


def _preferred(options: list[Mapping[str, Any]], depth: int) -> dict[str, Any]:
    """Return the first alternative that is not null; the one that is where the value gets too deep."""
    is_null = [option.get("type") == "null" for option in options]
    wanted = depth >= _DEEP
    return dict(options[is_null.index(wanted)] if wanted in is_null else options[0])


def _without(part: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != name}
