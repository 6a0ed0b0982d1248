"""Scans a model's answer from one opening tag that counts to the next.

Everything inside an artifact's body is body text. Outside, what looks like a tag may be quoted in code or be part of
the reasoning.
"""

import re
from collections.abc import Collection
from enum import Enum, auto
from typing import NamedTuple

from shared.artifacts.extraction.body import trimmed
from shared.artifacts.extraction.fences import Fence, Fences
from shared.artifacts.extraction.inline_code import InlineCode
from shared.artifacts.extraction.tags import CLOSE, CLOSE_NAME, OPEN_NAME, Tag, read_tag

# The look-ahead skips all other tags at once.
_OUTSIDE = rf"<(?=[/at])(?:(?P<open>{OPEN_NAME})|(?P<think>think\s*+>)|(?P<thought>/\s*+think\s*+>)"
_BEFORE = re.compile(f"{_OUTSIDE})", re.IGNORECASE | re.ASCII)
_BEHIND = re.compile(rf"{_OUTSIDE}|(?P<close>{CLOSE_NAME}))", re.IGNORECASE | re.ASCII)
_THOUGHT = re.compile(r"</\s*+think\s*+>", re.IGNORECASE | re.ASCII)

_MAX_MARKS = 3_000  # marks that are read; an answer with more is noise, and each takes some ten microseconds

_Mark = re.Match[str]  # of one of the two patterns; `lastgroup` is its type


class IgnoreReason(Enum):
    """A reason not to take an opening tag for the start of an artifact."""

    FENCED = auto()
    INLINE = auto()
    BARE = auto()
    THOUGHT = auto()  # it follows a `<think>` that is never closed


class Block(NamedTuple):
    """An opening tag, and the text up to the tag that closes it.

    Attributes:
        tag: the opening tag.
        body: the text between the tags, trimmed; None if the artifact is never closed.
        end: the index after the closing tag, or the end of the text.
    """

    tag: Tag
    body: str | None
    end: int


class TagScanner:
    """A scan of a text in which tags are ignored for the given reasons.

    Attributes:
        blocks: the artifacts found, including unfinished ones, in the order of the text.
        triggered: the reasons that hid something, a tag or other text.
    """

    def __init__(self, text: str, fences: Fences, inline: InlineCode, reasons: Collection[IgnoreReason]) -> None:
        self.blocks: list[Block] = []
        self.triggered: set[IgnoreReason] = set()
        self._text = text
        self._reasons = reasons
        self._fences = fences if IgnoreReason.FENCED in reasons else Fences([])
        self._inline = inline if IgnoreReason.INLINE in reasons and "`" in text else None
        self._start, self._stop = 0, len(text)
        self._thoughtless = len(text) + 1  # no `</think>` follows from here on
        self._thoughts: dict[int, int] = {}
        self._left = _MAX_MARKS
        self._scan()

    @property
    def prose(self) -> str:
        """The text outside all bodies, without reasoning."""
        pieces, position = [], self._start
        for start, end in sorted(self._thoughts.items()):
            if start >= position:
                pieces.append(self._text[position:start])
                position = end
        rest = self._text[position : self._stop]
        return "".join((*pieces, rest)) if pieces else rest

    def _scan(self) -> None:
        position = 0
        while mark := self._next(_BEFORE, position):
            position = mark.end()
            if mark.lastgroup == "open":
                if tag := self._tag(mark.start()):
                    self.blocks.append(self._block(tag))
                    position = self.blocks[-1].end
            elif mark.lastgroup == "thought":
                # It has no opening tag: all so far was reasoning, and the model host dropped its start.
                self.blocks.clear()
                self._start = position
            elif IgnoreReason.THOUGHT in self._reasons:
                self.triggered.add(IgnoreReason.THOUGHT)
                self._stop = mark.start()
                return

    def _next(self, pattern: re.Pattern[str], position: int) -> _Mark | None:
        """Return the first mark from an index outside all bodies that is neither quoted in code nor in reasoning."""
        fence = self._fences.after(position)
        while self._left and (mark := pattern.search(self._text, position)):
            self._left -= 1
            at = mark.start()
            while fence and fence.end <= at:
                fence = self._fences.after(fence.end)
            if fence and fence.start <= at:
                self.triggered.add(IgnoreReason.FENCED)
                position = fence.end
            elif self._inline and (end := self._inline.end_at(at)):
                self.triggered.add(IgnoreReason.INLINE)
                position = end
            elif mark.lastgroup == "think" and (end := self._thought_end(mark)):
                position = end
                fence = self._fences.after(position)
            else:
                return mark
        return None

    def _thought_end(self, mark: _Mark) -> int | None:
        if mark.end() >= self._thoughtless:
            return None
        end = _THOUGHT.search(self._text, mark.end())
        if not end:
            self._thoughtless = mark.end()
            return None
        self._thoughts[mark.start()] = end.end()
        return end.end()

    def _tag(self, start: int) -> Tag | None:
        tag = read_tag(self._text, start)
        if tag and tag.bare and IgnoreReason.BARE in self._reasons:
            self.triggered.add(IgnoreReason.BARE)
            return None
        return tag

    def _block(self, tag: Tag) -> Block:
        """Return the artifact that this tag opens.

        It ends at the last closing tag before the next tag that opens another one.
        """
        close = CLOSE.search(self._text, tag.end)
        if not close:
            return Block(tag, None, len(self._text))
        if not _BEHIND.search(self._text, close.end()):  # nearly always, and it saves reading the body's fences
            return Block(tag, trimmed(self._text, tag.end, close.start()), close.end())
        fence = self._fences.after(tag.end)
        while True:
            while fence and fence.end <= close.start():
                fence = self._fences.after(fence.end)
            further = self._further_close(self._past_quoted(close, fence))
            if not further:
                return Block(tag, trimmed(self._text, tag.end, close.start()), close.end())
            close = further

    def _past_quoted(self, close: _Mark, fence: Fence | None) -> int:
        """Return where the search continues behind a closing tag: after the fence of the body that holds it, if any.

        A fence that quotes whole artifacts is body text. A fence in which an artifact begins and does not end is none:
        it was opened in the body and never closed, and the line that would close it belongs to the next artifact.
        """
        if not fence or fence.start > close.start():
            return close.end()
        tags = [mark.lastgroup for mark in _BEHIND.finditer(self._text, close.end(), fence.end)]
        return fence.end if not tags or tags[-1] != "open" else close.end()

    def _further_close(self, position: int) -> _Mark | None:
        """Return the next closing tag, if no artifact is opened before it."""
        while mark := self._next(_BEHIND, position):
            if mark.lastgroup == "close":
                return mark
            if mark.lastgroup == "open" and self._tag(mark.start()):
                return None
            position = mark.end()
        return None
