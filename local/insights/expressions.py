"""The parser of expressions. It goes down one level of binding at a time: or, and, not, comparison, +, *, ^.

Where the documentation does not say what binds stronger, parentheses are asked for: between `and` and `or`, after
`not`, and around what `^` works on.
"""

from collections.abc import Callable

from local.insights.errors import QueryError
from local.insights.syntax import In, Like, Literal, Node, Operation
from local.insights.terms import Terms
from local.insights.tokens import TokenKind

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Expressions(Terms):
    """Parses one expression."""

    def _operations(self) -> Node:
        operands = [self._and()]
        place = self._reader.token.place
        while self._reader.took_word("or"):
            operands.append(self._and())
        if len(operands) == 1:
            return operands[0][0]
        if any(has_and for _, has_and in operands):
            raise QueryError("and beside or: which goes first is not documented, so parentheses are needed", place)
        return Operation("or", tuple(node for node, _ in operands), place)

    def _and(self) -> tuple[Node, bool]:
        operands = [self._not()]
        place = self._reader.token.place
        while self._reader.took_word("and"):
            operands.append(self._not())
        return (operands[0], False) if len(operands) == 1 else (Operation("and", tuple(operands), place), True)

    def _not(self) -> Node:
        place = self._reader.token.place
        if not self._reader.took_word("not"):
            return self._comparison()
        self._count(place)
        if not (self._reader.token.is_sign("(") or self._reader.after.is_sign("(")):
            raise QueryError("not stands before parentheses or a function here", place)
        return Operation("not", (self._primary(),), place)

    def _comparison(self) -> Node:
        subject = self._sum()
        token = self._reader.token
        if self._reader.took_sign(*_COMPARISONS):
            return Operation(token.source, (subject, self._sum()), token.place)
        if self._reader.took_sign("=~"):
            return Like(subject, self._pattern(TokenKind.REGEX), negated=False, place=token.place)
        negated = self._reader.took_word("not")
        if self._reader.took_word("in"):
            return In(subject, self._values(), negated, token.place)
        if self._reader.took_word("like"):
            return Like(subject, self._pattern(TokenKind.REGEX, TokenKind.TEXT), negated, token.place)
        if negated:
            raise self._reader.unexpected("in or like")
        return subject

    def _sum(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._power, "*", "/", "%")

    def _chain(self, operand: Callable[[], Node], *signs: str) -> Node:
        node = operand()
        while self._reader.token.is_sign(*signs):
            token = self._reader.take()
            node = Operation(token.source, (node, operand()), token.place)
        return node

    def _power(self) -> Node:
        is_signed = self._reader.token.is_sign("-")
        base = self._signed()
        token = self._reader.token
        if not self._reader.took_sign("^"):
            return base
        exponent = self._signed()
        if is_signed or self._reader.token.is_sign("^"):
            raise QueryError("what ^ works on first is not documented, so parentheses are needed", token.place)
        return Operation("^", (base, exponent), token.place)

    def _signed(self) -> Node:
        place = self._reader.token.place
        if self._reader.took_sign("-"):
            return Operation("-", (Literal(0, place), self._primary()), place)
        return self._primary()
