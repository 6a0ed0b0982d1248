"""The way of every request: event in, caller known, contract checked, work done, cost line written, answer out.

It always answers.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from shared.costs.ledger import Ledger
from shared.deadline import Deadline, LambdaContext
from shared.edge.auth import Authenticator, Caller
from shared.edge.errors import AuthUnavailable, RequestFailure
from shared.edge.event import Event, read_body
from shared.errors import Failure, ServiceMisconfigured
from shared.logs import Logs
from shared.settings import Settings, SettingsError


class _Readable(Protocol):
    @classmethod
    def read(cls, body: Any, /) -> Any: ...  # noqa: ANN401 - the request model's own


RequestT = TypeVar("RequestT", bound=_Readable)
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
        self._logs = Logs()
        try:
            settings = Settings.from_environment()
        except SettingsError as error:
            self._started: _Started[ToolsT] | SettingsError = error
        else:
            self._logs = Logs(settings.log_level)
            self._started = _Started(Authenticator(settings), start(settings))

    def __call__(self, event: Event, context: LambdaContext) -> dict[str, Any]:
        """Answer one event; never raises."""
        ledger = Ledger(self._function, context.aws_request_id, self._logs.emit)
        try:
            answer = self._succeed(event, Deadline.of(context), ledger)
            outcome, status = "ok", answer["statusCode"]
        except Exception as error:  # noqa: BLE001 - the outermost edge: whatever happens, the caller gets an answer
            failure = self._understand(error, ledger.request_id)
            answer = _refusal(failure, ledger.request_id)
            outcome, status = failure.code, failure.status
        ledger.close(outcome, status)
        return answer

    def _succeed(self, event: Event, deadline: Deadline, ledger: Ledger) -> dict[str, Any]:
        if isinstance(self._started, SettingsError):
            raise self._started
        caller = self._started.authenticator.caller_of(event, deadline)
        ledger.facts.caller = caller.id
        request = self._request.read(read_body(event))
        result: BaseModel = self._work(request, self._started.tools, Call(caller, deadline, ledger))
        body = result.model_dump(mode="json", by_alias=True)
        return _answer(200, body, ledger.request_id)

    def _understand(self, error: Exception, request_id: str) -> Failure:
        if isinstance(error, ServiceMisconfigured | AuthUnavailable):
            self._logs.operator_must_act(request_id, error.problem)
        if isinstance(error, Failure):
            return error
        self._logs.crashed(request_id, error)
        return Failure()


def _refusal(failure: Failure, request_id: str) -> dict[str, Any]:
    seconds = failure.retry_after_seconds
    after = None if seconds is None else math.ceil(seconds)
    body = {
        "success": False,
        "error": failure.message,
        "code": failure.code,
        "retryable": failure.retryable,
        "requestId": request_id,
    }
    optional = {"retryAfterSeconds": after, "field": failure.field}
    headers = {"retry-after": str(after)} if after is not None and failure.status in {429, 503} else {}
    if isinstance(failure, RequestFailure):
        headers |= failure.headers
    body |= {name: value for name, value in optional.items() if value is not None}
    return _answer(failure.status, body, request_id, headers)


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
