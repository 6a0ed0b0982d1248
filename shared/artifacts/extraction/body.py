"""An artifact's body without the blank lines and the one fence that a model puts around it."""

import re

from shared.artifacts.extraction.fences import MARKDOWN_LANGUAGES, Fence, Mark, fenced, marks_in, unclosed
from shared.artifacts.kinds import Kind

_FENCED = re.compile(r"\s*+(?:```|~~~)")
_SAID = re.compile(r"\S")


def trimmed(text: str, start: int = 0, end: int | None = None) -> str:
    """Return the text between two indexes without blank lines at both ends; the first line keeps its indentation.

    The text is copied only once: copying a large text takes longer than searching it.
    """
    stop = end = len(text) if end is None else end
    said = _SAID.search(text, start, end)
    if not said:
        return ""
    while text[stop - 1].isspace():
        stop -= 1
    first = max(start, text.rfind("\n", start, said.start()) + 1)
    last = text.find("\n", stop, end)
    return text[first : end if last < 0 else last]


def unfenced(text: str, kind: Kind) -> tuple[str, str | None]:
    """Return the trimmed text without the fence around it, and the language of that fence."""
    code = trimmed(text)
    marks = marks_in(code) if _FENCED.match(code) else []
    fence = framing_fence(marks, len(code)) if marks and marks[0].start == 0 else None
    # A document may be one block of code; only a fence with the language of Markdown, or with none, is a wrapper.
    if not fence or (kind is Kind.MARKDOWN and fence.language not in {None, *MARKDOWN_LANGUAGES}):
        return code, None
    return trimmed(code, fence.content_start, fence.content_end), fence.language


def framing_fence(marks: list[Mark], end: int, *, strict: bool = False) -> Fence | None:
    """Return the fence that opens with the first of these marks and holds the rest of the text; it may be unclosed.

    Models nest fences of the same length (a fenced document with code blocks). So the first line that can close the
    outer fence need not be the one that does: it is the last one, if the lines between form pairs.

    Args:
        marks: all lines of the text that may open or close a fence; at least one.
        end: where the text ends; a closed fence has its closing line there.
        strict: whether an inner pair counts only if it names its language, because two blocks may follow each other.
    """
    opening = marks[0]
    rest = [mark for mark in marks[1:] if mark.sign == opening.sign and mark.length >= opening.length]
    ends_in_one = rest and not rest[-1].info and rest[-1].end == end
    if ends_in_one and _wraps(opening, rest[:-1], bare_pairs=bool(opening.info) and not strict):
        return fenced(opening, rest[-1])
    return None if _is_closed(rest) else unclosed(opening, end)


def _wraps(opening: Mark, inner: list[Mark], *, bare_pairs: bool) -> bool:
    """Return whether the lines between the first and the last form nested fences."""
    is_open = False
    for mark in inner:
        if not (mark.info or is_open or bare_pairs):
            return False
        is_open = bool(mark.info) or not is_open
    # In code, unlike in a document, an unpaired line with a language is part of a string.
    return not is_open or (opening.language not in MARKDOWN_LANGUAGES and all(mark.info for mark in inner))


def _is_closed(rest: list[Mark]) -> bool:
    """Return whether one of these lines closes the outer fence, and no nested one."""
    is_open = False
    for mark in rest:
        if not mark.info and not is_open:
            return True
        is_open = bool(mark.info)
    return False
