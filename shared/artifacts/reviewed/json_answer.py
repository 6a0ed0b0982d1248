"""Reads the JSON objects that models answer with, and the sentences in them."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

_MAX_BEGINNINGS = 50
"""How many braces are tried: chatter before the object has some at most."""
MAX_ITEMS, _MAX_CHARS = 20, 500
"""Of a list, and of a sentence in it; what is beyond is left out, for it goes on into further prompts."""
_MAX_ANSWER_CHARS = 250_000
"""Of an answer that is read: no advice is as long, and what never ends would be read from each of its braces."""
_DECODER = json.JSONDecoder(strict=False)  # a model may break the lines of a text
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs: JSON can escape them, and no host could be sent the latter."""


class UnreadableAnswerError(ValueError):
    """A model answered with something else than the JSON object that it was asked for."""


def read_object(text: str, *names: str) -> Mapping[str, Any]:
    """Return the first JSON object of an answer that has one of these fields, wherever it stands: in a fence, in prose.

    A field that is null is left out.

    Raises:
        UnreadableAnswerError: there is none, or the answer is far too long for one.
    """
    if len(text) > _MAX_ANSWER_CHARS:
        raise UnreadableAnswerError
    # What a model thought of before it may be in the answer too, and hold a draft of the object.
    for start in dict.fromkeys((text.rfind("</think>"), -1)):
        for value in _objects(text, start):
            if any(name in value for name in names):
                return {name: each for name, each in value.items() if each is not None}
    raise UnreadableAnswerError


def _objects(text: str, start: int) -> Iterator[Mapping[str, Any]]:
    """Yield what the first braces behind a place begin, each as far as it is an object."""
    begin = start
    for _ in range(_MAX_BEGINNINGS):
        begin = text.find("{", begin + 1)
        if begin < 0:
            return
        with suppress(ValueError, RecursionError):
            yield _DECODER.raw_decode(text, begin)[0]


def sentence(value: object) -> str:
    """Return a text on one line; an answer that has something else in its place is not what was asked for."""
    if not isinstance(value, str):
        raise UnreadableAnswerError
    return " ".join(_NO_TEXT.sub(" ", value).split())[:_MAX_CHARS]


def sentences(value: object) -> list[str]:
    """Return the first texts of a list, without empty ones."""
    return [said for each in items(value)[:MAX_ITEMS] if (said := sentence(each))]


def items(value: object) -> list[Any]:
    """Return the items of a list."""
    if not isinstance(value, list):
        raise UnreadableAnswerError
    return value


def listed(lines: list[str]) -> str:
    """Return sentences as a list in Markdown."""
    return "\n".join(f"- {line}" for line in lines)


def object_schema(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of an object that has all of these properties and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


STRINGS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
"""The JSON schema of a list of texts."""
