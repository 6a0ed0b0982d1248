"""The interface of a function's contract to the endpoint: paths, methods, requests, answers and failures."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, Protocol, TypeVar

from shared.costs.cost_line import WorkFacts
from shared.errors import Failure
from shared.progress import Progress
from shared.run import Run

Body = dict[str, Any]
"""A JSON object."""
Route = tuple[str, str]
"""A method and a path."""
SendEvent = Callable[[str, str], None]
"""Sends a server-sent event: its name, which may be empty, and its data on one line."""
RequestT = TypeVar("RequestT")
RequestT_contra = TypeVar("RequestT_contra", contravariant=True)
ResultT_contra = TypeVar("ResultT_contra", contravariant=True)


class Events(Progress, Protocol):
    """The events of one answer."""

    def begin(self) -> None:
        """Send what comes first of an answer that is about to be worked on."""

    def end(self, body: str, *, success: bool) -> None:
        """Send the events that end the answer; `body` is that of the same answer as a whole."""


class Streaming(Protocol[RequestT_contra]):
    """How a contract streams its answers."""

    @property
    def asked_in(self) -> Literal["headers", "body"]:
        """Where a caller asks for events: in `Accept` (and in `Prefer` for an answer later), or in the body."""

    def wants_events(self, request: RequestT_contra) -> bool:
        """Return whether this request asks for events, where that is asked for in the body."""

    def events(self, request: RequestT_contra, run: Run, send: SendEvent) -> Events:
        """Return what turns the progress of a request, and its end, into events."""


class Contract(Protocol[RequestT, ResultT_contra]):
    """What a function takes and gives over HTTP."""

    @property
    def routes(self) -> Collection[Route]:
        """The routes that it serves."""

    @property
    def streaming(self) -> Streaming[RequestT] | None:
        """How answers are streamed; None if they are not."""

    @property
    def is_free(self) -> bool:
        """Whether no model is asked, so that no limit counts it."""

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

    def failure_headers(self, failure: Failure, run: Run) -> Mapping[str, str]:
        """Return the headers that only this contract has, of the answer to a request that failed."""

    def replay(self, stored: bytes, run: Run) -> Body:
        """Return the body of a replay; `stored` is what `success` returned, as JSON."""

    def with_warning(self, body: Body, warning: str) -> Body:
        """Return the body of a success with one more warning, in the form of this contract."""
