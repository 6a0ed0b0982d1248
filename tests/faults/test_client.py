"""The client against a real HTTP server that misbehaves in every way that the model host is known to."""

import socket
import time

import httpx
import pytest

from shared.costs.ledger import Ledger
from shared.errors import Failure
from shared.model_host import Client, Completion, Question
from shared.model_host.errors import (
    ClientNotApproved,
    ConnectionLost,
    CreditExhausted,
    HostFailed,
    KeyMalformed,
    KeyRejected,
    ModelGone,
    Overloaded,
    RateLimited,
    Refused,
    RequestRejected,
    Unreachable,
)
from shared.settings import Settings
from tests.support.asking import ask
from tests.support.runs import a_run
from tests.support.sockets import read_message, send_answer, serving
from tests.support.standin import StandIn


def test_a_good_answer(host: StandIn) -> None:
    outcome = ask(host.url, f"Release notes {time.time()}")

    assert isinstance(outcome.result, Completion)
    assert outcome.result.content.strip().startswith("<artifact")
    (call,) = outcome.calls
    assert (call["outcome"], call["status"], call["cost_source"], call["finish_reason"]) == (
        "ok",
        200,
        "reported",
        "stop",
    )
    assert call["generation_id"]
    assert call["model"] == "moonshotai/kimi-k2-thinking"
    assert outcome.cost["model"] == "moonshotai/kimi-k2-thinking-20251106"
    row = host.ledger()["calls"][-1]
    assert (row["generation_id"], row["sent_nano_usd"]) == (call["generation_id"], call["cost_nano_usd"])


GOOD_ALL_THE_SAME = [
    "u2028", "ids", "crlf", "no-done", "parts", "reasoning-content", "json", "byok", "free",
]  # fmt: skip


@pytest.mark.parametrize("fault", GOOD_ALL_THE_SAME)
def test_a_dialect_is_read(host: StandIn, fault: str) -> None:
    outcome = ask(host.url, f"Notes [[fault {fault}]]")

    assert isinstance(outcome.result, Completion)
    assert "</artifact>" in outcome.result.content
    (call,) = outcome.calls
    assert (call["cost_source"], call["cost_nano_usd"]) == ("reported", host.ledger()["calls"][-1]["sent_nano_usd"])


def test_a_reset_behind_the_usage_never_makes_a_cost_up(host: StandIn) -> None:
    """It may overtake what was sent before it: then the attempt is lost, its cost unknown, and it is made again."""
    host.forget()

    outcome = ask(host.url, "Notes [[fault mid-usage-reset times=1]]")

    assert isinstance(outcome.result, Completion)
    sent = {row["generation_id"]: row["sent_nano_usd"] for row in host.ledger()["calls"]}
    *lost, _ = outcome.calls
    assert [(call["outcome"], call["cost_source"]) for call in lost] in [[], [("upstream_error", "unknown")]]
    known = [call for call in outcome.calls if call["cost_source"] == "reported"]
    assert [call["cost_nano_usd"] for call in known] == [sent[call["generation_id"]] for call in known]


@pytest.mark.parametrize(
    ("fault", "source"), [("no-usage", "unknown"), ("no-cost", "estimated"), ("null-usage", "unknown")]
)
def test_a_cost_that_is_not_reported_is_never_passed_off_as_one(host: StandIn, fault: str, source: str) -> None:
    outcome = ask(host.url, f"Notes [[fault {fault}]]")

    assert isinstance(outcome.result, Completion)
    assert outcome.cost["cost_source"] == source
    assert (outcome.cost["cost_usd"] is None) == (source == "unknown")


PASSING = [
    ("rate-limit", RateLimited, "none"),
    ("status code=500", HostFailed, "none"),
    ("status code=502 html=1", HostFailed, "none"),
    ("status code=503 type=provider_overloaded", Overloaded, "none"),
    ("html", Overloaded, "unknown"),
    ("status code=524", Overloaded, "unknown"),
    ("status code=529", Overloaded, "none"),
    ("status code=408", Overloaded, "none"),
    ("error-200", Failure, "none"),
    ("choices-null", Failure, "none"),
    ("choices-empty", Failure, "none"),
    ("choice-error", Failure, "unknown"),
    ("mid-error code=int", Failure, "unknown"),
    ("mid-error code=string", Failure, "unknown"),
    ("mid-error code=none", Failure, "unknown"),
    ("finish-error", HostFailed, "unknown"),
    ("cut", ConnectionLost, "unknown"),
    ("reset", ConnectionLost, "unknown"),
    ("garbage-json", HostFailed, "unknown"),
]


@pytest.mark.parametrize(("fault", "kind", "source"), PASSING, ids=[row[0] for row in PASSING])
def test_what_may_pass_is_tried_again(host: StandIn, fault: str, kind: type[Failure], source: str) -> None:
    once = ask(host.url, f"Notes [[fault {fault} times=1]]")
    always = ask(host.url, f"Notes [[fault {fault}]]")

    assert isinstance(once.result, Completion)
    assert [call["outcome"] == "ok" for call in once.calls] == [False, True]
    assert once.cost["retries"] == 1
    assert once.calls[0]["cost_source"] == source
    assert isinstance(always.result, kind)
    assert (len(always.calls), always.waits, always.result.retryable) == (4, [1.0, 2.0, 4.0], True)
    assert always.cost["cost_source"] == source
    assert (always.cost["cost_usd"] is None) == (source == "unknown")


