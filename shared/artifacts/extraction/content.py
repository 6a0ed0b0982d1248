"""What a caller sends to be fixed or changed: code, bare or in a tag or a fence, and which kind of artifact it is."""

from typing import NamedTuple

from shared.artifacts.artifact import UNTITLED, Artifact
from shared.artifacts.detect import corrected_kind, detect_kind
from shared.artifacts.extraction.body import unfenced
from shared.artifacts.extraction.candidates import find_blocks
from shared.artifacts.extraction.extract import language_of, with_line_feeds
from shared.artifacts.extraction.tag_scanner import Block
from shared.artifacts.extraction.tags import CLOSE
from shared.artifacts.extraction.titles import title_in
from shared.artifacts.kinds import Kind


class Content(NamedTuple):
    """What is in a caller's content."""

    code: str
    """Without tag, fence and blank lines around it, its lines ended by line feeds."""
    language: str | None = None
    """That of the tag or the fence."""
    kind: Kind | None = None
    """That of the tag; an unknown one is `code`."""
    title: str = UNTITLED
    """That of the tag."""


def unwrap(content: str, expected: Kind | None = None) -> Content:
    """Return what is in a caller's content; it may be bare, in an `<artifact>`, in one fence, or in both.

    Args:
        content: what is sent.
        expected: its kind, if it names none: a document may be one block of code.
    """
    text, language = unfenced(with_line_feeds(content), expected or Kind.CODE)
    blocks = find_blocks(text).blocks
    if not blocks or text[: blocks[0].tag.start].strip():
        return Content(text, language)  # a tag further down is part of the code
    tag = blocks[0].tag
    kind = (Kind.named(tag.kind_name) or Kind.CODE) if tag.kind_name else None
    code, inner = unfenced(_body(text, blocks[0]), kind or Kind.CODE)
    return Content(code, language_of(tag, inner), kind, tag.title)


def _body(text: str, block: Block) -> str:
    """Return what is in a tag; a closing one with more behind it in its line is in a string of the code."""
    if block.body is None:
        return text[block.tag.end :]
    if not text[block.end :].partition("\n")[0].strip():
        return block.body
    *_, last = CLOSE.finditer(text, block.tag.end)
    return text[block.tag.end : last.start()]


def given_artifact(content: str, wanted: Kind | None) -> Artifact | None:
    """Return the artifact that a caller sends, in the kind that it names or else plainly is.

    Args:
        content: what is sent.
        wanted: the kind that the caller wants back, if any: that of code which names none and could be it.

    Returns:
        The artifact; None if its kind is not plain.
    """
    given = unwrap(content, wanted)
    kind = _kind(given, wanted)
    if kind is None:
        return None
    title = title_in(given.code, kind) if given.title == UNTITLED else given.title
    return _artifact(given, kind, title)


def artifact_to_fix(content: str, kind: Kind) -> Artifact:
    """Return the artifact that a caller sends to be fixed: of the kind that it plainly is, or else of this one."""
    given = unwrap(content, kind)
    return _artifact(given, corrected_kind(kind, given.code, given.language, kind), given.title)


def _artifact(given: Content, kind: Kind, title: str) -> Artifact:
    """Return the artifact of this kind; only code has a language, and `jsx` on a fence says no more than `react`."""
    return Artifact(kind, title, given.language if kind is Kind.CODE else None, given.code)


def _kind(given: Content, wanted: Kind | None) -> Kind | None:
    code, language = given.code, given.language
    if given.kind:
        # Where code is wanted, any other artifact is converted; what is plainly of the wanted kind was tagged wrongly.
        return corrected_kind(given.kind, code, language, None if wanted is Kind.CODE else wanted)
    if wanted and (wanted is Kind.CODE or not _names_another(language, wanted)):
        return corrected_kind(wanted, code, language, wanted)
    return detect_kind(code) or _kind_of_fence(language)


def _names_another(language: str | None, kind: Kind) -> bool:
    """Return whether a fence's language is that of another kind."""
    return any(language in each.facts.languages for each in Kind if each is not kind)


def _kind_of_fence(language: str | None) -> Kind | None:
    """Return the kind of which a fence's language is plainly a sign; a script need not be a component."""
    if not language:
        return None
    kinds = (kind for kind in Kind if kind is not Kind.REACT and language in kind.facts.languages)
    return next(kinds, Kind.CODE)
