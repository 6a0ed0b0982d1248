"""An endpoint with work of a test's own and a guard that keeps answers: for answers that begin before it is done."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.costs.ledger import AttemptRecord
from shared.costs.spending import Unlimited
from shared.costs.usage import NOTHING, Usage
from shared.edge.endpoint import Endpoint
from shared.errors import Failure
from shared.guard.errors import Allowance, IdempotencyMismatch, RequestInProgress
from shared.guard.idempotency import Replay
from shared.run import Run
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

    `refusal` is raised when a request is counted; the first `fails` answers are not stored. Where it is `mute`, an
    answer is stored and nobody is told so.
    """

    def __init__(
        self,
        *,
        refusal: Failure | None = None,
        stores: bool = True,
        fails: int = 0,
        age_seconds: float = 0,
        mute: bool = False,
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
        self._mute = mute
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
            store_first=lambda answer: self._store_first(key, body, answer),
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
        return stored and not self._mute

    def _store_first(self, key: str, body: bytes, answer: bytes) -> bool:
        answered = self._claims[key][1] is not None
        if not answered:
            self._store(key, body, answer)
        return not answered


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
    """An endpoint with work of the test's own, and contracts, if they are not to be the plain one."""

    def __init__(self, work: Callable[..., Any], guard: Guard | None = None, contracts: Any = None) -> None:
        endpoint: Any = Endpoint("generate_artifact", contracts or ReplayingContract(), lambda _settings: "host", work)
        if guard:
            endpoint._runtime = endpoint._runtime._replace(guard=guard)
        self.endpoint = endpoint
        self.signs = True
        self._asked = 0

    def ask(
        self, *headers: dict[str, str], body: str = BODY, streams: bool = True, path: str = "/", method: str = "POST"
    ) -> Asked:
        """Ask, and take the whole answer; what is logged is that of this request, its end included."""
        with logged_to(self.endpoint._logs, io.StringIO()) as log:
            answer = self.open(*headers, body=body, streams=streams, path=path, method=method)
            sent = answer["body"] if isinstance(answer["body"], str) else b"".join(answer["body"]).decode()
            if not isinstance(answer["body"], str):
                answer["body"].close()
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        return Asked(answer["statusCode"], answer["headers"], sent, lines)

    def open(
        self, *headers: dict[str, str], body: str = BODY, streams: bool = True, path: str = "/", method: str = "POST"
    ) -> dict[str, Any]:
        """Ask, and return the answer as the runtime gets it."""
        self._asked += 1
        sent = {"content-type": "application/json"}
        for each in headers:
            sent |= each
        authorizer = {"iam": {"userArn": "arn:aws:iam::1:user/a"}} if self.signs else {}
        event = {
            "rawPath": path,
            "headers": sent,
            "requestContext": {"http": {"method": method}, "authorizer": authorizer},
            "body": body,
        }
        answer: dict[str, Any] = self.endpoint(event, Context(f"request-{self._asked}", streams=streams))
        return answer


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
