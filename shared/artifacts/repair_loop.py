"""The model is asked, asked for more where its answer was cut, and told once what is wrong with what it wrote."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import KIND_CHANGED, Extraction
from shared.artifacts.errors import ArtifactFailure, ArtifactInvalid, ArtifactTruncated, FixUnusable, OtherKind
from shared.artifacts.problem import Rule
from shared.artifacts.prompts import invalid_message, missing_message, other_kind_message, unusable_message
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.errors import Failure, ServiceMisconfigured
from shared.model_host import Completion, Message, OpenRouter, Question
from shared.settings import Settings

_SECOND_TIME = 0.5
"""The part of the first answer's time that a repair takes at least."""

Read = Callable[[Completion], Extraction]
"""Takes out of an answer what was asked for, or raises the `ArtifactFailure` that is wrong with it."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What artifacts are made with."""

    host: OpenRouter
    imports: AllowedImports
    """What a component may import."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the operator wants it."""
        return cls(
            OpenRouter(settings),
            AllowedImports(settings.allowed_imports) if settings.allowed_imports else AllowedImports.default(),
        )


def ask(host: OpenRouter, question: Question, read: Read, *, deadline: Deadline, ledger: Ledger) -> Extraction:
    """What the model answers.

    An answer that was cut is asked for once more with twice the output budget, if there is room; one that is of no use
    is sent back once with what is wrong with it. An artifact that is of another kind then too is returned as it is,
    where it may be.

    Raises:
        Failure: the host or the model did not come up with it.
    """
    asked = _Asked(host, question, read, deadline, ledger)
    answer = asked.first()
    if isinstance(answer.outcome, ArtifactTruncated):
        answer = asked.longer(answer) or answer
    if isinstance(answer.outcome, Extraction):
        return answer.outcome
    failures = [answer.outcome]
    if _can_be_mended(answer.outcome) and (second := asked.repaired(answer)):
        if isinstance(second.outcome, Extraction):
            ledger.facts.repaired = True
            return second.outcome
        failures.append(second.outcome)
    for failure in reversed(failures):
        if isinstance(failure, OtherKind) and failure.usable:
            return failure.usable.warned(KIND_CHANGED)
    raise max(failures, key=_nearness)


@dataclass(frozen=True, slots=True)
class _Answer:
    completion: Completion
    outcome: Extraction | ArtifactFailure


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question, and the calls that are made for it."""

    host: OpenRouter
    question: Question
    read: Read
    deadline: Deadline
    ledger: Ledger

    def first(self) -> _Answer:
        return self._answer(self.host.complete(self.question, deadline=self.deadline, ledger=self.ledger))

    def longer(self, cut: _Answer) -> _Answer | None:
        """The same with twice the output budget; None where there is no such answer."""
        return self._further(
            lambda: self.host.longer(self.question, cut.completion, deadline=self.deadline, ledger=self.ledger)
        )

    def repaired(self, bad: _Answer) -> _Answer | None:
        """What comes when the model is told what is wrong; None where nothing does, or not in time.

        It writes as much again, but has thought most of it already.
        """
        if bad.completion.seconds * _SECOND_TIME > self.deadline.remaining():
            return None
        question = replace(self.question, messages=[*self.question.messages, *_follow_up(bad)])
        return self._further(
            lambda: self.host.complete(
                question,
                deadline=self.deadline,
                ledger=self.ledger,
                purpose="repair",
                budget=bad.completion.budget,
            )
        )

    def _further(self, call: Callable[[], Completion | None]) -> _Answer | None:
        """A further answer; where it fails, the one before is all that the caller can be told of."""
        try:
            completion = call()
        except ServiceMisconfigured:
            raise
        except Failure:
            return None
        return self._answer(completion) if completion else None

    def _answer(self, completion: Completion) -> _Answer:
        self.ledger.facts.response_chars += len(completion.content)
        try:
            return _Answer(completion, self.read(completion))
        except ArtifactFailure as failure:
            return _Answer(completion, failure)


def _follow_up(bad: _Answer) -> list[Message]:
    """What the model wrote, and what is wrong with it. A turn without text is one that hosts refuse."""
    said = bad.completion.content.strip()
    complaint: Message = {"role": "user", "content": _complaint(bad.outcome)}
    return [{"role": "assistant", "content": said}, complaint] if said else [complaint]


def _complaint(outcome: Extraction | ArtifactFailure) -> str:
    if isinstance(outcome, OtherKind):
        return other_kind_message(outcome.draft.kind, outcome.wanted)
    if isinstance(outcome, ArtifactInvalid):
        return invalid_message(outcome.problems)
    return unusable_message(outcome.problem) if isinstance(outcome, FixUnusable) else missing_message()


def _can_be_mended(failure: ArtifactFailure) -> bool:
    """Whether a model that is told what is wrong can do something about it."""
    if isinstance(failure, ArtifactInvalid):
        return failure.problems[0].rule is not Rule.UNCHECKED
    return not isinstance(failure, ArtifactTruncated)


def _nearness(failure: ArtifactFailure) -> tuple[int, int]:
    """How near an answer came: by its failure, and by how few things are wrong with it."""
    return failure.nearness, -len(getattr(failure, "problems", ()))
