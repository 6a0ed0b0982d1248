"""The contract of the artifact functions: the models of their requests and responses.

The JSON is camelCase, and unknown fields are ignored.
"""

import json
from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from shared.artifacts.errors import ArtifactInvalid
from shared.artifacts.extraction import unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Made
from shared.costs.cost_line import WorkFacts
from shared.costs.ledger import Ledger
from shared.errors import Failure, InvalidRequest
from shared.run import Run


def _kind(value: object) -> object:
    """Return the kind with this short name or MIME type."""
    if not isinstance(value, str):
        return value
    kind = Kind.named(value)
    if kind is None:
        names = ", ".join(Kind)
        msg = f"must be one of {names}, or the MIME type of one"
        raise ValueError(msg)
    return kind


def _holds_code(content: str) -> str:
    if not unwrap(content)[0].strip():
        msg = "must hold code"
        raise ValueError(msg)
    return content


_NO_NUL = r"^[^\x00]*$"
"""Text may hold any other control character: terminal colours in an error message, form feeds in code."""
_NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""An id is sent to the model host and logged, as one line."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000, pattern=_NO_NUL)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=50_000, pattern=_NO_NUL), AfterValidator(_holds_code)]
KindByName = Annotated[
    Kind,
    BeforeValidator(_kind),
    WithJsonSchema({"type": "string", "enum": [*Kind, *(kind.mime_type for kind in Kind)]}, mode="validation"),
]
_MAX_DRAFT_CHARS = 250_000
"""As many as are checked at most; the platform sends no response larger than 6 MB."""
Usd = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""An amount in USD, a number in JSON."""


def _is_none(value: object) -> bool:
    return value is None


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, hide_input_in_errors=True)


class _Request(_Model):
    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the request that a JSON object holds.

        Raises:
            InvalidRequest: it holds none; names the first wrong field, and says what is wrong with each.
        """
        try:
            return cls.model_validate(body, by_alias=True, by_name=False)
        except ValidationError as error:
            problems = [(str(item["loc"][0]), _error_text(item)) for item in error.errors()]
        message = " ".join(f"`{field}` {problem}." for field, problem in problems)
        raise InvalidRequest(message, field=problems[0][0])

    @property
    def identity(self) -> bytes:
        """Canonical bytes for idempotency: equal requests give equal bytes.

        Fields at their default are left out, so adding a field changes nothing.
        """
        return self.model_dump_json(exclude_defaults=True).encode()

    @property
    @abstractmethod
    def facts(self) -> WorkFacts:
        """The facts of the request for the cost line."""


class GenerateRequest(_Request):
    """What generate_artifact takes."""

    prompt: Text
    """What is to be made, in words; counted after trimming."""
    artifact_type: KindByName | None = None
    """By its short name or its MIME type; absent: the model chooses."""
    session_id: Annotated[str, StringConstraints(max_length=256, pattern=_NO_CONTROL)] | None = None
    """Requests with the same one are sent to the same provider, which keeps its prompt cache warm."""

    @property
    def facts(self) -> WorkFacts:
        """The facts of the request for the cost line."""
        return WorkFacts(self.artifact_type, self.session_id, len(self.prompt))


class FixRequest(_Request):
    """What generate_artifact_fix takes."""

    content: Code
    """Bare code, or a whole artifact in its tag."""
    type: KindByName
    """By its short name or its MIME type."""
    error_message: Text
    """What the browser said, in its own words; counted after trimming."""

    @property
    def facts(self) -> WorkFacts:
        """The facts of the request for the cost line."""
        return WorkFacts(self.type, None, len(self.content) + len(self.error_message))


class TokenUsage(_Model):
    """Tokens over all attempts of a request."""

    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cached_tokens: int


class _Success(_Model):
    success: Literal[True] = True
    request_id: str
    model: str
    usage: TokenUsage
    cost_usd: Usd | None
    attempts: int
    repaired: bool
    warnings: tuple[str, ...]


class ArtifactBody(_Model):
    """One artifact."""

    type: Kind
    mime_type: str
    title: str
    language: str | None = Field(exclude_if=_is_none)
    """Of a piece of code; left out where there is none."""
    code: str


class GenerateResponse(_Success):
    """What generate_artifact gives."""

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

    type: Kind
    """The kind of the code; not the one of the request where that was plainly wrong."""
    fixed_code: str
    """Bare code, without a tag or fence."""

    @classmethod
    def of(cls, made: Made, run: Run) -> Self:
        """Return the response that holds this code."""
        return cls(type=made.artifact.kind, fixed_code=made.artifact.code, **_accounting_fields(made, run))


class FailureBody(_Model):
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


class Draft(_Model):
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


RequestT = TypeVar("RequestT", bound=_Request)


class ArtifactContract(Generic[RequestT]):
    """The contract of an artifact function, for `shared.edge.endpoint`: POST on `/`, and warnings in every success."""

    routes: Collection[tuple[str, str]] = frozenset({("POST", "/")})
    """Methods and paths."""

    def __init__(self, request: type[RequestT], response: type[GenerateResponse | FixResponse]) -> None:
        self._request = request
        self._response = response

    def read(self, _route: tuple[str, str], body: Mapping[str, Any]) -> RequestT:
        """Return the request that a JSON object holds, or raise `InvalidRequest`."""
        return self._request.read(body)

    def identity(self, request: RequestT) -> bytes:
        """Return canonical bytes for idempotency."""
        return request.identity

    def facts(self, request: RequestT, result: Made | None) -> WorkFacts:
        """Return the facts of a request and of its result for the cost line."""
        facts = request.facts
        return replace(facts, artifact_type=result.artifact.kind, repaired=result.repaired) if result else facts

    def success(self, result: Made, run: Run) -> dict[str, Any]:
        """Return the body of the success response."""
        return self._response.of(result, run).model_dump(mode="json", by_alias=True)

    def failure(self, failure: Failure, run: Run) -> dict[str, Any]:
        """Return the body of the failure response."""
        return failure_body(failure, run).model_dump(mode="json", by_alias=True)

    def replay(self, stored: bytes, run: Run) -> dict[str, Any]:
        """Return the stored body with this request's id."""
        body: dict[str, Any] = json.loads(stored)
        return body | {"requestId": run.id}

    def with_warning(self, body: dict[str, Any], warning: str) -> dict[str, Any]:
        """Return the body with one more warning."""
        return body | {"warnings": [*body["warnings"], warning]}


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


_ERROR_TEXTS = {
    "missing": "is missing",
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "string_unicode": "must be valid Unicode: it holds half of a surrogate pair",
    "enum": "must be a string",
}
_PATTERNS = {_NO_NUL: "must not hold a NUL character", _NO_CONTROL: "must not hold control characters"}


def _error_text(item: Any) -> str:  # noqa: ANN401 - pydantic's error details
    """Return what is wrong with a field, without its value: a value may be a prompt."""
    if item["type"] == "string_too_long":
        return f"must have at most {item['ctx']['max_length']:,} characters"
    if item["type"] == "string_pattern_mismatch":
        return _PATTERNS[item["ctx"]["pattern"]]
    return _ERROR_TEXTS.get(item["type"]) or str(item["msg"]).removeprefix("Value error, ")
