"""The way of a request whose answer begins before its work is done: as events."""

import io
import json
import re
from threading import Thread
from types import SimpleNamespace

import httpx
import pytest
from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.artifacts.errors import ArtifactMissing
from shared.edge.event_stream import EventStream
from shared.errors import DeadlineExceeded, Failure
from shared.guard.errors import Allowance, RateLimited
from shared.model_host import Client, Question
from shared.model_host.errors import Overloaded
from shared.run import Run
from shared.settings import Settings
from tests.support.events import events_in
from tests.support.logged import logged_to
from tests.support.service import (
    ASYNC,
    BODY,
    EVENTS,
    KEY,
    Guard,
    Result,
    Service,
    Work,
    fail,
    succeed,
    wait,
)


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


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
    assert re.findall(rb"^event: .*", b"".join(came), re.MULTILINE) == ([b"event: status"] * 2 if streams else [])


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
    ("guard", "cost"),
    [
        (Guard(), ("ok", 200)),
        (Guard(stores=False), ("client_gone", 499)),
        (None, ("client_gone", 499)),
    ],
    ids=["stored", "not-stored", "no-guard"],
)
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
