"""Answers that begin before the work is done: events while it goes on, or 202 at once and the result later."""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.edge.contract import Contract
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


RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

_RETRY_AFTER_SECONDS = 10
"""When to ask for the result of a request that is served in the background."""


class EarlyAnswer(Generic[RequestT, ResultT]):
    """The answer of one request, begun as soon as the request is admitted.

    Args:
        stream: takes what is sent.
        contract: says what is sent.
        respond_async: whether the answer is 202 and nothing more.
    """

    def __init__(
        self, stream: EventStream, contract: Contract[RequestT, ResultT], *, respond_async: bool = False
    ) -> None:
        self.respond_async = respond_async
        self._stream = stream
        self._contract = contract
        self._begun = False

    def begin(self, request: RequestT, run: Run, headers: Mapping[str, str], key: str | None) -> None:
        """Begin the answer to a request that is about to be worked on."""
        if self.respond_async:
            self._accept(run, headers, key)
        else:
            self._begin_events(headers)
            run.progress = self._contract.observer(request, run, self._stream.send)

    def begin_replay(self, headers: Mapping[str, str]) -> None:
        """Begin the answer to a request whose result is stored already."""
        if not self.respond_async:
            self._begin_events(headers)

    def end(self, answer: Answer, *, success: bool) -> Answer | None:
        """End what was begun with this answer's body as the last event, or return the answer if nothing was begun."""
        if not self._begun:
            return answer
        if not self.respond_async:
            self._stream.send(self._contract.result_event if success else "error", answer["body"])
        return None

    def _begin_events(self, headers: Mapping[str, str]) -> None:
        self._begun = True
        # The last of these keeps nginx, where there is one in between, from collecting the events.
        self._stream.begin(200, {**headers, "content-type": "text/event-stream", "x-accel-buffering": "no"})

    def _accept(self, run: Run, headers: Mapping[str, str], key: str | None) -> None:
        self._begun = True
        later = {"retry-after": str(_RETRY_AFTER_SECONDS), "preference-applied": "respond-async"}
        body = Acceptance(idempotency_key=key or "", request_id=run.id, retry_after_seconds=_RETRY_AFTER_SECONDS)
        self._stream.send_all(202, {**headers, **later}, body.model_dump_json(by_alias=True).encode())
