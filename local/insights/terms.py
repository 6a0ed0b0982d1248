"""The parser of what operators stand between: texts, numbers, fields, calls and parentheses."""

import re
from abc import ABC, abstractmethod
from decimal import Decimal

from local.insights.errors import Place, QueryError
from local.insights.patterns import pattern
from local.insights.reader import Reader
from local.insights.syntax import Call, Field, Literal, Node
from local.insights.times import period
from local.insights.tokens import Token, TokenKind

_MOST_PARTS = 200
_DEEPEST = 20
_KEYWORDS = ("and", "or", "not", "in", "like", "as", "by", "asc", "desc")
_CONSTANTS = {
    "true": "CloudWatch holds a JSON true as 1",
    "false": "CloudWatch holds a JSON false as 0",
    "null": "a field without a value is asked for with ispresent",
}


class Terms(ABC):
    """Parses the terms of one expression."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._parts = 0
        self._depth = 0

    @abstractmethod
    def _operations(self) -> Node:
        """Terms with operators between them."""

    def whole(self) -> Node:
        """A condition or a value."""
        self._depth += 1
        node = self._operations()
        self._depth -= 1
        return node

    def _primary(self) -> Node:
        token = self._reader.token
        self._count(token.place)
        if self._reader.took_sign("("):
            node = self.whole()
            self._reader.expect_sign(")")
            return node
        if token.kind in {TokenKind.TEXT, TokenKind.NUMBER}:
            return Literal(self._reader.take().value, token.place)
        if token.kind is TokenKind.WORD and self._reader.after.is_sign("("):
            return self._call()
        return self.field()

    def field(self) -> Field:
        """A field's name."""
        token = self._reader.token
        if token.is_word(*_CONSTANTS):
            msg = f"{token.source} is not a value here: {_CONSTANTS[token.source.lower()]}"
            raise QueryError(msg, token.place)
        if token.kind not in {TokenKind.WORD, TokenKind.QUOTED} or token.is_word(*_KEYWORDS):
            raise self._reader.unexpected("a field or a value")
        return Field(str(self._reader.take().value), token.place)

    def _call(self) -> Call:
        token = self._reader.take()
        self._reader.expect_sign("(")
        arguments = self._arguments(token)
        self._reader.expect_sign(")")
        return Call(token.source.lower(), arguments, token.place)

    def _arguments(self, function: Token) -> tuple[Node, ...]:
        if function.is_word("bin"):
            return (self._period(),)
        if self._reader.token.is_sign(")") or (function.is_word("count") and self._reader.took_sign("*")):
            return ()
        arguments = [self.whole()]
        while self._reader.took_sign(","):
            arguments.append(self.whole())
        return tuple(arguments)

    def _period(self) -> Literal:
        token = self._reader.token
        if token.kind is not TokenKind.PERIOD:
            raise self._reader.unexpected("a period such as 1d")
        try:
            return Literal(period(self._reader.take().source), token.place)
        except ValueError as error:
            raise QueryError(str(error), token.place) from None

    def _values(self) -> tuple[str | int | Decimal, ...]:
        self._reader.expect_sign("[")
        values = [self._value()]
        while self._reader.took_sign(","):
            values.append(self._value())
        self._reader.expect_sign("]")
        return tuple(values)

    def _value(self) -> str | int | Decimal:
        if self._reader.token.kind not in {TokenKind.TEXT, TokenKind.NUMBER}:
            raise self._reader.unexpected("a text or a number")
        return self._reader.take().value

    def _pattern(self, *kinds: TokenKind) -> str | re.Pattern[str]:
        token = self._reader.token
        if token.kind not in kinds:
            raise self._reader.unexpected("a regular expression" if len(kinds) == 1 else "a text or an expression")
        text = str(self._reader.take().value)
        return text if token.kind is TokenKind.TEXT else pattern(text, token.place)

    def _count(self, place: Place) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS or self._depth > _DEEPEST:
            msg = f"an expression has at most {_MOST_PARTS} parts here, in parentheses {_DEEPEST} deep"
            raise QueryError(msg, place)
