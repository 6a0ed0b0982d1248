"""The artifact in an answer without any tag: its only fenced block, or its only bare document."""

import re
from typing import NamedTuple

from shared.artifacts.detect import begins_with_heading, detect_kind, is_script, may_be
from shared.artifacts.errors import ArtifactTruncated
from shared.artifacts.extraction.body import framing_fence, trimmed
from shared.artifacts.extraction.documents import find_document
from shared.artifacts.extraction.fences import MARKDOWN_LANGUAGES, Fences, Mark, marks_in
from shared.artifacts.extraction.tags import OPEN_NAME
from shared.artifacts.kinds import Kind

_TOKEN = re.compile(r"<\|[^\s|<>]++\|>")  # a leaked `<|im_end|>`, but not the `a <| b |> c` of F#
_TAG = re.compile(rf"\s*+<{OPEN_NAME}", re.IGNORECASE | re.ASCII)  # an artifact's tag, broken or never closed
_MARKUP = re.compile(r"\s*+<[a-z!?]", re.IGNORECASE | re.ASCII)


class Found(NamedTuple):
    """A piece of code found in prose.

    Attributes:
        kind: its kind.
        code: the code, trimmed.
        language: the language on its fence.
        closed: whether its end is marked, so that truncation can be detected.
    """

    kind: Kind
    code: str
    language: str | None
    closed: bool


def find_untagged(prose: str, requested: Kind | None, *, lenient: bool = False) -> Found | None:
    """Return the only part of the answer that may be the artifact, or None.

    Args:
        prose: the answer without reasoning.
        requested: the requested kind; without one, only code of a detected kind is returned.
        lenient: whether bare code is accepted without a detected kind, because only code was requested.

    Raises:
        ArtifactTruncated: a fence or a document begins and never ends.
    """
    text = _TOKEN.sub("", prose) if "<|" in prose else prose
    if _is_blank(text):
        return None
    marks = marks_in(text)
    return (
        _document(text, marks, requested)
        or _bare(text, marks, requested, lenient=lenient)
        or (_block(text, marks, requested) if marks else None)
    )


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


def _document(text: str, marks: list[Mark], requested: Kind | None) -> Found | None:
    """Return the only HTML or SVG document outside fences; none in a script, which may hold some as JSX."""
    if is_script(text):
        return None
    found = find_document(text, requested, stop=marks[0].start if marks else len(text))
    return Found(found[0], found[1], None, closed=True) if found else None


def _bare(text: str, marks: list[Mark], requested: Kind | None, *, lenient: bool) -> Found | None:
    """Return the whole text, if it is only code."""
    plain = detect_kind(text)
    kind = requested or plain
    if not kind or (kind is Kind.HTML and not lenient):
        return None
    begins_like_it = kind is Kind.MARKDOWN and begins_with_heading(text)
    if not (plain is kind or begins_like_it or (lenient and _could_be(kind, text, marks))):
        return None
    if kind is Kind.MARKDOWN and Fences(marks).are_left_open():
        raise ArtifactTruncated
    return Found(kind, trimmed(text), None, closed=False)


def _could_be(kind: Kind, text: str, marks: list[Mark]) -> bool:
    """Return whether text that should be code of this kind is not clearly something else."""
    if kind is Kind.REACT:
        return is_script(text)
    if kind in {Kind.HTML, Kind.SVG}:
        return _MARKUP.match(text) is not None and not _TAG.match(text)
    if kind is Kind.MARKDOWN:
        return not marks or (not _is_blank(text[: marks[0].start]) and marks[0].language not in MARKDOWN_LANGUAGES)
    return kind is Kind.CODE and not marks


def _block(text: str, marks: list[Mark], requested: Kind | None) -> Found | None:
    """Return the only fenced block in the text."""
    fence = framing_fence(marks, marks[-1].end, strict=True)
    if not (fence.closed if fence else not Fences(marks).are_left_open()):
        raise ArtifactTruncated
    if not fence:
        return None  # two blocks, and nothing tells which one is the answer
    code = trimmed(text, fence.content_start, fence.content_end)
    alone = _is_blank(text[: fence.start]) and _is_blank(text[fence.end :])
    kind = _kind_of(code, fence.language, requested, alone=alone)
    return Found(kind, code, fence.language, closed=True) if kind and code and not _TAG.match(code) else None


def _kind_of(code: str, language: str | None, requested: Kind | None, *, alone: bool) -> Kind | None:
    if requested:
        return requested if may_be(requested, code, language) else None
    if plain := kind_of_block(code, language):
        return plain
    # A block in prose may be an example or a command to run; a block without prose is the answer.
    return Kind.CODE if alone and language else None


def kind_of_block(code: str, language: str | None) -> Kind | None:
    """Return the detected kind of a fenced block; None if it may be an example or a command to run."""
    return detect_kind(code) or (Kind.MARKDOWN if language in MARKDOWN_LANGUAGES else None)
