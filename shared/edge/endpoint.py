"""The way of every request: event in, caller known, contract checked, work done, cost line written, answer out.

It always answers.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from shared.artifacts.contract import failure_body
from shared.costs import metrics
from shared.costs.ledger import Ledger
from shared.deadline import Deadline, LambdaContext
from shared.edge.admission import Passage
from shared.edge.auth import Authenticator, Caller
from shared.edge.errors import AuthUnavailable
from shared.edge.event import Event, header, read_body
from shared.errors import Failure, RequestFailure, ServiceMisconfigured
from shared.guard.guard import Guard
from shared.guard.idempotency import NOT_STORED
from shared.guard.visit import Visit
from shared.logs import Logs
from shared.settings import Settings, SettingsError

_WAITED_FOR = {409, 429, 503}
"""The statuses that say when to come back."""


class _Request(Protocol):
    @classmethod
    def read(cls, body: Any, /) -> Any: ...  # noqa: ANN401 - the request model's own

    @property
    def identity(self) -> bytes: ...


RequestT = TypeVar("RequestT", bound=_Request)
ToolsT = TypeVar("ToolsT")


@dataclass(frozen=True, slots=True)
class Call:
    """What the work on one request needs beside the request."""

    caller: Caller
    deadline: Deadline
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class _Started(Generic[ToolsT]):
    """What settings that make sense have started."""

    authenticator: Authenticator
    guard: Guard | None
    tools: ToolsT


class Endpoint(Generic[RequestT, ToolsT]):
    """A Lambda handler for function-URL events.

    What is wrong with the settings is found at start-up, and answered: a function that fails to start cannot say why.
    """

    def __init__(
        self,
        function: str,
        request: type[RequestT],
        start: Callable[[Settings], ToolsT],
        work: Callable[[RequestT, ToolsT, Call], BaseModel],
    ) -> None:
        self._function = function
        self._request = request
        self._work = work
        try:
            settings = Settings.from_environment()
        except SettingsError as error:
            self._logs = Logs(error.service_name)
            self._started: _Started[ToolsT] | SettingsError = error
        else:
            self._logs = Logs(settings.service_name, settings.log_level)
            guard = Guard.of(settings, counts_callers=settings.auth_mode != "iam")
            self._started = _Started(Authenticator(settings), guard, start(settings))

    def __call__(self, event: Event, context: LambdaContext) -> dict[str, Any]:
        """Answer one event; raises nothing but what ends the process."""
        ledger = Ledger(self._function, context.aws_request_id, self._logs.emit)
        headers: dict[str, str] = {}
        try:
            answer = self._succeed(event, Deadline.of(context), ledger, headers)
            outcome, status = "ok", answer["statusCode"]
        except Exception as error:  # noqa: BLE001 - the outermost edge: whatever happens, the caller gets an answer
            failure = self._understand(error, ledger.request_id)
            answer = _refusal(failure, ledger, headers)
            outcome, status = failure.code, failure.status
        except BaseException:
            self._close(ledger, Failure.code, Failure.status)  # told to end, the process says before what was spent
            raise
        self._close(ledger, outcome, status)
        return answer

    def _succeed(self, event: Event, deadline: Deadline, ledger: Ledger, headers: dict[str, str]) -> dict[str, Any]:
        """The answer to a request that all goes well with; what others say too is put into `headers`."""
        if isinstance(self._started, SettingsError):
            raise self._started
        caller = self._started.authenticator.caller_of(event, deadline)
        ledger.facts.caller = caller.id
        request = self._request.read(read_body(event))
        report = partial(self._logs.budget_correction_failed, ledger.request_id)
        visit = Visit(self._function, caller.id, caller.is_guest, ledger.request_id, deadline, report)
        passage = Passage(self._started.guard, visit, ledger, headers)
        said = passage.repetition(header(event, "idempotency-key"), request.identity)
        if said is None:
            body = self._made(self._started.tools, request, passage, Call(caller, deadline, ledger))
        else:
            ledger.facts.replayed = True
            headers["idempotent-replayed"] = "true"
            body = json.loads(said) | {"requestId": ledger.request_id}
        return _answer(200, body, ledger.request_id, headers)

    def _made(self, tools: ToolsT, request: RequestT, passage: Passage, call: Call) -> dict[str, Any]:
        """What a request that is no repetition comes to."""
        try:
            passage.enter()
            result: BaseModel = self._work(request, tools, call)
            body: dict[str, Any] = result.model_dump(mode="json", by_alias=True)
        except BaseException:
            passage.fail()
            raise
        if not passage.keep(json.dumps(body).encode()):
            body["warnings"] = [*body["warnings"], NOT_STORED]
        return body

    def _close(self, ledger: Ledger, outcome: str, status: int) -> None:
        cost = ledger.close(outcome, status)
        try:
            for fields in metrics.lines(cost, ledger.attempts):
                self._logs.measure(fields)
        except Exception as error:  # noqa: BLE001 - what is measured is no reason to lose an answer
            self._logs.crashed(ledger.request_id, error)

    def _understand(self, error: Exception, request_id: str) -> Failure:
        if isinstance(error, ServiceMisconfigured | AuthUnavailable):
            self._logs.operator_must_act(request_id, error.problem)
        if isinstance(error, Failure):
            return error
        self._logs.crashed(request_id, error)
        return Failure()


def _refusal(failure: Failure, ledger: Ledger, headers: dict[str, str]) -> dict[str, Any]:
    body = failure_body(failure, ledger)
    if body.retry_after_seconds is not None and failure.status in _WAITED_FOR:
        headers = {**headers, "retry-after": str(body.retry_after_seconds)}
    if isinstance(failure, RequestFailure):
        headers = {**headers, **failure.headers}
    return _answer(failure.status, body.model_dump(mode="json", by_alias=True), ledger.request_id, headers)


def _answer(status: int, body: Any, request_id: str, headers: dict[str, str] | None = None) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {
        "statusCode": status,
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            "x-request-id": request_id,
            **(headers or {}),
        },
        # Pure ASCII: whatever characters a model comes up with, this can be sent.
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
