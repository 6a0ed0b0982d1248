"""The way of a request that asks for events in its body, as those of chat completions do."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.chat.chat import Completed
from shared.costs.ledger import AttemptRecord
from shared.edge.event_stream import EventStream
from shared.errors import DeadlineExceeded, Failure
from shared.guard.errors import Allowance, RateLimited
from shared.model_host.errors import Overloaded
from shared.model_host.errors import RateLimited as HostLimits
from shared.run import Run
from tests.support.chat_service import BODIES, CHAT, Chat, answer, failing
from tests.support.chatting import a_completion, an_attempt
from tests.support.logged import logged_to
from tests.support.service import ASYNC, EVENTS, KEY, Asked, Guard, wait

REFUSAL = RateLimited(Allowance(limit=5, remaining=0, reset=99), 7)
STREAMS = pytest.mark.parametrize("streams", [True, False], ids=["streaming", "buffered"])


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


def data_in(asked: Asked) -> list[str]:
    """The data of the events; comments are none."""
    assert asked.headers["content-type"] == "text/event-stream"
    events = [event for event in asked.body.split("\n\n") if event and not event.startswith(":")]
    assert all(event.startswith("data: ") for event in events), "an event has a name, at which the AI SDK fails"
    return [event.removeprefix("data: ") for event in events]


def writing(*pieces: str, error: Exception | None = None) -> Callable[..., Completed]:
    """Work that passes these pieces on, and then fails or succeeds."""

    def work(_request: Any, _tools: str, run: Run) -> Completed:
        for piece in pieces:
            run.progress.text(piece)
        if error:
            raise error
        return Completed(a_completion("".join(pieces)), 1)

    return work


def text_in(data: list[str]) -> str:
    chunks = [json.loads(each) for each in data if each != "[DONE]"]
    deltas = [choice["delta"] for chunk in chunks for choice in chunk.get("choices", ())]
    return "".join(delta.get("content") or "" for delta in deltas)


@STREAMS
def test_a_success_is_chunks_and_done(streams: bool) -> None:
    """The same text either way; where answers arrive at once, it is in one piece."""
    asked = Chat(writing("Hel", "lo")).call(CHAT, stream=True, streams=streams)

    data = data_in(asked)
    assert (asked.status, text_in(data), data[-1]) == (200, "Hello", "[DONE]")
    assert len(data) == (4 if streams else 3)
    assert (asked.cost["outcome"], asked.cost["status"]) == ("ok", 200)


@STREAMS
def test_who_does_not_ask_for_events_gets_none(streams: bool) -> None:
    """Nor is it told piece by piece, so that an attempt that fails half-way is made again."""
    final: list[bool] = []

    def work(_request: Any, _tools: str, run: Run) -> Completed:
        run.progress.text("Hel")
        final.append(run.progress.is_final)
        return Completed(a_completion(), 1)

    asked = Chat(work).call(CHAT, streams=streams)

    assert (asked.status, asked.headers["content-type"]) == (200, "application/json")
    assert asked.json["object"] == "chat.completion"
    assert final == [False]


@pytest.mark.parametrize(("streams", "final"), [(True, True), (False, False)], ids=["streaming", "buffered"])
def test_where_answers_arrive_at_once_nothing_is_final_before_the_end(streams: bool, final: bool) -> None:
    """So another attempt may still be made: nobody has read anything."""
    seen: list[bool] = []

    def work(_request: Any, _tools: str, run: Run) -> Completed:
        run.progress.text("Hel")
        seen.append(run.progress.is_final)
        return Completed(a_completion("Hello"), 1)

    asked = Chat(work).call(CHAT, stream=True, streams=streams)

    assert seen == [final]
    assert data_in(asked)[-1] == "[DONE]"


FAILURES = {
    "overloaded": (Overloaded(retry_after_seconds=3), 503, {"retry-after": "3"}),
    "host-limits": (HostLimits(retry_after_seconds=90), 429, {"retry-after": "90", "x-should-retry": "false"}),
    "deadline": (DeadlineExceeded(), 504, {}),
    "crash": (RuntimeError("the secret prompt"), 500, {"x-should-retry": "false"}),
}


@STREAMS
@pytest.mark.parametrize(("error", "status", "headers"), FAILURES.values(), ids=FAILURES)
def test_a_failure_before_the_first_delta_is_an_ordinary_answer(
    error: Exception, status: int, headers: dict[str, str], streams: bool
) -> None:
    """The very one that a request without a stream gets: SDKs repeat it, or raise what its status says."""
    asked, plain = (Chat(failing(error)).call(CHAT, stream=each, streams=streams) for each in (True, False))

    assert (asked.status, asked.headers, asked.body) == (status, plain.headers, plain.body)
    assert asked.headers["content-type"] == "application/json"
    assert {name: asked.headers[name] for name in headers} == headers
    assert (asked.cost["outcome"], asked.cost["status"]) == (asked.json["error"]["code"], status)


@STREAMS
def test_a_limit_is_an_ordinary_answer_too(streams: bool) -> None:
    asked = Chat(guard=Guard(refusal=REFUSAL)).call(CHAT, stream=True, streams=streams)

    assert (asked.status, asked.json["error"]["code"]) == (429, "rate_limited")
    assert (asked.headers["retry-after"], asked.headers["x-ratelimit-remaining"]) == ("7", "0")


@pytest.mark.parametrize("error", [Overloaded(), RuntimeError("the secret prompt")], ids=["failure", "crash"])
def test_a_failure_in_mid_stream_is_the_last_event(error: Exception) -> None:
    """With the body that says it, and no `[DONE]`; the cost line has the status that it would have had."""
    asked = Chat(writing("Hel", error=error)).call(CHAT, stream=True, streams=True)
    plain = Chat(failing(error)).call(CHAT)

    data = data_in(asked)
    assert (asked.status, data[-1], text_in(data)) == (200, plain.body, "Hel")
    assert "[DONE]" not in data
    assert (asked.cost["outcome"], asked.cost["status"]) == (plain.json["error"]["code"], plain.status)
    assert "secret" not in asked.body


def test_a_failure_after_a_delta_where_answers_arrive_at_once_has_its_own_status() -> None:
    """Nothing has been sent by then."""
    asked = Chat(writing("Hel", error=Overloaded())).call(CHAT, stream=True, streams=False)

    assert (asked.status, asked.json["error"]["code"]) == (503, "upstream_overloaded")


@pytest.mark.parametrize("error", [Overloaded(), None], ids=["failure", "success"])
def test_after_a_silence_the_stream_begins_with_a_comment(
    error: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then a failure is an event; it has no other status than the 200 that was sent."""
    begun: list[EventStream] = []
    first = EventStream._first

    def soon(stream: EventStream, *, streams: bool) -> Any:
        begun.append(stream)
        stream._heartbeat_seconds = 0.01
        return first(stream, streams=streams)

    monkeypatch.setattr(EventStream, "_first", soon)

    def work(_request: Any, _tools: str, _run: Run) -> Completed:
        wait(lambda: not begun or begun[0]._late is not None)
        if error:
            raise error
        return Completed(a_completion(), 1)

    asked = Chat(work).call(CHAT, stream=True, streams=True)

    assert (asked.status, asked.body.startswith(": working\n\n")) == (200, True)
    last = data_in(asked)[-1]
    assert (json.loads(last)["error"]["code"] == "upstream_overloaded") if error else (last == "[DONE]")


