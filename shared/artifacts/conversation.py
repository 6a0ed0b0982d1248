"""The conversation with the models about one artifact: the first attempt, and what may follow on an unusable answer."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from shared.artifacts.artifact import Extraction
from shared.artifacts.errors import (
    ArtifactFailure,
    ArtifactInvalid,
    ArtifactMissing,
    ArtifactTruncated,
    EditsUnusable,
    OtherKind,
    RevisionUnusable,
)
from shared.artifacts.problem import Rule
from shared.artifacts.prompts import (
    edits_message,
    invalid_message,
    missing_message,
    other_kind_message,
    unusable_message,
)
from shared.costs.ledger import AttemptRecord
from shared.errors import Failure, ServiceMisconfigured
from shared.model_host import Client, Completion, HostedModel, Message, Question
from shared.run import Run

if TYPE_CHECKING:
    from shared.routing import Choice

_MIN_REPAIR_TIME_RATIO = 0.5
"""The least part of the first answer's time that a repair takes: it writes as much, but reasons less."""

Read = Callable[[Completion], Extraction]
"""Returns the requested artifact of an answer, or raises the `ArtifactFailure` that says what is wrong."""

AnswerT = TypeVar("AnswerT")


class Answer(NamedTuple):
    """An answer, and the artifact in it or what is wrong with it."""

    completion: Completion
    outcome: Extraction | ArtifactFailure
    attempt: AttemptRecord
    """The attempt that brought it."""
    choice: "Choice | None"
    """The models that were to be asked for it, where they were chosen; its tier is that of the one that wrote it."""


class Conversation:
    """One question, and the attempts to answer it.

    Args:
        client: asks the models.
        question: what is asked.
        read: finds the artifact in an answer.
        run: the request that asks.
        choice: the models that are asked; None: the client's own.
        whole: where edits are asked for, the question for the whole artifact.
        first_model: the model to ask before the others, in place of the primary.
    """

    def __init__(
        self,
        client: Client,
        question: Question,
        read: Read,
        run: Run,
        choice: "Choice | None",
        *,
        whole: Question | None = None,
        first_model: HostedModel | None = None,
    ) -> None:
        self.client = client
        self.question = question
        self.read = read
        self.run = run
        self.choice = choice
        self.whole = whole
        self.first_model = first_model

    def first_attempt(self) -> Answer:
        """Return the first answer.

        Raises:
            Failure: there is none.
        """
        return self._answer(
            self._ask(
                self.choice,
                lambda models: self.client.complete(self.question, self.run, models=models, first=self.first_model),
            )
        )

    def with_more_tokens(self, truncated: Answer) -> Answer | None:
        """Return the answer with twice the output tokens; None if there is none."""
        return self._further(
            self.choice,
            lambda models: self.client.retry_with_more_tokens(
                self.question, truncated.completion, self.run, models=models
            ),
        )

    def repairs(self, bad: Answer) -> Iterator[Answer]:
        """Yield the answers that may be better: of a repair, of a request for the whole, of a better tier."""
        if not _is_repairable(bad.outcome) or not (repaired := self._repair(bad)):
            return
        yield repaired
        if written := self._write_whole(repaired):
            yield written
        if better := self._escalate(written or repaired):
            yield better

    def _repair(self, bad: Answer) -> Answer | None:
        """Return the answer of a model that is told what is wrong; None if it fails or there is no time for it."""
        if bad.completion.seconds * _MIN_REPAIR_TIME_RATIO > self.run.deadline.remaining():
            return None
        instructions = _repair_instructions(bad.outcome, edits=self.question.edits)
        question = self.question._replace(messages=[*self.question.messages, *_repair_messages(bad, instructions)])
        # The model that wrote it does answer, and its host has the prompt in its cache.
        max_tokens, first = bad.completion.max_tokens, bad.completion.requested_model
        return self._further(
            self.choice,
            lambda models: self.client.complete(
                question, self.run, purpose="repair", max_tokens=max_tokens, models=models, first=first
            ),
        )

    def _write_whole(self, bad: Answer) -> Answer | None:
        """Return the answer to the request for the whole; None if edits are not what failed, or there is no time.

        It is a request of its own: edits that failed twice would lead the model there again.
        """
        whole, completion = self.whole, bad.completion
        if whole is None or not _is_of_edits(bad.outcome):
            return None
        fastest = self.run.catalog.tokens_per_second(completion.requested_model.name)
        if not completion.could_be_followed(whole.extra_output_tokens, self.run.deadline.remaining(), fastest):
            return None
        max_tokens, first = completion.max_tokens, completion.requested_model
        return self._further(
            self.choice,
            lambda models: self.client.complete(
                whole, self.run, purpose="repair", max_tokens=max_tokens, models=models, first=first
            ),
        )

    def _escalate(self, bad: Answer) -> Answer | None:
        """Return a better tier's answer; None if it fails, or there is none, or no time for it.

        It is asked the question alone: what a weaker model wrote twice would lead it there again, and cost tokens.
        """
        better = self.choice.one_better() if self.choice else None
        if better is None or _is_unchecked(bad.outcome) or bad.completion.seconds > self.run.deadline.remaining():
            return None
        question = self.whole or self.question
        try:
            return self._further(
                better,
                lambda models: self.client.complete(
                    question, self.run, purpose="repair", max_tokens=bad.completion.max_tokens, models=models
                ),
            )
        except ServiceMisconfigured as unusable:
            self.run.tell_operator(unusable.problem)  # and the caller of what was wrong before
            return None

    def _further(
        self, choice: "Choice | None", call: Callable[[Sequence[HostedModel]], Completion | None]
    ) -> Answer | None:
        """Return a further answer; None if it fails, and then the caller is told of the one before."""
        try:
            completion = self._ask(choice, call)
        except ServiceMisconfigured:
            raise
        except Failure:
            return None
        return self._answer(completion) if completion else None

    def _ask(self, choice: "Choice | None", call: Callable[[Sequence[HostedModel]], AnswerT]) -> AnswerT:
        """Return what the models of a choice answer, and note the tier if any of them was asked."""
        attempts = len(self.run.ledger.attempts)
        try:
            return call(choice.models if choice else ())
        finally:
            if choice and len(self.run.ledger.attempts) > attempts:
                self.choice = choice.note(self.run)

    def _answer(self, completion: Completion) -> Answer:
        attempt = self.run.ledger.attempts[-1]
        self.run.progress.phase("checking")
        try:
            return Answer(completion, self.read(completion), attempt, self.choice)
        except ArtifactFailure as failure:
            return Answer(completion, failure, attempt, self.choice)


