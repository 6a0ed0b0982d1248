"""One edit, and why it does not apply, in words for the model that wrote it."""

from enum import StrEnum, auto
from typing import NamedTuple

_MAX_NUMBERS = 10


class Edit(NamedTuple):
    """Lines to search for and the lines that replace them, without a final line feed.

    An empty `replace` deletes the lines: a single blank line cannot be told from none.
    """

    search: str
    replace: str


class Reason(StrEnum):
    """Why an edit does not apply."""

    NOT_FOUND = auto()
    FOUND_TWICE = auto()  # or more often
    ALREADY_THERE = auto()  # the lines to search for are not there, and those that replace them are
    EMPTY = auto()  # it names no lines to search for


class Excerpt(NamedTuple):
    """Lines of a code as they stand there.

    Attributes:
        first_line: the number of the first of them, from 1.
        text: the lines.
        whole: whether nothing of them is left out.
    """

    first_line: int
    text: str
    whole: bool = True

    @property
    def last_line(self) -> int:
        """The number of the last of the lines."""
        return self.first_line + self.text.count("\n")


class EditFailure(ValueError):  # noqa: N818 - a failure of the answer, not an error of the program
    """An edit does not apply, and so none does.

    Attributes:
        number: which of the edits, from 1.
        edit: the edit.
        reason: why it does not apply.
        excerpts: the nearest lines, or the surroundings of the places where its lines stand; may be empty.
        lines: the numbers of the lines where the places begin: its lines, or the replacement that is there already.
        overlaps: whether its lines stand in the code until an edit before it changes them.
    """

    def __init__(
        self,
        number: int,
        edit: Edit,
        reason: Reason,
        excerpts: tuple[Excerpt, ...] = (),
        lines: tuple[int, ...] = (),
        *,
        overlaps: bool = False,
    ) -> None:
        super().__init__(f"edit {number}: {reason}")
        self.number = number
        self.edit = edit
        self.reason = reason
        self.excerpts = excerpts
        self.lines = lines
        self.overlaps = overlaps

    @property
    def nearest(self) -> str:
        """The lines of the code that come nearest, or the surroundings of the first place; may be empty."""
        return self.excerpts[0].text if self.excerpts else ""

    @property
    def first_line(self) -> int:
        """The number of the first of the nearest lines, from 1; 0 without any."""
        return self.excerpts[0].first_line if self.excerpts else 0

    @property
    def explanation(self) -> str:
        """What is wrong, the nearest lines, and what to do, as sentences for the model."""
        said = f"Block {self.number} does not apply: {self._problem()}"
        return "\n".join((said, *(_shown(each) for each in self.excerpts), self._advice()))

    def _problem(self) -> str:
        search, replace = "the lines of its SEARCH part", "the lines of its REPLACE part"
        match self.reason:
            case Reason.EMPTY:
                return "its SEARCH part names no lines."
            case Reason.ALREADY_THERE:
                return f"{replace} are there already{self._where()}, and {search} are not."
            case Reason.FOUND_TWICE:
                return f"{search} stand in the code more than once{self._where()}."
            case Reason.NOT_FOUND if self.overlaps:
                return f"{search} stand in the code{self._where()}, but a block before it changes them."
            case Reason.NOT_FOUND:
                nothing = "these come nearest" if self.excerpts else "nothing comes near them"
                return f"{search} do not stand in the code; {nothing}."

    def _advice(self) -> str:
        match self.reason:
            case Reason.EMPTY:
                return "Name the lines beside which the new ones belong, and repeat them in the REPLACE part."
            case Reason.ALREADY_THERE:
                return "Leave the block out, if nothing is left to change there."
            case Reason.FOUND_TWICE:
                return "Add lines above or below to both parts until those of the SEARCH part stand in the code once."
            case Reason.NOT_FOUND if self.overlaps:
                return "Make one block of the two, or let the later one search for what the earlier one gives."
            case Reason.NOT_FOUND:
                return "Copy the SEARCH part from the code: whole lines, character for character, none left out."

    def _where(self) -> str:
        if not self.lines:
            return ""
        numbers = ", ".join(str(each) for each in self.lines[:_MAX_NUMBERS])
        return f", at line {numbers}" if len(self.lines) == 1 else f", at the lines {numbers}"


def _shown(excerpt: Excerpt) -> str:
    """Return the lines in a fence that is longer than any in them."""
    runs = [len(line) - len(line.lstrip("`")) for line in (each.lstrip() for each in excerpt.text.split("\n"))]
    fence = "`" * max(3, *(run + 1 for run in runs))
    first, last = excerpt.first_line, excerpt.last_line
    which = f"Line {first}" if first == last else f"Lines {first} to {last}"
    part = "" if excerpt.whole else ", in part"
    return f"{which} of the code{part}:\n{fence}\n{excerpt.text}\n{fence}"
