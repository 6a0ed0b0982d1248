"""Callers that are let go with 202: what is kept for them, and what of it is served once and no more."""

import io
import json
import time

import pytest
from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.artifacts.errors import ArtifactMissing
from shared.errors import Failure, ServiceMisconfigured
from shared.model_host.errors import Overloaded
from shared.run import Run
from tests.support.logged import logged_to
from tests.support.service import (
    ASYNC,
    EVENTS,
    KEY,
    Guard,
    Result,
    Service,
    fail,
    pay,
    raised,
    succeed,
    wait,
)


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


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


def test_a_result_that_was_stored_after_all_is_the_result() -> None:
    """Though its store did not say so: it is not replaced by a failure, and not made again."""
    service = Service(succeed, Guard(mute=True))
    accepted, result = service.ask(KEY, ASYNC), service.ask(KEY, ASYNC)

    assert (accepted.status, accepted.cost["outcome"], accepted.cost["status"]) == (202, "ok", 200)
    assert (result.status, result.headers["idempotent-replayed"]) == (200, "true")


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
