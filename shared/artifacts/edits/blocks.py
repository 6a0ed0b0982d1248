"""From a model's answer to the edits in it."""

import re
from typing import NamedTuple

from shared.artifacts.edits.edit import Edit
from shared.artifacts.edits.marks import Mark, mark_of

_THINK = re.compile(r"\s*+<think>", re.IGNORECASE | re.ASCII)
_THOUGHT = re.compile(r"</think>", re.IGNORECASE | re.ASCII)
_MAX_SHOWN_CHARS = 60


class Answer(NamedTuple):
    """The edits of an answer.

    Attributes:
        edits: the complete blocks, in the order of the text.
        unfinished: whether the text ends within a block or within reasoning, or a block has no end.
        problem: a sentence for the model if a block is malformed in another way. The other edits are then a part of the
            change at most, and not to be applied.
        beside: the text without what is in the blocks; of each the first line stands for it.
    """

    edits: tuple[Edit, ...]
    unfinished: bool
    problem: str | None
    beside: str = ""

    @property
    def found(self) -> bool:
        """Whether the text holds an edit, or a part of one."""
        return bool(self.edits or self.unfinished or self.problem)


def read_edits(text: str) -> Answer:
    """Return the edits in an answer; prose, fences and file names around the blocks are no part of them."""
    reader = _Reader()
    lines = text.replace("\r\n", "\n").split("\n")
    for line in lines:
        reader.read(line)
    return reader.end(lines[-1])


class _Reader:
    """Reads an answer line by line."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []
        self._unfinished = False
        self._problem: str | None = None
        self._begun = 0
        self._search: list[str] | None = None  # None outside a block
        self._replace: list[str] | None = None  # None before the divider
        self._malformed = False
        self._thinking = False
        self._beside: list[str] = []

    def read(self, line: str) -> None:
        if self._search is None:
            self._beside.append(line)
            line = self._without_reasoning(line)
        mark = mark_of(line)
        if mark is Mark.SEARCH:
            # A block within a block: the first has no end.
            self._unfinished = self._unfinished or self._search is not None
            self._begin()
        elif self._search is None:
            self._stray(mark, line)
        else:
            self._inside(mark, line, self._search)

    def end(self, last_line: str) -> Answer:
        """Return what was read.

        Args:
            last_line: the last line of the text, which may be half a mark.
        """
        begins = mark_of(last_line) is Mark.ODD and last_line.lstrip().startswith("<")
        unfinished = self._unfinished or self._search is not None or self._thinking or begins
        return Answer(tuple(self._edits), unfinished, self._problem, "\n".join(self._beside))

    def _without_reasoning(self, line: str) -> str:
        """Return the line without reasoning; a `</think>` without a start discards all before it."""
        start = 0
        while True:
            if not self._thinking:
                opened = _THINK.match(line, start)
                if not opened:
                    break
                start = opened.end()
            closed = _THOUGHT.search(line, start)
            self._thinking = not closed
            if not closed:
                return ""
            start = closed.end()
        line = line[start:]
        lone = list(_THOUGHT.finditer(line))[-1:] if "</" in line else []
        for mark in lone:
            before, after = line[: mark.start()], line[mark.end() :]
            # Amid a sentence it is only spoken of.
            if not before.strip() or not after.strip() or mark_of(after):
                self._edits, self._unfinished, self._problem, self._begun = [], False, None, 0
                return after
        return line

    def _begin(self) -> None:
        self._begun += 1
        self._search, self._replace, self._malformed = [], None, False

    def _stray(self, mark: Mark | None, line: str) -> None:
        """Take note of a mark outside a block; a row of equals signs may underline a heading there."""
        if mark is Mark.REPLACE:
            self._note("A line `>>>>>>> REPLACE` stands where no block has begun with a line `<<<<<<< SEARCH`.")
        elif mark is Mark.ODD and line.lstrip().startswith("<"):
            self._note(f"The line `{_short(line)}` is no mark of a block, which begins with a line `<<<<<<< SEARCH`.")

    def _inside(self, mark: Mark | None, line: str, search: list[str]) -> None:
        if mark is Mark.REPLACE:
            self._finish(search)
        elif mark is Mark.DIVIDER and self._replace is None:
            self._replace = []
        elif mark is None:
            (search if self._replace is None else self._replace).append(line)
        else:
            self._malformed = True
            what = "has two lines `=======`" if mark is Mark.DIVIDER else f"holds the line `{_short(line)}`"
            self._note(f"Block {self._begun} {what}, so it is not clear where its parts begin and end.")

    def _finish(self, search: list[str]) -> None:
        if self._replace is None:
            self._note(f"Block {self._begun} has no line `=======` between its SEARCH part and its REPLACE part.")
        elif not self._malformed:
            self._edits.append(Edit("\n".join(search), "\n".join(self._replace)))
        self._search = None

    def _note(self, problem: str) -> None:
        """Keep the first problem: those after it may follow from it."""
        self._problem = self._problem or problem


def _short(line: str) -> str:
    said = line.strip()
    return said if len(said) <= _MAX_SHOWN_CHARS else f"{said[:_MAX_SHOWN_CHARS]}…"
