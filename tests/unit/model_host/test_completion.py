"""What is sent may hold parts, and what comes may hold reasoning and calls of tools."""

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import httpx
import pytest

from shared.catalog import built_in
from shared.errors import DeadlineExceeded, Failure
from shared.model_host import Client, Completion, Question
from shared.model_host.answer import TEXT_LIMIT, Answer
from shared.model_host.errors import AnswerTooLarge, HostFailed, RateLimited, RequestRejected
from shared.model_host.openrouter import OpenRouterDialect
from shared.model_host.request import ModelRequest
from shared.model_host.tool_calls import ToolCall
from shared.progress import ToolCallPiece
from shared.run import Run
from shared.settings import Settings
from tests.support.runs import a_run

TEXT = {"type": "text", "text": "What is this?"}
PER_MESSAGE, PER_IMAGE = 16, 16_384
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


def completed(body: str, question: Question, sent: list[Any] | None = None, run: Run | None = None) -> Completion:
    def answer(request: httpx.Request) -> httpx.Response:
        (sent if sent is not None else []).append(json.loads(request.content))
        return httpx.Response(200, content=body)

    settings = Settings.model_validate({"openrouter_k2t_key": "k", "models": ("a/b",)})
    client = Client.of(settings, http=httpx.Client(transport=httpx.MockTransport(answer)))
    return client.complete(question, run or a_run())


def stream(*deltas: dict[str, Any], finish_reason: str = "stop") -> str:
    choices = [*({"delta": delta} for delta in deltas), {"delta": {}, "finish_reason": finish_reason}]
    return "".join(f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices) + "data: [DONE]\n\n"


def piece(index: int, **function: str) -> dict[str, Any]:
    call: dict[str, Any] = {"index": index, "function": {k: v for k, v in function.items() if k != "id"}}
    return {"tool_calls": [call | ({"id": function["id"]} if "id" in function else {})]}


def test_reasoning_and_tool_calls_are_put_together_from_their_pieces() -> None:
    body = stream(
        {"reasoning": "Let me "},
        {"reasoning": "look."},
        {"content": "A moment."},
        piece(0, id="call_1", name="weather", arguments='{"city"'),
        piece(1, id="call_2", name="time", arguments=""),
        piece(0, arguments=': "Bern"}'),
        piece(1, arguments="{}"),
        finish_reason="tool_calls",
    )

    completion = completed(body, Question([]))

    assert (completion.content, completion.reasoning) == ("A moment.", "Let me look.")
    assert completion.finish_reason == "tool_calls"
    assert completion.tool_calls == (
        ToolCall("call_1", "weather", '{"city": "Bern"}'),
        ToolCall("call_2", "time", "{}"),
    )


@pytest.mark.parametrize(
    "calls", [None, "a", [None, 3], [{"index": "x"}], [{"function": None}], [{"function": {"name": 3}}]]
)
def test_a_tool_call_that_makes_no_sense_breaks_nothing(calls: Any) -> None:
    completion = completed(stream({"tool_calls": calls}, {"content": "hi"}), Question([]))

    assert completion.content == "hi"
    assert all((call.name, call.arguments) == ("", "") for call in completion.tool_calls)


def test_a_message_may_hold_parts() -> None:
    """They are sent as they are; each text counts as one that must not be logged, the image for its size."""
    question = Question([{"role": "system", "content": "Do."}, {"role": "user", "content": [TEXT, IMAGE]}])
    sent: list[Any] = []

    completed(stream({"content": "A cat"}), question, sent)

    assert sent[0]["messages"] == question.messages
    assert question.private == ["What is this?", "data:image/png;base64,AAAA"]
    assert question.size == len("Do.") + len(json.dumps([TEXT, IMAGE])) + 2 * PER_MESSAGE + PER_IMAGE


def test_every_message_and_every_image_counts_even_if_it_has_few_bytes() -> None:
    """The address of an image has fewer bytes than the image has tokens, and an empty message has none."""
    image = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    many = Question([{"role": "user", "content": ""}] * 1_000)
    album = Question([{"role": "user", "content": [image] * 100}])

    assert many.size == 1_000 * PER_MESSAGE
    assert album.size > 100 * PER_IMAGE


def test_a_message_without_content_is_one() -> None:
    """An assistant's turn that only calls tools has none."""
    question = Question([{"role": "assistant", "content": None, "tool_calls": []}])

    assert question.private == []
    assert question.size == len("null") + len(json.dumps({"tool_calls": []})) + PER_MESSAGE


def whole_call(call_id: str, arguments: str = "{}", **more: Any) -> dict[str, Any]:
    return {"tool_calls": [{"id": call_id, "function": {"name": "f", "arguments": arguments}, **more}]}


@pytest.mark.parametrize("more", [{}, {"index": 0}, {"index": True}], ids=["no-index", "the-same-index", "no-number"])
def test_another_id_is_another_call(more: dict[str, Any]) -> None:
    """Hosts that send whole calls number them all 0, or not at all."""
    completion = completed(stream(whole_call("a", **more), whole_call("b", **more)), Question([]))

    assert completion.tool_calls == (ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}"))


