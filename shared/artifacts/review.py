"""An artifact is looked at before it is given away: whether it can be rendered, and what will go wrong in the frame."""

from collections.abc import Collection
from dataclasses import replace

from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, ArtifactTruncated
from shared.artifacts.extract import UNTAGGED, Artifact, Extraction, extract
from shared.artifacts.kinds import Kind
from shared.artifacts.sniff import plain_kind
from shared.artifacts.syntax import check
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Problem
from shared.artifacts.syntax.storage import uses_storage

USES_STORAGE = "uses_storage"

_SCRIPTED = {Kind.REACT, Kind.HTML}


def reviewed(
    found: Extraction, imports: Imports, *, cut: bool, known: Collection[Problem] = (), fragment: bool = False
) -> Extraction:
    """The artifact with its warnings, if it can be rendered; an artifact inside its body where only that one can.

    Args:
        found: what was taken out of the answer.
        imports: what a component may import.
        cut: whether the model host said that it cut the answer off.
        known: problems that the caller's own code had, of which none is held against it.
        fragment: whether a page may be a part of one, as the caller's own code was.

    Raises:
        ArtifactInvalid: it cannot be rendered.
        ArtifactTruncated: it cannot, and the answer was cut off.
    """
    problems = _new(problems_of(found.artifact, imports, fragment=fragment), known)
    if problems:
        inner = _inner(found, imports)
        if inner is None:
            raise ArtifactTruncated if cut else ArtifactInvalid(problems)
        found = inner
    artifact = found.artifact
    if artifact.kind in _SCRIPTED and uses_storage(artifact.code):
        return replace(found, warnings=(*found.warnings, USES_STORAGE))
    return found


def problems_of(artifact: Artifact, imports: Imports, *, fragment: bool = False) -> tuple[Problem, ...]:
    """What the syntax check of its kind finds; of a part of a page, what is wrong with the part."""
    if fragment and artifact.kind is Kind.HTML and plain_kind(artifact.code) is not Kind.HTML:
        return check(artifact.code, Kind.CODE, Kind.HTML, imports)
    return check(artifact.code, artifact.kind, artifact.language, imports)


def _new(problems: tuple[Problem, ...], known: Collection[Problem]) -> tuple[Problem, ...]:
    """The problems without those that were there before, wherever they stand now."""
    seen = {(each.rule, each.message, each.snippet.strip()) for each in known}
    return tuple(each for each in problems if (each.rule, each.message, each.snippet.strip()) not in seen)


def _inner(found: Extraction, imports: Imports) -> Extraction | None:
    """The artifact that begins inside the body and can be rendered; its closing tag may be the one of the body."""
    for text in (found.artifact.code, f"{found.artifact.code}\n</artifact>"):
        try:
            inner = extract(text, requested=found.artifact.kind)
        except ArtifactFailure:
            continue
        if UNTAGGED not in inner.warnings and not problems_of(inner.artifact, imports):
            return replace(inner, warnings=(*found.warnings, *inner.warnings))
    return None
