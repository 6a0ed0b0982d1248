"""The forms of an edit: as it was written, and without what models wrap around its lines or escape in them."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.artifacts.edits.edit import Edit
from shared.artifacts.edits.marks import BLANKS

_FENCES = ("`", "~")
_FENCE_LENGTH = 3
# The ampersand is the last, so that an entity that was escaped itself is unescaped once.
_ENTITIES = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&amp;", "&"),
)


class Form(NamedTuple):
    """One form of an edit.

    Attributes:
        search: the lines to search for.
        replacement: the lines that replace them.
        head: how many lines both begin with; they stay as they stand in the code.
        tail: how many lines both end with, of those that follow.
        changed: the lines of the replacement between.
    """

    search: list[str]
    replacement: list[str]
    head: int
    tail: int
    changed: list[str]

    @classmethod
    def of(cls, search: list[str], replacement: list[str]) -> "Form":
        """Return the form with these lines."""
        head = _common(search, replacement)
        tail = _common(search[head:][::-1], replacement[head:][::-1])
        return cls(search, replacement, head, tail, replacement[head : len(replacement) - tail])


def forms(edit: Edit) -> Iterator[Form]:
    """Yield the forms of an edit in the order in which they are tried; the first that matches counts."""
    written = Form.of(edit.search.split("\n"), edit.replace.split("\n") if edit.replace else [])
    plain = []
    for form in _plain_forms(written):
        plain.append(form)
        yield form
    for form in plain:
        unescaped = [_unescaped(line) for line in form.search]
        if unescaped != form.search:
            yield Form.of(unescaped, [_unescaped(line) for line in form.replacement])


def _plain_forms(written: Form) -> Iterator[Form]:
    yield written
    trimmed = _trimmed(written)
    if trimmed.search != written.search:
        yield trimmed
    search = _unfenced(trimmed.search)
    if search:
        replacement = _unfenced(_trimmed_lines(trimmed.replacement))
        yield _trimmed(Form.of(search, trimmed.replacement if replacement is None else replacement))


def _trimmed(form: Form) -> Form:
    """Return the form without blank lines at the ends of its search, and with as many fewer at those of the other."""
    search, replacement = form.search, form.replacement
    for _ in range(2):
        blanks = min(_leading_blanks(search), len(search) - 1)
        search, replacement = search[blanks:][::-1], replacement[min(blanks, _leading_blanks(replacement)) :][::-1]
    return Form.of(search, replacement)


def _trimmed_lines(lines: list[str]) -> list[str]:
    first = _leading_blanks(lines)
    return lines[first : len(lines) - _leading_blanks(lines[::-1])]


def _leading_blanks(lines: list[str]) -> int:
    return next((index for index, line in enumerate(lines) if line.strip(BLANKS)), len(lines))


def _unfenced(lines: list[str]) -> list[str] | None:
    """Return the lines in the fence that wraps all of them, None if none does."""
    if len(lines) < 2:  # noqa: PLR2004 - an opening and a closing line
        return None
    opening, closing = lines[0].strip(BLANKS), lines[-1].strip(BLANKS)
    sign = opening[:1]
    if sign not in _FENCES or opening[:_FENCE_LENGTH] != sign * _FENCE_LENGTH:
        return None
    if len(closing) < _FENCE_LENGTH or closing.strip(sign):
        return None
    return lines[1:-1]


def _unescaped(line: str) -> str:
    if "&" in line:
        for entity, character in _ENTITIES:
            line = line.replace(entity, character)
    return line


def _common(one: list[str], other: list[str]) -> int:
    """Return how many lines both begin with."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))
