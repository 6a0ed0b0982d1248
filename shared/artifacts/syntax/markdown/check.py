"""The check of a Markdown document: it has text, nothing in it is elided, and no code fence is left open."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from shared.artifacts.elision import MESSAGE, Below, is_elision
from shared.artifacts.problem import Problem, Rule, Source

_MAX_PROBLEMS = 10
_FRONT = re.compile(r"\s*+---[ \t]*+\n(?>(?:(?!---)[^\n]*+\n)*)---[ \t]*+(?:\n|\Z)")
_COMMENT = re.compile(r"<!--((?>(?:[^-]++|-(?!->))*))(?:-->|\Z)")
_LEFT_OUT = re.compile(
    r"^[ \t]*+(?:<!--((?>(?:[^-]++|-(?!->))*))(?:-->|\Z)|[\[(]((?=[^a-z\n]*+[a-z])[^\n\])]*+)[\])][ \t]*+$)",
    re.MULTILINE,
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"})


def problems(source: Source) -> list[Problem]:
    """Return what is wrong with a document; a fence left open is the sign of a truncated answer."""
    if not _says_something(source.code):
        return [source.problem(Rule.CONTENT, "There is no text.", 1, 1)]
    marks = "```" in source.code or "~~~" in source.code
    left_out = list(_left_out(source.code))
    if not marks and not left_out:
        return []
    from shared.artifacts.syntax.markdown.code_blocks import TooNestedError, code_blocks  # noqa: PLC0415 - for these documents only

    try:
        blocks = code_blocks(source.code)
    except TooNestedError:
        return [source.problem(Rule.SYNTAX, "This is nested too deeply to be read.", 1, 1)]
    found = list(
        islice(_elisions(source, left_out, [range(block.start, block.end) for block in blocks]), _MAX_PROBLEMS)
    )
    if blocks and blocks[-1].left_open:
        message = "The code fence that begins here is not closed."
        found.append(source.problem(Rule.SYNTAX, message, blocks[-1].start + 1, blocks[-1].column + 1))
    return found


def _says_something(text: str) -> bool:
    front = _FRONT.match(text)
    said = _COMMENT.sub("", text[front.end() :] if front else text)
    return any(unicodedata.category(character) not in _INVISIBLE for character in said)


def _left_out(text: str) -> Iterator[int]:
    """Yield the index of each part that says that text is left out."""
    for part in _LEFT_OUT.finditer(text):
        # Words in brackets may be part of the document; words in a comment are not shown.
        if is_elision(part[1], Below.CODE_LATER) if part[1] is not None else is_elision(part[2], Below.CODE):
            yield part.start() + len(part[0]) - len(part[0].lstrip())


def _elisions(source: Source, left_out: list[int], blocks: list[range]) -> Iterator[Problem]:
    """Yield a problem for each elision outside the code blocks, whose lines are given.

    Inside, an elision may be an example.
    """
    following = iter(blocks)
    block = next(following, range(0))
    line = done = 0
    for place in left_out:
        line, done = line + source.code.count("\n", done, place), place
        while block and block.stop <= line:
            block = next(following, range(0))
        if line not in block:
            yield source.problem_in(Rule.ELIDED, MESSAGE, place)
