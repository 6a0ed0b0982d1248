"""The fenced parts of a request about code: the code, and the error to be fixed or the change to be made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from local.standin.directives import Spoken
from local.standin.kinds import MIME_TYPES, Kind

_OPENING: Final = re.compile(r"^<<<(code|error|change) ([0-9a-fA-F]{16})[ \t]*$", re.MULTILINE)
_TITLE: Final = re.compile(r"^The artifact's title is \"((?>[^\"\\]*))\"", re.MULTILINE)
_SEARCH: Final = re.compile(r"^<<<<<<< SEARCH[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part, and where it stands in the message; each part has a fence of its own."""

    name: str
    text: str
    end: int


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What the first message of the user says of a piece of code."""

    given: str  # the code as it was sent
    code: str  # and without directives, as error and change are
    error: str | None  # to be fixed; else there is a change
    change: str | None
    wants_edits: bool  # else the whole code
    named: frozenset[Kind]  # behind the parts: the wanted kind, and another one if the code is to be made into that
    title: str | None  # that of the artifact which is to be changed, where it is plain
    code_end: int  # how many characters there are up to the end of the code: they are the same in every such request

    @classmethod
    def read(cls, message: str) -> Self | None:
        """Return what a message asks for, or None if it does not send code with an error or a change."""
        text = message.replace("\r\n", "\n")
        parts = list(_parts(text))
        code = next((part for part in parts if part.name == "code"), None)
        other = next((part for part in parts if part.name != "code"), None)
        if code is None or other is None:
            return None
        said = Spoken.read(other.text).text
        error, change = (said if other.name == name else None for name in ("error", "change"))
        # The form of the answer is asked for behind the parts; within them, such a line is the caller's.
        instructions = text[parts[-1].end :]
        wants_edits = _SEARCH.search(instructions) is not None
        named = frozenset(kind for kind, mime in MIME_TYPES.items() if mime in instructions)
        title = found[1] if (found := _TITLE.search(instructions)) else None
        return cls(code.text, Spoken.read(code.text).text, error, change, wants_edits, named, title, code.end)


def _parts(text: str) -> Iterator[Part]:
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
        yield Part(name, text[start:end], position)
