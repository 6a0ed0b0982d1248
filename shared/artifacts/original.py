"""An artifact that a caller sent, and what is accepted in its place as its fix or its change."""

import re
from typing import NamedTuple

from shared.artifacts.artifact import UNTAGGED, Artifact, Extraction
from shared.artifacts.detect import detect_kind
from shared.artifacts.elision import is_bare, lost_beside_comment
from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, ArtifactMissing, OtherKind, RevisionUnusable
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule
from shared.artifacts.syntax import check_rejects_prose, same_language
from shared.artifacts.validation import Checker, validate

_MIN_COMPARED_CHARS = 300
_MIN_KEPT_RATIO = 0.4
"""A fix of longer code that keeps a smaller part of its characters has lost the rest."""

_OF_ANY_TEXT = {Kind.CODE, Kind.MARKDOWN}
_DEFAULT_EXPORT = re.compile(r"^\s*+export\s++default\b|\bas\s++default\b", re.MULTILINE | re.ASCII)


class Original(NamedTuple):
    """The artifact that was sent, and the checks of what comes back."""

    artifact: Artifact
    checker: Checker
    is_fix: bool
    """Whether it is to be fixed: a fix keeps all that works, while a change may remove what it was asked to remove."""
    untagged_is_whole: bool
    """Whether an answer without a tag is taken for the whole."""

    def revised_by(self, found: Extraction, *, truncated: bool) -> Extraction:
        """Return what came back, if it can be rendered and keeps what it has to keep.

        Raises:
            ArtifactFailure: it is not acceptable, and why.
        """
        found = found._replace(artifact=self._labelled(found.artifact))
        if (found.bare and not self._is_code(found.artifact)) or self._may_be_a_part(found):
            raise ArtifactMissing
        if found.artifact.kind is not self.artifact.kind:
            usable = None if self.is_fix else validate(found, self.checker, truncated=truncated)
            raise OtherKind(found.artifact, self.artifact.kind, usable)
        if is_unchanged(self.artifact, found.artifact):
            raise self._unusable("it is the code unchanged.")
        valid = self._validated(found, truncated=truncated)
        if lost := self._lost_in(valid.artifact):
            raise self._unusable(lost)
        return valid.without(UNTAGGED)  # only code was asked for, so that it needs no tag

    def _validated(self, found: Extraction, *, truncated: bool) -> Extraction:
        """Return it with its warnings; comments that stood for left out code before may go on doing so."""
        fragment = self._is_fragment
        # In the language that the answer names, if the given code names none.
        given = self.artifact._replace(language=self.artifact.language or found.artifact.language)
        problems = self.checker.examine(given, fragment=fragment).problems
        elided = [each for each in problems if each.rule is Rule.ELIDED]
        try:
            return validate(found, self.checker, truncated=truncated, preexisting=elided, fragment=fragment)
        except ArtifactInvalid as invalid:
            raise self._told_apart(invalid, problems) from None

    def _told_apart(self, invalid: ArtifactInvalid, problems: tuple[Problem, ...]) -> ArtifactFailure:
        """Return the failure that says best what is wrong, by the problems that were there before."""
        if all(each.rule is Rule.ELIDED for each in invalid.problems):
            return self._unusable("it leaves out parts of the code, with a comment in their place.")
        if not problems:
            return ArtifactInvalid(invalid.problems, invalid.draft, "The code that was sent can be read: keep it.")
        return invalid

    def _unusable(self, problem: str) -> RevisionUnusable:
        return RevisionUnusable(problem, is_fix=self.is_fix)

    def _labelled(self, revised: Artifact) -> Artifact:
        """Return the artifact with the language of the given code, if it names none itself."""
        if revised.kind is Kind.CODE and not revised.language:
            return revised._replace(language=self.artifact.language)
        return revised

    def _is_code(self, revised: Artifact) -> bool:
        """Return whether text without tag or fence is code, and not a sentence about it.

        The check of most kinds rejects prose. For the others, its first and last line must be in the given code.
        """
        if revised.kind not in _OF_ANY_TEXT or (revised.kind is Kind.CODE and check_rejects_prose(revised.language)):
            return True
        given, lines = _lines(self.artifact.code), _lines(revised.code)
        return bool(lines) and lines[0] in given and lines[-1] in given

    @property
    def _is_fragment(self) -> bool:
        """Whether it is a part of a page."""
        return self.artifact.kind is Kind.HTML and detect_kind(self.artifact.code) is None

    def _may_be_a_part(self, found: Extraction) -> bool:
        """Return whether it may be no more than the part that changes, shown without a tag.

        The whole is not gutted. Where a check tells no part from it, it also begins or ends as the given code.
        """
        if self.untagged_is_whole or UNTAGGED not in found.warnings:
            return False
        before, after = self.artifact.code, found.artifact.code
        if found.artifact.kind not in _OF_ANY_TEXT and (not self._is_fragment or detect_kind(after)):
            return _is_gutted(before, after)
        given, lines = _lines(before), _lines(after)
        framed = lines[:1] == given[:1] or lines[-1:] == given[-1:]
        return not framed or _size(after) < _MIN_KEPT_RATIO * _size(before)

    def _has_dots_for_lines(self, revised: Artifact) -> bool:
        """Return whether lines of dots are new, and others are gone; in text, for in a language dots may be code."""
        if revised.kind not in _OF_ANY_TEXT or check_rejects_prose(revised.language):
            return False
        before, after = self.artifact.code, revised.code
        return _dots(after) > _dots(before) and len(_lines(after)) <= len(_lines(before))

    def _lost_in(self, revised: Artifact) -> str | None:
        """Return what is lost though it can be rendered, as a sentence; None if nothing is."""
        given = self.artifact
        stays = not given.language or same_language(revised.language, given.language)
        if self.is_fix and not stays:
            return "it is in another language than the code that was sent."
        exports = given.kind is Kind.CODE and stays and _DEFAULT_EXPORT.search(given.code)
        if exports and not _DEFAULT_EXPORT.search(revised.code):
            return "it has lost the default export."
        if self.is_fix and _is_gutted(given.code, revised.code):
            return "most of the code is gone."
        if self._has_dots_for_lines(revised):
            return "it leaves out lines, with dots in their place."
        if lost := lost_beside_comment(given.code, revised.code, revised.kind):
            return f"it has lost `{lost}`, with a comment in its place."
        return None


def is_unchanged(given: Artifact, revised: Artifact) -> bool:
    """Return whether one is of the same kind as the other, and the same code but for blanks that say nothing."""
    return revised.kind is given.kind and _significant_lines(revised) == _significant_lines(given)


def _dots(code: str) -> int:
    """Return how many lines hold nothing but dots."""
    return sum(is_bare(line) for line in code.split("\n") if "." in line or "…" in line)


def _is_gutted(before: str, after: str) -> bool:
    return _size(before) > _MIN_COMPARED_CHARS and _size(after) < _MIN_KEPT_RATIO * _size(before)


def _size(code: str) -> int:
    """Return how many characters it has, blanks aside."""
    return len("".join(code.split()))


def _significant_lines(artifact: Artifact) -> list[str]:
    """Return the lines without trailing blanks; blank lines count only in a Markdown document."""
    if artifact.kind is Kind.MARKDOWN:
        return [line.rstrip() for line in artifact.code.strip("\n").split("\n")]
    return _lines(artifact.code)


def _lines(code: str) -> list[str]:
    """Return the lines that are not blank, without trailing blanks."""
    return [line.rstrip() for line in code.split("\n") if line.strip()]
