"""From a model's answer to the one artifact in it, or to the reason why there is none."""

from shared.artifacts.artifact import (
    CUT_AFTER_ARTIFACT,
    KIND_CORRECTED,
    MENDED,
    SEVERAL_ARTIFACTS,
    UNTAGGED,
    Artifact,
    Extraction,
)
from shared.artifacts.detect import corrected_kind, detect_kind
from shared.artifacts.errors import ArtifactMissing, ArtifactTruncated
from shared.artifacts.extraction.body import unfenced
from shared.artifacts.extraction.candidates import Answer, find_blocks
from shared.artifacts.extraction.tag_scanner import Block
from shared.artifacts.extraction.tags import Tag, with_escaped_quotes
from shared.artifacts.extraction.titles import title_in
from shared.artifacts.extraction.untagged import find_untagged
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import canonical, check_rejects_prose


def extract(text: str, *, requested: Kind | None = None, truncated: bool = False) -> Extraction:
    """Return the artifact in a model's answer.

    Args:
        text: the answer, as the model wrote it.
        requested: the kind that the caller requested, if any.
        truncated: whether the model host reported that the answer is truncated (`finish_reason: length`).

    Raises:
        ArtifactMissing: there is none, or an empty one.
        ArtifactTruncated: it is begun and not finished.
    """
    return _first(text, requested, truncated=truncated, lenient=False)


def extract_code(text: str, kind: Kind, *, truncated: bool = False) -> Extraction:
    """Return the code in a model's answer to a fix request, where it needs neither a tag nor a fence.

    Args:
        text: the answer, as the model wrote it.
        kind: the kind of the code to fix.
        truncated: whether the model host reported that the answer is truncated.

    Raises:
        ArtifactMissing: there is none, or it is empty.
        ArtifactTruncated: it is begun and not finished.
    """
    return _first(text, kind, truncated=truncated, lenient=True)


def read_text(text: str) -> tuple[Answer, tuple[str, ...]]:
    """Return what an answer holds, and a warning if quotes in a tag had to be escaped."""
    text = with_line_feeds(text)
    answer = find_blocks(text)
    mended = None if answer.blocks else with_escaped_quotes(text)
    if mended is not None and (again := find_blocks(mended)).blocks:
        return again, (MENDED,)
    return answer, ()


def _first(text: str, requested: Kind | None, *, truncated: bool, lenient: bool) -> Extraction:
    """Return the best candidate; this is the only place where one is chosen."""
    answer, warnings = read_text(text)
    begun = answer.begun or any(block.body is None for block in answer.blocks)
    if answer.blocks:
        candidates = tagged(answer.blocks, requested)
    else:
        candidates = _untagged(answer.prose, requested, truncated=truncated, lenient=lenient)
    for found in candidates:
        return found.warned(*warnings, *((CUT_AFTER_ARTIFACT,) if truncated else ()))
    raise ArtifactTruncated if begun or truncated else ArtifactMissing


def tagged(blocks: tuple[Block, ...], requested: Kind | None) -> list[Extraction]:
    """Return the complete artifacts that tags mark: the requested kind first, then in the order of the text."""
    several = (SEVERAL_ARTIFACTS,) if len(blocks) > 1 else ()
    found = [_read(block, requested, several) for block in blocks if block.body is not None]
    found = [each for each in found if each.artifact.code.strip()]
    return sorted(found, key=lambda each: each.artifact.kind is not requested)


def _read(block: Block, requested: Kind | None, warnings: tuple[str, ...]) -> Extraction:
    tag = block.tag
    named = (Kind.named(tag.kind_name) or Kind.CODE) if tag.kind_name else None
    code, fence_language = unfenced(block.body or "", named or requested or Kind.CODE)
    language = language_of(tag, fence_language)
    declared = named or detect_kind(code) or requested or Kind.CODE
    kind = corrected_kind(declared, code, language, requested)
    if kind is Kind.CODE and declared is not Kind.CODE:
        language = language or ("jsx" if declared is Kind.REACT else declared.value)
    if kind is not declared:
        warnings = (*warnings, KIND_CORRECTED)
    return Extraction(Artifact(kind, tag.title, language if kind is Kind.CODE else None, code), warnings)


def language_of(tag: Tag, fence_language: str | None) -> str | None:
    """Return the language that a tag names, if it does, perhaps in place of its kind: `type="text/x-python"`."""
    in_place = canonical(tag.kind_name) if check_rejects_prose(tag.kind_name) else None
    return tag.language or fence_language or in_place


def _untagged(prose: str, requested: Kind | None, *, truncated: bool, lenient: bool) -> list[Extraction]:
    """Return the artifact in an answer without a tag; none if it may be truncated, as its end is not marked."""
    found = find_untagged(prose, requested, lenient=lenient)
    if not found or (truncated and not found.closed):
        return []
    title = title_in(found.code, found.kind)
    language = found.language if found.kind is Kind.CODE else None
    return [Extraction(Artifact(found.kind, title, language, found.code), (UNTAGGED,), bare=not found.closed)]


def with_line_feeds(text: str) -> str:
    """Return the text with a line feed at the end of each line."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
