"""Which model is asked after one that fails, at the same host or another, and what operator and caller are told."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.errors import Failure
from shared.model_host import Client, Completion, Question
from shared.model_host.errors import (
    CreditExhausted,
    KeyRejected,
    ModelGone,
    Overloaded,
    RateLimited,
    Refused,
    Unreachable,
)
from shared.run import Run
from shared.settings import Settings
from tests.support.runs import Lines, a_run

A1, A2, B1, C1 = "a/one", "a/two", "moonshot/one", "custom/one"
MESSAGES = [{"role": "user", "content": "A todo list"}]
GOOD = httpx.Response(
    200,
    json={
        "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1},
    },
)
Answer = Callable[[], httpx.Response]


def status(code: int, error: dict[str, Any] | None = None, retry_after: str = "") -> Answer:
    headers = {"retry-after": retry_after} if retry_after else {}
    return lambda: httpx.Response(code, json={"error": error or {}}, headers=headers)


def unreachable() -> httpx.Response:
    msg = "refused"
    raise httpx.ConnectError(msg)


def stalling() -> httpx.Response:
    msg = "silent"
    raise httpx.ReadTimeout(msg)


def good() -> httpx.Response:
    return GOOD


class Hosts:
    """Answers by the model that is asked, and notes which was."""

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        self._answers = answers
        self.asked: list[str] = []
        self.lines = Lines()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        host = {"openrouter.ai": "a", "api.moonshot.ai": "b", "own.example": "c"}[request.url.host]
        name = json.loads(request.read())["model"].rpartition("/")[2]
        model = host + {"one": "1", "two": "2"}[name]
        self.asked.append(model)
        answer = self._answers[model]
        return answer.pop(0)() if isinstance(answer, list) else answer()

    def client(self, *models: str, **environment: str) -> Client:
        given = {
            "MODELS": ",".join(models),
            "ENABLE_GUARD": "false",
            "OPENROUTER_K2T_KEY": "k",
            "MOONSHOT_KEY": "k",
            "CUSTOM_HOST_KEY": "k",
            "CUSTOM_HOST_URL": "https://own.example",
        }
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Client.of(Settings.from_environment(given | environment), http=http, sleep=lambda _: None)

    def run(self, seconds: float = 800.0) -> Run:
        return a_run(seconds, lines=self.lines)


def ask(hosts: Hosts, *models: str, seconds: float = 800.0, **environment: str) -> tuple[Completion | Failure, Run]:
    run = hosts.run(seconds)
    try:
        return hosts.client(*models, **environment).complete(Question(MESSAGES), run), run
    except Failure as failure:
        return failure, run


HOSTS_AFFAIRS = [
    pytest.param(
        status(401), "openrouter (OPENROUTER_SECRET_ARN or, locally, OPENROUTER_K2T_KEY): the host rejected", id="key"
    ),
    pytest.param(status(402), "the host reports that credit", id="credit"),
    pytest.param(status(429, {"type": "exceeded_current_quota_error"}), "credit or quota", id="quota"),
    pytest.param(status(403, {"type": "access_terminated_error"}), "approved clients only", id="not-approved"),
    pytest.param(status(307), "openrouter (OPENROUTER_BASE_URL): the host answers with a redirect", id="redirect"),
]


@pytest.mark.parametrize(("answer", "problem"), HOSTS_AFFAIRS)
def test_key_credit_and_address_are_the_hosts_affair_not_the_requests(answer: Answer, problem: str) -> None:
    """The host's other model is not asked, the operator is told once, and the request is served."""
    hosts = Hosts(a1=answer, a2=good, b1=good)

    outcome, run = ask(hosts, A1, A2, B1)

    assert isinstance(outcome, Completion)
    assert outcome.requested_model.name == B1
    assert hosts.asked == ["a1", "b1"]
    (told,) = run.problems
    assert problem in told


def test_a_host_that_cannot_be_reached_is_tried_again_and_then_left() -> None:
    hosts = Hosts(a1=unreachable, a2=good, b1=good)

    outcome, run = ask(hosts, A1, A2, B1)

    assert isinstance(outcome, Completion)
    assert hosts.asked == ["a1"] * 4 + ["b1"]
    assert run.problems == ["openrouter (OPENROUTER_BASE_URL): the host cannot be reached"]


@pytest.mark.parametrize(
    "answer", [status(503), status(429), stalling, status(500)], ids=["503", "429", "stall", "500"]
)
def test_what_concerns_a_model_lets_the_next_one_be_asked_at_its_host(answer: Answer) -> None:
    hosts = Hosts(a1=answer, a2=good, b1=good)

    outcome, run = ask(hosts, A1, A2, B1)

    assert isinstance(outcome, Completion)
    assert hosts.asked == ["a1"] * 4 + ["a2"]
    assert not run.problems
    assert not run.disqualified_hosts


def test_a_model_that_is_gone_is_not_asked_twice() -> None:
    hosts = Hosts(a1=status(404), a2=status(404), b1=good)

    ask(hosts, A1, A2, B1)

    assert hosts.asked == ["a1", "a2", "b1"]


