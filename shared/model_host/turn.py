"""One model's turn to answer a question: attempts, until it answers or the policy allows no further one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import httpx

from shared.catalog import Model, Prices
from shared.costs.attempt_lines import ADVICE, Purpose
from shared.costs.spending import Reservation
from shared.costs.worst_case import WorstCase
from shared.deadline import Clock
from shared.errors import DeadlineExceeded, Failure
from shared.model_host.attempt import Attempt
from shared.model_host.completion import Completion
from shared.model_host.errors import CallsExhausted, HostMisconfigured, KeyRejected, Redirected, Stalled
from shared.model_host.host import HostedModel
from shared.model_host.request import ModelRequest, Question
from shared.model_host.retry import RetryPolicy
from shared.model_host.safe_names import SafeNames
from shared.progress import Phase
from shared.run import Run
from shared.transport import IoDeadline

_FIRST_PHASES: dict[Purpose, Phase] = {
    "first": "thinking",
    "repair": "repairing",
    "extended": "retrying",
    "chat": "thinking",
    "plan": "planning",
    "build": "thinking",
    "review": "reviewing",
    "rebuild": "changing",
}


class Connection(NamedTuple):
    """What all attempts of a client are made with."""

    http: httpx.Client
    io_deadline: IoDeadline
    policy: RetryPolicy
    sleep: Callable[[float], None] | None
    """In place of the deadline's own, in tests."""
    clock: Clock


class Asked(NamedTuple):
    """What the attempts for one question have in common."""

    question: Question
    purpose: Purpose
    run: Run
    max_tokens: int
    """How many tokens a model may write, before it is clamped to what the model can write."""


class _Sent(NamedTuple):
    """What is sent to the host."""

    key: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class Turn:
    """One model's turn.

    Args:
        connection: what attempts are made with.
        model: the model.
        asked: what it is asked.
        others: the models at other hosts that may be asked after it. Each of these hosts is left an attempt, and the
            first of them the time to answer.
    """

    def __init__(self, connection: Connection, model: HostedModel, asked: Asked, others: Sequence[HostedModel]) -> None:
        self._connection = connection
        self._model = model
        self._asked = asked
        self._others = others
        self._entry: Model | None = asked.run.catalog.lookup(model.name)
        self._renewed = False

    def take(self) -> Completion | Failure:
        """Return the model's complete answer, or the failure that its attempts ended in."""
        run, policy = self._asked.run, self._connection.policy
        if policy.calls_exhausted(len(run.ledger.attempts)):
            return CallsExhausted()
        if run.deadline.time_to_start() < 0:
            return DeadlineExceeded()
        try:
            outcome = self._attempt_until_final()
        except HostMisconfigured as unusable_key:
            outcome = unusable_key
        if isinstance(outcome, HostMisconfigured):
            host = self._model.host
            outcome.name_host(host.name, host.url_setting if isinstance(outcome, Redirected) else host.key_settings)
        return outcome

    def _attempt_until_final(self) -> Completion | Failure:
        run, host = self._asked.run, self._model.host
        key, body, worst = host.key.value(run.deadline.remaining()), self._body(), self._worst_case
        attempts, waited = 0, 0.0
        failure: Failure | None = None
        while run.deadline.time_to_start() >= 0:
            try:
                reservation = run.spending.reserve(worst)
            except Failure as unpaid:
                return failure or unpaid  # after a failed attempt, that failure is the outcome
            attempts += 1
            attempt, failure = self._attempt(_Sent(key, host.dialect.headers(key), body), waited, reservation)
            if failure is None:
                return Completion.of(attempt, self._model, self._max_tokens)
            if run.progress.is_final:
                return failure
            if self._is_renewed(failure, key):
                key = host.key.value(run.deadline.remaining())
                continue
            delay = self._delay(failure, attempts)
            if delay is None:
                return failure
            (self._connection.sleep or run.deadline.sleep)(delay)
            waited = delay
        return DeadlineExceeded()

    def _attempt(self, sent: _Sent, waited: float, reservation: Reservation) -> tuple[Attempt, Failure | None]:
        """Make one attempt, and record it before and after, whatever happens."""
        asked, model, connection = self._asked, self._model, self._connection
        run, ledger = asked.run, asked.run.ledger
        last = ledger.attempts[-1] if ledger.attempts else None
        if last and last.content_chars and last.purpose not in ADVICE:
            run.progress.reset()
        retried = last is not None and not last.succeeded and last.purpose == asked.purpose
        attempt = Attempt(
            connection.http,
            connection.io_deadline,
            model.host.waits_for(self._entry),
            run.deadline,
            clock=connection.clock,
            names=SafeNames(asked.question.private, model.id, key=sent.key),
            progress=run.progress,
            phase="retrying" if retried else _FIRST_PHASES[asked.purpose],
        )
        failure: Failure | None = Failure()  # recorded if anything unexpected is raised
        run.asked_model = model.name
        ledger.attempt_starts(asked.purpose, model.name, model.host.name)
        try:
            failure = attempt.send(model.host.url, sent.headers, sent.body)
        finally:
            record = attempt.to_record(model, run.catalog, failure)
            ledger.attempt_ended(asked.purpose, record, waited)
            id_for_later = record.generation_id if model.host.keeps_records else None
            reservation.settle(record.cost, record.stage, id_for_later)
        return attempt, failure

    @property
    def _max_tokens(self) -> int:
        """How many tokens the model may write: enough for an answer, and no more than it can write."""
        entry = self._entry
        wanted = max(self._asked.max_tokens, self._model.host.least_output_tokens)
        return min(max(wanted, entry.least_output_tokens), entry.max_output_tokens) if entry else wanted

    @property
    def _max_price(self) -> Prices:
        """The most that a provider may ask for the model."""
        return self._model.host.dialect.max_price(self._asked.run.catalog.ceiling(self._model.name))

    @property
    def _worst_case(self) -> WorstCase:
        tokens_per_second = self._asked.run.catalog.tokens_per_second(self._model.name)
        return WorstCase.of(self._max_price, tokens_per_second, self._asked.question.size, self._max_tokens)

    def _body(self) -> dict[str, Any]:
        return self._model.host.dialect.body(
            ModelRequest(self._model.id, self._entry, self._max_price, self._asked.question, self._max_tokens)
        )

    def _is_renewed(self, failure: Failure, key: str) -> bool:
        """Return whether a rejected key has been replaced in its secret; that is asked once."""
        run, policy = self._asked.run, self._connection.policy
        if not isinstance(failure, KeyRejected) or self._renewed or policy.calls_exhausted(len(run.ledger.attempts)):
            return False
        self._renewed = self._model.host.key.renew(key, run.deadline.remaining())
        return self._renewed

    def _delay(self, failure: Failure, attempts: int) -> float | None:
        """Return the seconds to wait before the next attempt; None if there is none."""
        if self._leaves_too_little_time(failure):
            return None
        run = self._asked.run
        left_to_others = len({each.host.name for each in self._others})
        calls = len(run.ledger.attempts) + left_to_others
        time_to_start = run.deadline.time_to_start()
        return self._connection.policy.delay(failure, attempts=attempts, calls=calls, time_to_start=time_to_start)

    def _leaves_too_little_time(self, failure: Failure) -> bool:
        """Return whether another host would have no time to answer if this one stalled once more."""
        if not isinstance(failure, Stalled) or not self._others:
            return False
        run, next_model = self._asked.run, self._others[0]
        own = self._model.host.waits_for(self._entry)
        other = next_model.host.waits_for(run.catalog.lookup(next_model.name))
        return run.deadline.remaining() < own.first_token + other.first_token