@pytest.mark.parametrize("headers", [EVENTS, ASYNC, EVENTS | ASYNC], ids=["accept", "prefer", "both"])
@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@STREAMS
def test_what_the_headers_ask_for_has_no_effect(headers: dict[str, str], stream: bool, streams: bool) -> None:
    """SDKs send what they like: the body decides. An answer later is not to be had here, with a key or without."""
    asked = Chat(guard=Guard()).call(CHAT, headers, KEY, stream=stream, streams=streams)
    unguarded = Chat().call(CHAT, headers, stream=stream, streams=streams)

    for each in (asked, unguarded):
        assert each.status == 200
        assert each.headers["content-type"] == ("text/event-stream" if stream else "application/json")


def test_headers_that_are_found_out_before_the_first_delta_are_in_a_stream_too() -> None:
    def work(request: Any, tools: str, run: Run) -> Any:
        run.headers["x-ignored-parameters"] = "top_k"
        run.progress.text("Hi")
        return answer(request, tools, run)

    asked = Chat(work, Guard()).call(CHAT, stream=True, streams=True)

    assert asked.headers["x-ignored-parameters"] == "top_k"
    assert (asked.headers["x-request-id"], asked.headers["x-ratelimit-remaining"]) == ("request-1", "4")
    assert asked.headers["x-accel-buffering"] == "no"


