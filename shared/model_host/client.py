"""The client: one question to the model host, asked again where that may help, until the deadline."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from shared import catalog
from shared.costs.ledger import Ledger
from shared.costs.log_lines import Purpose
from shared.costs.spending import Reservation
from shared.costs.usage import Usage
from shared.deadline import Clock, Deadline
from shared.errors import DeadlineExceeded, Failure
from shared.model_host.api_key import ApiKey
from shared.model_host.attempt import Call, Waiting
from shared.model_host.errors import CallsExhausted, KeyRejected
from shared.model_host.request import Question, body_of, headers_of, within
from shared.model_host.retry import RetryPolicy
from shared.model_host.safe_names import Names
from shared.settings import Settings
from shared.transport import Patience, patient_client


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer of the model, and what it took."""

    content: str
    finish_reason: str | None
    model: str
    """As the host calls the model that answered."""
    asked: str
    """As we call it."""
    budget: int
    """The output budget that it had, in tokens."""
    seconds: float
    """How long the call took."""
    usage: Usage

    @property
    def cut(self) -> bool:
        """Whether the output budget ended the answer."""
        return self.finish_reason == "length"


@dataclass(frozen=True, slots=True)
class _Request:
    """What the calls for one question have in common."""

    question: Question
    purpose: Purpose
    deadline: Deadline
    ledger: Ledger
    budget: int
    """The most tokens that a model may write, if it can write as many."""


class _Sent(NamedTuple):
    """What is sent to the host."""

    headers: dict[str, str]
    body: dict[str, Any]


class OpenRouter:
    """A client of OpenRouter's chat completions.

    It streams, so that a stall is seen; it tries again with exponential backoff and full jitter, or after the host's
    hint; it falls back to the next model; it books every call in the request's ledger; and it never outlives the
    deadline.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
        clock: Clock = time.monotonic,
    ) -> None:
        self._settings = settings
        self._key = ApiKey(settings, clock)
        self._patience = Patience(clock)
        self._http = http or patient_client(self._patience)
        self._sleep = sleep
        self._clock = clock
        self._waiting = Waiting(settings.first_token_seconds, settings.stall_seconds)
        self._policy = RetryPolicy(settings.max_attempts, settings.max_calls, settings.max_retry_wait_seconds, jitter)

    def complete(
        self, question: Question, *, deadline: Deadline, ledger: Ledger, purpose: Purpose = "first", budget: int = 0
    ) -> Completion:
        """The model's whole answer to the question, with an output budget of at least so many tokens.

        Raises:
            Failure: there is none; its class says why (see `shared.model_host.errors`).
        """
        models = self._settings.models
        ledger.facts.requested_model = models[0]
        budget = max(budget, self._settings.max_output_tokens + question.extra_budget)
        return self._ask_in_turn(models, _Request(question, purpose, deadline, ledger, budget))

    def longer(self, question: Question, cut: Completion, *, deadline: Deadline, ledger: Ledger) -> Completion | None:
        """The answer of the same model with twice the output budget; None where that is known to lead nowhere.

        That is where the model cannot write as much, where it would not be done in time at the rate at which it wrote
        `cut`, and where no call is left.

        Raises:
            Failure: there is no answer.
        """
        budget = 2 * cut.budget
        if not _holds(cut, budget) or self._policy.spent(len(ledger.attempts)):
            return None
        written = cut.usage.output_tokens or (cut.budget if cut.cut else 0)
        if not written or cut.seconds * budget / written > deadline.remaining():
            return None
        return self._ask_in_turn([cut.asked], _Request(question, "extended", deadline, ledger, budget))

    def close(self) -> None:
        """Close the connection that is kept for the next question."""
        self._http.close()

    def _ask_in_turn(self, models: Sequence[str], request: _Request) -> Completion:
        """Ask the first model, and the next one where that may help."""
        failure: Failure | None = None
        for number, model in enumerate(models, 1):
            calls = len(request.ledger.attempts)
            outcome = self._ask(model, request)
            if isinstance(outcome, Completion):
                return outcome
            if failure is None or len(request.ledger.attempts) > calls:
                failure = outcome  # a model that could not be asked has nothing to add
            calls, spare = len(request.ledger.attempts), request.deadline.spare()
            if number == len(models) or not self._policy.next_model(outcome, calls=calls, spare=spare):
                raise failure
        raise AssertionError  # the settings name at least one model

    def _ask(self, model: str, request: _Request) -> Completion | Failure:
        """Ask one model until it answers or the policy gives it up."""
        if self._policy.spent(len(request.ledger.attempts)):
            return CallsExhausted()
        if request.deadline.spare() < 0:
            return DeadlineExceeded()
        budget = within(model, request.budget)
        key = self._key.value(request.deadline.remaining())
        body = body_of(self._settings, model, request.question, budget)
        attempts, waited, renewed = 0, 0.0, False
        failure: Failure | None = None
        while request.deadline.spare() >= 0:
            try:
                reservation = request.ledger.purse.reserve(model, request.question.size, budget)
            except Failure as unpaid:
                return failure or unpaid  # the request ends with what it has
            attempts += 1
            sent = _Sent(headers_of(self._settings, key), body)
            call, failure = self._call(model, request, sent, waited, reservation)
            if failure is None:
                answer = call.answer
                return Completion(
                    content=answer.content,
                    finish_reason=answer.finish_reason,
                    model=answer.model or model,
                    asked=model,
                    budget=budget,
                    seconds=call.seconds,
                    usage=answer.usage or Usage(),
                )
            calls, spare = len(request.ledger.attempts), request.deadline.spare()
            if isinstance(failure, KeyRejected) and not renewed and not self._policy.spent(calls):
                renewed = self._key.renew(key, request.deadline.remaining())
                if renewed:
                    key = self._key.value(request.deadline.remaining())
                    continue
            wait = self._policy.wait(failure, attempts=attempts, calls=calls, spare=spare)
            if wait is None:
                return failure
            self._sleep(wait)
            waited = wait
        return DeadlineExceeded()

    def _call(
        self,
        model: str,
        request: _Request,
        sent: _Sent,
        waited: float,
        reservation: Reservation,
    ) -> tuple[Call, Failure | None]:
        """Call the host once; booked before and after, whatever happens."""
        names = Names([*request.question.private, sent.headers["Authorization"]], asked=model)
        call = Call(self._http, self._patience, self._waiting, request.deadline, clock=self._clock, names=names)
        failure: Failure | None = Failure()  # what it is booked as if anything unforeseen happens
        request.ledger.attempt_starts(request.purpose, model)
        try:
            failure = call.run(f"{self._settings.openrouter_base_url}/chat/completions", sent.headers, sent.body)
        finally:
            attempt = call.booked(model, failure)
            request.ledger.attempt_ended(request.purpose, model, attempt, waited)
            reservation.settle(attempt.cost, attempt.stage, attempt.generation_id)
        return call, failure


def _holds(cut: Completion, budget: int) -> bool:
    """Whether the model that gave this answer can write so many tokens behind the same prompt."""
    entry = catalog.lookup(cut.asked)
    if entry is None:
        return True
    return budget <= entry.max_output_tokens and (cut.usage.input_tokens or 0) + budget <= entry.context
