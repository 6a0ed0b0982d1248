"""What an endpoint asks of a function's contract: paths, methods, requests, answers and failures, whatever they are."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol, TypeVar

from shared.costs.cost_line import WorkFacts
from shared.errors import Failure
from shared.run import Run

Body = dict[str, Any]
"""A JSON object."""
Route = tuple[str, str]
"""A method and a path."""
RequestT = TypeVar("RequestT")
ResultT_contra = TypeVar("ResultT_contra", contravariant=True)


class Contract(Protocol[RequestT, ResultT_contra]):
    """What a function takes and gives over HTTP."""

    @property
    def routes(self) -> Collection[Route]:
        """What it can be called with."""

    def read(self, route: Route, body: Mapping[str, Any]) -> RequestT:
        """Return the request in a JSON object; empty for a method without a body.

        Raises:
            InvalidRequest: it is not one.
        """

    def identity(self, request: RequestT) -> bytes:
        """Return canonical bytes for idempotency: equal requests give equal bytes.

        Fields at their default are left out, so that adding a field changes nothing.
        """

    def facts(self, request: RequestT, result: ResultT_contra | None) -> WorkFacts:
        """Return what the cost line says of a request and, where there is one, of its result."""

    def success(self, result: ResultT_contra, run: Run) -> Body:
        """Return the body of the answer to a request that succeeded."""

    def failure(self, failure: Failure, run: Run) -> Body:
        """Return the body of the answer to a request that failed."""

    def replay(self, stored: bytes, run: Run) -> Body:
        """Return the body of the answer to a request whose answer was stored before, as `success` made it."""

    def with_warning(self, body: Body, warning: str) -> Body:
        """Return the body of a success with one more warning, in whatever way this contract warns."""