def test_a_wait_that_a_host_asks_for_does_not_concern_another() -> None:
    hosts = Hosts(a1=status(429, retry_after="3600"), a2=good, b1=good)

    outcome, _ = ask(hosts, A1, A2, B1)

    assert isinstance(outcome, Completion)
    assert hosts.asked == ["a1", "b1"]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (status(401), KeyRejected),
        (status(402), CreditExhausted),
        (status(404), ModelGone),
        (status(503), Overloaded),
        (status(429, retry_after="3600"), RateLimited),
        (unreachable, Unreachable),
    ],
)
def test_the_first_failure_is_what_the_caller_is_told(answer: Answer, failure: type[Failure]) -> None:
    hosts = Hosts(a1=answer, b1=status(500))

    outcome, _ = ask(hosts, A1, B1)

    assert type(outcome) is failure
    assert hosts.asked[-1] == "b1"


def test_a_refusal_is_about_the_request_whoever_declines_it() -> None:
    hosts = Hosts(a1=status(402), b1=status(400, {"type": "content_filter"}))

    outcome, _ = ask(hosts, A1, B1)

    assert isinstance(outcome, Refused)


def test_what_is_wrong_with_the_request_is_wrong_at_every_host() -> None:
    hosts = Hosts(a1=status(400), b1=good)

    ask(hosts, A1, B1)

    assert hosts.asked == ["a1"]


@pytest.mark.parametrize(
    ("models", "asked"),
    [
        ((A1, A2, B1), ["a1"] * 4 + ["a2", "b1"]),
        ((A1, B1, C1), ["a1"] * 4 + ["b1", "c1"]),
        ((A1, A2), ["a1"] * 4 + ["a2"] * 2),
    ],
)
def test_each_host_is_left_an_attempt(models: tuple[str, ...], asked: list[str]) -> None:
    """One host that fails uses up MAX_CALLS only where there is no other."""
    hosts = Hosts(a1=status(503), a2=status(503), b1=status(503), c1=status(503))

    ask(hosts, *models)

    assert hosts.asked == asked


@pytest.mark.parametrize(("seconds", "stalls"), [(10_000.0, 4), (400.0, 1)])
def test_a_host_that_stalls_leaves_another_the_time_to_answer(seconds: float, stalls: int) -> None:
    hosts = Hosts(a1=stalling, b1=good)

    outcome, _ = ask(hosts, A1, B1, seconds=seconds, FIRST_TOKEN_SECONDS="240")

    assert isinstance(outcome, Completion)
    assert hosts.asked == ["a1"] * stalls + ["b1"]


def test_a_repair_is_asked_of_the_model_that_answered() -> None:
    """With the one attempt that is left, not of the host that failed every time."""
    hosts = Hosts(a1=status(500), b1=good)
    client, run = hosts.client(A1, B1), hosts.run()

    bad = client.complete(Question(MESSAGES), run)
    client.complete(Question(MESSAGES), run, purpose="repair", first=bad.requested_model)

    assert hosts.asked == ["a1"] * 4 + ["b1", "b1"]


def test_what_is_extended_is_extended_elsewhere_where_the_credit_ends() -> None:
    cut_off = httpx.Response(
        200,
        json={
            "choices": [{"message": {"content": "x"}, "finish_reason": "length"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 40_000},
        },
    )
    hosts = Hosts(a1=[lambda: cut_off, status(402)], a2=good, b1=good)
    client, run = hosts.client(A1, A2, B1), hosts.run()

    truncated = client.complete(Question(MESSAGES), run)
    extended = client.retry_with_more_tokens(Question(MESSAGES), truncated, run)

    assert hosts.asked == ["a1", "a1", "b1"]
    assert extended
    assert (extended.requested_model.name, extended.max_tokens) == (B1, 2 * truncated.max_tokens)


def test_a_disqualified_host_is_not_asked_for_a_repair_either() -> None:
    hosts = Hosts(a1=status(402), b1=good)
    client, run = hosts.client(A1, B1), hosts.run()

    client.complete(Question(MESSAGES), run)
    client.complete(Question(MESSAGES), run, purpose="repair")

    assert hosts.asked == ["a1", "b1", "b1"]
    assert len(run.problems) == 1


def test_all_hosts_disqualified_is_the_first_ones_failure() -> None:
    hosts = Hosts(a1=status(402), b1=status(401))
    client, run = hosts.client(A1, B1), hosts.run()

    for purpose in ("first", "repair"):
        with pytest.raises(CreditExhausted):
            client.complete(Question(MESSAGES), run, purpose=purpose)

    assert hosts.asked == ["a1", "b1"]
    assert [problem.partition(" ")[0] for problem in run.problems] == ["openrouter", "moonshot"]


def test_the_lines_say_which_host_was_called() -> None:
    hosts = Hosts(a1=status(402), b1=good)

    ask(hosts, A1, B1)

    for name in ("attempt_started", "attempt"):
        found = [(line["host"], line["model"]) for line in hosts.lines.named(name)]
        assert found == [("openrouter", A1), ("moonshot", B1)]
