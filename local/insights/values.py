"""The values of fields and results, and the order that `sort` brings them into."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, localcontext

Value = str | int | Decimal | None
"""A JSON true is `True` and counts as 1, as CloudWatch holds it; a JSON null is as good as no field."""
Row = dict[str, Value]
Get = Callable[[Row], Value]

QUOTIENTS = Context(prec=28)
"""Division alone is rounded."""
_SUMS = Context(prec=100, traps=[Inexact, InvalidOperation, Overflow])
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CHUNK = re.compile(r"[0-9]+|[^\W0-9_]+|(?:[^\w]|_)+")


def exactly() -> AbstractContextManager[Context]:
    """While it holds, `+`, `-` and `*` of decimals are exact or raise ArithmeticError; CloudWatch may round."""
    return localcontext(_SUMS)


def number(value: str | int | Decimal) -> int | Decimal | None:
    """The number that a value is or writes out, as the documentation's examples compare what `parse` found; or None."""
    if not isinstance(value, str):
        return value
    if not _NUMBER.fullmatch(value):
        return None
    return Decimal(value)


def quotient(dividend: int | Decimal, divisor: int | Decimal) -> int | Decimal | None:
    """To 28 digits, and a whole number where it comes out even; nothing where the divisor is 0."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int) and not dividend % divisor:
        return dividend // divisor
    return QUOTIENTS.divide(Decimal(dividend), Decimal(divisor))


def sort_key(value: Value) -> tuple[object, ...]:
    """Where `sort` puts a value, going up: texts chunk by chunk, then numbers (CloudWatch's documentation, 2026).

    Numbers are JSON's and texts of digits only. Chunks of digits go by their length, then by their value, and other
    chunks by Unicode. Where a missing value goes is not documented; here it is the smallest.
    """
    if value is None:
        return (0,)
    if not isinstance(value, str):
        return (2, value, "")
    if value.isascii() and value.isdigit():
        return (2, Decimal(value), value)
    return (1, tuple(map(_chunk_key, _CHUNK.findall(value))))


def _chunk_key(chunk: str) -> tuple[int, int, str]:
    first = chunk[0]
    if "0" <= first <= "9":
        return (1, len(chunk), chunk)
    return (0 if first < "0" else 2, 0, chunk)
