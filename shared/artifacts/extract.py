"""From a model's answer to the one artifact in it, or to the reason why there is none."""

import html
from dataclasses import dataclass, replace

from shared.artifacts.answer import read_answer
from shared.artifacts.body import unfenced
from shared.artifacts.errors import ArtifactMissing, ArtifactTruncated
from shared.artifacts.kinds import Kind
from shared.artifacts.sniff import corrected_kind, plain_kind
from shared.artifacts.syntax.labels import canonical, is_told_from_prose
from shared.artifacts.titles import one_line, title_in
from shared.artifacts.untagged import find_untagged
from shared.artifacts.walk import Block

UNTAGGED = "untagged"
SEVERAL_ARTIFACTS = "several_artifacts"
CUT_AFTER_ARTIFACT = "cut_after_artifact"
KIND_CORRECTED = "kind_corrected"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One artifact: its code, and what its tag says of it."""

    kind: Kind
    title: str
    language: str | None
    code: str

    @property
    def canonical(self) -> str:
        """The artifact written out again: an opening tag with the MIME type, the code, a closing tag."""
        language = f' language="{_escaped(self.language)}"' if self.language and self.kind is Kind.CODE else ""
        opening = f'<artifact type="{self.kind.mime_type}" title="{_escaped(one_line(self.title))}"{language}>'
        return f"{opening}\n{self.code}\n</artifact>"


@dataclass(frozen=True, slots=True)
class Extraction:
    """An artifact, and the warnings about the answer that it was taken from."""

    artifact: Artifact
    warnings: tuple[str, ...]
    bare: bool = False
    """Whether it is the answer as it stands, with neither tag nor fence to say that it is code."""


def extract(text: str, *, requested: Kind | None = None, cut: bool = False) -> Extraction:
    """The artifact in a model's answer.

    Args:
        text: the answer, as the model wrote it.
        requested: the kind that the caller asked for, if any.
        cut: whether the model host said that it cut the answer off (`finish_reason: length`).

    Raises:
        ArtifactMissing: there is none, or an empty one.
        ArtifactTruncated: it is begun and not finished.
    """
    return _first(text, requested, cut=cut, lenient=False)


def extract_code(text: str, kind: Kind, *, cut: bool = False) -> Extraction:
    """The code in a model's answer to a fix request, where it may stand without a tag and without a fence.

    Args:
        text: the answer, as the model wrote it.
        kind: the kind of the code that was to be fixed.
        cut: whether the model host said that it cut the answer off.

    Raises:
        ArtifactMissing: there is none, or nothing in it.
        ArtifactTruncated: it is begun and not finished.
    """
    found = _first(text, kind, cut=cut, lenient=True)
    return replace(found, warnings=tuple(warning for warning in found.warnings if warning != UNTAGGED))


def unwrap(content: str) -> tuple[str, str | None]:
    """The code in what a caller sends to be fixed, and its language where that is said.

    It comes by itself, or in an `<artifact>`, in one fence, or in both.
    """
    text, language = unfenced(_with_line_feeds(content), Kind.CODE)
    blocks = read_answer(text).blocks
    if not blocks or text[: blocks[0].tag.start].strip():
        return text, language  # a tag further down is part of the code
    tag, body = blocks[0].tag, blocks[0].body
    code, inner = unfenced(text[tag.end :] if body is None else body, Kind.named(tag.kind_name) or Kind.CODE)
    return code, tag.language or inner


def _first(text: str, requested: Kind | None, *, cut: bool, lenient: bool) -> Extraction:
    """The best candidate; this is the one place where one is chosen."""
    answer = read_answer(_with_line_feeds(text))
    begun = answer.begun or any(block.body is None for block in answer.blocks)
    if answer.blocks:
        candidates = _tagged(answer.blocks, requested)
    else:
        candidates = _untagged(answer.prose, requested, cut=cut, lenient=lenient)
    for found in candidates:
        return replace(found, warnings=(*found.warnings, CUT_AFTER_ARTIFACT)) if cut else found
    raise ArtifactTruncated if begun or cut else ArtifactMissing


def _tagged(blocks: tuple[Block, ...], requested: Kind | None) -> list[Extraction]:
    """The complete artifacts that tags mark: those of the requested kind first, else in the order of the answer."""
    several = (SEVERAL_ARTIFACTS,) if len(blocks) > 1 else ()
    found = [_read(block, requested, several) for block in blocks if block.body is not None]
    found = [each for each in found if each.artifact.code.strip()]
    return sorted(found, key=lambda each: each.artifact.kind is not requested)


def _read(block: Block, requested: Kind | None, warnings: tuple[str, ...]) -> Extraction:
    tag = block.tag
    named = (Kind.named(tag.kind_name) or Kind.CODE) if tag.kind_name else None
    code, fence_language = unfenced(block.body or "", named or requested or Kind.CODE)
    # A tag may say the language where its kind belongs: `type="text/x-python"`.
    language = (
        tag.language or fence_language or (canonical(tag.kind_name) if is_told_from_prose(tag.kind_name) else None)
    )
    declared = named or plain_kind(code) or requested or Kind.CODE
    kind = corrected_kind(declared, code, language, requested)
    if kind is not declared:
        warnings = (*warnings, KIND_CORRECTED)
    return Extraction(Artifact(kind, tag.title, language if kind is Kind.CODE else None, code), warnings)


def _untagged(prose: str, requested: Kind | None, *, cut: bool, lenient: bool) -> list[Extraction]:
    """The artifact that stands in the answer without a tag; what has no end of its own may have been cut."""
    found = find_untagged(prose, requested, lenient=lenient)
    if not found or (cut and not found.closed):
        return []
    title = title_in(found.code, found.kind)
    language = found.language if found.kind is Kind.CODE else None
    return [Extraction(Artifact(found.kind, title, language, found.code), (UNTAGGED,), bare=not found.closed)]


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _escaped(value: str) -> str:
    return html.escape(value, quote=False).replace('"', "&quot;")
