"""An artifact is validated before it is returned: whether it can be rendered, and what will go wrong in the frame."""

import re
import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Protocol

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import MENDED, USES_STORAGE, Artifact, Extraction
from shared.artifacts.detect import detect_kind
from shared.artifacts.errors import ArtifactInvalid, ArtifactTruncated
from shared.artifacts.extraction import autocorrected
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem
from shared.artifacts.syntax import Verdict, examine
from shared.deadline import Deadline

_SECONDS = 15.0
"""On the third of a core that a function of 512 MB has, the worst code takes six; an answer may have many readings."""
_SCRIPTED = {Kind.REACT, Kind.HTML}
_STORAGE = re.compile(
    r"\b(?:local|session)Storage\s{0,9}(?:\?\.|\.(?=[a-zA-Z]+\s{0,9}[(=;+,)?\]&|\n]|length)|\[)"
    r"|[=(,{]\s{0,9}(?:window\.|globalThis\.|self\.)?(?:local|session)Storage\s{0,9}[;,)}\n]",
)
# A string may hold two slashes, as in an address, but hardly a space before them.
_COMMENT = re.compile(
    r"/\*(?>(?:[^*]++|\*(?!/))*)\*/|<!--(?>(?:[^-]++|-(?!->))*)-->|(?:^|(?<=[\s;{}()]))//[^\n]*+", re.MULTILINE
)


class Check(Protocol):
    """The syntax check of `shared.artifacts.syntax`, or one like it."""

    def __call__(
        self, code: str, kind: Kind, language: str | None, imports: AllowedImports, *, seconds: float
    ) -> Verdict:
        """Return what is wrong with the code, and what may be."""


@dataclass(frozen=True, slots=True)
class Checker:
    """The syntax checks of one answer: together they have so many seconds, and end before a caller has to be told."""

    imports: AllowedImports
    """What a component may import."""
    deadline: Deadline
    check: Check = examine
    """The syntax check, with its bounds."""
    began_at: float = field(default_factory=time.monotonic)

    def examine(self, artifact: Artifact, *, fragment: bool = False) -> Verdict:
        """Return what the check of its kind finds; of a part of a page, what it finds in the part."""
        kind, language = artifact.kind, artifact.language
        if fragment and kind is Kind.HTML and detect_kind(artifact.code) is not Kind.HTML:
            kind, language = Kind.CODE, Kind.HTML
        left = self.began_at + _SECONDS - time.monotonic()
        seconds = max(0.0, min(left, self.deadline.check_time()))
        return self.check(artifact.code, kind, language, self.imports, seconds=seconds)


def validate(
    found: Extraction,
    checker: Checker,
    *,
    truncated: bool,
    preexisting: Collection[Problem] = (),
    fragment: bool = False,
) -> Extraction:
    """Return the artifact with its warnings, if it can be rendered.

    Args:
        found: what was taken out of the answer.
        checker: the checks of the request.
        truncated: whether the model host said that the answer is.
        preexisting: problems that the caller's own code had, of which none is held against it.
        fragment: whether a page may be a part of one, as the caller's own code was.

    Raises:
        ArtifactInvalid: it cannot be rendered.
        ArtifactTruncated: it cannot, and the answer is truncated.
    """
    artifact = autocorrected(found.artifact)
    verdict = checker.examine(artifact, fragment=fragment)
    problems = _new(verdict.problems, preexisting)
    if problems and artifact is not found.artifact:
        artifact = found.artifact
        verdict = checker.examine(artifact, fragment=fragment)
        problems = _new(verdict.problems, preexisting)
    if problems:
        raise ArtifactTruncated if truncated else ArtifactInvalid(problems, artifact)
    found = found if artifact is found.artifact else replace(found, artifact=artifact).warned(MENDED)
    stores = artifact.kind in _SCRIPTED and uses_storage(artifact.code)
    return found.warned(*verdict.warnings, *((USES_STORAGE,) if stores else ()))


def _new(problems: tuple[Problem, ...], preexisting: Collection[Problem]) -> tuple[Problem, ...]:
    """The problems without those that were there before, wherever they stand now."""
    seen = {(each.rule, each.message, each.snippet.strip()) for each in preexisting}
    return tuple(each for each in problems if (each.rule, each.message, each.snippet.strip()) not in seen)


def uses_storage(code: str) -> bool:
    """Whether `localStorage` or `sessionStorage` is used, rather than spoken of in a comment or a text."""
    if "localStorage" not in code and "sessionStorage" not in code:
        return False
    return _STORAGE.search(_COMMENT.sub(" ", code)) is not None
