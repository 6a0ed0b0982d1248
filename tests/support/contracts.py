"""A contract of another shape than the artifact functions': for tests of what an endpoint does with any."""

from collections.abc import Collection, Mapping
from typing import Any, Final, Self

from pydantic import BaseModel

from shared.artifacts.progress_events import ProgressEvents
from shared.artifacts.requests import GenerateRequest
from shared.artifacts.responses import failure_body
from shared.costs.cost_line import WorkFacts
from shared.edge.contract import Events, SendEvent
from shared.errors import Failure
from shared.run import Run


class PlainContract:
    """Takes what generate_artifact takes, or nothing with GET on /state; gives any model, whose warnings are notes."""

    routes: Collection[tuple[str, str]] = frozenset({("POST", "/"), ("GET", "/state")})

    asked_in: Final = "headers"
    is_free: Final = False

    @property
    def streaming(self) -> Self:
        return self

    def read(self, route: tuple[str, str], body: Mapping[str, Any]) -> GenerateRequest:
        return GenerateRequest.read(body if route == ("POST", "/") else {"prompt": "state"})

    def identity(self, request: GenerateRequest) -> bytes:
        return request.identity

    def facts(self, request: GenerateRequest, _result: BaseModel | None) -> WorkFacts:
        return request.facts

    def success(self, result: BaseModel, _run: Run) -> dict[str, Any]:
        return result.model_dump(mode="json")

    def failure(self, failure: Failure, run: Run) -> dict[str, Any]:
        return dict(failure_body(failure, run))

    def failure_headers(self, _failure: Failure, _run: Run) -> dict[str, str]:
        return {}

    def wants_events(self, _request: GenerateRequest) -> bool:
        return True

    def events(self, _request: GenerateRequest, run: Run, send: SendEvent) -> Events:
        return ProgressEvents(send, run, None, "result")

    def replay(self, stored: bytes, _run: Run) -> dict[str, Any]:
        return {"stored": stored.decode()}

    def with_warning(self, body: dict[str, Any], warning: str) -> dict[str, Any]:
        return body | {"notes": [warning]}
