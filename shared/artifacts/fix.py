"""The fix of code that failed in the browser: the question to the model, and what is accepted as a fix."""

import re
from typing import NamedTuple

from shared.artifacts.artifact import KIND_CORRECTED, Artifact, Extraction
from shared.artifacts.detect import corrected_kind, detect_kind
from shared.artifacts.elision import lost_beside_comment
from shared.artifacts.errors import ArtifactInvalid, ArtifactMissing, FixUnusable, OtherKind
from shared.artifacts.extraction import find_usable, unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule
from shared.artifacts.prompts import fix_messages
from shared.artifacts.repair_loop import Dependencies, Made, complete_with_repair
from shared.artifacts.syntax import check_rejects_prose, prepare, same_language
from shared.artifacts.validation import Checker, validate
from shared.model_host import Completion, Question
from shared.run import Run

_CHARS_PER_TOKEN = 3
"""At least, in code. The model writes the given code again, so `max_tokens` grows by its length."""
_MIN_COMPARED_CHARS = 300
_MIN_KEPT_RATIO = 0.4
"""A fix of longer code that keeps a smaller part of its characters has lost the rest."""

_OF_ANY_TEXT = {Kind.CODE, Kind.MARKDOWN}
_DEFAULT_EXPORT = re.compile(r"^\s*+export\s++default\b|\bas\s++default\b", re.MULTILINE | re.ASCII)


def fix(dependencies: Dependencies, run: Run, content: str, kind: Kind, error_message: str) -> Made:
    """Return the corrected code of an artifact of this kind; it can be rendered.

    The code is given bare or in its tag. Code that clearly is of another kind is fixed as that kind, with the warning
    `kind_corrected`.

    Raises:
        Failure: the host failed, or the model returned no usable fix.
    """
    code, language = unwrap(content)
    given = Artifact(corrected_kind(kind, code, language, kind), "", language, code)
    prepare(given.kind)
    messages = fix_messages(code, given.kind, error_message, dependencies.imports)
    question = Question(messages, extra_output_tokens=len(code) // _CHARS_PER_TOKEN)

    def read(completion: Completion) -> Extraction:
        before = _Original(given, Checker(dependencies.imports, run.deadline))

        def accept(found: Extraction) -> Extraction:
            fixed = before.fixed_by(found, truncated=completion.truncated)
            return fixed if given.kind is kind else fixed.warned(KIND_CORRECTED)

        return find_usable(completion.content, given.kind, accept, truncated=completion.truncated, code_only=True)

    choice = dependencies.choose(run, error_message, code, intent="transform")
    return complete_with_repair(dependencies.client, question, read, run, choice)


class _Original(NamedTuple):
    """The code to be fixed, and the checks of its fix."""

    artifact: Artifact
    checker: Checker

    def fixed_by(self, found: Extraction, *, truncated: bool) -> Extraction:
        """Return the fix, if it can be rendered and keeps the code.

        Raises:
            ArtifactFailure: it is not acceptable, and why.
        """
        found = found._replace(artifact=self._labelled(found.artifact))
        if found.bare and not self._is_code(found.artifact):
            raise ArtifactMissing
        if found.artifact.kind is not self.artifact.kind:
            raise OtherKind(found.artifact, self.artifact.kind)
        if _significant_lines(found.artifact) == _significant_lines(self.artifact):
            raise FixUnusable("it is the code unchanged.")
        fragment = self.artifact.kind is Kind.HTML and detect_kind(self.artifact.code) is None
        # In the language that the fix names, if the given code names none.
        given = self.artifact._replace(language=self.artifact.language or found.artifact.language)
        problems = self.checker.examine(given, fragment=fragment).problems
        elided = [each for each in problems if each.rule is Rule.ELIDED]
        try:
            fixed = validate(found, self.checker, truncated=truncated, preexisting=elided, fragment=fragment)
        except ArtifactInvalid as invalid:
            if all(each.rule is Rule.ELIDED for each in invalid.problems):
                raise FixUnusable("it leaves out parts of the code, with a comment in their place.") from None
            if not problems:
                advice = "The code that was sent can be read: keep it."
                raise ArtifactInvalid(invalid.problems, invalid.draft, advice) from None
            raise
        if lost := self._lost_in(fixed.artifact):
            raise FixUnusable(lost)
        return fixed

    def _labelled(self, fixed: Artifact) -> Artifact:
        """Return the fix with the language of the given code, if it names none itself."""
        if fixed.kind is Kind.CODE and not fixed.language:
            return fixed._replace(language=self.artifact.language)
        return fixed

    def _is_code(self, fixed: Artifact) -> bool:
        """Return whether text without tag or fence is code, and not a sentence about it.

        The check of most kinds rejects prose. For the others, its first and last line must be in the given code.
        """
        if fixed.kind not in _OF_ANY_TEXT or (fixed.kind is Kind.CODE and check_rejects_prose(fixed.language)):
            return True
        given, lines = _lines(self.artifact.code), _lines(fixed.code)
        return bool(lines) and lines[0] in given and lines[-1] in given

    def _lost_in(self, fixed: Artifact) -> str | None:
        """Return what the fix has lost, as a sentence, though it can be rendered; None if nothing."""
        given = self.artifact
        if given.language and not same_language(fixed.language, given.language):
            return "it is in another language than the code that was sent."
        if given.kind is Kind.CODE and _DEFAULT_EXPORT.search(given.code) and not _DEFAULT_EXPORT.search(fixed.code):
            return "it has lost the default export."
        size = len("".join(given.code.split()))
        if size > _MIN_COMPARED_CHARS and len("".join(fixed.code.split())) < _MIN_KEPT_RATIO * size:
            return "most of the code is gone."
        if lost := lost_beside_comment(given.code, fixed.code, fixed.kind):
            return f"it has lost `{lost}`, with a comment in its place."
        return None


def _significant_lines(artifact: Artifact) -> list[str]:
    """Return the lines without trailing blanks; blank lines count only in a Markdown document."""
    if artifact.kind is Kind.MARKDOWN:
        return [line.rstrip() for line in artifact.code.strip("\n").split("\n")]
    return _lines(artifact.code)


def _lines(code: str) -> list[str]:
    """Return the lines that are not blank, without trailing blanks."""
    return [line.rstrip() for line in code.split("\n") if line.strip()]
