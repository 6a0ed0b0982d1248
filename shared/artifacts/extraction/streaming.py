"""Extraction while the answer is still being written: what is plainly the artifact's code is shown as it comes.

What counts is decided at the end, on the whole text and by the same rules (`extract`): the last closing tag may be
another one, a `</think>` may follow. So what is shown before is a preview, line by line, of the first artifact that a
tag announces; where the answer is one artifact, it is that artifact's code. Neither the preview nor the result depends
on how the text is cut into pieces.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.artifacts.artifact import Extraction
from shared.artifacts.extraction.extract import extract
from shared.artifacts.extraction.tags import CLOSE_NAME, OPEN_NAME, Tag, read_tag
from shared.artifacts.kinds import Kind

_OPEN = re.compile(rf"(?<!`)<{OPEN_NAME}", re.IGNORECASE | re.ASCII)
_CLOSE = re.compile(
    rf"""<{CLOSE_NAME}(?!\s*+["'`;,.:?!)\]}}])""", re.IGNORECASE | re.ASCII
)  # and no string in the code
_THINK = re.compile(r"<(?P<end>/?)think>", re.IGNORECASE | re.ASCII)
_FENCE = re.compile(r"[ \t]*+(?:```|~~~)")
_LONGEST = 100_000  # characters of a line that are looked through for tags; a longer one is data


@dataclass(frozen=True, slots=True)
class Opened:
    """An artifact begins, with what its tag says of it."""

    kind: Kind
    title: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Code:
    """The code goes on with this text."""

    text: str


class ArtifactStream:
    """A model's answer that comes in pieces."""

    def __init__(self, requested: Kind | None = None) -> None:
        self._requested = requested
        self._pieces: list[str] = []
        self._line: list[str] = []  # the pieces of the line that has not ended yet
        self._preview = _Preview(requested)

    def feed(self, piece: str) -> list[Opened | Code]:
        """What can be shown now that this piece has come."""
        self._pieces.append(piece)
        *ended, rest = piece.split("\n")
        shown: list[Opened | Code] = []
        for end in ended:
            shown.extend(self._preview.read("".join((*self._line, end)).removesuffix("\r")))
            self._line = []
        self._line.append(rest)
        return shown

    def finish(self, *, truncated: bool = False) -> Extraction:
        """The artifact in the whole answer; arguments and errors are those of `extract`."""
        return extract("".join(self._pieces), requested=self._requested, truncated=truncated)


class _Preview:
    """The code of the first artifact, from the lines of an answer."""

    def __init__(self, requested: Kind | None) -> None:
        self._requested = requested
        self._read: Callable[[str], Iterator[Opened | Code]] = self._before
        self._thinking = False
        self._fenceable = False
        self._fenced = False
        self._begun = False
        self._held: list[str] = []  # lines that are code only if more code follows

    def read(self, line: str) -> Iterator[Opened | Code]:
        """What this line adds to what is shown."""
        return self._read(line)

    def _before(self, line: str) -> Iterator[Opened | Code]:
        spoken = self._spoken(line)
        tag = _tag_in(spoken)
        if tag:
            kind = Kind.named(tag.kind_name) or self._requested or Kind.CODE
            yield Opened(kind, tag.title, tag.language)
            self._fenceable = kind is not Kind.MARKDOWN
            self._read = self._inside
            yield from self._inside(spoken[tag.end :])

    def _spoken(self, line: str) -> str:
        """The line without what is thought aloud in it; a lone `</think>` takes all before it along."""
        spoken, at = "", 0
        for mark in _THINK.finditer(line[:_LONGEST]):
            if not mark["end"] and not self._thinking:
                spoken += line[at : mark.start()]
            elif mark["end"] and not self._thinking:
                spoken = ""
            self._thinking = not mark["end"]
            at = mark.end()
        return spoken if self._thinking else spoken + line[at:]

    def _inside(self, line: str) -> Iterator[Opened | Code]:
        close = _CLOSE.search(line[:_LONGEST])
        if close:
            self._read = self._behind
            line = line[: close.start()]
        if not self._begun and self._fenceable and not self._fenced and _FENCE.match(line):
            self._fenced = True
        elif line.strip() and not (self._fenced and _FENCE.match(line)):
            yield self._code(line)
        else:
            self._held.append(line)

    def _behind(self, _line: str) -> Iterator[Opened | Code]:
        return iter(())

    def _code(self, line: str) -> Code:
        lines = [*self._held, line] if self._begun else [line]
        text = "\n".join(lines)
        self._held = []
        first, self._begun = not self._begun, True
        return Code(text if first else f"\n{text}")


def _tag_in(line: str) -> Tag | None:
    """The first opening tag in a line that says something of its artifact and ends there."""
    for mark in _OPEN.finditer(line[:_LONGEST]):
        tag = read_tag(line, mark.start())
        if tag and not tag.bare and line[tag.end - 1 : tag.end] == ">":
            return tag
    return None