@pytest.mark.parametrize("given", [{}, {"id": None}, {"id": ""}], ids=["none", "null", "empty"])
def test_a_call_without_an_id_gets_one(given: dict[str, Any]) -> None:
    """A client names it in the call's result, and some end with an error where there is none."""
    first = {"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": '{"a"'}} | given]}

    (one,), (other,) = (completed(stream(first, piece(0, arguments=": 1}")), Question([])).tool_calls for _ in range(2))

    assert (one.name, one.arguments) == ("f", '{"a": 1}')
    assert one.id.startswith("call_")
    assert one.id != other.id


def test_an_observer_is_told_an_id_of_ours_with_the_first_piece() -> None:
    told: list[ToolCallPiece] = []
    answer = Answer(on_tool_calls=told.extend)

    for delta in (piece(0, name="f", arguments=""), piece(0, id="late", arguments="{}")):
        answer.add(json.dumps({"choices": [{"delta": delta}]}).encode())

    (call,) = answer.tool_calls
    assert told == [ToolCallPiece(0, call.id, "f", ""), ToolCallPiece(0, "", "", "{}")]


def test_another_name_is_another_call_from_a_host_that_sends_neither_index_nor_id() -> None:
    body = stream(*({"tool_calls": [{"function": {"name": name, "arguments": "{}"}}]} for name in "fgg"))

    calls = completed(body, Question([])).tool_calls

    assert [(call.name, call.arguments) for call in calls] == [("f", "{}"), ("g", "{}"), ("g", "{}")]
    assert len({call.id for call in calls}) == len(calls)


def test_an_observer_is_told_of_calls_only_where_there_are_some() -> None:
    """What it has been told of keeps a further attempt from being made."""
    told: list[Any] = []

    Answer(on_tool_calls=told.append).add(json.dumps({"choices": [{"delta": {"tool_calls": ["x"]}}]}).encode())

    assert told == []


@pytest.mark.parametrize(
    "deltas",
    [
        [{"tool_calls": [{"index": number} for number in range(1_000)]}],
        [{"tool_calls": [{"index": number, "id": "a" * (TEXT_LIMIT // 100)}]} for number in range(101)],
        [{"tool_calls": [{"index": number, "function": {"name": "a" * TEXT_LIMIT}}]} for number in range(2)],
        [whole_call("a", "a" * TEXT_LIMIT)],
    ],
    ids=["many", "ids", "names", "arguments"],
)
def test_tool_calls_take_no_more_memory_than_text(deltas: list[dict[str, Any]]) -> None:
    with pytest.raises(AnswerTooLarge):
        completed(stream(*deltas), Question([]))


def test_a_tool_call_is_progress() -> None:
    """A model that writes nothing but arguments does not stall, and its first token has a time."""
    run = a_run()

    completed(stream(whole_call("a")), Question([]), run=run)

    assert run.ledger.attempts[0].first_token is not None


def test_a_piece_before_something_unreadable_is_the_first_token() -> None:
    """Though both come in one read: it was passed on by then."""
    run = a_run()
    broken = 'data: {"choices": [{"delta": {"content": "Hi"}}]}\n\ndata: {nonsense\n\n'

    with pytest.raises(HostFailed):
        completed(broken, Question([]), run=run)

    assert all(each.first_token is not None for each in run.ledger.attempts)


def test_all_that_a_caller_sent_is_private_and_counted() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern"}'}}
    question = Question([{"role": "assistant", "content": None, "tool_calls": [call]}])

    assert question.private == ["call_1", "weather", '{"city": "Bern"}']
    assert question.size == len("null") + len(json.dumps({"tool_calls": [call]})) + PER_MESSAGE


def test_without_preferences_nothing_is_said_of_providers() -> None:
    """The host then routes as it does by itself."""
    settings = Settings.model_validate({"enable_guard": False, "provider_sort": None})

    request = ModelRequest("a/b", None, built_in().ceiling("a/b"), Question([]), 100)
    assert "provider" not in OpenRouterDialect.of(settings).body(request)


def failure_of(response: httpx.Response, sleep: Callable[[float], None] = lambda _: None, **run: Any) -> Failure:
    settings = Settings.model_validate({"openrouter_k2t_key": "k", "models": ("a/b",), "max_attempts": 2})
    http = httpx.Client(transport=httpx.MockTransport(lambda _: response))
    with pytest.raises(Failure) as raised:
        Client.of(settings, http=http, sleep=sleep, jitter=lambda _low, high: high).complete(Question([]), a_run(**run))
    return raised.value


def test_an_error_that_is_compressed_is_known_by_its_status() -> None:
    """It was not asked to be, and a megabyte of it may hold a gigabyte."""
    body = gzip.compress(b'{"error": {"code": 402}}')

    assert type(failure_of(httpx.Response(429, content=body, headers={"content-encoding": "gzip"}))) is RateLimited


def test_of_an_error_without_end_the_beginning_is_read() -> None:
    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return repeat(b"x" * 10_000)

    assert type(failure_of(httpx.Response(400, stream=Endless()))) is RequestRejected


def test_a_wait_that_lasted_longer_than_the_deadline_ends_in_it() -> None:
    """A process may be frozen while it waits."""
    now = [0.0]

    def oversleep(_seconds: float) -> None:
        now[0] += 1000.0

    failure = failure_of(httpx.Response(503), oversleep, seconds=60.0, clock=lambda: now[0])

    assert type(failure) is DeadlineExceeded
