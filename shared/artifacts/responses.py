"""What the artifact functions give: the bodies of a success and of a failure, and what each says of its cost.

Typed dictionaries: what is ours needs no validation, and a cold start need not wait until models are made.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.artifacts.advice import PlanBody, ReviewBody
from shared.artifacts.errors import ArtifactInvalid
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Applied, Made
from shared.costs.ledger import Ledger
from shared.errors import Failure
from shared.run import Run

_MAX_DRAFT_CHARS = 250_000
"""As many as are checked at most; the platform sends no response larger than 6 MB."""


class TokenUsage(TypedDict):
    """Tokens over all attempts of a request."""

    inputTokens: int
    outputTokens: int
    reasoningTokens: int
    cachedTokens: int


Version = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""The SHA-256 of an artifact's bare code, in UTF-8 and with line feeds."""


Edits = Annotated[int, Field(ge=1)]


class _Spent(TypedDict):
    usage: TokenUsage
    costUsd: float | None
    """Of what is known of it; null where nothing is."""
    attempts: int


class _Success(TypedDict):
    success: Literal[True]
    requestId: str
    model: str
    host: str
    """The model host that served it."""
    usage: TokenUsage
    costUsd: float | None
    attempts: int
    repaired: bool
    warnings: list[str]
    version: Version
    """Of the code that is given back."""


class ArtifactBody(TypedDict):
    """One artifact."""

    type: Kind
    mimeType: str
    title: str
    language: NotRequired[str | None]
    """Of a piece of code; left out where there is none."""
    code: str


class GenerateResponse(_Success):
    """What generate_artifact gives."""

    artifactCode: str
    """The artifact in its canonical form, tag included."""
    artifact: ArtifactBody
    plan: NotRequired[PlanBody]
    """With `workflow: "reviewed"` only: what was planned."""
    review: NotRequired[ReviewBody]
    """With `workflow: "reviewed"` only: what the review found."""
    applied: NotRequired[Applied]
    """With `content` only: whether the model named edits of it, or wrote the whole anew."""
    baseVersion: NotRequired[Version]
    """With `content` only: of the code that was sent. Compare it with what is shown before replacing that."""
    edits: NotRequired[Edits]
    """With `applied: "edits"` only: how many."""


class FixResponse(_Success):
    """What generate_artifact_fix gives."""

    type: Kind
    """The kind of the code; not the one of the request where that was plainly wrong."""
    fixedCode: str
    """Bare code, without a tag or fence."""
    applied: Applied
    """Whether the model named edits of the code, or wrote the whole anew."""
    baseVersion: Version
    """Of the code that was sent."""
    edits: NotRequired[Edits]
    """With `applied: "edits"` only: how many."""


class FailureBody(TypedDict):
    """Why there is no artifact, and what to do."""

    success: Literal[False]
    error: Annotated[str, Field(min_length=1)]
    """What happened and what to do."""
    code: str
    """The stable name of what happened."""
    retryable: bool
    """Whether the same request may succeed later."""
    requestId: str
    retryAfterSeconds: NotRequired[Annotated[int | None, Field(ge=0)]]
    """When to try again, where that is known."""
    field: NotRequired[str | None]
    """The field that is at fault, where there is one."""


class Draft(TypedDict):
    """What the model wrote and the check refused: nothing says that it can be rendered."""

    type: Kind
    code: str


class PaidFailureBody(FailureBody):
    """The same once the model host was called: what that cost, and what can still be made of it."""

    usage: TokenUsage
    costUsd: float | None
    """Of what is known of it; null where nothing is."""
    attempts: int
    draft: NotRequired[Draft | None]
    """With `artifact_invalid`: what was refused, as it stands."""


class Result(NamedTuple):
    """How what was made is given to a caller."""

    event: str
    """The name of the event that holds it in a stream."""
    body: Callable[[Made, Run], dict[str, Any]]
    """Returns the body of the success response: a `GenerateResponse` or a `FixResponse`."""


def _generated(made: Made, run: Run) -> dict[str, Any]:
    artifact = made.artifact
    body = ArtifactBody(type=artifact.kind, mimeType=artifact.kind.mime_type, title=artifact.title, code=artifact.code)
    if artifact.language is not None:
        body["language"] = artifact.language
    steps = {name: step for name, step in (("plan", made.plan), ("review", made.review)) if step}
    return {**_success(made, run), "artifactCode": artifact.canonical, "artifact": body, **steps, **_revision(made)}


def _fixed(made: Made, run: Run) -> dict[str, Any]:
    artifact = made.artifact
    return {**_success(made, run), "type": artifact.kind, "fixedCode": artifact.code, **_revision(made)}


def _revision(made: Made) -> dict[str, Any]:
    """Return how a given artifact became this one; nothing where none was given."""
    if made.applied is None:
        return {}
    edits = {"edits": made.edits} if made.edits else {}
    return {"applied": made.applied, "baseVersion": made.base_version, **edits}


GENERATED = Result("artifact", _generated)
"""That of generate_artifact."""
FIXED = Result("fix", _fixed)
"""That of generate_artifact_fix."""


def failure_body(failure: Failure, run: Run) -> FailureBody | PaidFailureBody:
    """Return the body of the response to a request that ended in this failure."""
    body = FailureBody(
        success=False, error=failure.message, code=failure.code, retryable=failure.retryable, requestId=run.id
    )
    if failure.retry_after_whole_seconds is not None:
        body["retryAfterSeconds"] = failure.retry_after_whole_seconds
    if failure.field is not None:
        body["field"] = failure.field
    if not run.ledger.attempts:
        return body
    paid = PaidFailureBody(**body, **_spent(run.ledger))  # type: ignore[typeddict-item] # mypy looks for `draft`
    if isinstance(failure, ArtifactInvalid):
        paid["draft"] = Draft(type=failure.draft.kind, code=failure.draft.code[:_MAX_DRAFT_CHARS])
    return paid


def _success(made: Made, run: Run) -> _Success:
    author = run.ledger.author or run.ledger.attempts[-1]
    return {
        "success": True,
        "requestId": run.id,
        "model": author.model,
        "host": author.host,
        **_spent(run.ledger),
        "repaired": made.repaired,
        "warnings": list(made.warnings),
        "version": made.artifact.version,
    }


def _spent(ledger: Ledger) -> _Spent:
    usage, cost = ledger.usage, ledger.cost.usd
    return {
        "usage": {
            "inputTokens": usage.input_tokens or 0,
            "outputTokens": usage.output_tokens or 0,
            "reasoningTokens": usage.reasoning_tokens or 0,
            "cachedTokens": usage.cached_tokens or 0,
        },
        "costUsd": None if cost is None else float(cost),
        "attempts": len(ledger.attempts),
    }
