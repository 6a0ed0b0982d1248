"""Most queries begin with `filter message = "cost"`: such events are kept apart, and the condition is taken out."""

from collections.abc import Sequence
from dataclasses import replace

from local.insights.compiler import plain_text
from local.insights.syntax import Command, Field, Fields, Filter, In, Literal, Node, Operation

_Messages = frozenset[str] | None


def narrowed(commands: Sequence[Command]) -> tuple[_Messages, list[Command]]:
    """What `message` may be, and the commands without that condition; None where it is not what they begin with."""
    found = list(commands)
    for index, command in enumerate(found):
        if isinstance(command, Filter):
            messages, rest = _split(command.condition)
            if messages is not None:
                found[index : index + 1] = [replace(command, condition=rest)] if rest else []
            return messages, found
        if not isinstance(command, Fields) or any(item.has_alias for item in command.items):
            break
    return None, found


def _split(condition: Node) -> tuple[_Messages, Node | None]:
    """The texts, and what else has to hold."""
    match condition:
        case Operation("=", (Field("message"), value)):
            return _texts([value]), None
        case In(Field("message"), values, negated=False, place=place):
            return _texts([Literal(value, place) for value in values]), None
        case Operation("and", (first, *rest), place):
            messages, left = _split(first)
            rest = [left, *rest] if left else rest
            return messages, rest[0] if len(rest) == 1 else Operation("and", tuple(rest), place)
        case _:
            return None, None


def _texts(values: Sequence[Node]) -> _Messages:
    texts = [text for value in values if (text := plain_text(value)) is not None]
    return frozenset(texts) if len(texts) == len(values) else None
