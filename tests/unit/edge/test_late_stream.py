"""A stream that begins with its first event, so that until then a failure still has a status of its own."""

import re
from collections.abc import Callable, Mapping
from threading import Event

import pytest

from shared.edge.event import Answer
from shared.edge.event_stream import EventStream

HEADERS = {"content-type": "text/event-stream"}
ANSWER: Answer = {"statusCode": 429, "headers": {}, "body": "{}", "isBase64Encoded": False}
EVENT = b"data: {}\n\n"
PATIENCE = 10.0
"""Seconds until a test that waits in vain fails."""
SILENT, SOON = 60.0, 0.01
"""Seconds of silence that no test waits for, and that every test may."""


def answered(
    serve: Callable[[EventStream], Answer | None], heartbeat_seconds: float = SILENT, *, streams: bool = True
) -> tuple[Answer, list[bytes]]:
    """An answer, and its body event by event: several that wait are one piece."""
    stream = EventStream(lambda: None, heartbeat_seconds)
    answer = stream.answer(lambda: serve(stream), streams=streams)
    assert answer
    body = answer["body"]
    whole = body.encode() if isinstance(body, str) else b"".join(body)
    stream.close()
    return answer, re.findall(rb".*?\n\n", whole, re.DOTALL)


def test_it_begins_with_its_first_event() -> None:
    """Under the headers that are known by then."""
    known = dict(HEADERS)

    def serve(stream: EventStream) -> None:
        stream.begin_late(200, lambda: dict(known))
        known["x-found-out"] = "later"
        stream.send("", "{}")
        known["x-found-out"] = "too late"
        stream.send("", "{}")

    answer, pieces = answered(serve)

    assert (answer["statusCode"], answer["headers"]) == (200, HEADERS | {"x-found-out": "later"})
    assert pieces == [EVENT, EVENT]


def test_an_event_without_a_name_has_its_data_only() -> None:
    def serve(stream: EventStream) -> None:
        stream.begin_late(200, lambda: HEADERS)
        stream.send("", "[DONE]")
        stream.send("named", "{}")

    _, pieces = answered(serve)

    assert pieces == [b"data: [DONE]\n\n", b"event: named\ndata: {}\n\n"]


@pytest.mark.parametrize("streams", [True, False], ids=["streaming", "buffered"])
def test_until_then_it_may_become_an_ordinary_answer(streams: bool) -> None:
    cancelled: list[bool] = []

    def serve(stream: EventStream) -> Answer:
        stream.begin_late(200, lambda: HEADERS)
        cancelled.append(stream.cancel())
        return ANSWER

    answer, _ = answered(serve, streams=streams)

    assert cancelled == [True]
    assert answer is ANSWER


def test_what_has_begun_cannot_become_an_ordinary_answer() -> None:
    cancelled: list[bool] = []

    def serve(stream: EventStream) -> None:
        stream.begin_late(200, lambda: HEADERS)
        stream.send("", "{}")
        cancelled.append(stream.cancel())

    answer, pieces = answered(serve)

    assert cancelled == [False]
    assert (answer["statusCode"], pieces) == (200, [EVENT])


def test_what_never_would_begin_is_not_cancelled() -> None:
    assert not EventStream(lambda: None).cancel()


def begun() -> tuple[Event, Callable[[], Mapping[str, str]]]:
    """An event that is set when the answer begins, and the headers that say so."""
    event = Event()

    def headers() -> Mapping[str, str]:
        event.set()
        return HEADERS

    return event, headers


def test_after_a_silence_it_begins_all_the_same() -> None:
    """With a comment, as headers alone may be held back on their way; then it is too late for a status."""
    cancelled: list[bool] = []

    def serve(stream: EventStream) -> None:
        has_begun, headers = begun()
        stream.begin_late(200, headers)
        assert has_begun.wait(PATIENCE)
        cancelled.append(stream.cancel())
        stream.send("", "{}")

    answer, pieces = answered(serve, SOON)

    assert cancelled == [False]
    assert (answer["statusCode"], pieces[0], pieces[-1]) == (200, b": working\n\n", EVENT)
    assert set(pieces[:-1]) == {b": working\n\n"}


def test_a_silence_before_there_is_anything_to_begin_begins_nothing() -> None:
    """Such as while the request is being read, or its caller is being looked up."""
    waited = Event()

    class Stream(EventStream):
        def _begin_now(self, *pieces: bytes) -> None:
            if not waited.is_set():  # the first silence only
                super()._begin_now(*pieces)
            waited.set()

    def serve() -> Answer:
        assert waited.wait(PATIENCE)
        stream.begin_late(200, lambda: HEADERS)
        return ANSWER if stream.cancel() else {}

    stream = Stream(lambda: None, SOON)
    answer = stream.answer(serve, streams=True)

    assert answer is ANSWER


def test_where_answers_arrive_at_once_silence_begins_nothing() -> None:
    """A failure has a status of its own, however late it comes."""

    class Stream(EventStream):
        def _begin_now(self, *_: bytes) -> None:
            pytest.fail("nobody waits for its first byte")

    def serve() -> Answer:
        stream.begin_late(200, lambda: HEADERS)
        Event().wait(0.1)  # ten times as long as a stream may be silent
        return ANSWER if stream.cancel() else {}

    stream = Stream(lambda: None, SOON)

    assert stream.answer(serve, streams=False) is ANSWER


@pytest.mark.parametrize("winner", ["silence", "end"])
def test_either_the_silence_or_the_end_of_the_work_decides(winner: str) -> None:
    """Both at one moment, in either order: the answer is a whole stream, or an ordinary one."""
    reached, may_go_on = Event(), Event()
    outcomes: list[bool] = []

    class Stream(EventStream):
        def _begin_now(self, *pieces: bytes) -> None:
            if winner == "end":  # the timer has run out, and the work ends before it can act
                reached.set()
                assert may_go_on.wait(PATIENCE)
            super()._begin_now(*pieces)

    def headers() -> Mapping[str, str]:
        reached.set()
        may_go_on.wait(0.1)  # in vain: the work that ends now has to wait for the beginning
        return HEADERS

    def serve() -> Answer | None:
        stream.begin_late(200, headers)
        assert reached.wait(PATIENCE)
        outcomes.append(stream.cancel())
        may_go_on.set()
        if outcomes[0]:
            return ANSWER
        stream.send("", "{}")
        return None

    stream = Stream(lambda: None, SOON)
    answer = stream.answer(serve, streams=True)
    assert answer

    if winner == "end":
        assert (outcomes, answer) == ([True], ANSWER)
    else:
        body = b"".join(answer["body"])
        assert (outcomes, answer["statusCode"]) == ([False], 200)
        assert body.endswith(EVENT)
    stream.close()
