"""The comments in code that replace code, recognized by their words and by what is around them."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from shared.artifacts.elision.phrases import MESSAGE, Below, is_bare, line_stands_for_code
from shared.artifacts.problem import Problem, Rule, Source

_LINE = re.compile(r"^[ \t]*+(?P<comment>(?://|/\*|<!--|(?:#|--|;|%)(?=[#;%-]*+[ \t.…]))[^\n]*+)", re.MULTILINE)
"""A line that is a comment in some language."""
_BLOCKS = ("/*", "<!--")
_CLOSERS = ("}", ")", "]", "</")
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_OPENING_TAG = re.compile(r"<(?:[A-Za-z][^<>]*+)?(?<!/)>$")
_BLANKS = re.compile(r"\s*+")
_MAX_SCAN_CHARS = 400
"""Characters before a comment that are searched for the start of its line."""
_MAX_SHORT_WORDS = 5
"""A comment line with at most so many words was not wrapped."""


class Span(NamedTuple):
    """The start and the end of a comment in the code, including its marks, in characters."""

    start: int
    end: int


class _Comment(NamedTuple):
    text: str
    alone: bool
    """Whether it has its lines to itself, or is all that is between two brackets or tags."""
    run: bool
    """Whether it continues the line comment above it."""
    below: Below


def elisions(source: Source, spans: Iterable[Span], types: Collection[int] = ()) -> Iterator[Problem]:
    """Yield the comments that replace code, in the order of the code.

    Args:
        source: the code.
        spans: all comments in it, in its order.
        types: the starts of the comments among the members of a type, where dots omit nothing.
    """
    found = list(spans)
    comments = _surroundings(source.code, found)
    for index, (span, comment) in enumerate(zip(found, comments, strict=True)):
        if not comment.alone or (comment.text.startswith("/**") and "\n" in comment.text):
            continue  # Dots in an example of a documentation comment omit no code.
        before = comments[index - 1] if comment.run else None
        behind = comments[index + 1] if index + 1 < len(comments) and comments[index + 1].run else None
        in_block = any(each and not is_bare(each.text) for each in (before, behind)) or span.start in types
        place = _left_out(comment, before.text if before else "", in_block=in_block)
        if place is not None:
            yield source.problem_in(Rule.ELIDED, MESSAGE, span.start + place)


def line_elisions(source: Source) -> Iterator[Problem]:
    """Yield the same for code without a grammar: a line that begins like a comment counts as one."""
    return elisions(source, (Span(*line.span("comment")) for line in _LINE.finditer(source.code)))


def in_characters(source: Source, places: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the spans of `source.encoded`, given in its order, as spans of `source.code`."""
    done = characters = 0
    for start, end in places:
        characters += len(source.encoded[done:start].decode("utf-8", "ignore"))
        length = len(source.encoded[start:end].decode("utf-8", "ignore"))
        yield Span(characters, characters + length)
        done, characters = end, characters + length


def _left_out(comment: _Comment, before: str, *, in_block: bool) -> int | None:
    """Return where the first line that replaces code begins in a comment; None if there is none."""
    lines = comment.text.split("\n")
    place = 0
    for line in lines:
        bare_in_block = (in_block or len(lines) > 1) and is_bare(line)
        if not bare_in_block and not _goes_on(before, line) and line_stands_for_code(line, comment.below):
            return place + len(line) - len(line.lstrip())
        before, place = line, place + len(line) + 1
    return None


def _goes_on(before: str, line: str) -> bool:
    """Return whether a comment's line only ends the sentence of the line before it."""
    said = before.rstrip()
    return line.lstrip("/#%;*- \t")[:1].islower() and said[-1:].isalnum() and len(said.split()) > _MAX_SHORT_WORDS


def _surroundings(code: str, spans: list[Span]) -> list[_Comment]:
    """Return the comments with what is around each, read from the last to the first: one may be above another."""
    comments: list[_Comment] = []
    next_start, below = len(code), Below.NOTHING
    runs = False  # whether the comment read last is a line comment on a line of its own
    for span in reversed(spans):
        text = code[span.start : span.end]
        before = code[max(0, span.start - _MAX_SCAN_CHARS) : span.start].rpartition("\n")[2]
        alone, outer = _place(before, code, span)
        end = outer.end
        behind = _behind_blanks(code, end)
        lines = code.count("\n", end, behind)
        is_next = behind == next_start
        if is_next:
            below = min(below, Below.CODE_LATER) if lines > 1 else below
        else:
            below = _below(code, end, behind, indent=len(before) - len(before.lstrip()))
        if outer != span or text.startswith("<!--"):
            below = min(below, Below.CODE_LATER)  # such sentences rarely describe the markup below
        line_comment = alone and not text.startswith(_BLOCKS)
        if comments and is_next and lines == 1 and line_comment and runs:
            comments[-1] = comments[-1]._replace(run=True)
        comments.append(_Comment(text, alone, run=False, below=below))
        next_start, runs = outer.start, line_comment
    return comments[::-1]


def _behind_blanks(code: str, place: int) -> int:
    """Return the index of the first non-blank character from here on."""
    blanks = _BLANKS.match(code, place)
    return blanks.end() if blanks else place


def _place(before: str, code: str, span: Span) -> tuple[bool, Span]:
    """Return whether a comment after this part of its line is alone, and its span with the braces of JSX around it."""
    front = before.rstrip()
    behind = code[span.end : span.end + _MAX_SCAN_CHARS].partition("\n")[0].lstrip()
    if front.endswith("{") and behind.startswith("}"):
        rest = front[:-1].rstrip()
        if rest and (not rest.endswith(">") or rest.endswith("=>")):
            return True, span  # the only content of a body
        span = Span(span.start - len(before) + len(front) - 1, code.index("}", span.end) + 1)
        front, behind = rest, behind[1:].lstrip()
    if front in {"", "{"}:
        return True, span
    closed = _PAIRS.get(front[-1:], "")
    in_brackets = bool(closed) and behind.startswith(closed)
    return in_brackets or (behind.startswith("</") and bool(_OPENING_TAG.search(front))), span


def _below(code: str, end: int, behind: int, *, indent: int) -> Below:
    """Return what is below a comment that ends here, given the index of the next non-blank character."""
    blanks = code[end:behind]
    if behind == len(code) or code.startswith(_CLOSERS, behind):
        return Below.NOTHING
    if "\n" not in blanks:
        return Below.CODE
    if len(blanks) - blanks.rfind("\n") - 1 < indent:
        return Below.NOTHING
    return Below.CODE_LATER if blanks.count("\n") > 1 else Below.CODE
