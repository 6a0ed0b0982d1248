"""The validation of an artifact before it is returned: whether it can be rendered, and what may fail in the frame."""

import re
import time
from collections.abc import Collection
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
"""On the third of a core that a function of 512 MB has, the worst code takes six; an answer may have alternatives."""
_SCRIPTED = {Kind.REACT, Kind.HTML}
_STORAGE = (
    r"\b(?:local|session)Storage\s{0,9}(?:\?\.|\.(?=[a-zA-Z]+\s{0,9}[(=;+,)?\]&|\n]|length)|\[)"
    r"|[=(,{]\s{0,9}(?:window\.|globalThis\.|self\.)?(?:local|session)Storage\s{0,9}[;,)}\n]"
)
# A string may hold `//`, as in a URL, but hardly with a space before it.
_COMMENT = r"/\*(?>(?:[^*]++|\*(?!/))*)\*/|<!--(?>(?:[^-]++|-(?!->))*)-->|(?m:^|(?<=[\s;{}()]))//[^\n]*+"


class Check(Protocol):
    """A syntax check like that of `shared.artifacts.syntax`."""

    def __call__(
        self, code: str, kind: Kind, language: str | None, imports: AllowedImports, *, seconds: float
    ) -> Verdict:
        """Return the problems and warnings of the code."""


class Checker:
    """The syntax checks of one answer: they share a time limit, and end in time to answer the caller.

    Args:
        imports: the packages that a component may import.
        deadline: the request's.
        check: the syntax check, with its limits.
    """

    def __init__(self, imports: AllowedImports, deadline: Deadline, check: Check = examine) -> None:
        self._imports = imports
        self._deadline = deadline
        self._check = check
        self._began_at = time.monotonic()

    def examine(self, artifact: Artifact, *, fragment: bool = False) -> Verdict:
        """Return the verdict of the kind's check; a part of a page is checked as a part."""
        kind, language = artifact.kind, artifact.language
        if fragment and kind is Kind.HTML and detect_kind(artifact.code) is not Kind.HTML:
            kind, language = Kind.CODE, Kind.HTML
        left = self._began_at + _SECONDS - time.monotonic()
        seconds = max(0.0, min(left, self._deadline.check_time()))
        return self._check(artifact.code, kind, language, self._imports, seconds=seconds)


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
        found: the artifact and warnings extracted from the answer.
        checker: the checks of the answer.
        truncated: whether the model host reported the answer as truncated.
        preexisting: problems of the caller's own code, which are ignored.
        fragment: whether HTML may be a part of a page, as the caller's own code was.

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
    found = found if artifact is found.artifact else found._replace(artifact=artifact).warned(MENDED)
    stores = artifact.kind in _SCRIPTED and uses_storage(artifact.code)
    return found.warned(*verdict.warnings, *((USES_STORAGE,) if stores else ()))


def _new(problems: tuple[Problem, ...], preexisting: Collection[Problem]) -> tuple[Problem, ...]:
    """Return the problems that are not among the preexisting ones, wherever those are now."""
    seen = {(each.rule, each.message, each.snippet.strip()) for each in preexisting}
    return tuple(each for each in problems if (each.rule, each.message, each.snippet.strip()) not in seen)


def uses_storage(code: str) -> bool:
    """Return whether `localStorage` or `sessionStorage` is used, not just mentioned in a comment or a text."""
    if "localStorage" not in code and "sessionStorage" not in code:
        return False
    return re.search(_STORAGE, re.sub(_COMMENT, " ", code)) is not None  # compiled here: few use it
