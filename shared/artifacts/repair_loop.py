"""The repair loop: an answer is extended once if truncated, and repaired once if unusable.

An extended attempt has more output tokens; a repair tells the model what is wrong. Where edits of a given artifact fail
even then, the whole is asked for. Where models are chosen, a better tier is asked once after that. All stay within the
run's deadline and `MAX_CALLS`. `conversation` holds the attempts.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from shared.artifacts.advice import PlanBody, ReviewBody
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import KIND_CHANGED, Artifact, Extraction
from shared.artifacts.conversation import Answer, Conversation, Read
from shared.artifacts.errors import ArtifactFailure, ArtifactTruncated, OtherKind
from shared.artifacts.workflow import Workflow
from shared.model_host import Client, HostedModel, Question
from shared.model_host.hosts import models_of
from shared.run import Run
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.routing import Choice, Router


class Dependencies(NamedTuple):
    """What `generate` and `fix` use: the client, the import allow-list and, where models are chosen, the router."""

    client: Client
    imports: AllowedImports
    router: "Router | None" = None
    edits_from_lines: int = 80
    """Code of at least so many lines is revised by edits, shorter code is written anew."""
    workflow: Workflow = Workflow()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the dependencies for these settings."""
        imports = AllowedImports(settings.allowed_imports) if settings.allowed_imports else AllowedImports.default()
        router = None
        if settings.chooses_models:
            # Imported here and below, so that it costs nothing where no model is chosen.
            from shared.routing import Router  # noqa: PLC0415

            router = Router.of(settings)
        models = router.models if router else models_of(settings)
        client, workflow = Client.of(settings, models), Workflow.of(settings, models)
        return cls(client, imports, router, settings.edits_from_lines, workflow)

    def choose(self, run: Run, prompt: str, data: str = "", *, intent: str) -> "Choice | None":
        """Return the models for a request, and note their tier; None where `MODELS` names them."""
        if self.router is None:
            return None
        from shared.routing import RoutingRequest  # noqa: PLC0415

        return self.router.choose(RoutingRequest(prompt, data, intent)).note(run)


Applied = Literal["edits", "rewrite"]
"""How a given artifact was changed: by edits that the model named, or written anew as a whole."""


class Made(NamedTuple):
    """The result of `generate`, `change` and `fix`: an artifact, its warnings, and how it came about."""

    artifact: Artifact
    warnings: tuple[str, ...]
    repaired: bool
    edits: int = 0
    """How many edits of the given artifact made it; 0 where it was written as a whole."""
    base_version: str | None = None
    """The version of the artifact that it was made from; None where none was given."""
    model: HostedModel | None = None
    """The model that wrote it."""
    choice: "Choice | None" = None
    """The models that were asked for it, where they were chosen."""
    plan: PlanBody | None = None
    """What was planned before it; None where it was not planned."""
    review: ReviewBody | None = None
    """What a review found in it; None where it was not reviewed."""

    def warned(self, warning: str) -> "Made":
        """Return the same with one more warning, if it has not got it yet."""
        return self._replace(warnings=tuple(dict.fromkeys((*self.warnings, warning))))

    @property
    def applied(self) -> Applied | None:
        """How the given artifact was changed; None where none was given."""
        if self.base_version is None:
            return None
        return "edits" if self.edits else "rewrite"


def complete_with_repair(
    client: Client,
    question: Question,
    read: Read,
    run: Run,
    choice: "Choice | None" = None,
    *,
    whole: Question | None = None,
    first_model: HostedModel | None = None,
) -> Made:
    """Return the artifact that the model writes, extended once and repaired once if needed.

    An artifact that is of another kind than requested even then is returned as it is, if it is usable.

    Args:
        client: asks the models.
        question: what is asked.
        read: finds the artifact in an answer.
        run: the request that asks.
        choice: the models to ask, where they were chosen for this request.
        whole: where edits are asked for, the question that is asked when they cannot be used.
        first_model: the model to ask before the others, in place of the primary.

    Raises:
        Failure: the host failed, or the model wrote no usable artifact.
    """
    conversation = Conversation(client, question, read, run, choice, whole=whole, first_model=first_model)
    answer = conversation.first_attempt()
    if isinstance(answer.outcome, ArtifactTruncated):
        answer = conversation.with_more_tokens(answer) or answer
    if isinstance(answer.outcome, Extraction):
        return _made(run, answer, answer.outcome, repaired=False)
    failed = [(answer, answer.outcome)]
    for further in conversation.repairs(answer):
        if isinstance(further.outcome, Extraction):
            return _made(run, further, further.outcome, repaired=True)
        failed.append((further, further.outcome))
    for each, failure in reversed(failed):
        if isinstance(failure, OtherKind) and failure.usable:
            return _made(run, each, failure.usable.warned(KIND_CHANGED), repaired=False)
    raise max((failure for _, failure in failed), key=_nearness)


def _made(run: Run, answer: Answer, extraction: Extraction, *, repaired: bool) -> Made:
    """Return what an answer holds, and note who wrote it: others may have been asked in vain after that."""
    run.ledger.note_author(answer.attempt)
    if answer.choice:
        run.tier, run.tier_reason = answer.choice.tier, answer.choice.reason
    model = answer.completion.requested_model
    return Made(extraction.artifact, extraction.warnings, repaired, extraction.edits, model=model, choice=answer.choice)


def _nearness(failure: ArtifactFailure) -> tuple[int, int]:
    """Return how close an answer came: by its failure, then by how few problems it has."""
    return failure.nearness, -len(getattr(failure, "problems", ()))
