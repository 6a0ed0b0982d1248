"""Serves every request: authenticates, reads, admits, runs the work, writes the cost line and answers.

It works for any contract, and always answers.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from shared.costs import metrics
from shared.costs.cost_line import CostLine, WorkFacts
from shared.costs.ledger import Ledger
from shared.deadline import Clock, Deadline, LambdaContext
from shared.edge.admission import Admission
from shared.edge.auth import Authenticator
from shared.edge.contract import Body, Contract, RequestT
from shared.edge.errors import AuthUnavailable
from shared.edge.event import Event, header, read_request
from shared.errors import Failure, RequestFailure, ServiceMisconfigured
from shared.guard.guard import Guard
from shared.guard.idempotency import NOT_STORED
from shared.logs import Logs
from shared.run import Run
from shared.settings import Settings, SettingsError

_RETRY_AFTER_STATUSES = {409, 429, 503}
"""The statuses with a `Retry-After` header."""

ResultT = TypeVar("ResultT")
ToolsT = TypeVar("ToolsT")


@dataclass(frozen=True, slots=True)
class _Runtime(Generic[ToolsT]):
    """Built once from valid settings."""

    authenticator: Authenticator
    guard: Guard | None
    tools: ToolsT


@dataclass(slots=True)
class _Exchange:
    """What is known so far of a request's answer and cost line."""

    run: Run
    started_at: float
    headers: dict[str, str] = field(default_factory=dict)
    facts: WorkFacts = field(default_factory=WorkFacts)
    replayed: bool = False


class Endpoint(Generic[RequestT, ResultT, ToolsT]):
    """A Lambda handler for function-URL events.

    Invalid settings are found at start-up and reported by every answer: a function that fails to start cannot say why.

    Args:
        function: its name in log lines, counters and metrics.
        contract: what it takes and gives.
        start: builds what the work needs, once.
        work: does the work of one request.
    """

    def __init__(
        self,
        function: str,
        contract: Contract[RequestT, ResultT],
        start: Callable[[Settings], ToolsT],
        work: Callable[[RequestT, ToolsT, Run], ResultT],
        clock: Clock = time.monotonic,
    ) -> None:
        self._function = function
        self._contract = contract
        self._work = work
        self._clock = clock
        try:
            settings = Settings.from_environment()
        except SettingsError as error:
            self._logs = Logs(error.service_name)
            self._runtime: _Runtime[ToolsT] | SettingsError = error
        else:
            self._logs = Logs(settings.service_name, settings.log_level)
            self._runtime = _Runtime(Authenticator(settings), Guard.of(settings), start(settings))

    def __call__(self, event: Event, context: LambdaContext) -> dict[str, Any]:
        """Answer one event; raise only what ends the process."""
        exchange = _Exchange(self._new_run(context), self._clock())
        run, headers = exchange.run, exchange.headers
        try:
            answer = _answer(200, self._handle(event, exchange), run.id, headers)
            outcome, status = "ok", 200
        except Exception as error:  # noqa: BLE001 - the outermost edge: the caller always gets an answer
            failure = self._to_failure(error, run.id)
            headers |= _failure_headers(failure)
            outcome, status = failure.code, failure.status
            answer = _answer(status, self._contract.failure(failure, run), run.id, headers)
        except BaseException:
            self._close(exchange, Failure.code, Failure.status)  # the process is ending: log first what was spent
            raise
        self._close(exchange, outcome, status)
        return answer

    def _new_run(self, context: LambdaContext) -> Run:
        request_id = context.aws_request_id
        return Run(
            id=request_id,
            function=self._function,
            deadline=Deadline.of(context),
            ledger=Ledger(self._function, request_id, self._logs.emit),
            report=partial(self._logs.budget_correction_failed, request_id),
        )

    def _handle(self, event: Event, exchange: _Exchange) -> Body:
        """Serve one request and return the body of its answer."""
        runtime, run, contract = self._runtime, exchange.run, self._contract
        if isinstance(runtime, SettingsError):
            raise runtime
        run.caller = runtime.authenticator.caller_of(event, run.deadline)
        request = contract.read(*read_request(event, contract.routes))
        with Admission(runtime.guard, run, exchange.headers) as admission:
            stored_response = admission.find_replay(header(event, "idempotency-key"), contract.identity(request))
            if stored_response is not None:
                exchange.replayed = True
                exchange.headers["idempotent-replayed"] = "true"
                return contract.replay(stored_response, run)
            admission.admit()
            body = self._run_work(runtime.tools, request, exchange)
            if not admission.store_response(json.dumps(body).encode()):
                body = contract.with_warning(body, NOT_STORED)
            return body

    def _run_work(self, tools: ToolsT, request: RequestT, exchange: _Exchange) -> Body:
        exchange.facts = self._contract.facts(request, None)
        result = self._work(request, tools, exchange.run)
        exchange.facts = self._contract.facts(request, result)
        return self._contract.success(result, exchange.run)

    def _close(self, exchange: _Exchange, outcome: str, status: int) -> None:
        """Write the cost line and the metrics, and give back what the request did not spend."""
        run = exchange.run
        cost = CostLine.of(
            run.ledger,
            exchange.facts,
            outcome=outcome,
            status=status,
            caller=run.caller.id or None,
            requested_model=run.requested_model,
            replayed=exchange.replayed,
            seconds=self._clock() - exchange.started_at,
        )
        self._logs.emit("cost", cost)
        run.spending.close()
        try:
            for fields in metrics.lines(cost, run.ledger.attempts):
                self._logs.measure(fields)
        except Exception as error:  # noqa: BLE001 - metrics must not cost an answer
            self._logs.crashed(run.id, error)

    def _to_failure(self, error: Exception, request_id: str) -> Failure:
        if isinstance(error, ServiceMisconfigured | AuthUnavailable):
            self._logs.operator_must_act(request_id, error.problem)
        if isinstance(error, Failure):
            return error
        self._logs.crashed(request_id, error)
        return Failure()


def _failure_headers(failure: Failure) -> dict[str, str]:
    seconds = failure.retry_after_whole_seconds
    retry_after = seconds is not None and failure.status in _RETRY_AFTER_STATUSES
    headers = {"retry-after": str(seconds)} if retry_after else {}
    return headers | dict(failure.headers) if isinstance(failure, RequestFailure) else headers


def _answer(status: int, body: Body, request_id: str, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            "x-request-id": request_id,
            **headers,
        },
        # ASCII only, so that it can be sent whatever characters a model writes.
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
