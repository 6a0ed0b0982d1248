"""The client: calls a model host, retries, and falls back to the next model, until the deadline."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import httpx

from shared.catalog import Model
from shared.costs.attempt_lines import Purpose
from shared.costs.spending import Reservation
from shared.costs.usage import Usage
from shared.deadline import Clock
from shared.errors import DeadlineExceeded, Failure
from shared.model_host.attempt import Attempt
from shared.model_host.errors import CallsExhausted, KeyRejected
from shared.model_host.host import Host
from shared.model_host.openrouter import openrouter
from shared.model_host.request import Question
from shared.model_host.retry import RetryPolicy
from shared.model_host.safe_names import SafeNames
from shared.model_host.tool_calls import ToolCall
from shared.progress import Phase
from shared.run import Run
from shared.settings import Settings
from shared.transport import IoDeadline, deadline_bound_client

_FIRST_PHASES: dict[Purpose, Phase] = {"first": "thinking", "repair": "repairing", "extended": "retrying"}


@dataclass(frozen=True, slots=True)
class Completion:
    """The complete answer of a model, with its usage and duration."""

    content: str
    finish_reason: str | None
    model: str
    """The model that answered, as the host names it."""
    requested_model: str
    """The requested model, as the settings name it."""
    max_tokens: int
    """How many tokens the model was allowed to write."""
    seconds: float
    """Duration of the attempt."""
    usage: Usage
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()

    @property
    def truncated(self) -> bool:
        """Whether the answer ended because of `max_tokens`."""
        return self.finish_reason == "length"


@dataclass(frozen=True, slots=True)
class _Request:
    """What the attempts for one question have in common."""

    question: Question
    purpose: Purpose
    run: Run
    max_tokens: int
    """How many tokens a model may write, before it is clamped to what the model can write."""


class _Sent(NamedTuple):
    """What is sent to the host."""

    headers: dict[str, str]
    body: dict[str, Any]


class Client:
    """A client of a model host's chat completions.

    It streams, so that a stall is noticed. It retries with exponential backoff and full jitter, or after the host's
    hint, and falls back to the next model. It records every attempt in the run's ledger, and respects its deadline.
    """

    def __init__(
        self,
        host: Host,
        models: Sequence[str],
        *,
        max_output_tokens: int,
        policy: RetryPolicy,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._host = host
        self._models = models
        self._max_output_tokens = max_output_tokens
        self._policy = policy
        self._io_deadline = IoDeadline(clock)
        self._http = http or deadline_bound_client(self._io_deadline)
        self._sleep = sleep
        self._clock = clock

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] | None = None,
        jitter: Callable[[float, float], float] = random.uniform,
        clock: Clock = time.monotonic,
    ) -> Self:
        """Return the client of these settings."""
        return cls(
            openrouter(settings, clock),
            settings.models,
            max_output_tokens=settings.max_output_tokens,
            policy=RetryPolicy(settings.max_attempts, settings.max_calls, settings.max_retry_wait_seconds, jitter),
            http=http,
            sleep=sleep,
            clock=clock,
        )

    def complete(self, question: Question, run: Run, *, purpose: Purpose = "first", max_tokens: int = 0) -> Completion:
        """Return a model's complete answer; `max_tokens` raises the usual limit of output tokens, and never lowers it.

        Raises:
            Failure: there is no answer; its class says why (see `shared.model_host.errors`).
        """
        run.requested_model = self._models[0]
        max_tokens = max(max_tokens, self._max_output_tokens + question.extra_output_tokens)
        return self._try_models(self._models, _Request(question, purpose, run, max_tokens))

    def retry_with_more_tokens(self, question: Question, truncated: Completion, run: Run) -> Completion | None:
        """Return an answer of the same model with twice the output tokens; None if that cannot succeed.

        It cannot if the model cannot write that many tokens, if it would not finish in time at the rate at which it
        wrote `truncated`, or if no attempt is left.

        Raises:
            Failure: there is no answer.
        """
        max_tokens = 2 * truncated.max_tokens
        if not _can_write(
            run.catalog.lookup(truncated.requested_model), truncated, max_tokens
        ) or self._policy.calls_exhausted(len(run.ledger.attempts)):
            return None
        written = truncated.usage.output_tokens or (truncated.max_tokens if truncated.truncated else 0)
        if not written or truncated.seconds * max_tokens / written > run.deadline.remaining():
            return None
        return self._try_models([truncated.requested_model], _Request(question, "extended", run, max_tokens))

    def close(self) -> None:
        """Close the connection that is kept open between questions."""
        self._http.close()

    def _try_models(self, models: Sequence[str], request: _Request) -> Completion:
        """Try the first model, and the next one if the policy allows it."""
        attempts, deadline = request.run.ledger.attempts, request.run.deadline
        failure: Failure | None = None
        for number, model in enumerate(models, 1):
            calls = len(attempts)
            outcome = self._try_model(model, request)
            if isinstance(outcome, Completion):
                return outcome
            if failure is None or len(attempts) > calls:
                failure = outcome  # without an attempt, the earlier failure says more
            calls, time_to_start = len(attempts), deadline.time_to_start()
            if number == len(models) or not self._policy.tries_next_model(
                outcome, calls=calls, time_to_start=time_to_start
            ):
                raise failure
        raise AssertionError  # the settings name at least one model

    def _try_model(self, model: str, request: _Request) -> Completion | Failure:
        """Try one model until it answers or the policy allows no further attempt."""
        ledger, deadline, spending = request.run.ledger, request.run.deadline, request.run.spending
        if self._policy.calls_exhausted(len(ledger.attempts)):
            return CallsExhausted()
        if deadline.time_to_start() < 0:
            return DeadlineExceeded()
        max_tokens = _clamp_max_tokens(request.run.catalog.lookup(model), request.max_tokens)
        key = self._host.key.value(deadline.remaining())
        body = self._host.dialect.body(request.run.catalog, model, request.question, max_tokens)
        attempts, waited, renewed = 0, 0.0, False
        failure: Failure | None = None
        while deadline.time_to_start() >= 0:
            try:
                reservation = spending.reserve(model, request.question.size, max_tokens)
            except Failure as unpaid:
                return failure or unpaid  # after a failed attempt, that failure is the outcome
            attempts += 1
            sent = _Sent(self._host.dialect.headers(key), body)
            attempt, failure = self._attempt(model, request, sent, waited, reservation)
            if failure is None:
                return _completion(attempt, model, max_tokens)
            calls = len(ledger.attempts)
            if isinstance(failure, KeyRejected) and not renewed and not self._policy.calls_exhausted(calls):
                renewed = self._host.key.renew(key, deadline.remaining())
                if renewed:
                    key = self._host.key.value(deadline.remaining())
                    continue
            delay = self._policy.delay(failure, attempts=attempts, calls=calls, time_to_start=deadline.time_to_start())
            if delay is None:
                return failure
            (self._sleep or deadline.sleep)(delay)
            waited = delay
        return DeadlineExceeded()

    def _attempt(
        self,
        model: str,
        request: _Request,
        sent: _Sent,
        waited: float,
        reservation: Reservation,
    ) -> tuple[Attempt, Failure | None]:
        """Make one attempt, and record it before and after, whatever happens."""
        run, ledger = request.run, request.run.ledger
        last = ledger.attempts[-1] if ledger.attempts else None
        if last and last.content_chars:
            run.progress.reset()
        retried = last is not None and not last.succeeded
        attempt = Attempt(
            self._http,
            self._io_deadline,
            self._host.waits,
            run.deadline,
            clock=self._clock,
            names=SafeNames([*request.question.private, sent.headers["Authorization"]], requested_model=model),
            progress=run.progress,
            phase="retrying" if retried else _FIRST_PHASES[request.purpose],
        )
        failure: Failure | None = Failure()  # recorded if anything unexpected is raised
        ledger.attempt_starts(request.purpose, model)
        try:
            failure = attempt.send(self._host.url, sent.headers, sent.body)
        finally:
            record = attempt.to_record(self._host.name, model, failure, run.catalog)
            ledger.attempt_ended(request.purpose, record, waited)
            reservation.settle(record.cost, record.stage, record.generation_id)
        return attempt, failure


def _completion(attempt: Attempt, model: str, max_tokens: int) -> Completion:
    answer = attempt.answer
    return Completion(
        content=answer.content,
        finish_reason=answer.finish_reason,
        model=answer.model or model,
        requested_model=model,
        max_tokens=max_tokens,
        seconds=attempt.seconds,
        usage=answer.usage or Usage(),
        reasoning=answer.reasoning,
        tool_calls=answer.tool_calls,
    )


def _clamp_max_tokens(entry: Model | None, max_tokens: int) -> int:
    """Return `max_tokens`, clamped to what the model can write."""
    return min(max_tokens, entry.max_output_tokens) if entry else max_tokens


def _can_write(entry: Model | None, truncated: Completion, max_tokens: int) -> bool:
    """Return whether the model of this answer can write this many tokens after the same prompt."""
    if entry is None:
        return True
    return max_tokens <= entry.max_output_tokens and (truncated.usage.input_tokens or 0) + max_tokens <= entry.context
