"""One attempt: a call to the host, read to its end or to the first thing that goes wrong, and its outcome."""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, UNKNOWN, Cost, Usage
from shared.costs.worst_case import Stage
from shared.deadline import Clock, Deadline
from shared.errors import DeadlineExceeded, Failure
from shared.model_host.answer import Answer
from shared.model_host.error_classes import classify
from shared.model_host.errors import AnswerTooLarge, ConnectionLost, HostFailed, Refused, Stalled, Unreachable
from shared.model_host.host import Waits
from shared.model_host.json_object import UnreadableChunkError, error_of
from shared.model_host.safe_names import SafeNames
from shared.model_host.stream import AnswerReader
from shared.progress import SILENT, Phase, Progress
from shared.transport import IoDeadline

_ERROR_LIMIT = 64 * 1024
"""Bytes of an error's body that are read."""
_END_SECONDS = 1.0
"""How long the end of the stream is waited for after `[DONE]`, so that the connection can be used again."""
_ERROR_SECONDS = 10.0
"""How long an error's body is waited for; its status alone says enough to go on."""
_TIMER_SLACK = 0.05
"""A socket's time-out may fire this much too early, in seconds."""
_GATEWAY_TIMEOUTS = {504, 522, 524}
"""A gateway gave up waiting: who stands behind it may have begun, and bill that."""


