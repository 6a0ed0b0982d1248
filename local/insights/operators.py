"""What operators do.

A missing value makes a comparison not true. Whether its contrary then holds (`!=`, `not`, `not in`, `not like`) is not
documented, so a query that depends on it is refused when an event brings it up: `ispresent(f) and f != 1` does not.
"""

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from local.insights.errors import Place
from local.insights.typed import Kind, Typed, undecided
from local.insights.values import Get, Row, Value, number

_Number = int | Decimal
_ORDERS: dict[str, Callable[[_Number, _Number], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARED = {Kind.FIELD, Kind.NUMBER, Kind.FLAG, Kind.TEXT}


def conjunction(conditions: Sequence[Typed], place: Place) -> Typed:
    """`and`: what comes after something that is not true is not looked at."""
    gets = [condition.as_condition() for condition in conditions]

    def all_hold(row: Row) -> Value:
        value: Value = True
        for get in gets:
            value = get(row)
            if not value:
                return value
        return value

    return Typed(Kind.CONDITION, all_hold, place)


def disjunction(conditions: Sequence[Typed], place: Place) -> Typed:
    """`or`: what comes after something true is not looked at."""
    gets = [condition.as_condition() for condition in conditions]

    def one_holds(row: Row) -> Value:
        result: Value = False
        for get in gets:
            value = get(row)
            if value:
                return True
            result = None if value is None else result
        return result

    return Typed(Kind.CONDITION, one_holds, place)


def negation(condition: Typed, place: Place) -> Typed:
    """`not`."""
    return Typed(Kind.CONDITION, _contrary(condition.as_condition(), "not", place), place)


def comparison(sign: str, left: Typed, right: Typed, place: Place) -> Typed:
    """`=`, `!=`, or an order, which is known of numbers only."""
    for side in (left, right):
        side.need(_COMPARED, "a field, a text or a number")
    if sign in _ORDERS:
        return Typed(Kind.CONDITION, _ordered(_ORDERS[sign], left.as_number(), right.as_number()), place)
    equal = _equal(left.get, right.get)
    return Typed(Kind.CONDITION, equal if sign == "=" else _contrary(equal, sign, place), place)


def equals_text(left: Typed, text: str, place: Place) -> Typed:
    """`field = "text"` where the text is no number: the common case, made quick."""
    get = left.need(_COMPARED, "a field, a text or a number")

    def equal(row: Row) -> Value:
        value = get(row)
        return None if value is None else value == text

    return Typed(Kind.CONDITION, equal, place)


def membership(subject: Typed, values: Sequence[str | int | Decimal], place: Place, *, negated: bool) -> Typed:
    """`in`: equal to one of the values, a text being compared whole."""
    get = subject.need(_COMPARED, "a field, a text or a number")

    texts = frozenset(values)
    has_texts_only = all(isinstance(each, str) and number(each) is None for each in values)

    def contained(row: Row) -> Value:
        value = get(row)
        if value is None:
            return None
        return value in texts if has_texts_only else any(_same(value, each) for each in values)

    return Typed(Kind.CONDITION, _contrary(contained, "not in", place) if negated else contained, place)


def likeness(subject: Typed, pattern: str | re.Pattern[str], place: Place, *, negated: bool) -> Typed:
    """`like`: the text is in there, or the regular expression fits somewhere; case matters."""
    get = subject.as_text()

    def alike(row: Row) -> Value:
        value = get(row)
        if value is None:
            return None
        text = str(value)
        return pattern in text if isinstance(pattern, str) else pattern.search(text) is not None

    return Typed(Kind.CONDITION, _contrary(alike, "not like", place) if negated else alike, place)


def _contrary(get: Get, what: str, place: Place) -> Get:
    def contrary(row: Row) -> Value:
        value = get(row)
        if value is None:
            raise undecided(what, place)
        return not value

    return contrary


def _ordered(holds: Callable[[_Number, _Number], bool], left: Get, right: Get) -> Get:
    def ordered(row: Row) -> Value:
        a, b = left(row), right(row)
        if a is None or b is None or isinstance(a, str) or isinstance(b, str):
            return None
        return holds(a, b)

    return ordered


def _equal(left: Get, right: Get) -> Get:
    def equal(row: Row) -> Value:
        a, b = left(row), right(row)
        return None if a is None or b is None else _same(a, b)

    return equal


def _same(a: str | int | Decimal, b: str | int | Decimal) -> bool:
    """Two texts letter by letter; a number and a text where the text writes that number out."""
    if isinstance(a, str) is isinstance(b, str):
        return a == b
    return number(a) == number(b)
