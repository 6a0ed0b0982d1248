"""The client: one question to the model host, asked again where that may help, until the deadline."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from shared import __version__, catalog
from shared.costs.ledger import Ledger
from shared.costs.lines import Purpose
from shared.deadline import Clock, Deadline
from shared.errors import Failure
from shared.openrouter.attempt import Call, Waiting
from shared.openrouter.key import ApiKey
from shared.openrouter.retry import RetryPolicy
from shared.openrouter.transport import Patience, patient_client
from shared.settings import Settings

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What the model is asked, and what the host may know of the request."""

    messages: Sequence[Message]
    session_id: str | None = None
    """Requests with the same one go to the same provider, which keeps its prompt cache warm."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer of the model."""

    content: str
    finish_reason: str | None
    model: str

    @property
    def cut(self) -> bool:
        """Whether the output budget ended the answer."""
        return self.finish_reason == "length"


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
        self._key = ApiKey(settings)
        self._patience = Patience(clock)
        self._http = http or patient_client(self._patience)
        self._sleep = sleep
        self._clock = clock
        self._waiting = Waiting(settings.first_token_seconds, settings.stall_seconds)
        self._policy = RetryPolicy(settings.max_attempts, settings.max_calls, settings.max_retry_wait_seconds, jitter)

    def complete(
        self, question: Question, *, deadline: Deadline, ledger: Ledger, purpose: Purpose = "first"
    ) -> Completion:
        """The model's whole answer to the question.

        Raises:
            Failure: there is none; its class says why (see `shared.openrouter.errors`).
        """
        primary, *fallbacks = self._settings.models
        ledger.facts.requested_model = primary
        outcome = self._ask(primary, question, deadline, ledger, purpose)
        for model in fallbacks:
            if isinstance(outcome, Completion):
                break
            calls, remaining = len(ledger.attempts), deadline.remaining()
            if not self._policy.next_model(outcome, calls=calls, remaining=remaining):
                break
            outcome = self._ask(model, question, deadline, ledger, purpose)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    def close(self) -> None:
        """Close the connection that is kept for the next question."""
        self._http.close()

    def _ask(
        self, model: str, question: Question, deadline: Deadline, ledger: Ledger, purpose: Purpose
    ) -> Completion | Failure:
        """Ask one model until it answers or the policy gives it up."""
        headers, body = self._headers(), self._body(model, question)
        attempts, waited = 0, 0.0
        while True:
            attempts += 1
            ledger.attempt_starts(purpose, model)
            call = Call(self._http, self._patience, self._waiting, deadline, self._clock)
            failure = call.run(f"{self._settings.openrouter_base_url}/chat/completions", headers, body)
            ledger.attempt_ended(purpose, model, call.booked(model, failure), waited)
            if failure is None:
                return Completion(call.answer.content, call.answer.finish_reason, call.answer.model or model)
            wait = self._policy.wait(
                failure, attempts=attempts, calls=len(ledger.attempts), remaining=deadline.remaining()
            )
            if wait is None:
                return failure
            self._sleep(wait)
            waited = wait

    def _headers(self) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._key.value()}",
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",  # a compressed stream is held back until a block of it is full
            "User-Agent": f"kimi-artifacts/{__version__}",
        }
        attribution = {"HTTP-Referer": self._settings.site_url, "X-Title": self._settings.site_name}
        return headers | {name: value for name, value in attribution.items() if value}

    def _body(self, model: str, question: Question) -> dict[str, Any]:
        entry = catalog.lookup(model)
        budget = self._settings.max_output_tokens
        body: dict[str, Any] = {
            "model": model,
            "messages": list(question.messages),
            "stream": True,
            # Without it the host reserves the model's own maximum, and answers 402 where the balance cannot pay that.
            "max_tokens": min(budget, entry.max_output_tokens) if entry else budget,
        }
        if entry and entry.temperature is not None:
            body["temperature"] = entry.temperature
        if question.session_id:
            body["session_id"] = question.session_id
        if routing := _routing(self._settings):
            body["provider"] = routing
        return body


def _routing(settings: Settings) -> dict[str, Any]:
    """The host's routing preferences; left alone it picks the cheapest provider, for K2 also the least accurate."""
    price = settings.provider_max_price
    wishes: dict[str, Any] = {
        "sort": settings.provider_sort,
        "order": list(settings.provider_order),
        "ignore": list(settings.provider_ignore),
        "max_price": {"prompt": float(price[0]), "completion": float(price[1])} if price else None,
    }
    return {name: wish for name, wish in wishes.items() if wish}