class Attempt:
    """One call to a host, and everything that came of it."""

    def __init__(
        self,
        http: httpx.Client,
        io_deadline: IoDeadline,
        waits: Waits,
        deadline: Deadline,
        *,
        clock: Clock = time.monotonic,
        names: SafeNames | None = None,
        progress: Progress = SILENT,
        phase: Phase = "thinking",
    ) -> None:
        self.answer = Answer(names, self._wrote, self._thought)
        self._http = http
        self._io_deadline = io_deadline
        self._waits = waits
        self._deadline = deadline
        self._clock = clock
        self._progress = progress
        self._first_phase = phase
        self._phase: Phase | None = None
        self._started_at = clock()
        self._first_token_at: float | None = None
        self._status: int | None = None
        self._connected = True
        self._reader = AnswerReader(self.answer)

    def send(self, url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Failure | None:
        """Make the call and return the failure that it ended in; None where the answer is whole."""
        self._io_deadline.reset(min(self._waits.first_token, self._deadline.remaining()))
        self._io_deadline.heard = False
        self._enter(self._first_phase)
        try:
            with self._http.stream("POST", url, json=body, headers=headers) as response:
                self._read(response)
        except (UnreadableChunkError, AnswerTooLarge) as error:
            return self._outcome() if self._is_decided else _failure_of(error)
        except Failure as failure:
            return failure
        except httpx.RequestError as error:
            return self._outcome() if self._is_decided else self._transport_failure(error)
        return self._outcome()

    @property
    def _is_decided(self) -> bool:
        """Whether what comes next changes nothing: a whole answer is paid for, and asked again would be paid twice."""
        return self.answer.whole or self.answer.error is not None

    @property
    def seconds(self) -> float:
        """How long the attempt has taken so far."""
        return self._clock() - self._started_at

    def to_record(self, requested_model: str, failure: Failure | None) -> AttemptRecord:
        """Return the attempt as the ledger keeps it."""
        answer = self.answer
        return AttemptRecord(
            requested_model=requested_model,
            model=answer.model or requested_model,
            outcome=failure.code if failure else "ok",
            retryable=failure.retryable if failure else False,
            cost=self._cost(requested_model),
            usage=answer.usage or Usage(),
            duration=self.seconds,
            provider=answer.provider,
            status=self._status,
            generation_id=answer.generation_id,
            finish_reason=answer.finish_reason,
            first_token=None if self._first_token_at is None else self._first_token_at - self._started_at,
            stage=self._stage,
            content_chars=len(answer.content),
        )

    def _read(self, response: httpx.Response) -> None:
        self._status = response.status_code
        # It comes before the body, and is how a lost cost is found later.
        self.answer.name_generation(response.headers.get("x-generation-id"))
        if response.status_code != httpx.codes.OK:
            self._io_deadline.reset(min(_ERROR_SECONDS, self._deadline.remaining()))
            raise classify(response.status_code, error_of(_read_error(response)), response.headers)
        if not _is_plain(response):
            self._reader.unread = True
            raise HostFailed
        try:
            self._read_body(response)
        except httpx.RequestError:
            with suppress(UnreadableChunkError):
                self._reader.close()  # what had come may be all
            raise
        self._reader.close()

    def _read_body(self, response: httpx.Response) -> None:
        for chunk in response.iter_bytes():
            if self.answer.done:
                continue  # to the end, so that the connection can be used again
            if self._reader.feed(chunk):
                self._progressed()
            if self.answer.error is not None:
                return
            if self.answer.done:
                self._io_deadline.reset(min(_END_SECONDS, self._deadline.remaining()))

    def _wrote(self, piece: str) -> None:
        self._enter("writing")
        self._progress.text(piece)

    def _thought(self) -> None:
        self._enter("thinking")

    def _enter(self, phase: Phase) -> None:
        if phase != self._phase:
            self._phase = phase
            self._progress.phase(phase)

    def _progressed(self) -> None:
        if self._first_token_at is None:
            self._first_token_at = self._clock()
        self._io_deadline.reset(min(self._waits.stall, self._deadline.remaining()))

    def _outcome(self) -> Failure | None:
        """What an answer that was read as far as it goes turns out to be; None where it is good."""
        if self.answer.error is not None:
            return classify(200, self.answer.error, {})
        if self.answer.refused:
            return Refused()
        if not self.answer.whole:
            return HostFailed() if self.answer.done else ConnectionLost()
        return None

    def _transport_failure(self, error: httpx.RequestError) -> Failure:
        self._connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        if self._deadline.remaining() <= _TIMER_SLACK:
            return DeadlineExceeded()
        if not self._connected:
            return Unreachable()
        return Stalled() if isinstance(error, httpx.TimeoutException) else ConnectionLost()

    def _cost(self, model: str) -> Cost:
        answer = self.answer
        # What a host says in the middle of an answer that then breaks off is not what it will bill.
        if answer.usage is not None and (answer.whole or answer.error is not None):
            # Another model's tokens say nothing of their price: that is estimated of the model that the host names.
            return answer.usage.cost(answer.model if answer.names_model else model)
        turned_away = not self._connected or (self._status is not None and not self._may_be_billed(self._status))
        nothing_but_an_error = answer.error is not None and not answer.began
        return NOTHING if turned_away or nothing_but_an_error else UNKNOWN

    @staticmethod
    def _may_be_billed(status: int) -> bool:
        return httpx.codes.is_success(status) or status in _GATEWAY_TIMEOUTS

    @property
    def _stage(self) -> Stage:
        """How far it came."""
        if not self._connected:
            return Stage.NOT_CONNECTED
        if self._status is None:
            return Stage.NO_CONTENT if self._io_deadline.heard else Stage.NO_RESPONSE
        if self._status != httpx.codes.OK:
            # A success that is none of ours is not read, and may be an answer.
            return Stage.CONTENT if httpx.codes.is_success(self._status) else Stage.NO_CONTENT
        answer = self.answer
        wrote = answer.began or answer.whole or (answer.usage is not None and bool(answer.usage.output_tokens))
        return Stage.CONTENT if wrote or self._reader.unread else Stage.NO_CONTENT


def _failure_of(error: UnreadableChunkError | AnswerTooLarge) -> Failure:
    return error if isinstance(error, Failure) else HostFailed()


def _read_error(response: httpx.Response) -> bytes:
    body = b""
    if not _is_plain(response):
        return body
    with suppress(httpx.RequestError):
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _ERROR_LIMIT:
                break
    return body


def _is_plain(response: httpx.Response) -> bool:
    """Whether the body is not compressed, as it was asked for: a megabyte that is can hold a gigabyte."""
    return response.headers.get("content-encoding", "identity").strip().lower() in {"", "identity"}
