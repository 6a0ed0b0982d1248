"""Scans a model's answer from one opening tag that counts to the next.

Inside an artifact's body all is body text. Outside, what looks like a tag may be recited in code, or thought aloud.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from shared.artifacts.extraction.body import trimmed
from shared.artifacts.extraction.fences import Fence, Fences
from shared.artifacts.extraction.inline_code import InlineCode
from shared.artifacts.extraction.tags import CLOSE, CLOSE_NAME, OPEN_NAME, Tag, read_tag

# The look-ahead lets the search pass over all other tags at once.
_OUTSIDE = rf"<(?=[/at])(?:(?P<open>{OPEN_NAME})|(?P<think>think\s*+>)|(?P<thought>/\s*+think\s*+>)"
_BEFORE = re.compile(f"{_OUTSIDE})", re.IGNORECASE | re.ASCII)
_BEHIND = re.compile(rf"{_OUTSIDE}|(?P<close>{CLOSE_NAME}))", re.IGNORECASE | re.ASCII)
_THOUGHT = re.compile(r"</\s*+think\s*+>", re.IGNORECASE | re.ASCII)

_MOST = 3_000  # marks that are looked at; an answer with more is noise, and each takes some ten microseconds

_Mark = re.Match[str]  # of one of the two patterns; `lastgroup` says what it is


class IgnoreReason(Enum):
    """A reason not to take an opening tag for the beginning of an artifact."""

    FENCED = auto()
    INLINE = auto()
    BARE = auto()
    THOUGHT = auto()  # it stands behind a `<think>` that never closes


@dataclass(frozen=True, slots=True)
class Block:
    """An opening tag, and what follows it up to the tag that closes it.

    Attributes:
        tag: the opening tag.
        body: the text between the tags, trimmed; None where the artifact is never closed.
        end: the place after the closing tag, or the end of the text.
    """

    tag: Tag
    body: str | None
    end: int


class TagScanner:
    """A scan of a text in which tags are ignored for the given reasons.

    Attributes:
        blocks: the artifacts found, unfinished ones too, in the order of the text.
        triggered: the reasons that hid something, be it a tag or not.
    """

    def __init__(self, text: str, fences: Fences, inline: InlineCode, reasons: Collection[IgnoreReason]) -> None:
        self.blocks: list[Block] = []
        self.triggered: set[IgnoreReason] = set()
        self._text = text
        self._reasons = reasons
        self._fences = fences if IgnoreReason.FENCED in reasons else Fences([])
        self._inline = inline if IgnoreReason.INLINE in reasons and "`" in text else None
        self._start, self._stop = 0, len(text)
        self._thoughtless = len(text) + 1  # from here on no `</think>` follows
        self._thoughts: dict[int, int] = {}
        self._left = _MOST
        self._scan()

    @property
    def prose(self) -> str:
        """The text without what was thought aloud, as it is outside all bodies."""
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
                # It closes nothing that was opened: all so far was thought, and the host lost where it began.
                self.blocks.clear()
                self._start = position
            elif IgnoreReason.THOUGHT in self._reasons:
                self.triggered.add(IgnoreReason.THOUGHT)
                self._stop = mark.start()
                return

    def _next(self, pattern: re.Pattern[str], position: int) -> _Mark | None:
        """The first mark from a place outside all bodies on that is neither recited nor thought aloud."""
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
        """The artifact that this tag opens: up to the last closing tag before the next one that opens another."""
        close = CLOSE.search(self._text, tag.end)
        if not close:
            return Block(tag, None, len(self._text))
        if not _BEHIND.search(self._text, close.end()):  # nearly always, and it spares the walk along the body's fences
            return Block(tag, trimmed(self._text, tag.end, close.start()), close.end())
        fence = self._fences.after(tag.end)
        while True:
            while fence and fence.end <= close.start():
                fence = self._fences.after(fence.end)
            further = self._further_close(self._past_recital(close, fence))
            if not further:
                return Block(tag, trimmed(self._text, tag.end, close.start()), close.end())
            close = further

    def _past_recital(self, close: _Mark, fence: Fence | None) -> int:
        """Where to look on behind a closing tag: not in a fence of the body, if it stands in one.

        A fence that recites whole artifacts is body text. One with an artifact begun in it is none: it was opened in
        the body, never closed, and the line that would close it belongs to the next artifact.
        """
        if not fence or fence.start > close.start():
            return close.end()
        tags = [mark.lastgroup for mark in _BEHIND.finditer(self._text, close.end(), fence.end)]
        return fence.end if not tags or tags[-1] != "open" else close.end()

    def _further_close(self, position: int) -> _Mark | None:
        """The next closing tag, if no artifact is opened before it."""
        while mark := self._next(_BEHIND, position):
            if mark.lastgroup == "close":
                return mark
            if mark.lastgroup == "open" and self._tag(mark.start()):
                return None
            position = mark.end()
        return None
