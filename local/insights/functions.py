"""The functions that are known here, as documented in 2026; names are read without regard to case."""

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from local.insights import aggregates
from local.insights.errors import Place, QueryError
from local.insights.typed import NUMERIC, Kind, Typed, undecided
from local.insights.values import Get, Row, Value

Function = Callable[[Sequence[Typed], Place], Typed]


def function(name: str, count: int, place: Place) -> Function:
    """The function of this name, which can do with so many arguments."""
    if name not in _FUNCTIONS:
        known = ", ".join(sorted({*_FUNCTIONS, *aggregates.NAMES, "bin"}))
        msg = f"{name} is no function that is known here; known are {known}"
        raise QueryError(msg, place)
    least, most, found = _FUNCTIONS[name]
    if not least <= count <= most:
        msg = f"{name} takes {least if least == most else f'{least} or more'} arguments here"
        raise QueryError(msg, place)
    return found


def _is_present(arguments: Sequence[Typed], place: Place) -> Typed:
    """1 where the field exists. A JSON null is taken for no field."""
    get = arguments[0].as_value().get
    return Typed(Kind.FLAG, lambda row: get(row) is not None, place)


def _is_empty(arguments: Sequence[Typed], place: Place) -> Typed:
    """1 where the field is missing or an empty text."""
    get = arguments[0].as_value().get
    return Typed(Kind.FLAG, lambda row: get(row) in {None, ""}, place)


def _is_blank(arguments: Sequence[Typed], place: Place) -> Typed:
    """1 where the field is missing, empty, or white space."""
    get = arguments[0].as_value().get

    def is_blank(row: Row) -> Value:
        value = get(row)
        return value is None or (isinstance(value, str) and not value.strip())

    return Typed(Kind.FLAG, is_blank, place)


def _coalesce(arguments: Sequence[Typed], place: Place) -> Typed:
    """The first value that is not missing."""
    gets = [argument.get for argument in arguments]

    def first(row: Row) -> Value:
        return next((value for get in gets if (value := get(row)) is not None), None)

    return Typed(_common(arguments, place), first, place)


def _if(arguments: Sequence[Typed], place: Place) -> Typed:
    """The second argument where the first holds, and the third otherwise."""
    condition, yes, no = arguments[0].as_condition(), arguments[1].get, arguments[2].get
    return Typed(_common(arguments[1:], place), lambda row: yes(row) if condition(row) else no(row), place)


def _common(choices: Sequence[Typed], place: Place) -> Kind:
    kinds = {choice.kind for choice in choices}
    if kinds <= {Kind.NUMBER, Kind.FLAG}:
        return Kind.NUMBER
    if kinds <= NUMERIC | {Kind.TEXT}:
        return kinds.pop() if len(kinds) == 1 else Kind.FIELD
    if kinds == {Kind.TIME}:
        return Kind.TIME
    raise QueryError("a time or a condition goes with nothing else here", place)


def _str_contains(arguments: Sequence[Typed], place: Place) -> Typed:
    """1 where the text contains the other one, and 0 otherwise; so 0 where one is missing."""
    text, part = (argument.as_text() for argument in arguments)

    def contains(row: Row) -> Value:
        whole, sought = text(row), part(row)
        return isinstance(whole, str) and isinstance(sought, str) and sought in whole

    return Typed(Kind.FLAG, contains, place)


def _concat(arguments: Sequence[Typed], place: Place) -> Typed:
    """The texts, one after the other."""
    gets = [argument.as_text() for argument in arguments]

    def joined(row: Row) -> Value:
        parts = [get(row) for get in gets]
        if None in parts:
            raise undecided("concat", place)
        return "".join(map(str, parts))

    return Typed(Kind.TEXT, joined, place)


def _str_len(arguments: Sequence[Typed], place: Place) -> Typed:
    """The length in Unicode code points."""
    get = arguments[0].as_text()

    def length(row: Row) -> Value:
        value = get(row)
        return None if value is None else len(str(value))

    return Typed(Kind.NUMBER, length, place)


def _abs(arguments: Sequence[Typed], place: Place) -> Typed:
    return _numeric(
        arguments[0].as_number(), lambda value: value.copy_abs() if isinstance(value, Decimal) else abs(value), place
    )


def _ceil(arguments: Sequence[Typed], place: Place) -> Typed:
    return _numeric(arguments[0].as_number(), lambda value: _rounded(value, ROUND_CEILING), place)


def _floor(arguments: Sequence[Typed], place: Place) -> Typed:
    return _numeric(arguments[0].as_number(), lambda value: _rounded(value, ROUND_FLOOR), place)


def _rounded(value: int | Decimal, how: str) -> int | Decimal:
    return value.to_integral_value(how) if isinstance(value, Decimal) else value


def _numeric(get: Get, apply: Callable[[int | Decimal], int | Decimal], place: Place) -> Typed:
    def result(row: Row) -> Value:
        value = get(row)
        return value if value is None or isinstance(value, str) else apply(value)

    return Typed(Kind.NUMBER, result, place)


_MANY = 20
_FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "abs": (1, 1, _abs),
    "ceil": (1, 1, _ceil),
    "coalesce": (1, _MANY, _coalesce),
    "concat": (1, _MANY, _concat),
    "floor": (1, 1, _floor),
    "if": (3, 3, _if),
    "isblank": (1, 1, _is_blank),
    "isempty": (1, 1, _is_empty),
    "ispresent": (1, 1, _is_present),
    "strcontains": (2, 2, _str_contains),
    "strlen": (1, 1, _str_len),
}
"""By name: the least and the most arguments, and what it does."""
