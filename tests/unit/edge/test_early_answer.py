"""The way of a request whose answer begins before its work is done: as events, or with 202 at once."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Thread
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.artifacts.errors import ArtifactMissing
from shared.costs.ledger import AttemptRecord
from shared.costs.spending import Unlimited
from shared.costs.usage import NOTHING, Usage
from shared.edge.endpoint import Endpoint
from shared.edge.event_stream import EventStream
from shared.errors import DeadlineExceeded, Failure, ServiceMisconfigured
from shared.guard.errors import Allowance, IdempotencyMismatch, RateLimited, RequestInProgress
from shared.guard.idempotency import Replay
from shared.model_host import Client, Question
from shared.model_host.errors import Overloaded
from shared.run import Run
from shared.settings import Settings
from tests.support.contracts import PlainContract
from tests.support.events import Event, events_in
from tests.support.logged import logged_to

Work = Callable[[GenerateRequest, str, Run], BaseModel]
EVENTS, ASYNC = {"Accept": "text/event-stream"}, {"Prefer": "respond-async"}
KEY = {"Idempotency-Key": "k"}
BODY = '{"prompt": "hi"}'


class Context:
    def __init__(self, request_id: str, *, streams: bool) -> None:
        self.aws_request_id = request_id
        self.streams = streams

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Result(BaseModel):
    said: str = "hi"


class ReplayingContract(PlainContract):
    """One that stores what it gives."""

    def replay(self, stored: bytes, run: Run) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(stored)
        return body | {"requestId": run.id}


class Guard:
    """A guard that keeps answers as the table would.

    `refusal` is raised when a request is counted; the first `fails` answers are not stored.
    """

    def __init__(
        self, *, refusal: Failure | None = None, stores: bool = True, fails: int = 0, age_seconds: float = 0
    ) -> None:
        self.told: list[str] = []
        self.idempotency = SimpleNamespace(
            begin=self._begin,
            forget=lambda _run, key, _replay: self._claims.pop(key),
            replace=lambda _run, key, _replay, answer: self._claims.update({key: (self._claims[key][0], answer)}),
        )
        self.limits = SimpleNamespace(count=self._count, count_replay=lambda _run: self.told.append("replay"))
        self.spending_limit = lambda _run: Unlimited()
        self._refusal = refusal
        self._stores = stores
        self._fails = fails
        self._age_seconds = age_seconds
        self._claims: dict[str, tuple[bytes, bytes | None]] = {}

    def _begin(self, _run: Run, key: str, body: bytes) -> Any:
        claimed, stored = self._claims.get(key, (body, None))
        if claimed != body:
            raise IdempotencyMismatch
        if stored is not None:
            return Replay(stored, "request-1", self._age_seconds)
        if key in self._claims:
            raise RequestInProgress
        self._claims[key] = body, None
        return SimpleNamespace(
            store=lambda answer: self._store(key, body, answer),
            store_first=lambda answer: self._store(key, body, answer) or True,
            release=lambda: self._claims.pop(key),
        )

    def _count(self, _run: Run) -> Any:
        if self._refusal:
            raise self._refusal
        self.told.append("count")
        allowance = Allowance(limit=5, remaining=4, reset=99)
        return SimpleNamespace(allowance=allowance, refund=lambda: self.told.append("refund"))

    def _store(self, key: str, body: bytes, answer: bytes) -> bool:
        self.told.append("store")
        stored = self._stores and self._fails <= 0
        self._fails -= 1
        if stored:
            self._claims[key] = body, answer
        return stored


@dataclass
class Asked:
    """An answer, its body as far as it was taken, and the lines that were logged by then."""

    status: int
    headers: dict[str, str]
    body: str
    lines: list[dict[str, Any]]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[Event]:
        assert self.headers["content-type"] == "text/event-stream"
        return events_in(self.body)

    @property
    def cost(self) -> dict[str, Any]:
        (line,) = [line for line in self.lines if line["message"] == "cost"]
        return line


class Service:
    """An endpoint with work of the test's own."""

    def __init__(self, work: Work, guard: Guard | None = None) -> None:
        endpoint: Any = Endpoint("generate_artifact", ReplayingContract(), lambda _settings: "host", work)
        if guard:
            runtime: Any = endpoint._runtime
            endpoint._runtime = replace(runtime, guard=guard)
        self.endpoint = endpoint
        self._asked = 0

    def ask(self, *headers: dict[str, str], body: str = BODY, streams: bool = True) -> Asked:
        """Ask, and take the whole answer; what is logged is that of this request, its end included."""
        with logged_to(self.endpoint._logs, io.StringIO()) as log:
            answer = self.open(*headers, body=body, streams=streams)
            sent = answer["body"] if isinstance(answer["body"], str) else b"".join(answer["body"]).decode()
            if not isinstance(answer["body"], str):
                answer["body"].close()
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        return Asked(answer["statusCode"], answer["headers"], sent, lines)

    def open(self, *headers: dict[str, str], body: str = BODY, streams: bool = True) -> dict[str, Any]:
        """Ask, and return the answer as the runtime gets it."""
        self._asked += 1
        sent = {"content-type": "application/json"}
        for each in headers:
            sent |= each
        event = {
            "headers": sent,
            "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
            "body": body,
        }
        answer: dict[str, Any] = self.endpoint(event, Context(f"request-{self._asked}", streams=streams))
        return answer


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


