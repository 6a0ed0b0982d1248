"""The fenced parts of a request: code, and the error in it, the change to be made, or what a review found in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from local.standin.directives import Spoken
from local.standin.kinds import MIME_TYPES, Kind

_OPENING: Final = re.compile(
    r"^<<<(code|error|change|request|plan|findings|changes) ([0-9a-fA-F]{16})[ \t]*$", re.MULTILINE
)
_TITLE: Final = re.compile(r"^The artifact's title is \"((?>[^\"\\]*))\"", re.MULTILINE)
_WISHES: Final = ("error", "change", "findings")
_SEARCH: Final = re.compile(r"^<<<<<<< SEARCH[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part, and where it stands in the message; each part has a fence of its own."""

    name: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What the first message of the user says of a piece of code."""

    given: str  # the code as it was sent
    code: str  # and without directives, as error and change are
    error: str | None  # to be fixed; else there is a change, or there are findings
    change: str | None
    findings: str | None  # of a review, to be mended
    request: str | None  # what the code was made for, as it was sent; told beside findings only
    wants_edits: bool  # else the whole code
    named: frozenset[Kind]  # behind the parts: the wanted kind, and another one if the code is to be made into that
    title: str | None  # that of the artifact which is to be changed, where it is plain
    code_end: int  # how many characters there are up to the end of the code: they are the same in every such request

    @classmethod
    def read(cls, message: str) -> Self | None:
        """Return what a message asks for, or None if it does not send code that is to be another."""
        text = message.replace("\r\n", "\n")
        parts = list(parts_of(text))
        named = {part.name: part.text for part in reversed(parts)}
        code = next((part for part in parts if part.name == "code"), None)
        if code is None or not named.keys() & set(_WISHES):
            return None
        error, change, findings = (Spoken.read(named[name]).text if name in named else None for name in _WISHES)
        # The form of the answer is asked for behind the parts; within them, such a line is the caller's.
        instructions = text[parts[-1].end :]
        wants_edits = _SEARCH.search(instructions) is not None
        kinds = frozenset(kind for kind, mime in MIME_TYPES.items() if mime in instructions)
        title = found[1] if (found := _TITLE.search(instructions)) else None
        return cls(
            given=code.text,
            code=Spoken.read(code.text).text,
            error=error,
            change=change,
            findings=findings,
            request=named.get("request"),
            wants_edits=wants_edits,
            named=kinds,
            title=title,
            code_end=code.end,
        )


def parts_of(text: str) -> Iterator[Part]:
    """Yield the parts one after the other: what looks like a part within another one belongs to that."""
    position = 0
    while opening := _OPENING.search(text, position):
        name, fence = opening.groups()
        start = opening.end() + 1
        end = text.find(f"\n{fence} {name}>>>", start - 1)
        if end < 0:
            position = opening.end()
            continue
        position = end + len(f"\n{fence} {name}>>>")
        yield Part(name, text[start:end], opening.start(), position)