FINAL = [
    ("quota", CreditExhausted),
    ("credit", CreditExhausted),
    ("key", KeyRejected),
    ("forbidden", ClientNotApproved),
    ("gone", ModelGone),
    ("context", RequestRejected),
    ("policy", Refused),
    ("refusal", Refused),
    ("status code=400", RequestRejected),
    ("status code=413", RequestRejected),
    ("status code=422", RequestRejected),
    ("rate-limit retry_after=3600", RateLimited),
    ("availability retryable=0", Failure),
]


@pytest.mark.parametrize(("fault", "kind"), FINAL, ids=[row[0] for row in FINAL])
def test_what_cannot_pass_is_asked_once(host: StandIn, fault: str, kind: type[Failure]) -> None:
    outcome = ask(host.url, f"Notes [[fault {fault}]]")

    assert isinstance(outcome.result, kind)
    assert (len(outcome.calls), outcome.waits) == (1, [])


@pytest.mark.parametrize(
    ("hint", "seconds"),
    [("retry_after=2", 2.0), ("retry_after_ms=1500", 1.5), ("words=3", 3.0), ("availability=4", 4.0)],
)
def test_a_hint_is_waited_for(host: StandIn, hint: str, seconds: float) -> None:
    outcome = ask(host.url, f"Notes [[fault rate-limit {hint} times=1]]")

    assert isinstance(outcome.result, Completion)
    assert outcome.waits == [seconds]
    assert outcome.calls[1]["wait_ms"] == seconds * 1000


def test_a_hint_that_is_too_long_is_passed_on_at_once(host: StandIn) -> None:
    outcome = ask(host.url, "Notes [[fault rate-limit retry_after=3600]]", models="moonshotai/kimi-k2-thinking,b/c")

    assert isinstance(outcome.result, RateLimited)
    assert outcome.result.retry_after_seconds == 3600
    assert len(outcome.calls) == 1


def test_the_next_model_is_asked_when_one_is_gone(host: StandIn) -> None:
    models = "moonshotai/kimi-k2-thinking,moonshotai/kimi-k2.6"
    outcome = ask(host.url, "Notes [[fault gone times=1]]", models=models)

    assert isinstance(outcome.result, Completion)
    assert [call["model"] for call in outcome.calls] == models.split(",")
    assert outcome.cost["requested_model"] == "moonshotai/kimi-k2-thinking"
    assert outcome.cost["model"].startswith("moonshotai/kimi-k2.6")


def test_calls_are_bounded_over_all_models(host: StandIn) -> None:
    outcome = ask(host.url, "Notes [[fault status code=503]]", models="a/1,a/2,a/3", max_calls=6)

    assert isinstance(outcome.result, Overloaded)
    assert [call["model"] for call in outcome.calls] == ["a/1"] * 4 + ["a/2"] * 2


def test_a_host_that_is_not_there_costs_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        outcome = ask(f"http://127.0.0.1:{unused.getsockname()[1]}", "Notes")

    assert isinstance(outcome.result, Unreachable)
    assert len(outcome.calls) == 4
    assert (outcome.cost["cost_source"], outcome.cost["cost_usd"]) == ("none", 0)


def test_a_key_that_no_header_can_hold_is_the_operators_business(host: StandIn) -> None:
    outcome = ask(host.url, "Notes", openrouter_k2t_key="clé")

    assert isinstance(outcome.result, KeyMalformed)
    assert outcome.calls == []


def test_junk_behind_a_whole_answer_is_not_paid_for_twice() -> None:
    """The host said `[DONE]`: whatever follows, the answer is there and is not asked for again."""
    body = (
        b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}],"usage":{"cost":0.01}}\n\n'
        b"data: [DONE]\n\ndata: junk\n\n"
    )

    def answer(connection: socket.socket, _number: int) -> None:
        while read_message(connection):
            send_answer(connection, body, "text/event-stream")

    with serving(answer) as url:
        outcome = ask(url, "Notes")

    assert isinstance(outcome.result, Completion)
    assert [(call["outcome"], call["cost_nano_usd"]) for call in outcome.calls] == [("ok", 10_000_000)]


def test_what_nobody_foresaw_is_booked_all_the_same() -> None:
    """An error of our own in the middle of a call still leaves its line: only a killed process leaves none."""

    def fail(_request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    ledger = Ledger("generate_artifact", "r-1", lambda *_: None)
    settings = Settings.model_validate({"openrouter_k2t_key": "k"})
    client = Client.of(settings, http=httpx.Client(transport=httpx.MockTransport(fail)))

    with pytest.raises(ZeroDivisionError):
        client.complete(Question([]), a_run(5, ledger=ledger))

    (attempt,) = ledger.attempts
    assert (attempt.outcome, attempt.cost.source) == ("internal_error", "unknown")
