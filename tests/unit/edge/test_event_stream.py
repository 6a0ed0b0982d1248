"""The stream between the thread that serves a request and the one that answers it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Event, Thread
from typing import Any

import pytest

from shared.edge import event_stream
from shared.edge.event import Answer
from shared.edge.event_stream import EventStream
from tests.support.events import events_in

HEADERS = {"content-type": "text/event-stream"}
ANSWER: Answer = {"statusCode": 400, "headers": {}, "body": "{}", "isBase64Encoded": False}
PATIENCE = 10.0
"""Seconds until a test that waits in vain fails."""
SILENT = 60.0
"""Seconds after which no test is there any more to hear a heartbeat."""


class EndingError(BaseException):
    """What ends a process, as `SystemExit` does."""


class Stream(EventStream):
    """A stream that notes how often it was given up."""

    def __init__(self, heartbeat_seconds: float = SILENT) -> None:
        super().__init__(self._give_up, heartbeat_seconds)
        self.abandoned = 0

    def _give_up(self) -> None:
        self.abandoned += 1

    def is_served(self) -> bool:
        """Whether the serving thread has ended."""
        assert self._thread
        return not self._thread.is_alive()

    def answered(self, serve: Callable[[], Any], *, streams: bool = True) -> Answer:
        answer = self.answer(serve, streams=streams)
        assert answer
        return answer


@contextmanager
def held() -> Iterator[Event]:
    """What a serving thread waits for, so that no thread is left behind."""
    event = Event()
    try:
        yield event
    finally:
        event.set()


def test_events_come_in_the_order_in_which_they_are_sent() -> None:
    """Under status and headers of the beginning, and no piece of the body breaks one."""
    stream = Stream()

    def serve() -> None:
        stream.begin(200, HEADERS)
        for number in range(100):
            stream.send("status" if number % 2 else "delta", f'{{"number": {number}}}')
        stream.send("result", '{"said": "\\u00e4 \\n"}')

    answer = stream.answered(serve)
    pieces = list(answer["body"])
    stream.close()

    events = events_in(b"".join(pieces))
    assert (answer["statusCode"], answer["headers"], answer["isBase64Encoded"]) == (200, HEADERS, False)
    assert [event.value.get("number") for event in events] == [*range(100), None]
    assert events[-1] == ("result", '{"said": "\\u00e4 \\n"}')
    assert all(piece.startswith(b"event: ") and piece.endswith(b"\n\n") for piece in pieces)


def test_events_that_wait_are_sent_at_once() -> None:
    """As one piece: each piece is a system call here, and another wherever the answer passes through."""
    stream = Stream()

    def serve() -> None:
        stream.begin(200, HEADERS)
        for number in range(100):
            stream.send("result", f'{{"number": {number}}}')

    answer = stream.answered(serve)
    while not stream.is_served():
        time.sleep(0.001)
    pieces = list(answer["body"])
    stream.close()

    assert pieces == [b"".join(b'event: result\ndata: {"number": %d}\n\n' % number for number in range(100))]


def test_the_answer_is_there_before_the_work_is_done() -> None:
    stream = Stream()
    with held() as work:

        def serve() -> None:
            stream.begin(200, HEADERS)
            stream.send("status", "{}")
            assert work.wait(PATIENCE)
            stream.send("result", "{}")

        body = iter(stream.answered(serve)["body"])

        assert next(body) == b"event: status\ndata: {}\n\n"
        assert not stream.is_served()
        work.set()
        assert list(body) == [b"event: result\ndata: {}\n\n"]
        stream.close()


def test_silence_is_broken_by_heartbeats() -> None:
    """Again and again, before the first event and after it, and nothing of them is an event."""
    stream = Stream(0.01)
    with held() as work, held() as rest:

        def serve() -> None:
            stream.begin(200, HEADERS)
            assert work.wait(PATIENCE)
            stream.send("status", "{}")
            assert rest.wait(PATIENCE)
            stream.send("result", "{}")

        body = iter(stream.answered(serve)["body"])
        first = list(islice(body, 3))
        work.set()
        second = next(piece for piece in body if not piece.startswith(b":"))
        third = list(islice(body, 2))
        rest.set()
        last = list(body)
        stream.close()

    assert all(piece.startswith(b": ") and piece.endswith(b"\n\n") for piece in [*first, *third])
    assert second == b"event: status\ndata: {}\n\n"
    assert [event.name for event in events_in(b"".join([*first, second, *third, *last]))] == ["status", "result"]


def test_a_promise_is_kept_by_half() -> None:
    """Ten seconds are promised; a piece may be late."""
    assert event_stream._HEARTBEAT_SECONDS <= 5


def test_what_is_refused_before_the_beginning_is_an_ordinary_answer() -> None:
    stream = Stream()

    assert stream.answered(lambda: ANSWER) is ANSWER
    assert stream.is_served()
    assert not stream.abandoned


@pytest.mark.parametrize("streams", [True, False], ids=["streaming", "buffered"])
def test_what_ends_the_serving_thread_before_the_beginning_ends_the_answering_one(streams: bool) -> None:
    stream, ending = Stream(), EndingError()

    def serve() -> None:
        raise ending

    with pytest.raises(EndingError) as raised:
        stream.answered(serve, streams=streams)

    assert raised.value is ending
    assert stream.is_served()
    assert not stream.abandoned


def test_what_ends_the_serving_thread_in_mid_stream_ends_the_answering_one() -> None:
    """After all that was sent before."""
    stream, ending = Stream(), EndingError()

    def serve() -> None:
        stream.begin(200, HEADERS)
        stream.send("status", "{}")
        raise ending

    body = iter(stream.answered(serve)["body"])
    first = next(body)
    with pytest.raises(EndingError) as raised:
        next(body)
    stream.close()

    assert first == b"event: status\ndata: {}\n\n"
    assert raised.value is ending
    assert not stream.abandoned


def test_what_ends_the_serving_thread_ends_an_answer_that_arrives_at_once() -> None:
    stream = Stream()

    def serve() -> None:
        stream.begin(200, HEADERS)
        stream.send("status", "{}")
        raise EndingError

    with pytest.raises(EndingError):
        stream.answered(serve, streams=False)


@pytest.mark.parametrize("taken", [0, 1], ids=["at-once", "in-the-middle"])
def test_an_answer_that_is_closed_early_is_given_up_and_waited_for(taken: int) -> None:
    """The work goes on meanwhile, and is told."""
    gone = Event()
    stream = EventStream(gone.set, SILENT)
    done = []

    def serve() -> None:
        stream.begin(200, HEADERS)
        stream.send("status", "{}")
        assert gone.wait(PATIENCE)
        stream.send("result", "{}")
        done.append(True)

    answer = stream.answer(serve, streams=True)
    assert answer
    body = iter(answer["body"])
    assert len(list(islice(body, taken))) == taken
    stream.close()

    assert done


def test_an_answer_that_is_closed_after_its_end_is_not_given_up() -> None:
    stream = Stream()

    def serve() -> None:
        stream.begin(200, HEADERS)
        stream.send("result", "{}")

    list(stream.answered(serve)["body"])
    stream.close()
    stream.close()

    assert stream.is_served()
    assert not stream.abandoned


def test_what_ends_the_serving_thread_after_all_is_sent_does_not_break_the_answer_off() -> None:
    """It ends the process once the answer is out."""
    stream = Stream()

    def serve() -> None:
        stream.send_all(202, HEADERS, b"{}")
        raise EndingError

    body = stream.answered(serve)["body"]
    while not stream.is_served():
        time.sleep(0.001)

    assert b"".join(body) == b"{}"
    with pytest.raises(EndingError):
        stream.close()


def test_a_body_that_is_sent_at_once_ends_before_the_work_does() -> None:
    """Whoever closes it waits for the work all the same, and does not give it up."""
    stream, done = Stream(), []
    with held() as work:

        def serve() -> None:
            stream.send_all(202, {}, b'{"accepted": true}')
            assert work.wait(PATIENCE)
            done.append(True)

        answer = stream.answered(serve)

        assert (answer["statusCode"], list(answer["body"])) == (202, [b'{"accepted": true}'])
        assert not done
        closing = Thread(target=stream.close)
        closing.start()
        closing.join(0.05)
        assert closing.is_alive()
        work.set()
        closing.join(PATIENCE)

    assert done
    assert not stream.abandoned


def buffered(events: list[tuple[str, str]], heartbeat_seconds: float = SILENT, wait: float = 0) -> Answer:
    stream = Stream(heartbeat_seconds)

    def serve() -> None:
        stream.begin(200, HEADERS)
        for name, data in events:
            stream.send(name, data)
        Event().wait(wait)

    answer = stream.answered(serve, streams=False)
    assert stream.is_served()
    assert not stream.abandoned
    return answer


MANY = [
    ("status", "{}"),
    ("delta", '{"code": "a"}'),
    ("reset", "{}"),
    ("delta", '{"code": "\\u00e4"}'),
    ("result", "{}"),
]


def test_where_answers_arrive_at_once_the_same_events_do() -> None:
    answer = buffered(MANY)

    assert (answer["statusCode"], answer["headers"], answer["isBase64Encoded"]) == (200, HEADERS, False)
    assert isinstance(answer["body"], str)
    assert events_in(answer["body"]) == MANY


def test_an_answer_that_arrives_at_once_has_no_heartbeats() -> None:
    assert buffered([("result", "{}")], 0.005, wait=0.05)["body"] == "event: result\ndata: {}\n\n"


@pytest.mark.parametrize(("more", "deltas"), [(0, True), (-1, False)], ids=["as-much-as-may-be", "a-byte-too-much"])
def test_only_the_code_as_it_was_written_is_left_out_of_what_is_too_much(
    more: int, deltas: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last event holds it all once more."""
    size = len(buffered(MANY)["body"].encode())
    monkeypatch.setattr(event_stream, "_MAX_BUFFERED_BYTES", size + more)

    assert events_in(buffered(MANY)["body"]) == [event for event in MANY if deltas or event[0] != "delta"]


def test_an_answer_that_arrives_at_once_fits_what_the_platform_takes() -> None:
    """It is sent as JSON: a string, in which a quotation mark and a backslash take twice the room, and 6 MB in all."""
    assert 2 * event_stream._MAX_BUFFERED_BYTES < 6_000_000 - 500_000
