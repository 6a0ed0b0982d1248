"""The contract of the artifact functions, for `shared.edge.endpoint`: POST on `/`, JSON in and out.

`requests` holds what they take, `responses` what they give.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Made
from shared.artifacts.requests import ArtifactRequest, FixRequest, GenerateRequest
from shared.artifacts.responses import FIXED, GENERATED, Result, failure_body
from shared.costs.cost_line import WorkFacts
from shared.errors import Failure
from shared.run import Run

if TYPE_CHECKING:
    from shared.artifacts.progress_events import ProgressEvents

__all__ = ["FIXED", "GENERATED", "ArtifactContract", "FixRequest", "GenerateRequest"]

RequestT = TypeVar("RequestT", bound=ArtifactRequest)


class ArtifactContract(Generic[RequestT]):
    """The contract of an artifact function, for `shared.edge.endpoint`: POST on `/`, and warnings in every success."""

    routes: Collection[tuple[str, str]] = frozenset({("POST", "/")})
    """Methods and paths."""
    asked_in: Final = "headers"
    """Where a caller asks for events."""
    is_free: Final = False

    def __init__(self, request: type[RequestT], result: Result) -> None:
        self._request = request
        self._result = result

    @property
    def streaming(self) -> Self:
        """How answers are streamed: as this contract says itself."""
        return self

    def read(self, _route: tuple[str, str], body: Mapping[str, Any]) -> RequestT:
        """Return the request that a JSON object holds, or raise `InvalidRequest`."""
        return self._request.read(body)

    def identity(self, request: RequestT) -> bytes:
        """Return canonical bytes for idempotency."""
        return request.identity

    def facts(self, request: RequestT, result: Made | None) -> WorkFacts:
        """Return the facts of a request and of its result for the cost line."""
        facts = request.facts
        if result is None:
            return facts
        facts = facts._replace(artifact_type=result.artifact.kind, repaired=result.repaired, applied=result.applied)
        if (review := result.review) is None:
            return facts
        return facts._replace(findings=len(review["findings"]), rebuild=review.get("rebuild"))

    def success(self, result: Made, run: Run) -> dict[str, Any]:
        """Return the body of the success response."""
        return self._result.body(result, run)

    def failure(self, failure: Failure, run: Run) -> dict[str, Any]:
        """Return the body of the failure response."""
        return dict(failure_body(failure, run))

    def failure_headers(self, _failure: Failure, _run: Run) -> Mapping[str, str]:
        """Return none."""
        return {}

    def wants_events(self, _request: RequestT) -> bool:
        """Return that it does: it was asked for in `Accept`."""
        return True

    def events(self, request: RequestT, run: Run, send: Callable[[str, str], None]) -> "ProgressEvents":
        """Return what sends the events `status`, `delta` and `reset`, and at last `artifact`, `fix` or `error`."""
        # Loaded with the first request that asks for events: a cold start need not wait for its models.
        from shared.artifacts.progress_events import ProgressEvents  # noqa: PLC0415

        kind = request.facts.artifact_type
        return ProgressEvents(send, run, Kind(kind) if kind else None, self._result.event)

    def replay(self, stored: bytes, run: Run) -> dict[str, Any]:
        """Return the stored body with this request's id."""
        body: dict[str, Any] = json.loads(stored)
        return body | {"requestId": run.id}

    def with_warning(self, body: dict[str, Any], warning: str) -> dict[str, Any]:
        """Return the body with one more warning."""
        return body | {"warnings": [*body["warnings"], warning]}
