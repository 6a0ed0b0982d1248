"""Alternative interpretations of an answer in which the rules find nothing that can be rendered."""

import re
from collections.abc import Iterator
from contextlib import suppress

from shared.artifacts.artifact import TRIMMED, UNTAGGED, Artifact, Extraction
from shared.artifacts.detect import SCRIPT_START, may_be
from shared.artifacts.diagrams import DIAGRAM_OR_ENGLISH
from shared.artifacts.errors import ArtifactFailure, ArtifactTruncated
from shared.artifacts.extraction.body import trimmed
from shared.artifacts.extraction.candidates import fenced_blocks
from shared.artifacts.extraction.documents import find_document
from shared.artifacts.extraction.extract import extract, read_text, tagged
from shared.artifacts.extraction.fences import Fence, Fences, Mark, marks_in
from shared.artifacts.extraction.titles import title_in
from shared.artifacts.extraction.untagged import kind_of_block
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import same_language

_DOCUMENT = re.compile(r"^[ \t]*+<(?:!doctype\s++html|html)[\s>]", re.IGNORECASE | re.ASCII | re.MULTILINE)
_CODE_START = re.compile(rf"^(?={SCRIPT_START})", re.ASCII | re.MULTILINE)
_CODE_END = re.compile(r"^[})\]]++[;,]?[ \t]*+$", re.ASCII | re.MULTILINE)
_DIAGRAM = re.compile(rf"^(?={DIAGRAM_OR_ENGLISH.pattern})", re.ASCII | re.MULTILINE)


def alternatives(text: str, kind: Kind | None, first: Extraction | None) -> Iterator[Extraction]:
    """Yield the alternatives, of the requested kind or, where none was requested, of the detected one."""
    seen = {first.artifact.code} if first else set()
    for reading in _all_alternatives(text, kind):
        if reading.artifact.code and reading.artifact.code not in seen:
            seen.add(reading.artifact.code)
            yield reading


def _all_alternatives(text: str, kind: Kind | None) -> Iterator[Extraction]:
    answer, warnings = read_text(text)
    blocks = {block.tag.start: block for block in (*answer.blocks, *fenced_blocks(text))}
    if not blocks:
        yield from _in_prose(answer.prose, kind)
    for found in tagged(tuple(blocks.values()), kind):
        if found.artifact.kind is (kind or found.artifact.kind):
            yield found.warned(*warnings)
        yield from (each.warned(*warnings) for each in _in_body(found, kind or found.artifact.kind))


def _in_body(found: Extraction, kind: Kind) -> Iterator[Extraction]:
    """Yield what the body of a tag may hold: a nested artifact, or the code among other text."""
    artifact = found.artifact
    # The closing tag of a nested artifact may be the one that ended the body.
    for text in (artifact.code, f"{artifact.code}\n</artifact>"):
        with suppress(ArtifactFailure):
            inner = extract(text, requested=kind)
            if UNTAGGED not in inner.warnings:
                yield inner.warned(*found.warnings)
    for code, language in _pieces(artifact.code, kind):
        if artifact.language is None or language is None or same_language(language, artifact.language):
            named = (artifact.language or language) if kind is Kind.CODE else None
            yield Extraction(Artifact(kind, artifact.title, named, code), found.warnings).warned(TRIMMED)


def _in_prose(prose: str, kind: Kind | None) -> Iterator[Extraction]:
    """Yield what an answer without a tag may hold: one of its blocks, or all of it as a Markdown document."""
    marks = marks_in(prose)
    if kind is Kind.MARKDOWN and marks:
        yield _untagged(trimmed(prose), kind, None)
    if kind is None:
        for fence in _closed(marks):
            code = trimmed(prose, fence.content_start, fence.content_end)
            if found := kind_of_block(code, fence.language):
                yield _untagged(code, found, fence.language).warned(TRIMMED)
        return
    for code, language in _pieces(prose, kind):
        yield _untagged(code, kind, language).warned(TRIMMED)


def _untagged(code: str, kind: Kind, language: str | None) -> Extraction:
    return Extraction(Artifact(kind, title_in(code, kind), language if kind is Kind.CODE else None, code), (UNTAGGED,))


def _pieces(text: str, kind: Kind) -> Iterator[tuple[str, str | None]]:
    """Yield pieces of a text that may be code of this kind, each with the language of its fence."""
    marks = marks_in(text)
    for fence in _closed(marks):
        code = trimmed(text, fence.content_start, fence.content_end)
        if may_be(kind, code, fence.language):
            yield code, fence.language
    if kind in {Kind.HTML, Kind.SVG}:
        with suppress(ArtifactTruncated):
            if document := find_document(text, kind, len(text)):
                yield document[1], None
        return
    if kind is Kind.MARKDOWN:
        return
    document_start = _DOCUMENT.search(text)
    ends = [*(mark.start for mark in marks[:1]), *([document_start.start()] if document_start else [])]
    ends = [end for end in ends if end > 0]
    if ends:
        yield trimmed(text, 0, min(ends)), None
    if kind in {Kind.REACT, Kind.MERMAID}:
        yield _core(text, min(ends, default=len(text)), kind), None


def _core(text: str, end: int, kind: Kind) -> str:
    """Return the code without the prose before its first line and behind its last one."""
    start = (_CODE_START if kind is Kind.REACT else _DIAGRAM).search(text, 0, end)
    if not start:
        return ""
    if kind is Kind.REACT:
        end = max((line.end() for line in _CODE_END.finditer(text, start.start(), end)), default=end)
    return trimmed(text, start.start(), end)


def _closed(marks: list[Mark]) -> Iterator[Fence]:
    """Yield the closed fences, in the order of the text."""
    fences = Fences(marks)
    fence = fences.after(0)
    while fence:
        yield fence
        fence = fences.after(fence.end)
