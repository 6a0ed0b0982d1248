"""Answers that begin before the work is done: events while it goes on, or 202 at once and the result later."""

from collections.abc import Callable, Mapping
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.edge.contract import Events, Streaming
from shared.edge.event import Answer
from shared.edge.event_stream import EventStream
from shared.run import Run


class Acceptance(BaseModel):
    """The body of a 202: the request is served, and the same request gets its result later."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    accepted: Literal[True] = True
    idempotency_key: str
    request_id: str
    retry_after_seconds: int


Headers = Callable[[], Mapping[str, str]]
"""Returns the headers of an answer, as far as they are known when it begins."""
RequestT = TypeVar("RequestT")

_RETRY_AFTER_SECONDS = 10
"""When to ask for the result of a request that is served in the background."""


class EarlyAnswer(Generic[RequestT]):
    """The answer of one request, begun as soon as the request is admitted.

    Args:
        stream: takes what is sent.
        streaming: says what is sent.
        streams: whether the runtime sends events as they come; else all of them are sent at the end.
        respond_async: whether the answer is 202 and nothing more.
    """

    def __init__(
        self,
        stream: EventStream,
        streaming: Streaming[RequestT],
        *,
        streams: bool = True,
        respond_async: bool = False,
    ) -> None:
        self.respond_async = respond_async
        self._stream = stream
        self._streaming = streaming
        self._streams = streams
        self._begun = False
        self._events: Events | None = None

    def begin(self, request: RequestT, run: Run, headers: Headers, key: str | None) -> None:
        """Begin the answer to a request that is about to be worked on."""
        if self.respond_async:
            self._accept(run, headers(), key)
        elif events := self._begin_events(request, run, headers):
            events.begin()
            # What is all sent at the end is not told piece by piece: no piece then keeps an attempt from being made.
            if self._streams or self._streaming.asked_in == "headers":
                run.progress = events

    def begin_replay(self, request: RequestT, run: Run, headers: Headers) -> None:
        """Begin the answer to a request whose result is stored already."""
        if not self.respond_async:
            self._begin_events(request, run, headers)

    def end(self, answer: Answer, *, success: bool) -> Answer | None:
        """End what was begun with this answer, or return it if nothing was begun."""
        if not self._begun or (not success and self._stream.cancel()):
            return answer
        if self._events:
            self._events.end(answer["body"], success=success)
        return None

    def _begin_events(self, request: RequestT, run: Run, headers: Headers) -> Events | None:
        if not self._streaming.wants_events(request):
            return None
        self._begun = True

        def all_headers() -> Mapping[str, str]:
            # The last of these keeps nginx, where there is one in between, from collecting the events.
            return {**headers(), "content-type": "text/event-stream", "x-accel-buffering": "no"}

        if self._streaming.asked_in == "headers":
            self._stream.begin(200, all_headers())
        else:
            self._stream.begin_late(200, all_headers)
        self._events = self._streaming.events(request, run, self._stream.send)
        return self._events

    def _accept(self, run: Run, headers: Mapping[str, str], key: str | None) -> None:
        self._begun = True
        later = {"retry-after": str(_RETRY_AFTER_SECONDS), "preference-applied": "respond-async"}
        body = Acceptance(idempotency_key=key or "", request_id=run.id, retry_after_seconds=_RETRY_AFTER_SECONDS)
        self._stream.send_all(202, {**headers, **later}, body.model_dump_json(by_alias=True).encode())
