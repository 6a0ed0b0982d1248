"""The attempt with twice the output tokens, for an answer that is truncated."""

import json
from typing import Any

import httpx
import pytest

from shared.model_host import Client, Completion, Question
from shared.model_host.errors import CallsExhausted, Overloaded
from shared.settings import Settings
from tests.support.runs import a_run

QUESTION = Question([{"role": "user", "content": "a"}])


def answer(reason: str = "length", usage: dict[str, Any] | None = None) -> httpx.Response:
    choice = {"message": {"content": "half"}, "finish_reason": reason}
    return httpx.Response(200, json={"choices": [choice], "usage": usage})


class Host:
    """A host with a script of answers, each of which takes so many seconds of a clock of its own."""

    def __init__(self, *answers: httpx.Response, seconds: float = 10.0, **settings: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self._now = 0.0
        self._answers = list(answers)
        self._seconds = seconds
        self.run = a_run(100.0, clock=self.clock)
        given = {"openrouter_k2t_key": "k", "models": ("moonshotai/kimi-k2-thinking",), "max_output_tokens": 1000}
        self.client = Client.of(
            Settings.model_validate(given | settings),
            http=httpx.Client(transport=httpx.MockTransport(self._handle)),
            sleep=lambda _seconds: None,
            clock=self.clock,
        )

    def clock(self) -> float:
        return self._now

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content))
        self._now += self._seconds
        return self._answers.pop(0)

    def ask(self) -> Completion | None:
        """Ask, and then for more tokens."""
        first = self.client.complete(QUESTION, self.run)
        return self.client.retry_with_more_tokens(QUESTION, first, self.run)

    @property
    def max_tokens(self) -> list[tuple[str, int]]:
        return [(body["model"], body["max_tokens"]) for body in self.asked]


def test_it_has_twice_the_tokens() -> None:
    host = Host(answer(), answer("stop"))

    extended = host.ask()

    assert extended is not None
    assert (extended.truncated, extended.max_tokens) == (False, 2000)
    assert [tokens for _, tokens in host.max_tokens] == [1000, 2000]


def test_it_asks_the_model_that_answered() -> None:
    host = Host(httpx.Response(404), answer(), answer("stop"), models=("a/1", "b/2"))

    assert host.ask() is not None
    assert host.max_tokens == [("a/1", 1000), ("b/2", 1000), ("b/2", 2000)]


def test_it_is_tried_again_as_any_other_call() -> None:
    host = Host(answer(), httpx.Response(503), httpx.Response(503), max_calls=3)

    with pytest.raises(Overloaded):
        host.ask()
    assert [attempt.outcome for attempt in host.run.ledger.attempts] == ["ok", *["upstream_overloaded"] * 2]


@pytest.mark.parametrize(
    ("seconds", "usage", "made"),
    [
        (30.0, None, True),
        (33.4, None, False),  # 66.8 s at this rate, and 66.6 are left
        (1.0, {"completion_tokens": 21}, True),  # 95.2 of 99
        (1.0, {"completion_tokens": 20}, False),
    ],
)
def test_it_is_made_if_the_rate_of_the_first_leaves_time(
    seconds: float, usage: dict[str, Any] | None, *, made: bool
) -> None:
    host = Host(answer(usage=usage), answer("stop"), seconds=seconds)

    assert (host.ask() is not None) == made


def test_it_is_not_made_where_nobody_knows_the_rate() -> None:
    assert Host(answer("stop"), answer("stop")).ask() is None


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"max_calls": 1}, id="no-call-left"),
        pytest.param({"max_output_tokens": 200_000}, id="more-than-the-model-writes"),
        pytest.param({"max_output_tokens": 131_072}, id="more-than-the-context-holds"),
    ],
)
def test_it_is_not_made_where_it_leads_nowhere(limits: dict[str, Any]) -> None:
    host = Host(answer(usage={"prompt_tokens": 1}), answer("stop"), **limits)

    assert host.ask() is None
    assert len(host.asked) == 1


def test_a_model_outside_the_catalog_is_asked_for_it() -> None:
    host = Host(answer(), answer("stop"), models=("acme/one",), max_output_tokens=131_072)

    assert host.ask() is not None
    assert host.max_tokens == [("acme/one", 131_072), ("acme/one", 262_144)]


def test_no_question_is_asked_beyond_the_calls_of_a_request() -> None:
    host = Host(answer("stop"), answer("stop"), answer("stop"), max_calls=2)
    for _ in range(2):
        host.client.complete(QUESTION, host.run)

    with pytest.raises(CallsExhausted):
        host.client.complete(QUESTION, host.run, purpose="repair")
    assert len(host.asked) == 2
