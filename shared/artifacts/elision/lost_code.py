"""Code that a fix replaced with a comment: it says "the other handlers", and the handlers are missing.

Such a comment alone may be a heading; beside missing code it is an elision. The texts are compared without a parser, so
it works in every language and for code that cannot be parsed.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from shared.artifacts.elision.phrases import hints_at_elision
from shared.artifacts.kinds import Kind

_COMMENT = re.compile(r"[ \t]*+(?:\{[ \t]*+)?(?://|/\*|<!--|(?:#|--|;|%%?)(?=[ \t.…\[(]))")
_MARKDOWN_COMMENT = re.compile(r"[ \t]*+(?:<!--|[\[(].*[\])][ \t]*+$)")
_NAME = r"(?P<name>[A-Za-z_$#][\w$]*+)"
_CODE = (
    # Functions, classes and types of many languages.
    re.compile(
        r"\b(?:function\*?|class|interface|type|enum|struct|trait|def|fn|func|fun|sub|module|namespace)[ \t]++" + _NAME
    ),
    # Variables and constants, `[value, setValue]` by the first of them.
    re.compile(r"^[ \t]*+(?:export[ \t]++)?(?:const|let|var|val)[ \t]++[\[{]?[ \t]*+" + _NAME, re.MULTILINE),
    re.compile(r"^(?P<name>[A-Za-z_]\w*+)[ \t]*+=(?!=)", re.MULTILINE),
    # Methods.
    re.compile(
        r"^[ \t]++(?>(?:(?:async|static|get|set|public|private|protected|override|readonly)[ \t]++)*)"
        r"(?!(?:if|for|while|switch|catch|function|return|with)\b)" + _NAME + r"[ \t]*+\([^()\n]*+\)[^;{}\n]{0,80}\{",
        re.MULTILINE,
    ),
    # Used components, event handlers, identifiers, and the selectors of styles.
    re.compile(r"<(?P<name>[A-Z][\w.]*+)"),
    re.compile(r"\b(?P<name>on[A-Za-z]{1,40}=(?:\{[^{}\n]{1,80}\}|\"[^\"\n]{1,80}\"))"),
    re.compile(r"\bid=[\"'](?P<name>[^\"'\n]{1,80})[\"']"),
    re.compile(r"^[ \t]*+(?P<name>[.#][A-Za-z_][^{};\n]{0,120}?)[ \t]*+\{", re.MULTILINE),
)
_DIAGRAM = (
    re.compile(r"\b(?P<name>\w++)(?=(?:\[|\(|\{)[^\s])"),
    re.compile(r"\b(?:participant|actor|class|subgraph|state)[ \t]++(?P<name>\w++)"),
)
_DOCUMENT = (re.compile(r"^#{1,6}[ \t]++(?P<name>[^\n]{1,120})", re.MULTILINE),)
_MAX_SHOWN_CHARS = 60


def lost_beside_comment(before: str, after: str, kind: Kind) -> str | None:
    """Return one name that is missing where a new comment says that code stays or is elsewhere.

    Args:
        before: the code that was sent.
        after: the code that came back.
        kind: the kind of both.

    Returns:
        The missing name, or None if nothing is missing. It takes time in proportion to the code.
    """
    old, new = _Text.of(before, kind), _Text.of(after, kind)
    comments = new.comments_not_in(old)
    if not comments:
        return None
    declared = {name for _, name in new.names}
    lost = [(line, name) for line, name in old.names if name not in declared]
    for start, end, old_start, old_end in _between_common_lines(comments, old, new):
        gone = bisect_right(lost, old_start, key=_line)
        # As many names as before mean that they were renamed.
        is_gone = gone < len(lost) and lost[gone][0] < old_end
        if is_gone and new.names_between(start, end) < old.names_between(old_start, old_end):
            return lost[gone][1][:_MAX_SHOWN_CHARS]
    return None


class _Text(NamedTuple):
    lines: list[str]
    """Without blanks at both ends."""
    comments: frozenset[int]
    """The numbers of the lines that only hold a comment."""
    names: list[tuple[int, str]]
    """The names that are declared, used or styled, each with its line, in the order of the lines."""

    @classmethod
    def of(cls, code: str, kind: Kind) -> "_Text":
        """Return the text of an artifact of this kind."""
        lines = code.split("\n")
        mark = _MARKDOWN_COMMENT if kind is Kind.MARKDOWN else _COMMENT
        comments = frozenset(number for number, line in enumerate(lines) if mark.match(line))
        names = [(line, name) for line, name in _names(code, kind) if line not in comments]
        return cls([line.strip() for line in lines], comments, names)

    def comments_not_in(self, other: "_Text") -> list[int]:
        """Return the lines of the comments that are not in the other text and may be elisions."""
        known = set(other.lines)
        return [
            number
            for number in sorted(self.comments)
            if self.lines[number] not in known and hints_at_elision(self.lines[number])
        ]

    def names_between(self, start: int, end: int) -> int:
        """Return how many names there are between two lines."""
        return bisect_left(self.names, end, key=_line) - bisect_right(self.names, start, key=_line)


def _line(name: tuple[int, str]) -> int:
    return name[0]


def _names(code: str, kind: Kind) -> Iterator[tuple[int, str]]:
    patterns = {Kind.MARKDOWN: _DOCUMENT, Kind.MERMAID: _DIAGRAM}.get(kind, _CODE)
    ends = [match.start() for match in re.finditer(r"\n", code)]
    found = [(match.start("name"), match["name"].strip()) for each in patterns for match in each.finditer(code)]
    for place, name in sorted(found):
        yield bisect_left(ends, place), name


def _between_common_lines(comments: list[int], old: _Text, new: _Text) -> Iterator[tuple[int, int, int, int]]:
    """Yield for each comment the nearest lines above and below it that both texts have exactly once.

    They are start and end in the new text, then start and end in the old one.
    """
    in_old, in_new = Counter(old.lines), Counter(new.lines)
    place = {line: number for number, line in enumerate(old.lines) if in_old[line] == 1}
    common = [number for number, line in enumerate(new.lines) if line and in_new[line] == 1 and line in place]
    for comment in comments:
        index = bisect_left(common, comment)
        start = common[index - 1] if index else -1
        end = common[index] if index < len(common) else len(new.lines)
        old_start = place[new.lines[start]] if index else -1
        old_end = place[new.lines[end]] if index < len(common) else len(old.lines)
        if old_start < old_end:
            yield start, end, old_start, old_end