@STREAMS
def test_the_usage_is_said_where_it_is_asked_for(streams: bool) -> None:
    options = {"include_usage": True}
    asked = Chat().call(CHAT, stream=True, stream_options=options, streams=streams)
    silent = Chat().call(CHAT, stream=True, streams=streams)

    *_, usage, _ = data_in(asked)
    assert json.loads(usage)["choices"] == []
    assert json.loads(usage)["usage"]["total_tokens"] == 0
    assert len(data_in(asked)) == len(data_in(silent)) + 1


def test_a_caller_that_goes_away_ends_the_work() -> None:
    """Its cost line says that nobody got an answer; what was spent is on it."""
    runs: list[Run] = []

    def work(_request: Any, _tools: str, run: Run) -> Completed:
        runs.append(run)
        run.progress.text("Hel")
        wait(lambda: run.deadline.remaining() > 0)
        record: AttemptRecord = an_attempt()
        run.ledger.attempt_ended("chat", record)
        return Completed(a_completion(), 1)

    chat = Chat(work)
    with logged_to(chat.endpoint._logs, io.StringIO()) as log:
        body = chat.open(body=json.dumps(BODIES[CHAT] | {"stream": True}), path=CHAT)["body"]
        first = next(iter(body))
        body.close()

    (cost,) = [line for each in log.getvalue().splitlines() if (line := json.loads(each))["message"] == "cost"]
    assert b'"Hel"' in first
    assert (cost["outcome"], cost["status"], cost["attempts"]) == ("client_gone", 499, 1)


def test_where_no_thread_can_be_had_the_answer_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventStream, "answer", lambda *_, **__: None)

    final: list[bool] = []

    def work(_request: Any, _tools: str, run: Run) -> Completed:
        run.progress.text("Hel")
        final.append(run.progress.is_final)
        return Completed(a_completion(), 1)

    asked = Chat(work).call(CHAT, stream=True, streams=True)

    assert (asked.status, asked.json["object"]) == (200, "chat.completion")
    assert final == [False]


def test_a_failure_is_not_kept_for_the_same_request() -> None:
    """Before the first delta or after it: whoever asks again is served again."""
    outcomes: list[Failure | None] = [Overloaded(), Overloaded(), None]
    pieces = iter(((), ("Hel",), ("Hello",)))

    def work(request: Any, tools: str, run: Run) -> Any:
        return writing(*next(pieces), error=outcomes.pop(0))(request, tools, run)

    chat = Chat(work, Guard())
    asked = [chat.call(CHAT, KEY, stream=True, streams=True) for _ in range(3)]

    assert [each.status for each in asked] == [503, 200, 200]
    assert [each.cost["outcome"] for each in asked] == ["upstream_overloaded", "upstream_overloaded", "ok"]
    assert text_in(data_in(asked[2])) == "Hello"
