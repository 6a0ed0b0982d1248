"""The revision of an artifact that is there: whether edits or the whole are asked for, and how the answer is read.

From a certain length on, models are asked for edits, because a small change is cheaper so. Where a model's edits cannot
be used, even when it is told why, it is asked for the whole. A whole artifact is accepted at any time.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from shared.artifacts.artifact import UNTAGGED, Artifact, Extraction
from shared.artifacts.edits import Answer, EditFailure, apply_edits, holds_markers, read_edits
from shared.artifacts.errors import ArtifactFailure, ArtifactTruncated, EditsUnusable
from shared.artifacts.extraction import extract, find_usable, trimmed, with_line_feeds
from shared.artifacts.original import Original
from shared.artifacts.prompts import RevisionMessages
from shared.artifacts.repair_loop import Dependencies, Made, complete_with_repair
from shared.artifacts.validation import Checker
from shared.costs.attempt_lines import Purpose
from shared.model_host import Completion, HostedModel, Question
from shared.run import Run

if TYPE_CHECKING:
    from shared.routing import Choice

CHARS_PER_TOKEN = 3
"""At least, in code. The model may write the given code again, so `max_tokens` grows by its length."""

_UNFINISHED = "A block has no end: its last line, `>>>>>>> REPLACE`, is missing."


class Revision:
    """One artifact that is to be revised for a request.

    Args:
        given: the artifact.
        is_fix: whether it is to be fixed, or else changed.
        dependencies: what is used for it.
        run: the request.
        untagged_is_whole: whether an answer without a tag is the whole, and not perhaps the part that changes.
    """

    def __init__(
        self, given: Artifact, dependencies: Dependencies, run: Run, *, is_fix: bool, untagged_is_whole: bool = False
    ) -> None:
        self._given = given
        self._is_fix = is_fix
        self._untagged_is_whole = untagged_is_whole
        self._dependencies = dependencies
        self._run = run
        self._can_be_edited = not holds_markers(given.code)

    def make(
        self,
        messages: RevisionMessages,
        choice: "Choice | None",
        *,
        session_id: str | None = None,
        purpose: Purpose = "first",
        first_model: HostedModel | None = None,
    ) -> Made:
        """Return the revised artifact; it can be rendered.

        Args:
            messages: what a model is told, who is asked for edits or for the whole.
            choice: the models to ask, where they were chosen for this request.
            session_id: that of the request.
            purpose: that of the first attempt.
            first_model: the model to ask before the others, in place of the primary.

        Raises:
            Failure: the host failed, or the model returned nothing that can be used.
        """
        more = len(self._given.code) // CHARS_PER_TOKEN
        whole = Question(messages.whole, session_id, extra_output_tokens=more, purpose=purpose)
        first, client, run = whole, self._dependencies.client, self._run
        if self._asks_for_edits:
            first = whole._replace(messages=messages.edits, edits=True)
        made = complete_with_repair(
            client, first, self.read, run, choice, whole=None if first is whole else whole, first_model=first_model
        )
        return made._replace(base_version=self._given.version)

    @property
    def _asks_for_edits(self) -> bool:
        lines = self._given.code.count("\n") + 1
        return self._can_be_edited and lines >= self._dependencies.edits_from_lines

    def read(self, completion: Completion) -> Extraction:
        """Return the revised artifact: a whole one if the answer has one, or else the given one with all its edits.

        Raises:
            ArtifactFailure: there is none that can be used, and why.
        """
        checker = Checker(self._dependencies.imports, self._run.deadline)
        original = Original(self._given, checker, self._is_fix, self._untagged_is_whole)
        text, kind, truncated = with_line_feeds(completion.content), self._given.kind, completion.truncated

        def accept(found: Extraction) -> Extraction:
            return original.revised_by(found, truncated=truncated)

        edits = read_edits(text)
        if not self._can_be_edited or not edits.found:
            return find_usable(text, kind, accept, truncated=truncated, code_only=True)
        with suppress(ArtifactFailure):
            # A tag in a block is a part of the code.
            whole = extract(edits.beside, requested=kind, truncated=truncated)
            # Edits in a tag or in a fence are no artifact.
            if UNTAGGED not in whole.warnings and not read_edits(whole.artifact.code).found:
                return accept(whole)
        try:
            return accept(self._edited(edits, truncated=truncated))
        except ArtifactFailure as failure:
            failure.by_edits = True
            raise

    def _edited(self, answer: Answer, *, truncated: bool) -> Extraction:
        """Return the given artifact with all edits of an answer."""
        if truncated:
            raise ArtifactTruncated  # another edit might have followed
        if answer.unfinished or answer.problem:
            raise EditsUnusable(answer.problem or _UNFINISHED, is_fix=self._is_fix)
        try:
            code = apply_edits(self._given.code, answer.edits)
        except EditFailure as failure:
            raise EditsUnusable(failure.explanation, is_fix=self._is_fix) from None
        return Extraction(self._given._replace(code=trimmed(code)), (), edits=len(answer.edits))
