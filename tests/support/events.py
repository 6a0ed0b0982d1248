"""Server-sent events as a client reads them, and what holds for every stream of them."""

import json
from typing import Any, NamedTuple

import httpx
from httpx_sse import EventSource

FINAL = {"artifact", "fix", "result", "error"}
"""The events that end a stream; `result` is that of `tests/support/contracts.py`."""
KNOWN = FINAL | {"status", "delta", "reset", "plan", "review"}


class Event(NamedTuple):
    """An event, its data as it was sent."""

    name: str
    data: str

    @property
    def value(self) -> Any:
        return json.loads(self.data)


def events_in(body: bytes | str) -> list[Event]:
    """The events of a whole stream, by the parser of a library."""
    content = body.encode() if isinstance(body, str) else body
    return events_of(httpx.Response(200, headers={"content-type": "text/event-stream"}, content=content))


def events_of(answer: httpx.Response) -> list[Event]:
    """The events of an answer, which has to be a stream and as its contract promises."""
    events = [Event(each.event, each.data) for each in EventSource(answer).iter_sse()]
    assert events, "there are no events"
    assert {event.name for event in events} <= KNOWN
    assert [event.name in FINAL for event in events] == [False] * (len(events) - 1) + [True], (
        "one final event, the last"
    )
    assert all(isinstance(event.value, dict) for event in events)
    return events


def phases_in(events: list[Event]) -> list[str]:
    """The phases that are told of, without repetitions."""
    phases = [event.value["phase"] for event in events if event.name == "status"]
    return [phase for at, phase in enumerate(phases) if not at or phase != phases[at - 1]]


def code_in(events: list[Event]) -> str:
    """The code that was sent since the last reset."""
    code = ""
    for event in events:
        code = "" if event.name == "reset" else code + (event.value["code"] if event.name == "delta" else "")
    return code
