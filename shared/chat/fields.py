"""Reads the fields of a request's JSON objects, each as the type that it must have.

An error names the place (`messages[1].content`), and says what is allowed there without repeating what was sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeVar

from shared.errors import InvalidRequest

ValueT = TypeVar("ValueT")


def wrong(place: str, problem: str) -> InvalidRequest:
    """Return the failure of a request in which something is wrong at this place."""
    return InvalidRequest(f"`{place}` {problem}.", field=place)


class Fields:
    """The fields of one JSON object. Null counts as absent, as clients send it; unread fields are ignored."""

    def __init__(self, values: Mapping[str, Any], place: str = "") -> None:
        self._values = values
        self._place = place

    def get(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """Return a field as it is; None if it is absent."""
        return self._values.get(name)

    def place(self, name: str) -> str:
        """Return the name of a field in the whole request."""
        return f"{self._place}.{name}" if self._place else name

    def wrong(self, name: str, problem: str) -> InvalidRequest:
        """Return the failure of a request in which this field is wrong."""
        return wrong(self.place(name), problem)

    def text(self, name: str, *, may_be_empty: bool = False, most: int | None = None) -> str:
        """Return a string that must be there, of at most so many characters."""
        return self._required(name, self.optional_text(name, may_be_empty=may_be_empty, most=most))

    def optional_text(self, name: str, *, may_be_empty: bool = True, most: int | None = None) -> str | None:
        """Return a string of at most so many characters."""
        value = self.get(name)
        return None if value is None else checked_text(value, self.place(name), may_be_empty=may_be_empty, most=most)

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """Return a string that must be there, and be one of these."""
        return self._required(name, self.optional_choice(name, allowed))

    def optional_choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """Return one of these strings."""
        value = self.get(name)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        raise self.wrong(name, f"must be {' or '.join(allowed)}")

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        value = self.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise self.wrong(name, "must be true or false")

    def whole_number(self, name: str, low: int, high: int | None = None) -> int | None:
        """Return a whole number within these bounds."""
        value = self.get(name)
        if value is None or (type(value) is int and low <= value and (high is None or value <= high)):
            return value
        raise self.wrong(name, f"must be a whole number {_bounds(low, high)}")

    def number(self, name: str, low: float, high: float) -> float | None:
        """Return a number within these bounds."""
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(name, f"must be a number {_bounds(low, high)}")
        return float(value)

    def child(self, name: str) -> Self:
        """Return the fields of an object that must be there."""
        return self._required(name, self.optional_child(name))

    def optional_child(self, name: str) -> Self | None:
        """Return the fields of an object."""
        value = self.get(name)
        return None if value is None else type(self)(_mapping(value, self.place(name)), self.place(name))

    def child_or_empty(self, name: str) -> Self:
        """Return the fields of an object; it has none if it is absent."""
        return self.optional_child(name) or type(self)({}, self.place(name))

    def children(self, name: str, *, most: int | None = None) -> list[Self]:
        """Return the fields of each object in an array of at most so many; none if it is absent."""
        places = [(f"{self.place(name)}[{index}]", value) for index, value in enumerate(self.array(name, most=most))]
        return [type(self)(_mapping(value, place), place) for place, value in places]

    def verbatim_object(self, name: str) -> Mapping[str, Any] | None:
        """Return an object whose fields are the business of whoever gets it, such as a JSON schema."""
        value = self.get(name)
        if value is None:
            return None
        fields = _mapping(value, self.place(name))
        _check_texts(fields, self.place(name))
        return fields

    def array(self, name: str, *, most: int | None = None) -> list[Any]:
        """Return the entries of an array of at most so many; none if it is absent."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise self.wrong(name, "must be an array")
        if most is not None and len(value) > most:
            raise self.wrong(name, f"must have at most {most:,} entries")
        return list(value)

    def _required(self, name: str, value: ValueT | None) -> ValueT:
        if value is None:
            raise self.wrong(name, "is missing")
        return value


def checked_text(value: object, place: str, *, may_be_empty: bool = True, most: int | None = None) -> str:
    """Return a string that all hosts can read: without NUL characters, and encodable as UTF-8."""
    if not isinstance(value, str):
        raise wrong(place, "must be a string")
    if not value and not may_be_empty:
        raise wrong(place, "must not be empty")
    if most is not None and len(value) > most:
        raise wrong(place, f"must have at most {most:,} characters")
    if "\x00" in value:
        raise wrong(place, "must not hold a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong(place, "must be valid Unicode: it holds half of a surrogate pair") from None
    return value


def _mapping(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise wrong(place, "must be an object")
    return value


def _check_texts(value: object, place: str) -> None:
    """Check all texts and names in a JSON value."""
    if isinstance(value, str):
        checked_text(value, place)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            checked_text(name, place)
            _check_texts(each, place)
    elif isinstance(value, list | tuple):
        for each in value:
            _check_texts(each, place)


def _bounds(low: float, high: float | None) -> str:
    return f"of at least {low}" if high is None else f"from {low} to {high}"
