"""What an endpoint tells the guard, and what it says of it."""

import json
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.costs.spending import OpenPurse
from shared.edge.endpoint import Call, Endpoint
from shared.errors import DeadlineExceeded
from shared.guard.allowance import Allowance
from tests.support.logged import logged_to


class Context:
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Made(BaseModel):
    warnings: tuple[str, ...] = ("untagged",)


class Guard:
    """One that notes what it is told."""

    def __init__(self, *, keeps: bool) -> None:
        self.told: list[str] = []
        self.allowance = Allowance(limit=5, remaining=4, reset=99)
        self.idempotency = SimpleNamespace(begin=self._begin)
        self.limits = SimpleNamespace(take=self._take)
        self.budget = SimpleNamespace(purse=lambda _visit: OpenPurse())
        self._keeps = keeps

    def _begin(self, _visit: Any, key: str, _body: bytes) -> Any:
        self.told.append(f"begin {key}")
        return SimpleNamespace(remember=self._remember, release=lambda: self.told.append("release"))

    def _take(self, _visit: Any) -> Any:
        self.told.append("take")
        return SimpleNamespace(allowance=self.allowance, give_back=lambda: self.told.append("give back"))

    def _remember(self, _answer: bytes) -> bool:
        self.told.append("remember")
        return self._keeps


def ask(guard: Guard, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> tuple[dict[str, Any], Any]:
    def work(_request: GenerateRequest, _tools: object, _call: Call) -> BaseModel:
        if fails:
            raise DeadlineExceeded
        return Made()

    monkeypatch.setenv("ENABLE_GUARD", "false")
    endpoint: Any = Endpoint("generate_artifact", GenerateRequest, lambda _settings: None, work)
    endpoint._started = replace(endpoint._started, guard=guard)
    event = {
        "headers": {"content-type": "application/json", "Idempotency-Key": "k"},
        "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
        "body": '{"prompt": "hi"}',
    }
    with logged_to(endpoint._logs, sys.stderr):
        answer = endpoint(event, Context())
    return answer, json.loads(answer["body"])


@pytest.mark.parametrize(("keeps", "warnings"), [(True, ["untagged"]), (False, ["untagged", "not_stored"])])
def test_an_answer_that_is_not_kept_says_so(keeps: bool, warnings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard(keeps=keeps)

    answer, body = ask(guard, monkeypatch)

    assert body["warnings"] == warnings
    assert guard.told == ["begin k", "take", "remember"]
    assert answer["headers"]["x-ratelimit-remaining"] == "4"


def test_a_failure_before_the_host_was_called_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard(keeps=True)

    answer, _ = ask(guard, monkeypatch, fails=True)

    assert answer["statusCode"] == 504
    assert guard.told == ["begin k", "take", "release", "give back"]
    assert answer["headers"]["x-ratelimit-limit"] == "5"
