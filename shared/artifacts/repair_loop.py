"""The repair loop: an answer is extended once if truncated, and repaired once if unusable.

An extended attempt has more output tokens; a repair tells the model what is wrong. Both stay within the run's deadline
and `MAX_CALLS`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import KIND_CHANGED, Artifact, Extraction
from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, ArtifactTruncated, FixUnusable, OtherKind
from shared.artifacts.problem import Rule
from shared.artifacts.prompts import invalid_message, missing_message, other_kind_message, unusable_message
from shared.errors import Failure, ServiceMisconfigured
from shared.model_host import Client, Completion, Message, Question
from shared.run import Run
from shared.settings import Settings

_MIN_REPAIR_TIME_RATIO = 0.5
"""The least part of the first answer's time that a repair takes: it writes as much, but reasons less."""

Read = Callable[[Completion], Extraction]
"""Returns the requested artifact of an answer, or raises the `ArtifactFailure` that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The model client and the import allow-list that both functions use."""

    client: Client
    imports: AllowedImports

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the dependencies for these settings."""
        imports = AllowedImports(settings.allowed_imports) if settings.allowed_imports else AllowedImports.default()
        return cls(Client.of(settings), imports)


@dataclass(frozen=True, slots=True)
class Made:
    """The result of `generate` and `fix`: an artifact, its warnings, and whether it was repaired."""

    artifact: Artifact
    warnings: tuple[str, ...]
    repaired: bool


def complete_with_repair(client: Client, question: Question, read: Read, run: Run) -> Made:
    """Return the artifact that the model writes, extended once and repaired once if needed.

    An artifact that is of another kind than requested even then is returned as it is, if it is usable.

    Raises:
        Failure: the host failed, or the model wrote no usable artifact.
    """
    conversation = _Conversation(client, question, read, run)
    answer = conversation.first_attempt()
    if isinstance(answer.outcome, ArtifactTruncated):
        answer = conversation.with_more_tokens(answer) or answer
    if isinstance(answer.outcome, Extraction):
        return _made(answer.outcome, repaired=False)
    failures = [answer.outcome]
    if _is_repairable(answer.outcome) and (second := conversation.repair(answer)):
        if isinstance(second.outcome, Extraction):
            return _made(second.outcome, repaired=True)
        failures.append(second.outcome)
    for failure in reversed(failures):
        if isinstance(failure, OtherKind) and failure.usable:
            return _made(failure.usable.warned(KIND_CHANGED), repaired=False)
    raise max(failures, key=_nearness)


def _made(extraction: Extraction, *, repaired: bool) -> Made:
    return Made(extraction.artifact, extraction.warnings, repaired)


@dataclass(frozen=True, slots=True)
class _Answer:
    completion: Completion
    outcome: Extraction | ArtifactFailure


@dataclass(frozen=True, slots=True)
class _Conversation:
    """One question, and the attempts to answer it."""

    client: Client
    question: Question
    read: Read
    run: Run

    def first_attempt(self) -> _Answer:
        return self._answer(self.client.complete(self.question, self.run))

    def with_more_tokens(self, truncated: _Answer) -> _Answer | None:
        """Return the answer with twice the output tokens; None if there is none."""
        return self._further(lambda: self.client.retry_with_more_tokens(self.question, truncated.completion, self.run))

    def repair(self, bad: _Answer) -> _Answer | None:
        """Return the answer of a model that is told what is wrong; None if it fails or there is no time for it."""
        if bad.completion.seconds * _MIN_REPAIR_TIME_RATIO > self.run.deadline.remaining():
            return None
        question = replace(self.question, messages=[*self.question.messages, *_repair_messages(bad)])
        # The model that wrote it does answer, and its host has the prompt in its cache.
        max_tokens, first = bad.completion.max_tokens, bad.completion.requested_model
        return self._further(
            lambda: self.client.complete(question, self.run, purpose="repair", max_tokens=max_tokens, first=first)
        )

    def _further(self, call: Callable[[], Completion | None]) -> _Answer | None:
        """Return a further answer; None if it fails, and then the caller is told of the one before."""
        try:
            completion = call()
        except ServiceMisconfigured:
            raise
        except Failure:
            return None
        return self._answer(completion) if completion else None

    def _answer(self, completion: Completion) -> _Answer:
        self.run.progress.phase("checking")
        try:
            return _Answer(completion, self.read(completion))
        except ArtifactFailure as failure:
            return _Answer(completion, failure)


def _repair_messages(bad: _Answer) -> list[Message]:
    """Return the model's answer and what is wrong with it. Hosts reject a turn without text."""
    written = bad.completion.content.strip()
    instructions: Message = {"role": "user", "content": _repair_instructions(bad.outcome)}
    return [{"role": "assistant", "content": written}, instructions] if written else [instructions]


def _repair_instructions(outcome: Extraction | ArtifactFailure) -> str:
    if isinstance(outcome, OtherKind):
        return other_kind_message(outcome.draft.kind, outcome.wanted)
    if isinstance(outcome, ArtifactInvalid):
        return invalid_message(outcome.problems)
    return unusable_message(outcome.problem) if isinstance(outcome, FixUnusable) else missing_message()


def _is_repairable(failure: ArtifactFailure) -> bool:
    """Return whether a model that is told what is wrong can correct it."""
    if isinstance(failure, ArtifactInvalid):
        return failure.problems[0].rule is not Rule.UNCHECKED
    return not isinstance(failure, ArtifactTruncated)


def _nearness(failure: ArtifactFailure) -> tuple[int, int]:
    """Return how close an answer came: by its failure, then by how few problems it has."""
    return failure.nearness, -len(getattr(failure, "problems", ()))
