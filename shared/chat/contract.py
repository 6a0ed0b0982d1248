"""The contracts of the chat function for `shared.edge.endpoint`, one for each path.

Paths below `/v1` are as the OpenAI API has them.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from shared.chat.chat import Completed, ModelsRequest, Routed
from shared.chat.requests import ChatRequest, KimiRequest, RouteRequest
from shared.chat.responses import (
    completion_body,
    completion_id,
    error_body,
    kimi_body,
    kimi_failure,
    models_body,
    retry_headers,
    route_body,
)
from shared.costs.cost_line import WorkFacts
from shared.errors import Failure
from shared.run import Run

if TYPE_CHECKING:
    from shared.chat.events import CompletionEvents

RequestT = TypeVar("RequestT", ChatRequest, KimiRequest)


class _Contract:
    """What the contracts have in common."""

    is_free = False

    @property
    def streaming(self) -> "CompletionContract | None":
        """How answers are streamed."""
        return None

    def failure(self, failure: Failure, _run: Run) -> dict[str, Any]:
        """Return the body of the answer to a request that failed."""
        return error_body(failure)

    def failure_headers(self, failure: Failure, run: Run) -> Mapping[str, str]:
        """Return whether an SDK should repeat the request."""
        return retry_headers(failure, run)

    def replay(self, stored: bytes, _run: Run) -> dict[str, Any]:
        """Return the stored body."""
        body: dict[str, Any] = json.loads(stored)
        return body

    def with_warning(self, body: dict[str, Any], warning: str) -> dict[str, Any]:
        """Return the body with one more warning, in a field of our own."""
        return body | {"warnings": [*body.get("warnings", ()), warning]}


class _PaidContract(_Contract, Generic[RequestT]):
    """A contract whose work asks a model."""

    def identity(self, request: RequestT) -> bytes:
        """Return canonical bytes for idempotency."""
        return request.identity

    def facts(self, request: RequestT, _result: Completed | None) -> WorkFacts:
        """Return the facts of a request for the cost line."""
        return request.facts


class CompletionContract(_PaidContract[ChatRequest]):
    """The contract of chat completions; a caller asks for events in the body."""

    routes: Collection[tuple[str, str]] = frozenset({("POST", "/v1/chat/completions")})
    asked_in: Final = "body"
    """Where a caller asks for events."""

    @property
    def streaming(self) -> Self:
        """How answers are streamed: as this contract says itself."""
        return self

    def read(self, _route: tuple[str, str], body: Mapping[str, Any]) -> ChatRequest:
        """Return the request that a JSON object holds, or raise `InvalidRequest`."""
        return ChatRequest.read(body)

    def success(self, result: Completed, run: Run) -> dict[str, Any]:
        """Return the body of the completion."""
        return completion_body(result.completion, run, result.created)

    def wants_events(self, request: ChatRequest) -> bool:
        """Return whether this request asks for a stream."""
        return request.stream

    def events(self, request: ChatRequest, run: Run, send: Callable[[str, str], None]) -> "CompletionEvents":
        """Return what passes the answer on as it comes."""
        # Loaded with the first request that is streamed: a cold start need not wait for it.
        from shared.chat.events import CompletionEvents  # noqa: PLC0415

        return CompletionEvents(send, run, include_usage=request.include_usage)

    def replay(self, stored: bytes, run: Run) -> dict[str, Any]:
        """Return the stored body with this request's id."""
        return super().replay(stored, run) | {"id": completion_id(run)}


class KimiContract(_PaidContract[KimiRequest]):
    """The contract of a prompt and its answer in one object, for callers without an SDK: `POST /api/kimi`."""

    routes: Collection[tuple[str, str]] = frozenset({("POST", "/api/kimi")})

    def read(self, _route: tuple[str, str], body: Mapping[str, Any]) -> KimiRequest:
        """Return the request that a JSON object holds, or raise `InvalidRequest`."""
        return KimiRequest.read(body)

    def success(self, result: Completed, run: Run) -> dict[str, Any]:
        """Return the body with the answer."""
        return kimi_body(result.completion, run)

    def failure(self, failure: Failure, run: Run) -> dict[str, Any]:
        """Return the body of the answer to a request that failed."""
        return kimi_failure(failure, run)

    def replay(self, stored: bytes, run: Run) -> dict[str, Any]:
        """Return the stored body with this request's id."""
        body = super().replay(stored, run)
        return body | {"data": body["data"] | {"requestId": run.id}}


class _FreeContract(_Contract):
    """A contract whose work asks no model."""

    is_free = True

    def identity(self, _request: object) -> bytes:
        """Return nothing: no answer is stored."""
        return b""


class RouteContract(_FreeContract):
    """The contract of what explains a choice without making it: `POST /v1/route`."""

    routes: Collection[tuple[str, str]] = frozenset({("POST", "/v1/route")})

    def read(self, _route: tuple[str, str], body: Mapping[str, Any]) -> RouteRequest:
        """Return the request that a JSON object holds, or raise `InvalidRequest`."""
        return RouteRequest.read(body)

    def facts(self, request: RouteRequest, _result: object) -> WorkFacts:
        """Return the facts of a request for the cost line."""
        return request.facts

    def success(self, result: Routed, _run: Run) -> dict[str, Any]:
        """Return the body with the choice."""
        return route_body(result)


class ModelsContract(_FreeContract):
    """The contract of the list of models: `GET /v1/models`."""

    routes: Collection[tuple[str, str]] = frozenset({("GET", "/v1/models")})

    def read(self, _route: tuple[str, str], _body: Mapping[str, Any]) -> ModelsRequest:
        """Return the request; it has no parameters."""
        return ModelsRequest()

    def facts(self, _request: ModelsRequest, _result: object) -> WorkFacts:
        """Return none."""
        return WorkFacts()

    def success(self, result: Collection[str], run: Run) -> dict[str, Any]:
        """Return the body with the list."""
        return models_body(result, run)
