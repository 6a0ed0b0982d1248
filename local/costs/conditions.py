"""The conditions of `filter`, translated into SQLite's."""

from collections.abc import Sequence

from local.costs.errors import refuse
from local.costs.expressions import Expressions
from local.costs.sqlite import number_or_text
from local.costs.tokens import Reader
from local.costs.values import quoted


def condition(expressions: Expressions) -> str:
    """Read comparisons, with `and` or with `or` between them."""
    terms, first = [_comparison(expressions)], ""
    while word := expressions.reader.take("word", "and", "or"):
        if first not in {"", word}:
            refuse(f"which goes first is not documented where {word} stands beside {first}")
        first = word
        terms.append(_comparison(expressions))
    return any_of(terms) if first == "or" else all_of(terms)


def all_of(conditions: Sequence[str]) -> str:
    """Return whether all hold; what follows one that does not is not looked at, which AND does not promise."""
    if len(conditions) == 1:
        return conditions[0]
    return f"CASE {' '.join(f'WHEN ({each}) IS NOT TRUE THEN 0' for each in conditions)} ELSE 1 END"


def any_of(conditions: Sequence[str]) -> str:
    """Return whether one holds; what follows one that does is not looked at."""
    return f"CASE {' '.join(f'WHEN {each} THEN 1' for each in conditions)} ELSE 0 END"


def _comparison(expressions: Expressions) -> str:
    left, reader = expressions.value(), expressions.reader
    if reader.take("word", "in"):
        reader.expect("sign", "[")
        literals = reader.listed(lambda: _literal(reader))
        reader.expect("sign", "]")
        return left.is_one_of(literals)
    sign = reader.expect("sign", "=", "!=", "<", "<=", ">", ">=")
    if sign == "=":
        return left.is_one_of([_literal(reader)])
    if sign == "!=":
        return left.if_present(f"NOT {left.is_one_of([_literal(reader)])}", sign)
    return f"{left.as_number()} {sign} {reader.expect('number')}"


def _literal(reader: Reader) -> str:
    if number := reader.take("number"):
        return number
    text = reader.text()
    if not isinstance(number_or_text(text), str):
        refuse(f"whether the text {text!r} is equal to a number is not documented")
    return quoted(text)
