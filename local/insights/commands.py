"""The parser of commands: a query is a row of them, with `|` between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.insights.errors import QueryError
from local.insights.expressions import Expressions
from local.insights.reader import Reader
from local.insights.syntax import MESSAGE, TIME, Command, Dedup, Field, Fields, Filter, Item, Limit, Node, Sort, Stats
from local.insights.tokens import Token, TokenKind

_MOST_ROWS = 100_000
"""The greatest `limit` (CloudWatch's documentation, 2026)."""


def commands(query: str, parameters: Mapping[str, str]) -> list[Command]:
    """The query's commands, in order.

    Raises:
        QueryError: it is not in the part of the language that is known here.
    """
    reader = Reader(query, parameters)
    found = [_command(reader)]
    while reader.took_sign("|"):
        found.append(_command(reader))
    if reader.token.kind is not TokenKind.END:
        raise reader.unexpected("| or the end")
    return found


def _command(reader: Reader) -> Command:
    token = reader.token
    if token.kind is not TokenKind.WORD:
        raise reader.unexpected("a command")
    parse = _COMMANDS.get(token.source.lower())
    if parse is None:
        msg = f"{token.source} is no command that is known here; known are {', '.join(sorted(_COMMANDS))}"
        raise QueryError(msg, token.place)
    return parse(_Command(reader.take(), reader))


@dataclass(frozen=True, slots=True)
class _Command:
    """A command whose word has been read."""

    word: Token
    reader: Reader

    def expression(self) -> Node:
        return Expressions(self.reader).whole()

    def field(self) -> Field:
        return Expressions(self.reader).field()

    def items(self) -> tuple[Item, ...]:
        found = [self._item()]
        while self.reader.took_sign(","):
            found.append(self._item())
        for index, item in enumerate(found):
            if item.name in {each.name for each in found[:index]}:
                msg = f"{item.name} is listed twice"
                raise QueryError(msg, item.place)
        return tuple(found)

    def _item(self) -> Item:
        first = self.reader.token
        node = self.expression()
        if self.reader.took_word("as"):
            alias = self.field()
            if alias.name in {TIME, MESSAGE}:
                msg = f"{alias.name} is a name of CloudWatch's own"
                raise QueryError(msg, alias.place)
            return Item(node, alias.name, has_alias=True, place=alias.place)
        name = node.name if isinstance(node, Field) else self.reader.written_since(first)
        return Item(node, name, has_alias=False, place=first.place)


def _fields(command: _Command) -> Command:
    return Fields(command.items(), command.word.place)


def _display(command: _Command) -> Command:
    return Fields(command.items(), command.word.place, is_display=True)


def _filter(command: _Command) -> Command:
    return Filter(command.expression(), command.word.place)


def _stats(command: _Command) -> Command:
    items = command.items()
    by = command.items() if command.reader.took_word("by") else ()
    return Stats(items, by, command.word.place)


def _dedup(command: _Command) -> Command:
    found = [command.field()]
    while command.reader.took_sign(","):
        found.append(command.field())
    return Dedup(tuple(found), command.word.place)


def _sort(command: _Command) -> Command:
    keys = [_key(command)]
    while command.reader.took_sign(","):
        keys.append(_key(command))
    return Sort(tuple(keys), command.word.place)


def _key(command: _Command) -> tuple[Field, bool]:
    """A field and its direction; which one is meant where none is given is not documented."""
    if command.reader.after.is_sign("("):
        raise QueryError("sort takes names here: give the expression one with as", command.reader.token.place)
    field = command.field()
    direction = command.reader.token
    if not command.reader.took_word("asc", "desc"):
        raise command.reader.unexpected("asc or desc")
    return field, direction.is_word("desc")


def _limit(command: _Command) -> Command:
    token = command.reader.token
    rows = command.reader.take().value
    if not isinstance(rows, int) or not 1 <= rows <= _MOST_ROWS:
        msg = f"limit takes a whole number from 1 to {_MOST_ROWS:,}"
        raise QueryError(msg, token.place)
    return Limit(rows, command.word.place)


_COMMANDS: dict[str, Callable[[_Command], Command]] = {
    "dedup": _dedup,
    "display": _display,
    "fields": _fields,
    "filter": _filter,
    "limit": _limit,
    "sort": _sort,
    "stats": _stats,
}
