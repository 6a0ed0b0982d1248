"""The interface of a function's contract to the endpoint: paths, methods, requests, answers and failures."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol, TypeVar

from shared.costs.cost_line import WorkFacts
from shared.errors import Failure
from shared.progress import Progress
from shared.run import Run

Body = dict[str, Any]
"""A JSON object."""
Route = tuple[str, str]
"""A method and a path."""
SendEvent = Callable[[str, str], None]
"""Sends a server-sent event: its name, and its data on one line."""
RequestT = TypeVar("RequestT")
ResultT_contra = TypeVar("ResultT_contra", contravariant=True)


class Contract(Protocol[RequestT, ResultT_contra]):
    """What a function takes and gives over HTTP."""

    @property
    def routes(self) -> Collection[Route]:
        """The routes that it serves."""

    @property
    def result_event(self) -> str:
        """The name of the event that ends a stream with a success, whose body is its data."""

    def read(self, route: Route, body: Mapping[str, Any]) -> RequestT:
        """Return the request in a JSON object, which is empty for a method without a body.

        Raises:
            InvalidRequest: the object is not a valid request.
        """

    def identity(self, request: RequestT) -> bytes:
        """Return canonical bytes for idempotency: equal requests give equal bytes.

        Fields at their default are left out, so adding a field changes nothing.
        """

    def facts(self, request: RequestT, result: ResultT_contra | None) -> WorkFacts:
        """Return what the cost line says of a request and, if there is one, of its result."""

    def success(self, result: ResultT_contra, run: Run) -> Body:
        """Return the body of the answer to a request that succeeded."""

    def failure(self, failure: Failure, run: Run) -> Body:
        """Return the body of the answer to a request that failed."""

    def observer(self, request: RequestT, run: Run, send: SendEvent) -> Progress:
        """Return what turns the progress of a request into events."""

    def replay(self, stored: bytes, run: Run) -> Body:
        """Return the body of a replay; `stored` is what `success` returned, as JSON."""

    def with_warning(self, body: Body, warning: str) -> Body:
        """Return the body of a success with one more warning, in the form of this contract."""