def raised(error: Exception) -> BaseModel:
    raise error


def succeed(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
    run.progress.phase("writing")
    run.progress.text('<artifact type="code">\nlet a;\n')
    return Result(said="\u00e4\n\u2028\ud800")


def wait(condition: Callable[[], bool]) -> None:
    """Wait as long as this holds, but not for ever."""
    end = time.monotonic() + 10
    while condition() and time.monotonic() < end:
        time.sleep(0.001)


def fail(error: BaseException) -> Work:
    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        run.progress.phase("writing")
        raise error

    return work


def pay(run: Run) -> None:
    """Note an attempt."""
    record = AttemptRecord("m", "m-1", "ok", retryable=False, cost=NOTHING, usage=Usage(3, 4), duration=1.0)
    run.ledger.attempt_ended("first", record)


STREAMS = pytest.mark.parametrize("streams", [True, False], ids=["streaming", "buffered"])
REFUSALS = {
    "no-json": ("{", None, 400, "invalid_json"),
    "a-bad-field": ('{"prompt": ""}', None, 400, "invalid_request"),
    "a-limit": (BODY, RateLimited(Allowance(limit=5, remaining=0, reset=99), 7), 429, "rate_limited"),
}


@STREAMS
@pytest.mark.parametrize("asked", [EVENTS, ASYNC | KEY], ids=["events", "async"])
@pytest.mark.parametrize(("body", "refusal", "status", "code"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_before_the_work_is_an_ordinary_answer(
    streams: bool, asked: dict[str, str], body: str, refusal: Failure | None, status: int, code: str
) -> None:
    """The very one that a plain request gets, headers included."""
    services = [Service(succeed, Guard(refusal=refusal)) for _ in range(2)]

    early, plain = services[0].ask(asked, body=body, streams=streams), services[1].ask(body=body)

    assert (early.status, early.json["code"]) == (status, code)
    assert (early.status, early.headers, early.body) == (plain.status, plain.headers, plain.body)
    assert early.headers["content-type"] == "application/json"
    assert (early.cost["outcome"], early.cost["status"]) == (code, status)


def test_settings_that_make_no_sense_are_an_ordinary_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CALLS", "many")

    asked = Service(succeed).ask(EVENTS)

    assert (asked.status, asked.json["code"]) == (503, "service_misconfigured")


@STREAMS
def test_a_success_is_the_last_event(streams: bool) -> None:
    """Its data is the body that a plain request gets, whatever a model writes."""
    asked, plain = Service(succeed).ask(EVENTS, streams=streams), Service(succeed).ask()

    names = [event.name for event in asked.events]
    assert (asked.status, names) == (200, ["status", "status", "delta", "result"])
    assert asked.events[-1] == ("result", plain.body)
    assert asked.body.isascii()
    assert (asked.cost["outcome"], asked.cost["status"]) == ("ok", 200)


@STREAMS
@pytest.mark.parametrize(
    "error",
    [Overloaded(retry_after_seconds=3), ArtifactMissing(), DeadlineExceeded(), RuntimeError("the secret prompt")],
    ids=["the-host's", "the-model's", "the-deadline", "a-crash"],
)
def test_a_failure_is_the_last_event(streams: bool, error: Exception) -> None:
    """The status has been sent by then; the body says the rest, and the cost line has both."""
    asked, plain = Service(fail(error)).ask(EVENTS, streams=streams), Service(fail(error)).ask()

    assert asked.status == 200
    assert asked.events[-1] == ("error", plain.body)
    assert (asked.cost["outcome"], asked.cost["status"]) == (plain.json["code"], plain.status)
    assert "secret" not in asked.body + json.dumps(asked.lines)


def test_the_headers_of_a_stream_are_those_of_the_answer_but_for_its_type() -> None:
    """`X-Accel-Buffering` keeps a proxy from collecting what should be seen at once."""
    streamed, plain = Service(succeed, Guard()).ask(EVENTS), Service(succeed, Guard()).ask()

    own = {"content-type": "text/event-stream", "x-accel-buffering": "no"}
    assert streamed.headers == plain.headers | own
    assert (streamed.headers["cache-control"], streamed.headers["x-ratelimit-remaining"]) == ("no-store", "4")


def test_the_answer_begins_before_the_work() -> None:
    """With a status, so that a caller knows at once that it is served."""
    begun: list[bytes] = []

    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        wait(lambda: not begun)
        return Result()

    service = Service(work)
    with logged_to(service.endpoint._logs, io.StringIO()):
        body = service.open(EVENTS)["body"]
        pieces = iter(body)
        begun.append(next(pieces))
        rest = b"".join(pieces)
        body.close()

    first, last = events_in(begun[0] + rest)
    assert first.value == {"phase": "thinking", "elapsedSeconds": 0.0, "characters": 0, "attempt": 1}
    assert last.name == "result"


@STREAMS
@pytest.mark.parametrize("work", [succeed, fail(Overloaded())], ids=["success", "failure"])
def test_the_cost_line_is_written_before_the_last_event(
    work: Work, streams: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform may freeze the process as soon as the answer is out. There is one line."""
    order: list[str] = []
    send = EventStream.send

    def noted(stream: EventStream, event: str, data: str) -> None:
        order.append(event)
        send(stream, event, data)

    class Log(io.StringIO):
        def write(self, text: str) -> int:
            order.extend(json.loads(line)["message"] for line in text.splitlines() if line)
            return super().write(text)

    monkeypatch.setattr(EventStream, "send", noted)
    service = Service(work)
    with logged_to(service.endpoint._logs, Log()):
        answer = service.open(EVENTS, streams=streams)
        _ = list(answer["body"])

    assert order.count("cost") == 1
    assert order.index("cost") < order.index("metrics") < len(order) - 1
    assert order[-1] in {"result", "error"}


@STREAMS
def test_a_process_that_is_told_to_end_breaks_the_answer_off(streams: bool) -> None:
    """Without a last event; what was spent is logged first."""
    service = Service(fail(SystemExit()))
    came = []

    with logged_to(service.endpoint._logs, io.StringIO()) as log, pytest.raises(SystemExit):  # noqa: PT012 - the answer comes in pieces
        answer = service.open(EVENTS, streams=streams)
        for piece in answer["body"]:
            came.append(piece)  # noqa: PERF402 - what came before it breaks off

    costs = [line for line in map(json.loads, log.getvalue().splitlines()) if line["message"] == "cost"]
    assert [(line["outcome"], line["status"]) for line in costs] == [("internal_error", 500)]
    assert [piece.split(b"\n")[0] for piece in came] == ([b"event: status"] * 2 if streams else [])


def test_a_caller_that_goes_away_ends_the_work() -> None:
    """The attempt under way is the last: nobody waits for another. The cost line says that nobody got an answer."""
    runs: list[Run] = []
    calls: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        wait(lambda: runs[0].deadline.remaining() > 0)
        return httpx.Response(503)

    settings = Settings.model_validate({"openrouter_k2t_key": "k", "guard_table": "t"})
    client = Client.of(settings, http=httpx.Client(transport=httpx.MockTransport(answer)), sleep=lambda _: None)

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        runs.append(run)
        return Result(said=client.complete(Question([{"role": "user", "content": "A"}]), run).content)

    service = Service(work)
    with logged_to(service.endpoint._logs, io.StringIO()) as log:
        body = service.open(EVENTS)["body"]
        next(iter(body))
        wait(lambda: not calls)
        body.close()

    cost = next(line for line in map(json.loads, log.getvalue().splitlines()) if line["message"] == "cost")
    assert (cost["outcome"], cost["status"]) == ("client_gone", 499)
    assert (len(calls), cost["attempts"], log.getvalue().count('"cost"')) == (1, 1, 1)


@pytest.mark.parametrize(
    ("guard", "cost"), [(Guard(), ("ok", 200)), (Guard(stores=False), ("client_gone", 499)), (None, ("client_gone", 499))],
    ids=["stored", "not-stored", "no-guard"],
)  # fmt: skip
def test_what_nobody_can_have_any_more_went_to_nobody(guard: Guard | None, cost: tuple[str, int]) -> None:
    """What is stored can still be had, and is no failure."""

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        wait(lambda: run.deadline.remaining() > 0)
        return Result()

    service = Service(work, guard)
    with logged_to(service.endpoint._logs, io.StringIO()) as log:
        body = service.open(EVENTS, KEY)["body"]
        next(iter(body))
        body.close()

    (line,) = [line for each in log.getvalue().splitlines() if (line := json.loads(each))["message"] == "cost"]
    assert (line["outcome"], line["status"]) == cost


def test_what_a_caller_that_has_gone_away_did_not_hear_is_kept_for_it() -> None:
    """With an `Idempotency-Key`, the same request gets it."""
    served = []

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        served.append(run)
        wait(lambda: run.deadline.remaining() > 0)
        return Result()

    service = Service(work, Guard())
    with logged_to(service.endpoint._logs, io.StringIO()):
        body = service.open(EVENTS, KEY)["body"]
        next(iter(body))
        body.close()
    again = service.ask(EVENTS, KEY)

    assert [event.name for event in again.events] == ["result"]
    assert again.events[0].value == {"said": "hi", "requestId": "request-2"}
    assert len(served) == 1


@STREAMS
def test_a_replay_is_one_event(streams: bool) -> None:
    """That of the answer to the first request, but for the request's id; a header says what it is."""
    service = Service(succeed, Guard())
    first, again, plain = (service.ask(each, KEY, streams=streams) for each in (EVENTS, EVENTS, {}))

    assert [event.name for event in again.events] == ["result"]
    assert again.events[0].value == first.events[-1].value | {"requestId": "request-2"}
    assert (again.headers["idempotent-replayed"], "idempotent-replayed" in first.headers) == ("true", False)
    assert plain.json == first.events[-1].value | {"requestId": "request-3"}
    assert again.cost["replayed"]


def test_a_result_that_is_not_stored_says_so_in_its_event_too() -> None:
    asked = Service(succeed, Guard(stores=False)).ask(EVENTS, KEY)

    assert asked.events[-1].value["notes"] == ["not_stored"]


@pytest.mark.parametrize(
    ("guard", "headers", "says"),
    [(Guard(), {}, "needs the header `Idempotency-Key`"), (None, KEY, "no answers are stored")],
    ids=["no-key", "no-guard"],
)
def test_who_could_not_ask_for_the_result_is_not_let_go(
    guard: Guard | None, headers: dict[str, str], says: str
) -> None:
    """Nothing is served, counted or claimed."""
    asked = Service(fail(AssertionError()), guard).ask(ASYNC, headers)

    assert (asked.status, asked.json["code"], asked.json["field"]) == (400, "invalid_request", "Idempotency-Key")
    assert says in asked.json["error"]
    assert not guard or not guard.told
    assert (asked.cost["outcome"], asked.cost["attempts"]) == ("invalid_request", 0)


@pytest.mark.parametrize("also", [{}, EVENTS], ids=["json", "events"])
def test_who_prefers_it_is_let_go_and_gets_the_result_by_the_same_request(also: dict[str, str]) -> None:
    """Served and paid for once. Whoever prefers both is let go, for events would keep it."""
    served = []

    def work(request: GenerateRequest, host: str, run: Run) -> BaseModel:
        served.append(request)
        return succeed(request, host, run)

    service = Service(work, Guard())
    accepted = service.ask(ASYNC, KEY, also)
    result = service.ask(ASYNC, KEY, also)
    plain = service.ask(KEY)

    assert accepted.status == 202
    assert accepted.json == {
        "accepted": True, "idempotencyKey": "k", "requestId": "request-1", "retryAfterSeconds": 10,
    }  # fmt: skip
    wanted = {
        "content-type": "application/json",
        "cache-control": "no-store",
        "preference-applied": "respond-async",
        "retry-after": "10",
        "x-request-id": "request-1",
        "x-ratelimit-remaining": "4",
    }
    assert accepted.headers.items() >= wanted.items()
    assert (accepted.cost["outcome"], accepted.cost["status"]) == ("ok", 200)
    assert (plain.status, plain.headers["idempotent-replayed"]) == (200, "true")
    if also:
        assert [event.name for event in service.ask(EVENTS, KEY).events] == ["result"]
    assert result.status == 200
    assert (result.headers["content-type"], result.headers["idempotent-replayed"]) == ("application/json", "true")
    assert result.json | {"requestId": ""} == plain.json | {"requestId": ""}
    assert len(served) == 1


def test_who_asks_for_the_result_too_early_is_told_to_wait() -> None:
    """The 202 is whole while the work goes on."""
    done: list[bool] = []

    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        wait(lambda: not done)
        return Result()

    service = Service(work, Guard())
    with logged_to(service.endpoint._logs, io.StringIO()):
        body = service.open(ASYNC, KEY)["body"]
        accepted = json.loads(b"".join(body))
        early = service.open(ASYNC, KEY)
        done.append(True)
        body.close()
    result = service.ask(ASYNC, KEY)

    assert accepted["accepted"]
    assert (early["statusCode"], json.loads(early["body"])["code"]) == (409, "request_in_progress")
    assert (result.status, result.json) == (200, {"said": "hi", "requestId": "request-3"})


@pytest.mark.parametrize("headers", [ASYNC, {}, EVENTS], ids=["async", "plain", "events"])
@pytest.mark.parametrize(
    "error", [Overloaded(retry_after_seconds=3), ArtifactMissing(), RuntimeError("the secret prompt")], ids=repr
)
def test_a_failure_is_the_result_of_who_was_let_go(error: Exception, headers: dict[str, str]) -> None:
    """It is told once, with its status, and not served and paid for once more by whoever asks for it."""
    served: list[Run] = []

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        served.append(run)
        pay(run)
        raise error

    service = Service(work, Guard())
    accepted, result = service.ask(KEY, ASYNC), service.ask(KEY, headers)

    failure = error if isinstance(error, Failure) else Failure()
    body = result.events[-1].value if headers is EVENTS else result.json
    assert accepted.status == 202
    assert (accepted.cost["outcome"], accepted.cost["status"]) == (failure.code, failure.status)
    assert result.status == (200 if headers is EVENTS else failure.status)
    assert (body["code"], body["attempts"], body["requestId"]) == (failure.code, 1, "request-2")
    after = failure.retry_after_whole_seconds
    assert (body.get("retryAfterSeconds"), result.headers.get("retry-after")) == (after, after and str(after))
    assert result.headers["idempotent-replayed"] == "true"
    assert (result.cost["outcome"], result.cost["status"], result.cost["replayed"]) == (
        failure.code, failure.status, True,
    )  # fmt: skip
    assert len(served) == 1
    assert "secret" not in result.body + json.dumps(accepted.lines)


def test_the_first_telling_of_a_result_is_no_replay() -> None:
    """Its caller was let go and has had nothing yet: only what follows counts towards the limit of replays."""
    guard = Guard()
    service = Service(succeed, guard)
    counted = []
    for _ in range(4):
        service.ask(KEY, ASYNC)
        counted.append(guard.told.count("replay"))

    assert counted == [0, 0, 1, 2]


def test_when_to_try_again_counts_from_the_failure_and_not_from_its_telling() -> None:
    guard = Guard(age_seconds=25)
    service = Service(lambda *_: raised(Overloaded(retry_after_seconds=60)), guard)

    _, told = service.ask(KEY, ASYNC), service.ask(KEY, ASYNC)

    assert (told.json["retryAfterSeconds"], told.headers["retry-after"]) == (35, "35")


def test_once_its_failure_is_told_the_key_is_free_again() -> None:
    """What is said to be retryable is: as after a failure that was waited for."""
    outcomes: list[Exception | None] = [Overloaded(), None]

    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        if error := outcomes.pop(0):
            raise error
        return Result()

    service = Service(work, Guard())
    statuses = [service.ask(KEY, ASYNC).status for _ in range(4)]

    assert statuses == [202, 503, 202, 200]


@pytest.mark.parametrize(("fails", "then"), [(1, [503, 202, 200]), (2, [409, 409, 409])], ids=["once", "twice"])
def test_a_result_that_could_not_be_stored_is_not_made_again_unasked(fails: int, then: list[int]) -> None:
    """Its caller is told so; and where not even that can be stored, the key is not free before its claim expires."""
    served: list[Run] = []

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        served.append(run)
        return Result()

    service = Service(work, Guard(fails=fails))
    accepted = service.ask(KEY, ASYNC)

    assert (accepted.status, accepted.cost["outcome"]) == (202, "store_unavailable")
    assert len(served) == 1
    assert [service.ask(KEY, ASYNC).status for _ in range(3)] == then


def test_a_result_that_cannot_be_written_down_is_a_failure_of_who_was_let_go() -> None:
    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        return None  # type: ignore[return-value] # a bug

    service = Service(work, Guard())
    first, second = service.ask(KEY, ASYNC), service.ask(KEY, ASYNC)

    assert (first.status, second.status, second.json["code"]) == (202, 500, "internal_error")


def test_what_ends_the_process_after_who_called_was_let_go_ends_it() -> None:
    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        raise SystemExit

    guard = Guard()
    service = Service(work, guard)
    with logged_to(service.endpoint._logs, io.StringIO()) as log:
        body = service.open(KEY, ASYNC)["body"]
        assert json.loads(b"".join(body))["accepted"]
        with pytest.raises(SystemExit):
            body.close()

    assert [json.loads(line)["message"] for line in log.getvalue().splitlines()].count("cost") == 1
    assert service.ask(KEY, ASYNC).status == 409


def test_what_the_operator_has_to_do_is_logged_once() -> None:
    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        raise ServiceMisconfigured

    accepted = Service(work, Guard()).ask(KEY, ASYNC)

    assert [line["message"] for line in accepted.lines].count("operator_must_act") == 1


def test_where_no_thread_can_be_had_the_answer_is_a_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_thread: Thread) -> None:
        msg = "can't start new thread"
        raise RuntimeError(msg)

    guard = Guard()
    service = Service(succeed, guard)
    monkeypatch.setattr(Thread, "start", no_room)
    events, later = service.ask(EVENTS), service.ask(KEY, ASYNC)

    for answer in (events, later):
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        assert set(answer.json) == {"said"}
        assert answer.cost["outcome"] == "ok"
    assert service.ask(KEY).headers["idempotent-replayed"] == "true"
    assert guard.told.count("replay") == 1


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["plain", "events"])
def test_a_failure_of_who_waits_is_not_stored(headers: dict[str, str]) -> None:
    """It has been told, and may try again with the same key."""
    outcomes: list[Exception | None] = [Overloaded(), None]

    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        if error := outcomes.pop(0):
            raise error
        return Result()

    service = Service(work, Guard())
    first, second = service.ask(headers, KEY), service.ask(KEY)

    assert "upstream_overloaded" in first.body
    assert (second.status, second.json) == (200, {"said": "hi"})


def test_who_is_let_go_and_does_not_hear_of_it_is_served_all_the_same() -> None:
    """It asks again, and gets the result: a 202 that was lost on its way costs nothing."""
    left: list[float] = []

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        time.sleep(0.1)  # until it is closed
        left.append(run.deadline.remaining())
        return Result()

    service = Service(work, Guard())
    with logged_to(service.endpoint._logs, io.StringIO()) as log:
        service.open(ASYNC, KEY)["body"].close()

    assert left[0] > 0
    assert '"outcome":"ok"' in log.getvalue()
    assert service.ask(KEY).json == {"said": "hi", "requestId": "request-2"}


def test_a_runtime_that_does_not_stream_serves_who_prefers_to_be_let_go_at_once() -> None:
    """A preference may be ignored: it would have to work on after its answer. No header says that it was heeded."""
    asked = Service(succeed, Guard()).ask(ASYNC, KEY, streams=False)

    assert (asked.status, asked.json) == (200, {"said": "\u00e4\n\u2028\ud800"})
    assert "preference-applied" not in asked.headers


def test_a_context_that_says_nothing_of_streaming_does_not_stream() -> None:
    """Lambda's own runtime has no such attribute."""
    service = Service(succeed)
    context = SimpleNamespace(aws_request_id="r", get_remaining_time_in_millis=lambda: 60_000)
    event = {
        "headers": {"content-type": "application/json"} | EVENTS,
        "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
        "body": BODY,
    }
    with logged_to(service.endpoint._logs, io.StringIO()):
        answer = service.endpoint(event, context)

    assert isinstance(answer["body"], str)
    assert events_in(answer["body"])[-1].name == "result"
