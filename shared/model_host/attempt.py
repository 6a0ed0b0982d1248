"""One attempt: calls the host, reads the answer to its end or its first error, and says what the outcome is."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import httpx

from shared.catalog import Catalog
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, UNKNOWN, Cost, Usage
from shared.costs.worst_case import Stage
from shared.deadline import Clock, Deadline
from shared.errors import DeadlineExceeded, Failure
from shared.model_host.answer import Answer
from shared.model_host.errors import AnswerTooLarge, ConnectionLost, HostFailed, Refused, Stalled, Unreachable
from shared.model_host.host import OPENROUTER, HostedModel, Waits
from shared.model_host.json_object import UnreadableChunkError, error_of
from shared.model_host.safe_names import SafeNames
from shared.model_host.stream import AnswerReader
from shared.progress import SILENT, Phase, Progress, ToolCallPiece
from shared.transport import IoDeadline

_ERROR_LIMIT = 64 * 1024
"""Bytes of an error's body that are read at most."""
_END_SECONDS = 1.0
"""How long the end of the stream is waited for after `[DONE]`, so that the connection can be used again."""
_ERROR_SECONDS = 10.0
"""How long an error's body is waited for; the status alone is enough to go on."""
_TIMER_SLACK = 0.05
"""Seconds by which a socket's time-out may fire too early."""
_GATEWAY_TIMEOUTS = {504, 522, 524}
"""A gateway gave up waiting: the provider behind it may have begun, and may bill that."""


class Attempt:
    """One call to a host, and its result."""

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
        self.answer = Answer(names, self._on_content, self._on_reasoning, self._on_tool_calls)
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
        """Make the call and return the failure that it ended in; None if the answer is complete."""
        self._io_deadline.follow(self._deadline)
        self._io_deadline.reset(self._waits.first_token)
        self._io_deadline.received = False
        self._enter_phase(self._first_phase)
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
        """Whether a later error changes nothing: a complete answer is billed, and a second one would be billed too."""
        return self.answer.complete or self.answer.error is not None

    @property
    def seconds(self) -> float:
        """Duration of the attempt so far."""
        return self._clock() - self._started_at

    @property
    def first_token(self) -> float | None:
        """Seconds until the first token; None if there is none."""
        return None if self._first_token_at is None else self._first_token_at - self._started_at

    def to_record(self, requested: HostedModel, catalog: Catalog, failure: Failure | None) -> AttemptRecord:
        """Return the record of the attempt for the ledger."""
        answer = self.answer
        usage = answer.usage or Usage()
        priced_name = self._priced_name(requested, catalog)
        return AttemptRecord(
            requested_model=requested.name,
            model=answer.model or requested.id,
            host=requested.host.name,
            outcome=failure.code if failure else "ok",
            retryable=failure.retryable if failure else False,
            cost=self._cost(catalog, priced_name),
            usage=usage,
            duration=self.seconds,
            provider=answer.provider,
            status=self._status,
            generation_id=answer.generation_id,
            finish_reason=answer.finish_reason,
            first_token=self.first_token,
            stage=self._stage,
            content_chars=len(answer.content),
            cache_saved_usd=usage.saved_by_cache(catalog, priced_name),
        )

    def _read(self, response: httpx.Response) -> None:
        self._status = response.status_code
        # The id comes before the body, so the cost of an interrupted attempt can be looked up later.
        self.answer.name_generation(response.headers.get("x-generation-id"))
        if response.status_code != httpx.codes.OK:
            self._io_deadline.reset(_ERROR_SECONDS)
            raise _classified(response.status_code, error_of(_read_error(response)), response.headers)
        if not _is_plain(response):
            self._reader.unread = True
            raise HostFailed
        try:
            self._read_body(response)
        except httpx.RequestError:
            with suppress(UnreadableChunkError):
                self._reader.close()  # what has come may be complete
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
                self._io_deadline.reset(_END_SECONDS)

    def _on_content(self, piece: str) -> None:
        self._note_first_token()  # also of a piece that something unreadable follows in the same read
        self._enter_phase("writing")
        self._progress.text(piece)

    def _on_reasoning(self, piece: str) -> None:
        self._note_first_token()
        self._enter_phase("thinking")
        self._progress.reasoning(piece)

    def _on_tool_calls(self, pieces: Sequence[ToolCallPiece]) -> None:
        self._enter_phase("writing")
        self._progress.tool_calls(pieces)

    def _enter_phase(self, phase: Phase) -> None:
        if phase != self._phase:
            self._phase = phase
            self._progress.phase(phase)

    def _progressed(self) -> None:
        self._note_first_token()
        self._io_deadline.reset(self._waits.stall)

    def _note_first_token(self) -> None:
        if self._first_token_at is None:
            self._first_token_at = self._clock()

    def _outcome(self) -> Failure | None:
        """Return the failure that the answer read so far amounts to; None if it is a success."""
        if self.answer.error is not None:
            return _classified(200, self.answer.error, {})
        if self.answer.refused:
            return Refused()
        if not self.answer.complete:
            return HostFailed() if self.answer.done else ConnectionLost()
        return None

    def _transport_failure(self, error: httpx.RequestError) -> Failure:
        self._connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        if self._deadline.remaining() <= _TIMER_SLACK:
            return DeadlineExceeded()
        if not self._connected:
            return Unreachable()
        return Stalled() if isinstance(error, httpx.TimeoutException) else ConnectionLost()

    def _priced_name(self, requested: HostedModel, catalog: Catalog) -> str | None:
        """Return whose price an estimate takes: another model may have another price, so the one that answered.

        OpenRouter may pass a request on to another model; other hosts serve what was requested, whatever they call it.
        """
        answer, host = self.answer, requested.host
        if not answer.names_model:
            return requested.name
        named = host.qualified(answer.model) if answer.model else None
        return named if host.name == OPENROUTER or catalog.lookup(named) else requested.name

    def _cost(self, catalog: Catalog, name: str | None) -> Cost:
        answer = self.answer
        # A usage reported in the middle of an answer that is then interrupted is not what will be billed.
        if answer.usage is not None and (answer.complete or answer.error is not None):
            return answer.usage.cost(catalog, name)
        not_served = not self._connected or (self._status is not None and not self._may_be_billed(self._status))
        only_an_error = answer.error is not None and not answer.began
        return NOTHING if not_served or only_an_error else UNKNOWN

    @staticmethod
    def _may_be_billed(status: int) -> bool:
        return httpx.codes.is_success(status) or status in _GATEWAY_TIMEOUTS

    @property
    def _stage(self) -> Stage:
        """How far the attempt came."""
        if not self._connected:
            return Stage.NOT_CONNECTED
        if self._status is None:
            return Stage.NO_CONTENT if self._io_deadline.received else Stage.NO_RESPONSE
        if self._status != httpx.codes.OK:
            # Other 2xx answers are not read, and may hold content.
            return Stage.CONTENT if httpx.codes.is_success(self._status) else Stage.NO_CONTENT
        answer = self.answer
        wrote = answer.began or answer.complete or (answer.usage is not None and bool(answer.usage.output_tokens))
        return Stage.CONTENT if wrote or self._reader.unread else Stage.NO_CONTENT


def _classified(status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> Failure:
    # Loaded with the first error of a host: a cold start need not wait for it.
    from shared.model_host.error_classes import classify  # noqa: PLC0415

    return classify(status, error, headers)


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
    """Return whether the body is uncompressed, as requested: a compressed megabyte can expand to a gigabyte."""
    return response.headers.get("content-encoding", "identity").strip().lower() in {"", "identity"}
