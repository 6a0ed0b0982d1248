"""A preview of the artifact's code while the answer is still being written.

The artifact itself is extracted at the end, from the whole text and by the same rules (`extract`): another closing tag
may be the last one, or a `</think>` may follow. The preview shows, line by line, the first artifact that a tag opens;
if the answer holds only one artifact, the preview is its code. Neither the preview nor the result depends on how the
text is split into pieces.
"""

import re
from collections.abc import Callable, Iterator

from shared.artifacts.edits import Mark as EditMark
from shared.artifacts.edits import mark_of
from shared.artifacts.extraction.tags import CLOSE_NAME, OPEN_NAME, Tag, read_tag
from shared.artifacts.kinds import Kind

_OPEN = re.compile(rf"(?<!`)<{OPEN_NAME}", re.IGNORECASE | re.ASCII)
# Not in a string of the code; its `>` may be in the next line.
_CLOSE = re.compile(
    rf"""<(?:{CLOSE_NAME}(?!\s*+["'`;,.:?!)\]}}])|/\s*+(?:ant)?artifact\s*+\Z)""", re.IGNORECASE | re.ASCII
)
_THINK = re.compile(r"<(?P<end>/?)think>", re.IGNORECASE | re.ASCII)
_FENCE = re.compile(r"[ \t]*+(?:```|~~~)")
_MAX_LINE_CHARS = 100_000  # characters of a line that are searched for tags; a longer line is data


class CodePreview:
    """The code of an answer that arrives in pieces, as far as it can be shown by now.

    Attributes:
        withdrawn: whether what was shown before the last piece turned out to be reasoning.
    """

    def __init__(self, requested: Kind | None = None) -> None:
        self.withdrawn = False
        self._requested = requested
        self._line: list[str] = []  # the pieces of the unfinished line
        self._lines = _Lines(requested)

    def feed(self, piece: str) -> str:
        """Return the code that this piece adds."""
        *ended, rest = piece.split("\n")
        shown: list[str] = []
        self.withdrawn = False
        for end in ended:
            self._read("".join((*self._line, end)).removesuffix("\r"), shown)
            self._line = []
        self._line.append(rest)
        return "".join(shown)

    def end(self) -> str:
        """Return the code that can be shown once the last piece has come: what is before a tag that ends it."""
        line, self._line = "".join(self._line), []
        shown: list[str] = []
        self.withdrawn = False
        if _CLOSE.search(line) or _THINK.search(line):
            self._read(line, shown)
        return "".join(shown)

    def _read(self, line: str, shown: list[str]) -> None:
        """Add what this line adds; if it ends a reasoning without a beginning, all before it was part of that."""
        shown.extend(self._lines.read(line))
        while self._lines.spoken is not None:
            line, self._lines = self._lines.spoken, _Lines(self._requested)
            self.withdrawn = True
            shown[:] = self._lines.read(line)


class _Lines:
    """The code of the first artifact, from the lines of an answer.

    Attributes:
        spoken: what follows a `</think>` behind the artifact that has no beginning; None if there is none.
    """

    def __init__(self, requested: Kind | None) -> None:
        self.spoken: str | None = None
        self._requested = requested
        self._read: Callable[[str], Iterator[str]] = self._before
        self._thinking = False
        self._fenceable = False
        self._fenced = False
        self._begun = False
        self._held: list[str] = []  # lines that are code only if more code follows

    def read(self, line: str) -> Iterator[str]:
        """Yield what this line adds to the preview."""
        return self._read(line)

    def _before(self, line: str) -> Iterator[str]:
        spoken = self._spoken(line)
        if mark_of(spoken) is EditMark.SEARCH:
            self._read = self._in_edit
            return
        tag = _tag_in(spoken)
        if tag:
            kind = Kind.named(tag.kind_name) or self._requested or Kind.CODE
            self._fenceable = kind is not Kind.MARKDOWN
            self._read = self._inside
            yield from self._inside(spoken[tag.end :])

    def _spoken(self, line: str) -> str:
        """Return the line without reasoning; a `</think>` without a start removes all before it."""
        spoken, at = "", 0
        for mark in _THINK.finditer(line[:_MAX_LINE_CHARS]):
            if not mark["end"] and not self._thinking:
                spoken += line[at : mark.start()]
            elif mark["end"] and not self._thinking:
                spoken = ""
            self._thinking = not mark["end"]
            at = mark.end()
        return spoken if self._thinking else spoken + line[at:]

    def _in_edit(self, line: str) -> Iterator[str]:
        """Yield nothing: a tag in an edit is a part of the code."""
        if mark_of(line) is EditMark.REPLACE:
            self._read = self._before
        return iter(())

    def _inside(self, line: str) -> Iterator[str]:
        if not self._begun and mark_of(line) is EditMark.SEARCH:
            self._read = self._in_edit  # edits in a tag are no code
            return
        if not self._begun and (again := _tag_in(line)) and not line[: again.start].strip():
            line = line[again.end :]  # a model that writes its tag twice
        close = _CLOSE.search(line)
        if close:
            self._read = self._behind
            yield from self._behind(line[close.end() :])
            line = line[: close.start()]
        if not self._begun and self._fenceable and not self._fenced and _FENCE.match(line):
            self._fenced = True
        elif line.strip() and not (self._fenced and _FENCE.match(line)):
            yield self._code(line)
        else:
            self._held.append(line)

    def _behind(self, line: str) -> Iterator[str]:
        for mark in _THINK.finditer(line[:_MAX_LINE_CHARS]):
            if mark["end"] and not self._thinking:
                self.spoken = line[mark.end() :]
                break
            self._thinking = not mark["end"]
        return iter(())

    def _code(self, line: str) -> str:
        lines = [*self._held, line] if self._begun else [line]
        text = "\n".join(lines)
        self._held = []
        first, self._begun = not self._begun, True
        return text if first else f"\n{text}"


def _tag_in(line: str) -> Tag | None:
    """Return the first opening tag with attributes that ends in this line."""
    for mark in _OPEN.finditer(line[:_MAX_LINE_CHARS]):
        tag = read_tag(line, mark.start())
        if tag and not tag.bare and line[tag.end - 1 : tag.end] == ">":
            return tag
    return None
