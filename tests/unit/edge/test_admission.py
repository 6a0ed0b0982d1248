"""What an endpoint tells the guard, and what it says of it."""

import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.costs.spending import Unlimited
from shared.edge.admission import Admission
from shared.edge.endpoint import Endpoint
from shared.errors import DeadlineExceeded
from shared.guard.errors import Allowance
from shared.guard.idempotency import Replay
from shared.run import Run
from tests.support.contracts import PlainContract
from tests.support.logged import logged_to
from tests.support.runs import a_run


class Context:
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Result(BaseModel):
    said: str = "hi"


class Guard:
    """One that notes what it is told."""

    def __init__(self, *, stores: bool) -> None:
        self.told: list[str] = []
        self.allowance = Allowance(limit=5, remaining=4, reset=99)
        self.idempotency = SimpleNamespace(begin=self._begin)
        self.limits = SimpleNamespace(count=self._count)
        self.spending_limit = lambda _run: Unlimited()
        self._stores = stores

    def _begin(self, _run: Any, key: str, _body: bytes) -> Any:
        self.told.append(f"begin {key}")
        return SimpleNamespace(store=self._store, release=lambda: self.told.append("release"))

    def _count(self, _run: Any) -> Any:
        self.told.append("count")
        return SimpleNamespace(allowance=self.allowance, refund=lambda: self.told.append("refund"))

    def _store(self, _answer: bytes) -> bool:
        self.told.append("store")
        return self._stores


def ask(guard: Guard, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> tuple[dict[str, Any], Any]:
    def work(_request: GenerateRequest, _tools: object, _run: Run) -> BaseModel:
        if fails:
            raise DeadlineExceeded
        return Result()

    monkeypatch.setenv("ENABLE_GUARD", "false")
    endpoint: Any = Endpoint("generate_artifact", PlainContract(), lambda _settings: None, work)
    endpoint._runtime = endpoint._runtime._replace(guard=guard)
    event = {
        "headers": {"content-type": "application/json", "Idempotency-Key": "k"},
        "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
        "body": '{"prompt": "hi"}',
    }
    with logged_to(endpoint._logs, sys.stderr):
        answer = endpoint(event, Context())
    return answer, json.loads(answer["body"])


@pytest.mark.parametrize(("stores", "body"), [(True, {"said": "hi"}), (False, {"said": "hi", "notes": ["not_stored"]})])
def test_an_answer_that_is_not_stored_says_so_as_its_contract_does(
    stores: bool, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a result has no warnings of its own: it is paid for, and must be answered."""
    guard = Guard(stores=stores)

    answer, came = ask(guard, monkeypatch)

    assert (answer["statusCode"], came) == (200, body)
    assert guard.told == ["begin k", "count", "store", *([] if stores else ["release"])]
    assert answer["headers"]["x-ratelimit-remaining"] == "4"


def test_a_failure_before_the_host_was_called_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard(stores=True)

    answer, _ = ask(guard, monkeypatch, fails=True)

    assert answer["statusCode"] == 504
    assert guard.told == ["begin k", "count", "release", "refund"]
    assert answer["headers"]["x-ratelimit-limit"] == "5"


def test_what_is_left_half_done_is_given_back() -> None:
    """Whoever leaves the context without a response leaves no key claimed and, before any attempt, nothing counted."""
    guard: Any = Guard(stores=True)
    headers: dict[str, str] = {}

    def fail() -> None:
        with Admission(guard, a_run(), headers) as admission:
            admission.find_replay("k", b"{}")
            admission.admit()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with Admission(guard, a_run(), headers) as admission:
        admission.find_replay("k", b"{}")

    assert guard.told == ["begin k", "count", "release", "refund", "begin k", "release"]


def test_a_replay_is_counted_apart_and_makes_nothing() -> None:
    """Its contract makes the body; nothing is stored again, and the request counts as none."""
    guard: Any = Guard(stores=True)
    guard.idempotency = SimpleNamespace(begin=lambda *_: Replay(b"stored"))
    guard.limits.count_replay = lambda _run: guard.told.append("count replay")

    with Admission(guard, a_run(), {}) as admission:
        assert admission.find_replay("k", b"{}") == (200, b"stored", False, 0.0)

    assert guard.told == ["count replay"]


def test_a_replay_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    guard: Any = Guard(stores=True)
    guard.idempotency = SimpleNamespace(begin=lambda *_: Replay(b"before"))
    guard.limits.count_replay = lambda _run: None

    answer, body = ask(guard, monkeypatch)

    assert (answer["statusCode"], body) == (200, {"stored": "before"})
    assert answer["headers"]["idempotent-replayed"] == "true"
