"""Serves every request: authenticates, reads, admits, runs the work, writes the cost line and answers.

It works for any contract, and always answers.
"""

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from shared.catalog.source import CatalogSource
from shared.costs import metrics
from shared.costs.cost_line import CostLine, WorkFacts
from shared.costs.ledger import Ledger
from shared.deadline import Clock, Deadline, LambdaContext
from shared.edge.admission import Admission, StoredResponse
from shared.edge.auth import Authenticator
from shared.edge.contract import Body, Contract, RequestT, Streaming
from shared.edge.errors import AsyncNotPossible, AuthUnavailable
from shared.edge.event import Answer, Event, header, path_of, read_request
from shared.edge.negotiation import accepts_event_stream, prefers_async
from shared.errors import Failure, RequestFailure, ServiceMisconfigured
from shared.guard.errors import ResultLost
from shared.guard.guard import Guard
from shared.guard.idempotency import NOT_STORED
from shared.logs import Logs
from shared.metadata import Metadata
from shared.run import Run
from shared.settings import Settings, SettingsError

if TYPE_CHECKING:
    from shared.edge.early_answer import EarlyAnswer

_OK = 200
_CLIENT_GONE = "client_gone", 499
"""Outcome and status on the cost line of a request whose answer could not be sent on; nobody gets them."""
_RETRY_AFTER_STATUSES = {409, 429, 503}
"""The statuses with a `Retry-After` header."""

ResultT = TypeVar("ResultT")
ToolsT = TypeVar("ToolsT")


class _Runtime(NamedTuple, Generic[ToolsT]):
    """Built once from valid settings."""

    authenticator: Authenticator
    guard: Guard | None
    catalogs: CatalogSource
    tools: ToolsT


class _Exchange(Generic[RequestT, ResultT]):
    """What is known so far of a request's answer and cost line."""

    def __init__(self, run: Run, contract: Contract[RequestT, ResultT], started_at: float) -> None:
        self.run = run
        self.contract = contract
        self.started_at = started_at
        self.headers: dict[str, str] = {}
        self.facts = WorkFacts()
        self.replayed = False
        self.status = 200
        self.outcome = "ok"
        self.early: EarlyAnswer[RequestT] | None = None
        """The answer that begins before the work is done, if one was asked for."""
        self.failure: Failure | None = None
        self.stored = False
        """Whether the answer can be had later."""
        self.abandoned = False
        """Whether the answer can no longer be sent on."""

    def all_headers(self) -> dict[str, str]:
        """Return the headers of the answer, as far as they are known."""
        return _headers(self.run.id, self.headers | self.run.headers)

    def failed(self, code: str, status: int) -> None:
        """Note how the request ended."""
        self.outcome, self.status = code, status

    def abandon(self) -> None:
        """Give the request up: what is not finished need not be."""
        self.abandoned = True
        self.run.deadline.end()


