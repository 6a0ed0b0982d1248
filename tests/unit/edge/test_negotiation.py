"""Who asks for events, and who asks to be let go: all others get what there always was."""

import pytest

from shared.edge.negotiation import accepts_event_stream, prefers_async

EVENTS = [
    "text/event-stream",
    "TEXT/Event-Stream",
    "  text/event-stream\t",
    "text/event-stream;charset=utf-8",
    "text/event-stream ; charset=utf-8 ; q=1",
    "text/event-stream;q=0.001",
    "text/event-stream; Q=0.5",
    "text/event-stream;q=1.000",
    "text/html, text/event-stream",
    "text/html;q=0.9,text/event-stream;q=0.1",
    ",, text/event-stream,",
    # Of two types, the one that is wanted more.
    "application/json;q=0.9, text/event-stream",
    "application/json;q=0.9, text/event-stream;q=0.901",
    "application/json;q=0, text/event-stream;q=0.1",
    "text/event-stream, application/json;charset=utf-8;q=0.5",
    # A name wins over a wildcard that is wanted as much.
    "text/event-stream, */*",
    "text/event-stream;q=0.5, */*;q=0.5",
    "text/event-stream;q=0.5, application/*;q=0.5",
    "text/event-stream;q=0.5, */*;q=0.4",
    "text/event-stream;q=0.5, text/*",
    # The narrower of two wildcards is the one that says how much JSON is wanted, and its name before both.
    "text/event-stream;q=0.5, application/*;q=0.2, */*;q=0.9",
    "text/event-stream;q=0.5, application/json;q=0.2, application/*, */*",
    # A weight that cannot be read is none.
    "text/event-stream;q=0.5, application/json;q=much",
]
JSON = [
    None,
    "",
    " ",
    ",",
    "*/*",
    "text/*",
    "application/json",
    "text/html, */*;q=0.1",
    "text/event-streams",
    "text/event-stream-x, x-text/event-stream",
    "text",
    "text/event-stream;q=0",
    "text/event-stream;q=0.000",
    "text/event-stream;q=0, */*",
    "application/json, text/event-stream",
    "text/event-stream, application/json",
    "text/event-stream;q=0.5, application/json;q=0.5",
    "text/event-stream;q=0.5, application/json;q=0.501",
    "text/event-stream;q=0, application/json;q=0",
    "text/event-stream;q=0.5, */*",
    "text/event-stream;q=0.5, */*;q=0.501",
    "text/event-stream;q=0.5, application/*;q=0.6",
    "text/event-stream;q=0.5, application/*;q=0.6, */*;q=0.1",
    *(f"text/event-stream;q={weight}" for weight in ("", "x", "-1", "1.001", "2", "nan", "inf", "-inf", "0,5", '"1"')),
]


@pytest.mark.parametrize("accept", EVENTS)
def test_events_are_for_who_names_them_and_wants_nothing_more(accept: str) -> None:
    assert accepts_event_stream(accept)


@pytest.mark.parametrize("accept", JSON)
def test_all_others_get_json(accept: str | None) -> None:
    assert not accepts_event_stream(accept)


ASYNC = [
    "respond-async",
    "Respond-Async",
    "  respond-async ",
    "respond-async, wait=10",
    "wait=10,respond-async",
    "respond-async; wait=10",
    "respond-async;x",
    "handling=lenient, respond-async;a=b, wait=5",
    "respond-async=",
    'respond-async=""',
    ", respond-async,",
]
SYNC = [
    None,
    "",
    ",",
    "wait=10",
    "return=minimal",
    "respond-asynchronously",
    "x-respond-async",
    "respond",
    "respond async",
    "return=respond-async",
    "wait=10; respond-async",
]


@pytest.mark.parametrize("prefer", ASYNC)
def test_a_preference_for_an_answer_at_once_is_found_among_others(prefer: str) -> None:
    """Its parameters, and the value that it has none of, say nothing more."""
    assert prefers_async(prefer)


@pytest.mark.parametrize("prefer", SYNC)
def test_what_only_looks_like_it_is_none(prefer: str | None) -> None:
    """Also where it is the value of another preference, or a parameter of one."""
    assert not prefers_async(prefer)