def _repair_messages(bad: Answer, instructions: str) -> list[Message]:
    """Return the model's answer and what is wrong with it. Hosts reject a turn without text."""
    written = bad.completion.content.strip()
    told: Message = {"role": "user", "content": instructions}
    return [{"role": "assistant", "content": written}, told] if written else [told]


def _repair_instructions(outcome: Extraction | ArtifactFailure, *, edits: bool) -> str:
    """Return what is wrong; new edits are asked for where `edits` were, and it is about them."""
    if isinstance(outcome, OtherKind):
        return other_kind_message(outcome.draft.kind, outcome.wanted)
    if isinstance(outcome, EditsUnusable) and edits:
        return edits_message(outcome.advice)
    if isinstance(outcome, ArtifactInvalid):
        return invalid_message(outcome.problems, edits=edits and outcome.by_edits)
    if isinstance(outcome, RevisionUnusable):
        return unusable_message(outcome.problem, edits=edits and outcome.by_edits)
    return missing_message(edits=edits)


def _is_repairable(outcome: Extraction | ArtifactFailure) -> bool:
    """Return whether a model that is told what is wrong can correct it."""
    return not isinstance(outcome, ArtifactTruncated) and not _is_unchecked(outcome)


def _is_of_edits(outcome: Extraction | ArtifactFailure) -> bool:
    """Return whether it is edits that could not be used, or neither those nor an artifact was written."""
    return isinstance(outcome, ArtifactFailure) and (outcome.by_edits or isinstance(outcome, ArtifactMissing))


def _is_unchecked(outcome: Extraction | ArtifactFailure) -> bool:
    """Return whether there was no time for the check: another artifact would be paid for and not be checked either."""
    return isinstance(outcome, ArtifactInvalid) and outcome.problems[0].rule is Rule.UNCHECKED
