"""`+ - * / % ^`: exact but for division and powers, which have 28 digits."""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal

from local.insights.errors import Place, QueryError
from local.insights.typed import Kind, Typed, as_number
from local.insights.values import QUOTIENTS, Row, Value, quotient

_Number = int | Decimal
_MOST_BITS = 4000


def arithmetic(sign: str, operands: Sequence[Typed], place: Place) -> Typed:
    """Numbers give a number, and nothing gives nothing."""
    apply = _ARITHMETIC[sign]
    left, right = [operand.as_number() for operand in operands]

    def result(row: Row) -> Value:
        a, b = left(row), right(row)
        if a is None or b is None:
            return None
        try:
            return apply(as_number(a, place), as_number(b, place))
        except ArithmeticError:
            msg = f"{a} {sign} {b} has no exact result here"
            raise QueryError(msg, place) from None

    return Typed(Kind.NUMBER, result, place)


def _product(a: _Number, b: _Number) -> _Number:
    """A whole number of more than a thousand digits comes of no sensible query, and cannot be written out."""
    if isinstance(a, int) and isinstance(b, int) and a.bit_length() + b.bit_length() > _MOST_BITS:
        raise ArithmeticError
    return a * b


def _power(a: _Number, b: _Number) -> _Number:
    return QUOTIENTS.power(Decimal(a), Decimal(b))


def _remainder(a: _Number, b: _Number) -> _Number | None:
    """The sign of it is not documented where one of the two is negative."""
    if a < 0 or b < 0:
        raise ArithmeticError
    return a % b if b else None


_ARITHMETIC: dict[str, Callable[[_Number, _Number], _Number | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": _product,
    "/": quotient,
    "%": _remainder,
    "^": _power,
}
