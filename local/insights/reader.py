"""Where the parser is: the tokens that are left, and what it may ask of them."""

from collections.abc import Mapping

from local.insights.errors import QueryError
from local.insights.tokens import Token, TokenKind, tokens


class Reader:
    """Goes through a query's tokens, one ahead."""

    def __init__(self, query: str, parameters: Mapping[str, str]) -> None:
        self._query = query
        self._tokens = list(tokens(query, parameters))
        self._at = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._at]

    @property
    def after(self) -> Token:
        """The token after that."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Go past the next token; the END stays."""
        token = self.token
        if token.kind is not TokenKind.END:
            self._at += 1
        return token

    def took_sign(self, *signs: str) -> bool:
        """Go past the next token if it is one of these signs."""
        found = self.token.is_sign(*signs)
        if found:
            self._at += 1
        return found

    def took_word(self, *words: str) -> bool:
        """Go past the next token if it is one of these keywords."""
        found = self.token.is_word(*words)
        if found:
            self._at += 1
        return found

    def expect_sign(self, sign: str) -> None:
        """Go past this sign."""
        if not self.took_sign(sign):
            raise self.unexpected(sign)

    def written_since(self, first: Token) -> str:
        """The query's own text from this token to the one that was taken last."""
        return self._query[first.start : self._tokens[self._at - 1].end]

    def unexpected(self, wanted: str) -> QueryError:
        """What to raise where the next token is not what is wanted."""
        found = "the query ends" if self.token.kind is TokenKind.END else f"{self.token.source} stands"
        return QueryError(f"{found} where {wanted} should be", self.token.place)
