"""Once something was passed on that nobody can take back, no further attempt is made: not even a better one."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest

from shared.errors import Failure
from shared.model_host import Client, Question
from shared.model_host.errors import (
    ConnectionLost,
    CreditExhausted,
    HostFailed,
    KeyRejected,
    ModelGone,
    Overloaded,
    RateLimited,
    Refused,
    Stalled,
)
from shared.model_host.host import HostedModel
from shared.model_host.hosts import models_by_name
from shared.progress import Phase, Silent, ToolCallPiece
from shared.run import Run
from tests.support.chatting import Host, saying, settings_of, streaming
from tests.support.runs import a_run

QUESTION = Question([{"role": "user", "content": "Hello"}])
CONTENT, REASONING = {"content": "Hel"}, {"reasoning": "Hm"}
CALL = {"tool_calls": [{"id": "c1", "function": {"name": "f"}}]}
MODELS = "a/one", "a/two", "moonshot/one"


class Reader(Silent):
    """Passes everything on to somebody who reads it."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.withdrawn = 0

    @property
    def is_final(self) -> bool:
        return bool(self.read)

    def phase(self, phase: Phase) -> None:
        """Say nothing of it."""

    def text(self, piece: str) -> None:
        self.read.append(piece)

    def reasoning(self, piece: str) -> None:
        self.read.append(piece)

    def tool_calls(self, pieces: Sequence[ToolCallPiece]) -> None:
        self.read.extend(piece.name for piece in pieces)

    def reset(self) -> None:
        self.withdrawn += 1


def chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"choices": [{"delta": delta, **more}]}


class _Stalling(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield f"data: {json.dumps(chunk(CONTENT))}\n\n".encode()
        msg = "silent"
        raise httpx.ReadTimeout(msg)


def error(code: int, **fields: Any) -> httpx.Response:
    return streaming(chunk(CONTENT), {"error": {"code": code, **fields}})


FAILURES: dict[str, tuple[Callable[[], httpx.Response], type[Failure]]] = {
    "overloaded": (lambda: error(503), Overloaded),
    "limits": (lambda: error(429), RateLimited),
    "failed": (lambda: error(500), HostFailed),
    "model-gone": (lambda: error(404), ModelGone),
    "key": (lambda: error(401), KeyRejected),
    "credit": (lambda: error(402), CreditExhausted),
    "cut": (lambda: streaming(chunk(CONTENT)), ConnectionLost),
    "filtered": (lambda: streaming(chunk(CONTENT), chunk({}, finish_reason="content_filter"), "[DONE]"), Refused),
    "stalled": (lambda: httpx.Response(200, stream=_Stalling()), Stalled),
}


def ask(host: Host, progress: Silent, models: Sequence[HostedModel] = ()) -> tuple[str | Failure, Run]:
    settings = settings_of(MOONSHOT_KEY="k")
    client: Client = host.client(settings, list(models or models_by_name(MODELS, settings)))
    run = a_run(800, progress=progress)
    try:
        return client.complete(QUESTION, run, purpose="chat").content, run
    except Failure as failure:
        return failure, run


@pytest.mark.parametrize(("answer", "failure"), FAILURES.values(), ids=FAILURES)
def test_a_host_that_fails_in_mid_stream_is_called_once(
    answer: Callable[[], httpx.Response], failure: type[Failure]
) -> None:
    """Neither the same model nor another one is asked, at no host."""
    host, reader = Host(answer, saying(), saying()), Reader()

    outcome, run = ask(host, reader)

    assert type(outcome) is failure
    assert host.models == ["a/one"]
    assert (reader.read, reader.withdrawn) == (["Hel"], 0)
    assert len(run.ledger.attempts) == 1


@pytest.mark.parametrize("name", [name for name in FAILURES if name != "filtered"])
def test_where_nothing_is_passed_on_another_attempt_is_made(name: str) -> None:
    """What a silent observer was told can be withdrawn."""
    host = Host(FAILURES[name][0], saying())

    outcome, _ = ask(host, Silent())

    assert outcome == "Hi"
    assert len(host.asked) == 2


@pytest.mark.parametrize("delta", [CONTENT, REASONING, CALL], ids=["content", "reasoning", "call"])
def test_whatever_was_passed_on_is_final(delta: dict[str, Any]) -> None:
    host, reader = Host(streaming(chunk(delta)), saying()), Reader()

    outcome, _ = ask(host, reader)

    assert isinstance(outcome, ConnectionLost)
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(503),
        lambda: streaming({"error": {"code": 503}}),
        lambda: streaming(chunk({"role": "assistant", "content": ""})),
    ],
    ids=["status", "error", "empty-delta"],
)
def test_before_the_first_delta_attempts_are_made_as_ever(answer: Callable[[], httpx.Response]) -> None:
    host, reader = Host(answer, lambda: httpx.Response(404), saying()), Reader()

    outcome, run = ask(host, reader)

    assert outcome == "Hi"
    assert host.models == ["a/one", "a/one", "a/two"]
    assert (reader.read, reader.withdrawn) == (["Hi"], 0)
    assert [attempt.succeeded for attempt in run.ledger.attempts] == [False, False, True]


class _Key:
    """A key that is another one in its secret by now."""

    def __init__(self) -> None:
        self.renewed = 0

    def value(self, _seconds: float) -> str:
        return f"k{self.renewed}"

    def renew(self, _key: str, _seconds: float) -> bool:
        self.renewed += 1
        return True


@pytest.mark.parametrize(("begun", "calls"), [(False, 2), (True, 1)], ids=["before", "in-mid-stream"])
def test_a_rejected_key_is_renewed_only_before_the_first_delta(begun: bool, calls: int) -> None:
    key: Any = _Key()
    (model,) = models_by_name(["a/one"], settings_of())
    host = Host(error(401) if begun else httpx.Response(401), saying())

    outcome, _ = ask(host, Reader(), [model._replace(host=model.host._replace(key=key))])

    assert (len(host.asked), key.renewed) == (calls, calls - 1)
    assert isinstance(outcome, KeyRejected) is begun


def test_a_complete_answer_is_complete_whatever_comes_after_it() -> None:
    done = chunk(CONTENT, finish_reason="stop")

    outcome, _ = ask(Host(streaming(done, {"error": {"code": 503}})), Reader())

    assert outcome == "Hel"
