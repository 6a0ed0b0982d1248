"""Reviewed artifacts made behind the real endpoint, by models that answer each step as scripted."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
import pytest

from functions.generate_artifact.app import work
from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.repair_loop import Dependencies, Made
from shared.artifacts.workflow import Workflow
from shared.edge.endpoint import Endpoint
from shared.model_host import Client
from shared.model_host.hosts import models_of
from shared.run import Run
from shared.settings import Settings
from tests.support.logged import logged_to
from tests.support.service import Asked

PLANNERS = ["moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking"]
REVIEWERS = ["moonshotai/kimi-k2.7-code", "moonshotai/kimi-k2.6"]
BUILDERS = ["moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6"]
"""The defaults of the settings."""

SECONDS = 57.0
"""Of a minute, those that are not kept for the answer."""
_STEPS = {"You plan": "plan", "You review": "review", "You mend": "rebuild"}


def component(heading: str, rows: int = 30) -> str:
    """A component that is long enough to be gutted."""
    items = "\n".join(f"      <li>Row {number}</li>" for number in range(rows))
    return f"export default function App() {{\n  return (\n    <ul title='{heading}'>\n{items}\n    </ul>\n  );\n}}"


def tagged(code: str, kind: str = "react") -> str:
    return f'<artifact type="{kind}" title="Rows">\n{code}\n</artifact>'


def edit(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE"


PLAN = {"shows": ["Rows"], "states": ["Empty"], "interactions": ["Click a row"], "edgeCases": ["No rows"]}
CHANGES = ["Add the empty state"]


def review(*severities: str, verdict: str = "changes_requested") -> str:
    findings = [{"what": f"Wrong {number}", "where": "App", "severity": each} for number, each in enumerate(severities)]
    return json.dumps({"verdict": verdict if findings else "approved", "findings": findings})


class Said(NamedTuple):
    """What a model writes, and how it ends."""

    content: str
    reason: str = "stop"
    seconds: float | None = None
    """How long it takes; None: longer from call to call, so that they can be told apart."""


class Status(NamedTuple):
    """How a host answers that fails."""

    status: int
    retry_after: int | None = None
    message: str = "no"


class _Late:
    """A host that is silent until nobody waits for it any more."""


class _Unreachable:
    """A host to which there is no connection."""


LATE, UNREACHABLE = _Late(), _Unreachable()
Reply = Said | Status | _Late | _Unreachable | Callable[[], Any]

BUILT, BETTER = component("Built"), component("Better")
GOOD: dict[str, Any] = {
    "plan": Said(json.dumps(PLAN)),
    "build": Said(tagged(BUILT)),
    "review": Said(review("major")),
    "changes": Said(json.dumps({"changes": CHANGES})),
    "rebuild": Said(tagged(BETTER)),
}
"""How each step is answered for an artifact that is built, found wanting and mended."""


class Call(NamedTuple):
    """One call to a host, as the host knows it."""

    step: str
    """`plan`, `build`, `review`, `changes` or `rebuild`; repairs and extended attempts are of their step."""
    model: str
    host: str
    body: dict[str, Any]
    sent: bytes
    seconds: float
    """How long it took."""
    cost: float | None
    """In USD; None if nobody can know it."""
    wrote: bool
    """Whether it came to a token."""


@dataclass
class Answered(Asked):
    """An answer, and the lines that were logged for it."""

    def named(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["message"] == name]

    @property
    def purposes(self) -> list[str]:
        return [line["purpose"] for line in self.named("attempt")]

    @property
    def models(self) -> list[str]:
        return [line["model"] for line in self.named("attempt")]


class _Context:
    function_version = "1"

    def __init__(self, request_id: str, milliseconds: int, *, streams: bool) -> None:
        self.aws_request_id = request_id
        self.streams = streams
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


@dataclass
class Studio:
    """The endpoint of generate_artifact, whose time is the script's, and whose models answer as scripted, by step.

    The last reply of a step is given again and again.
    """

    script: Mapping[str, Any]
    monkeypatch: pytest.MonkeyPatch
    settings: Mapping[str, str] = field(default_factory=dict)
    guard: Any = None
    milliseconds: int = 60_000
    """Of the function's time-out."""
    now: float = 0.0
    calls: list[Call] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    endpoint: Any = None

    def __post_init__(self) -> None:
        given = {"OPENROUTER_K2T_KEY": "k", "ENABLE_GUARD": "false", "MAX_ATTEMPTS": "1", **self.settings}
        for name, value in given.items():
            self.monkeypatch.setenv(name, value)
        contract = ArtifactContract(GenerateRequest, GENERATED)
        self.endpoint = Endpoint("generate_artifact", contract, self._start, self._work, self.clock)
        if self.guard:
            self.endpoint._runtime = self.endpoint._runtime._replace(guard=self.guard)
        self._script = {
            step: list(replies) if isinstance(replies, list) else [replies] for step, replies in self.script.items()
        }

    def ask(self, headers: Mapping[str, str] | None = None, *, streams: bool = False, **body: Any) -> Answered:
        """Ask for a reviewed artifact, or as the fields say, and take the whole answer."""
        with logged_to(self.endpoint._logs, io.StringIO()) as log:
            answer = self.open(headers, streams=streams, **body)
            sent = answer["body"] if isinstance(answer["body"], str) else b"".join(answer["body"]).decode()
            if not isinstance(answer["body"], str):
                answer["body"].close()
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        return Answered(answer["statusCode"], answer["headers"], sent, lines)

    def open(self, headers: Mapping[str, str] | None = None, *, streams: bool = False, **body: Any) -> dict[str, Any]:
        """Ask, and return the answer as the runtime gets it."""
        fields = {"prompt": "A list of rows", "workflow": "reviewed", "artifactType": "react", **body}
        event = {
            "rawPath": "/",
            "headers": {"content-type": "application/json", **(headers or {})},
            "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
            "body": json.dumps({name: value for name, value in fields.items() if value is not None}),
        }
        context = _Context(f"request-{len(self.runs) + 1}", self.milliseconds, streams=streams)
        answer: dict[str, Any] = self.endpoint(event, context)
        return answer

    def sent(self, step: str) -> list[dict[str, Any]]:
        """The bodies that were sent for a step."""
        return [call.body for call in self.calls if call.step == step]

    def clock(self) -> float:
        return self.now

    def _start(self, settings: Settings) -> Dependencies:
        dependencies = Dependencies.of(settings)
        models = dependencies.router.models if dependencies.router else models_of(settings)
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        client = Client.of(settings, models, http=http, sleep=self._sleep, clock=self.clock)
        return dependencies._replace(client=client, workflow=Workflow.of(settings, models))

    def _work(self, request: GenerateRequest, dependencies: Dependencies, run: Run) -> Made:
        self.runs.append(run)
        return work(request, dependencies, run)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        step = step_of(body)
        replies = self._script[step]
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if not isinstance(reply, Said | Status | _Late | _Unreachable):
            reply = reply()
        number = len(self.calls) + 1
        seconds = 0.5 + number / 8
        if isinstance(reply, Said) and reply.seconds is not None:
            seconds = reply.seconds
        if isinstance(reply, _Late):
            seconds = self.runs[-1].deadline.remaining()
        cost = None if isinstance(reply, _Late) else number / 1000 if isinstance(reply, Said) else 0.0
        host = "moonshot" if request.url.host == "api.moonshot.ai" else "openrouter"
        wrote = isinstance(reply, Said) and bool(reply.content)
        self.calls.append(Call(step, body["model"], host, body, request.content, seconds, cost, wrote))
        self.now += seconds
        return self._reply(reply, number, body["model"], cost)

    def _reply(self, reply: Any, number: int, model: str, cost: float | None) -> httpx.Response:
        if isinstance(reply, _Late):
            raise httpx.ReadTimeout("")
        if isinstance(reply, _Unreachable):
            raise httpx.ConnectError("")
        if isinstance(reply, Status):
            after = {} if reply.retry_after is None else {"retry-after": str(reply.retry_after)}
            return httpx.Response(reply.status, json={"error": {"message": reply.message}}, headers=after)
        usage = {
            "prompt_tokens": 100 * number,
            "completion_tokens": 32_000 if reply.reason == "length" else 10 * number,
            "completion_tokens_details": {"reasoning_tokens": number},
            "prompt_tokens_details": {"cached_tokens": 7 * number},
            "cost": cost,
        }
        choice = {"message": {"content": reply.content}, "finish_reason": reply.reason}
        named = {"id": f"gen-{number}", "model": model, "provider": f"Provider {number}"}
        return httpx.Response(200, json={**named, "choices": [choice], "usage": usage})


def step_of(body: Mapping[str, Any]) -> str:
    """The step that a question is of."""
    messages = body["messages"]
    step = next((step for begin, step in _STEPS.items() if messages[0]["content"].startswith(begin)), "build")
    return "changes" if step == "plan" and len(messages) > 2 else step