class Endpoint(Generic[RequestT, ResultT, ToolsT]):
    """A Lambda handler for function-URL events.

    Invalid settings are found at start-up and reported by every answer: a function that fails to start cannot say why.

    Args:
        function: its name in log lines, counters and metrics.
        contracts: what it takes and gives; several, if it differs by path.
        start: builds what the work needs, once.
        work: does the work of one request.
    """

    def __init__(
        self,
        function: str,
        contracts: Contract[RequestT, ResultT] | Sequence[Contract[Any, Any]],
        start: Callable[[Settings], ToolsT],
        work: Callable[[RequestT, ToolsT, Run], ResultT],
        clock: Clock = time.monotonic,
    ) -> None:
        self._function = function
        self._contracts = contracts if isinstance(contracts, Sequence) else (contracts,)
        self._routes = frozenset(route for each in self._contracts for route in each.routes)
        self._work = work
        self._clock = clock
        try:
            settings = Settings.from_environment()
            tools = start(settings)
        except SettingsError as error:
            self._logs = Logs(error.service_name)
            self._runtime: _Runtime[ToolsT] | SettingsError = error
        else:
            self._logs = Logs(settings.service_name, settings.log_level)
            catalogs = CatalogSource.of(settings, self._logs)
            self._runtime = _Runtime(Authenticator(settings), Guard.of(settings), catalogs, tools)

    def __call__(self, event: Event, context: LambdaContext) -> Answer:
        """Answer one event; raise only what ends the process."""
        contract = self._contract_at(path_of(event))
        exchange = _Exchange(self._new_run(context), contract, self._clock())
        streaming, streams = contract.streaming, getattr(context, "streams", False)
        if streaming is None:
            return self._serve(event, exchange)
        respond_async = streams and _prefers_async(streaming, event)
        if streaming.asked_in == "headers" and not respond_async and not accepts_event_stream(header(event, "accept")):
            return self._serve(event, exchange)
        # Loaded with the first request that wants it: a cold start need not wait for it.
        from shared.edge.early_answer import EarlyAnswer  # noqa: PLC0415
        from shared.edge.event_stream import EventStream  # noqa: PLC0415

        stream = EventStream(exchange.abandon)
        early = exchange.early = EarlyAnswer(stream, streaming, streams=streams, respond_async=respond_async)

        def serve() -> Answer | None:
            answer = self._serve(event, exchange)
            return early.end(answer, success=exchange.status == _OK)

        answer = stream.answer(serve, streams=streams)
        if answer is None:
            exchange.early = None
            return self._serve(event, exchange)
        return answer

    def _serve(self, event: Event, exchange: _Exchange[RequestT, ResultT]) -> Answer:
        """Serve one request, write its cost line, and return its answer as a whole."""
        run = exchange.run
        try:
            body = self._handle(event, exchange)
        except Exception as error:  # noqa: BLE001 - the outermost edge: the caller always gets an answer
            failure = self._to_failure(error, exchange)
            exchange.headers |= _failure_headers(failure) | dict(exchange.contract.failure_headers(failure, run))
            exchange.failed(failure.code, failure.status)
            body = exchange.contract.failure(failure, run)
        except BaseException:
            exchange.failed(Failure.code, Failure.status)
            self._close(exchange)  # the process is ending: log first what was spent
            raise
        answer = _answer(exchange.status, body, exchange.all_headers())
        if exchange.abandoned and not exchange.stored:
            exchange.failed(*_CLIENT_GONE)
        self._close(exchange)
        return answer

    def _contract_at(self, path: str) -> Contract[RequestT, ResultT]:
        """Return the contract of a path; the first one also says that there is nothing at a path."""
        return next(
            (each for each in self._contracts if path in {known for _, known in each.routes}), self._contracts[0]
        )

    def _new_run(self, context: LambdaContext) -> Run:
        request_id = context.aws_request_id
        return Run(
            id=request_id,
            function=self._function,
            deadline=Deadline.of(context, self._clock),
            ledger=Ledger(self._function, request_id, self._logs.emit),
            report=partial(self._logs.budget_correction_failed, request_id),
            log_crash=partial(self._logs.crashed, request_id),
            function_version=getattr(context, "function_version", None),
        )

    def _handle(self, event: Event, exchange: _Exchange[RequestT, ResultT]) -> Body:
        """Serve one request and return the body of its answer."""
        runtime, run, contract, early = self._runtime, exchange.run, exchange.contract, exchange.early
        if isinstance(runtime, SettingsError):
            raise runtime
        run.caller = runtime.authenticator.caller_of(event, run.deadline)
        if problem := runtime.authenticator.problem:
            run.tell_operator(problem)
        route, fields = read_request(event, self._routes)
        metadata = Metadata.said_in(fields)
        # A request that is refused for something else is part of its feature too.
        exchange.facts = WorkFacts(feature=metadata.feature, component=metadata.component)
        request = contract.read(route, fields)
        exchange.facts = contract.facts(request, None)
        key = header(event, "idempotency-key")
        if contract.streaming and _prefers_async(contract.streaming, event) and not (key and runtime.guard):
            raise AsyncNotPossible(guarded=runtime.guard is not None)
        with Admission(None if contract.is_free else runtime.guard, run, exchange.headers) as admission:
            stored_response = admission.find_replay(key, contract.identity(request))
            if stored_response is not None:
                return self._replay(stored_response, request, exchange)
            admission.admit()
            if early:
                early.begin(request, run, exchange.all_headers, key)
            if early and early.respond_async:
                return self._work_for_later(runtime, request, exchange, admission)
            body = self._run_work(runtime, request, exchange)
            if not admission.store_response(json.dumps(body).encode()):
                body = contract.with_warning(body, NOT_STORED)
            exchange.stored = admission.stored
            return body

    def _replay(self, stored: StoredResponse, request: RequestT, exchange: _Exchange[RequestT, ResultT]) -> Body:
        exchange.replayed = True
        exchange.headers["idempotent-replayed"] = "true"
        body = exchange.contract.replay(stored.body, exchange.run)
        if stored.status != _OK:
            exchange.failed(str(body.get("code")), stored.status)
            if "retryAfterSeconds" in body:
                body["retryAfterSeconds"] = max(0, body["retryAfterSeconds"] - int(stored.age_seconds))
            exchange.headers |= _retry_after(stored.status, body.get("retryAfterSeconds"))
        if exchange.early:
            exchange.early.begin_replay(request, exchange.run, exchange.all_headers)
        return body

    def _work_for_later(
        self, runtime: _Runtime[ToolsT], request: RequestT, exchange: _Exchange[RequestT, ResultT], admission: Admission
    ) -> Body:
        """Do the work for a caller that was let go, and store what comes of it, a failure included.

        Its caller asks for the result by the same request, which must not be served and paid for once more.
        """
        admission.hold_claim()

        def store_failure(failure: Failure) -> bool:
            body = exchange.contract.failure(failure, exchange.run)
            return admission.store_failure(failure.status, json.dumps(body).encode())

        try:
            body = self._run_work(runtime, request, exchange)
            stored = admission.store_response(json.dumps(body).encode())
        except Exception as error:
            store_failure(self._to_failure(error, exchange))
            raise
        if not stored and store_failure(lost := ResultLost()):
            raise lost
        return body

    def _run_work(self, runtime: _Runtime[ToolsT], request: RequestT, exchange: _Exchange[RequestT, ResultT]) -> Body:
        run, contract = exchange.run, exchange.contract
        run.catalog = runtime.catalogs.current(run.deadline.remaining())
        result = self._work(request, runtime.tools, run)
        exchange.facts = contract.facts(request, result)
        return contract.success(result, run)

    def _close(self, exchange: _Exchange[RequestT, ResultT]) -> None:
        """Write what the operator has to do, the cost line and the metrics, and give back what was not spent."""
        run = exchange.run
        cost = CostLine.of(
            run.ledger,
            exchange.facts,
            outcome=exchange.outcome,
            status=exchange.status,
            caller=run.caller.id or None,
            requested_model=run.requested_model,
            workflow=run.workflow,
            tier=run.tier,
            tier_reason=run.tier_reason,
            function_version=run.function_version,
            replayed=exchange.replayed,
            seconds=self._clock() - exchange.started_at,
        )
        if run.problems:
            self._logs.operator_must_act(run.id, "; ".join(run.problems))
        self._logs.emit("cost", cost._asdict())
        run.spending.close()
        if exchange.contract.is_free:
            return  # a client that keeps asking for the models would hide how the others fare
        try:
            for fields in metrics.lines(cost, run.ledger.attempts):
                self._logs.measure(fields)
        except Exception as error:  # noqa: BLE001 - metrics must not cost an answer
            self._logs.crashed(run.id, error)

    def _to_failure(self, error: Exception, exchange: _Exchange[RequestT, ResultT]) -> Failure:
        """Return the failure that the caller is told of, and note once what is nobody else's business."""
        if exchange.failure is None:
            if isinstance(error, ServiceMisconfigured | AuthUnavailable):
                exchange.run.tell_operator(error.problem)
            elif not isinstance(error, Failure):
                self._logs.crashed(exchange.run.id, error)
            exchange.failure = error if isinstance(error, Failure) else Failure()
        return exchange.failure


def _prefers_async(streaming: Streaming[Any], event: Event) -> bool:
    return streaming.asked_in == "headers" and prefers_async(header(event, "prefer"))


def _failure_headers(failure: Failure) -> dict[str, str]:
    headers = _retry_after(failure.status, failure.retry_after_whole_seconds)
    return headers | dict(failure.headers) if isinstance(failure, RequestFailure) else headers


def _retry_after(status: int, seconds: int | None) -> dict[str, str]:
    return {"retry-after": str(seconds)} if seconds is not None and status in _RETRY_AFTER_STATUSES else {}


def _headers(request_id: str, headers: dict[str, str]) -> dict[str, str]:
    return {"content-type": "application/json", "cache-control": "no-store", "x-request-id": request_id, **headers}


def _answer(status: int, body: Body, headers: dict[str, str]) -> Answer:
    return {
        "statusCode": status,
        "headers": headers,
        # ASCII only, so that it can be sent whatever characters a model writes.
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
