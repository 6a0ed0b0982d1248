"""The text of a Logs Insights query, as words, signs, texts and numbers."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, NoReturn, TypeVar, cast

from local.costs.errors import refuse

Item = TypeVar("Item")
Kind = Literal["text", "period", "number", "call", "word", "sign", "end"]

_TOKEN = re.compile(
    r"""\s*(?: (?P<text>"[^"\\\x00-\x1f]*"|'[^'\\\x00-\x1f]*')
             | (?P<period>\d{1,4}[a-z]+(?!\w))
             | (?P<number>\d{1,18}(?:\.\d{1,18})?)
             | (?P<call>[a-z]\w*)(?=\s*\()
             | (?P<word>@?[a-z_][a-z0-9_]*(?!\w))
             | (?P<sign>!=|<=|>=|[=<>+\-*/(),|\[\]])
             | (?P<end>\Z) )""",
    re.VERBOSE | re.ASCII,
)
_SHOWN = 40


class Token(NamedTuple):
    """A piece of a query; `rest` is the query from there to its end."""

    kind: Kind
    text: str
    rest: str


class Reader:
    """Goes through a query, one token ahead."""

    def __init__(self, query: str) -> None:
        self._tokens = _tokens(query)
        self._next = next(self._tokens)

    def take(self, kind: Kind, *texts: str) -> str | None:
        """Return the next token's text and go past it, if it is of this kind and one of these; None otherwise."""
        token = self._next
        if token.kind != kind or (texts and token.text not in texts):
            return None
        if kind != "end":
            self._next = next(self._tokens)
        return token.text

    def expect(self, kind: Kind, *texts: str) -> str:
        """Return the next token's text and go past it; QueryError where another one stands there."""
        found = self.take(kind, *texts)
        if found is None:
            self.refuse(f"{' or '.join(texts) or ('the end' if kind == 'end' else f'a {kind}')} is expected")
        return found

    def text(self) -> str:
        """Return the text that stands here, without its quotes, and go past it."""
        text = self.expect("text")[1:-1]
        if "{{" in text:
            refuse(f"{text} is a parameter without a value")
        return text

    def listed(self, read: Callable[[], Item]) -> list[Item]:
        """Return what is read between commas."""
        found = [read()]
        while self.take("sign", ","):
            found.append(read())
        return found

    def refuse(self, why: str) -> NoReturn:
        """Raise QueryError, which shows what stands here."""
        refuse(f"{why} at {_excerpt(self._next.rest) or 'the end'}")


def _tokens(query: str) -> Iterator[Token]:
    at = 0
    while True:
        found = _TOKEN.match(query, at)
        if found is None:
            refuse(f"nothing that is known here begins with {_excerpt(query[at:])}")
        kind = cast("Kind", found.lastgroup)
        yield Token(kind, found[kind], query[found.start(kind) :])
        at = found.end()


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…") if words else ""
