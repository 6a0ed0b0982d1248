"""What the artifact functions give: the models of a success and of a failure, and what each says of its cost."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, PlainSerializer

from shared.artifacts.camel_model import CamelModel
from shared.artifacts.errors import ArtifactInvalid
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Made
from shared.costs.ledger import Ledger
from shared.errors import Failure
from shared.run import Run

_MAX_DRAFT_CHARS = 250_000
"""As many as are checked at most; the platform sends no response larger than 6 MB."""
Usd = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""An amount in USD, a number in JSON."""


def _is_none(value: object) -> bool:
    return value is None


class TokenUsage(CamelModel):
    """Tokens over all attempts of a request."""

    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cached_tokens: int


class _Success(CamelModel):
    success: Literal[True] = True
    request_id: str
    model: str
    host: str
    """The model host that served it."""
    usage: TokenUsage
    cost_usd: Usd | None
    attempts: int
    repaired: bool
    warnings: tuple[str, ...]


class ArtifactBody(CamelModel):
    """One artifact."""

    type: Kind
    mime_type: str
    title: str
    language: str | None = Field(exclude_if=_is_none)
    """Of a piece of code; left out where there is none."""
    code: str


class GenerateResponse(_Success):
    """What generate_artifact gives."""

    event: ClassVar[str] = "artifact"
    """The name of the event that holds it in a stream."""

    artifact_code: str
    """The artifact in its canonical form, tag included."""
    artifact: ArtifactBody

    @classmethod
    def of(cls, made: Made, run: Run) -> Self:
        """Return the response that holds this artifact."""
        artifact = made.artifact
        body = ArtifactBody(
            type=artifact.kind,
            mime_type=artifact.kind.mime_type,
            title=artifact.title,
            language=artifact.language,
            code=artifact.code,
        )
        return cls(artifact_code=artifact.canonical, artifact=body, **_accounting_fields(made, run))


class FixResponse(_Success):
    """What generate_artifact_fix gives."""

    event: ClassVar[str] = "fix"
    """The name of the event that holds it in a stream."""

    type: Kind
    """The kind of the code; not the one of the request where that was plainly wrong."""
    fixed_code: str
    """Bare code, without a tag or fence."""

    @classmethod
    def of(cls, made: Made, run: Run) -> Self:
        """Return the response that holds this code."""
        return cls(type=made.artifact.kind, fixed_code=made.artifact.code, **_accounting_fields(made, run))


class FailureBody(CamelModel):
    """Why there is no artifact, and what to do."""

    success: Literal[False] = False
    error: str = Field(min_length=1)
    """What happened and what to do."""
    code: str
    """The stable name of what happened."""
    retryable: bool
    """Whether the same request may succeed later."""
    request_id: str
    retry_after_seconds: int | None = Field(None, ge=0, exclude_if=_is_none)
    """When to try again, where that is known."""
    field: str | None = Field(None, exclude_if=_is_none)
    """The field that is at fault, where there is one."""


class Draft(CamelModel):
    """What the model wrote and the check refused: nothing says that it can be rendered."""

    type: Kind
    code: str


class PaidFailureBody(FailureBody):
    """The same once the model host was called: what that cost, and what can still be made of it."""

    usage: TokenUsage
    cost_usd: Usd | None
    """Of what is known of it; null where nothing is."""
    attempts: int
    draft: Draft | None = Field(None, exclude_if=_is_none)
    """With `artifact_invalid`: what was refused, as it stands."""


def failure_body(failure: Failure, run: Run) -> FailureBody:
    """Return the body of the response to a request that ended in this failure."""
    fields: dict[str, Any] = {
        "error": failure.message,
        "code": failure.code,
        "retryable": failure.retryable,
        "request_id": run.id,
        "retry_after_seconds": failure.retry_after_whole_seconds,
        "field": failure.field,
    }
    if not run.ledger.attempts:
        return FailureBody(**fields)
    refused = failure.draft if isinstance(failure, ArtifactInvalid) else None
    draft = Draft(type=refused.kind, code=refused.code[:_MAX_DRAFT_CHARS]) if refused else None
    return PaidFailureBody(**fields, **_spent(run.ledger), draft=draft)


def _accounting_fields(made: Made, run: Run) -> dict[str, Any]:
    """Return the fields of every success about model, cost and warnings."""
    return {
        "request_id": run.id,
        "model": run.ledger.attempts[-1].model,
        "host": run.ledger.attempts[-1].host,
        "repaired": made.repaired,
        "warnings": made.warnings,
        **_spent(run.ledger),
    }


def _spent(ledger: Ledger) -> dict[str, Any]:
    """Return the fields about usage, cost and attempts."""
    usage = ledger.usage
    return {
        "usage": TokenUsage(
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            reasoning_tokens=usage.reasoning_tokens or 0,
            cached_tokens=usage.cached_tokens or 0,
        ),
        "cost_usd": ledger.cost.usd,
        "attempts": len(ledger.attempts),
    }
