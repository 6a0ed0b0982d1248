"""A query cut into words, signs, texts and numbers, each with its place; placeholders in texts are filled in here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from local.insights.errors import Place, QueryError

LONGEST_QUERY = 10_000
"""Characters, the quota of a saved query with its values filled in (CloudWatch's documentation, 2026)."""
_LONGEST_NUMBER = 30
_TOKEN = re.compile(
    r"""(?P<SKIPPED>[ \t\r\n]+|\#[^\n]*)
      | (?P<TEXT>"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')
      | (?P<QUOTED>`[^`\n]+`)
      | (?P<PERIOD>\d+[A-Za-z]\w*)
      | (?P<NUMBER>\d+(?:\.\d+)?)
      | (?P<WORD>@{0,2}[A-Za-z_]\w*(?:\.\w+)*)
      | (?P<SIGN>!=|<=|>=|=~|[=<>+\-*/%^(),|\[\]])""",
    re.VERBOSE | re.ASCII,
)
_REGEX = re.compile(r"/(?:[^/\\\n]|\\[^\n])+/")
_PLACEHOLDER = re.compile(r"\{\{([A-Za-z_]\w*)\}\}", re.ASCII)
_ESCAPE = re.compile(r"\\(.)")
_HINTS = {
    '"': "this text is not closed on its line",
    "'": "this text is not closed on its line",
    "`": "this field's name is not closed on its line",
    "/": "this regular expression is not closed on its line",
    "{": "a placeholder stands inside quotes, because CloudWatch puts its value in as it is",
    "!": 'the word for "!" is not',
    "$": "a saved query cannot be called from here",
    ".": "a name with a dot in it has letters or digits on both sides of it",
}


class TokenKind(Enum):
    """What a token is; the names are those of the groups above."""

    TEXT = auto()
    QUOTED = auto()
    PERIOD = auto()
    NUMBER = auto()
    WORD = auto()
    SIGN = auto()
    REGEX = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query; `start` and `end` are its offsets, which columns without an alias are named by."""

    kind: TokenKind
    source: str
    value: str | int | Decimal
    place: Place
    start: int
    end: int

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind is TokenKind.SIGN and self.source in signs

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords; case does not matter, as the documentation's examples have it."""
        return self.kind is TokenKind.WORD and self.source.lower() in words


def tokens(query: str, parameters: Mapping[str, str]) -> Iterator[Token]:
    """The query's tokens, an END last.

    Raises:
        QueryError: a character that begins nothing, or a placeholder without a value.
    """
    if len(query) > LONGEST_QUERY:
        msg = f"the query is longer than the {LONGEST_QUERY:,} characters that a saved one may have"
        raise QueryError(msg, _place(query, LONGEST_QUERY))
    offset = 0
    regex_may_follow = False
    while offset < len(query):
        place = _place(query, offset)
        is_regex = regex_may_follow and query[offset] == "/"
        match = (_REGEX if is_regex else _TOKEN).match(query, offset)
        if not match:
            problem = _HINTS.get(query[offset], f"{query[offset]!r} begins nothing that is known here")
            raise QueryError(problem, place)
        offset = match.end()
        if match.lastgroup == "SKIPPED":
            continue
        kind = TokenKind.REGEX if is_regex else TokenKind[match.lastgroup or ""]
        value = _value(kind, match[0], parameters, place)
        token = Token(kind, match[0], value, place, match.start(), match.end())
        regex_may_follow = token.is_word("like") or token.is_sign("=~")
        yield token
    yield Token(TokenKind.END, "", "", _place(query, len(query)), len(query), len(query))


def _place(query: str, offset: int) -> Place:
    return Place(query.count("\n", 0, offset) + 1, offset - query.rfind("\n", 0, offset))


def _value(kind: TokenKind, source: str, parameters: Mapping[str, str], place: Place) -> str | int | Decimal:
    if kind is TokenKind.TEXT:
        return _filled(source[1:-1], parameters, place)
    if kind in {TokenKind.QUOTED, TokenKind.REGEX}:
        return source[1:-1]
    if kind is TokenKind.NUMBER:
        if len(source) > _LONGEST_NUMBER:
            msg = f"a number has at most {_LONGEST_NUMBER} digits here"
            raise QueryError(msg, place)
        return Decimal(source) if "." in source else int(source)
    return source


def _filled(text: str, parameters: Mapping[str, str], place: Place) -> str:
    r"""The text with its escapes undone and its placeholders filled in.

    A value comes in after the escapes are undone, so nothing in it can end the text. (CloudWatch fills in before it
    parses: there, a value with a quote in it changes the query.) Of the escapes, `\"`, `\'` and `\\` are known.
    """
    parts = _PLACEHOLDER.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            if part not in parameters:
                msg = f"the parameter {part} has no value"
                raise QueryError(msg, place)
            parts[index] = parameters[part]
        elif "{{" in part:
            raise QueryError("{{ begins a placeholder, which is a name in double braces, like {{request_id}}", place)
        else:
            parts[index] = _ESCAPE.sub(lambda escape: _escaped(escape[1], place), part)
    return "".join(parts)


def _escaped(character: str, place: Place) -> str:
    if character not in "\"'\\":
        msg = f"\\{character} in a text: only quotes and the backslash are escaped"
        raise QueryError(msg, place)
    return character
