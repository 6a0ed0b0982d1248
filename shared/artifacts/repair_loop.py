"""The repair loop: an answer is extended once if truncated, and repaired once if unusable.

An extended attempt has more output tokens; a repair tells the model what is wrong. Where models are chosen, a better
tier is asked once after a repair that failed. All stay within the run's deadline and `MAX_CALLS`. `conversation` holds
the attempts.
"""

from typing import TYPE_CHECKING, NamedTuple, Self

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.artifact import KIND_CHANGED, Artifact, Extraction
from shared.artifacts.conversation import Conversation, Read
from shared.artifacts.errors import ArtifactFailure, ArtifactTruncated, OtherKind
from shared.model_host import Client, Question
from shared.run import Run
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.routing import Choice, Router


class Dependencies(NamedTuple):
    """What `generate` and `fix` use: the client, the import allow-list and, where models are chosen, the router."""

    client: Client
    imports: AllowedImports
    router: "Router | None" = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the dependencies for these settings."""
        imports = AllowedImports(settings.allowed_imports) if settings.allowed_imports else AllowedImports.default()
        if not settings.chooses_models:
            return cls(Client.of(settings), imports)
        # Imported here and below, so that it costs nothing where no model is chosen.
        from shared.routing import Router  # noqa: PLC0415

        router = Router.of(settings)
        return cls(Client.of(settings, router.models), imports, router)

    def choose(self, run: Run, prompt: str, data: str = "", *, intent: str) -> "Choice | None":
        """Return the models for a request, and note their tier; None where `MODELS` names them."""
        if self.router is None:
            return None
        from shared.routing import RoutingRequest  # noqa: PLC0415

        return self.router.choose(RoutingRequest(prompt, data, intent)).note(run)


class Made(NamedTuple):
    """The result of `generate` and `fix`: an artifact, its warnings, and whether it was repaired."""

    artifact: Artifact
    warnings: tuple[str, ...]
    repaired: bool


def complete_with_repair(
    client: Client, question: Question, read: Read, run: Run, choice: "Choice | None" = None
) -> Made:
    """Return the artifact that the model writes, extended once and repaired once if needed.

    An artifact that is of another kind than requested even then is returned as it is, if it is usable.

    Args:
        client: asks the models.
        question: what is asked.
        read: finds the artifact in an answer.
        run: the request that asks.
        choice: the models to ask, where they were chosen for this request.

    Raises:
        Failure: the host failed, or the model wrote no usable artifact.
    """
    conversation = Conversation(client, question, read, run, choice)
    answer = conversation.first_attempt()
    if isinstance(answer.outcome, ArtifactTruncated):
        answer = conversation.with_more_tokens(answer) or answer
    if isinstance(answer.outcome, Extraction):
        return _made(answer.outcome, repaired=False)
    failures = [answer.outcome]
    for further in conversation.repairs(answer):
        if isinstance(further.outcome, Extraction):
            return _made(further.outcome, repaired=True)
        failures.append(further.outcome)
    for failure in reversed(failures):
        if isinstance(failure, OtherKind) and failure.usable:
            return _made(failure.usable.warned(KIND_CHANGED), repaired=False)
    raise max(failures, key=_nearness)


def _made(extraction: Extraction, *, repaired: bool) -> Made:
    return Made(extraction.artifact, extraction.warnings, repaired)


def _nearness(failure: ArtifactFailure) -> tuple[int, int]:
    """Return how close an answer came: by its failure, then by how few problems it has."""
    return failure.nearness, -len(getattr(failure, "problems", ()))
