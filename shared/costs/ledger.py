"""The ledger of one request: every call to the host is booked here, before and after, and summed up at the end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import BaseModel

from shared import catalog
from shared.costs.log_lines import AttemptLine, AttemptStarted, CostLine, Purpose
from shared.costs.spending import OpenPurse, Purse
from shared.costs.usage import Cost, Usage, nano_usd, total
from shared.costs.worst_case import Stage
from shared.deadline import Clock

Emit = Callable[[str, BaseModel], None]
"""Writes one log line: its name and its fields."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one call to the host came to. Durations in seconds."""

    asked: str
    """The model as we call it."""
    model: str
    """As the host calls the one that answered, or else as we do."""
    outcome: str
    retryable: bool
    cost: Cost
    usage: Usage
    duration: float
    provider: str | None = None
    status: int | None = None
    generation_id: str | None = None
    finish_reason: str | None = None
    first_token: float | None = None
    stage: Stage = Stage.CONTENT
    """How far it came, which says what it is worth where its cost is unknown."""


@dataclass(slots=True)
class RequestFacts:
    """What the cost line says of the request itself, filled in as it becomes known."""

    caller: str | None = None
    session_id: str | None = None
    artifact_type: str | None = None
    replayed: bool = False
    requested_model: str | None = None
    repaired: bool = False
    prompt_chars: int = 0
    response_chars: int = 0


@dataclass(slots=True)
class Ledger:
    """Books the calls that one request makes to the model host, and writes its cost line."""

    function: str
    request_id: str
    emit: Emit
    clock: Clock = time.monotonic
    facts: RequestFacts = field(default_factory=RequestFacts)
    purse: Purse = field(default_factory=OpenPurse)
    """What the calls are paid from."""
    attempts: list[Attempt] = field(default_factory=list)
    started_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.started_at = self.clock()

    def attempt_starts(self, purpose: Purpose, model: str) -> None:
        """Book that the host is about to be called; a process killed after this leaves this line."""
        self.emit("attempt_started", AttemptStarted(**self._head(purpose, model)))

    def attempt_ended(self, purpose: Purpose, requested_model: str, attempt: Attempt, waited: float = 0.0) -> None:
        """Book what the call came to; `waited` is how long the retry waited before it, in seconds."""
        self.emit(
            "attempt",
            AttemptLine(
                **self._head(purpose, requested_model),
                provider=attempt.provider,
                status=attempt.status,
                outcome=attempt.outcome,
                retryable=attempt.retryable,
                wait_ms=_ms(waited),
                input_tokens=attempt.usage.input_tokens,
                output_tokens=attempt.usage.output_tokens,
                reasoning_tokens=attempt.usage.reasoning_tokens,
                cached_tokens=attempt.usage.cached_tokens,
                cost_usd=attempt.cost.usd,
                cost_nano_usd=nano_usd(attempt.cost.usd),
                cost_source=attempt.cost.source,
                generation_id=attempt.generation_id,
                finish_reason=attempt.finish_reason,
                first_token_ms=None if attempt.first_token is None else _ms(attempt.first_token),
                duration_ms=_ms(attempt.duration),
            ),
        )
        self.attempts.append(attempt)

    @property
    def cost(self) -> Cost:
        """What the request has cost so far."""
        return total([attempt.cost for attempt in self.attempts])

    @property
    def usage(self) -> Usage:
        """The tokens of all attempts."""
        return Usage(
            input_tokens=sum(attempt.usage.input_tokens or 0 for attempt in self.attempts),
            output_tokens=sum(attempt.usage.output_tokens or 0 for attempt in self.attempts),
            reasoning_tokens=sum(attempt.usage.reasoning_tokens or 0 for attempt in self.attempts),
            cached_tokens=sum(attempt.usage.cached_tokens or 0 for attempt in self.attempts),
        )

    def close(self, outcome: str, status: int) -> CostLine:
        """Write the cost line and return it, and close the purse; called once, before the answer is given."""
        last = self.attempts[-1] if self.attempts else None
        cost, usage = self.cost, self.usage
        line = CostLine(
            request_id=self.request_id,
            function=self.function,
            outcome=outcome,
            status=status,
            caller=self.facts.caller,
            session_id=self.facts.session_id,
            artifact_type=self.facts.artifact_type,
            requested_model=self.facts.requested_model,
            model=last.model if last else None,
            provider=last.provider if last else None,
            attempts=len(self.attempts),
            retries=sum(attempt.outcome != "ok" for attempt in self.attempts[:-1]),
            repaired=self.facts.repaired,
            replayed=self.facts.replayed,
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            reasoning_tokens=usage.reasoning_tokens or 0,
            cached_tokens=usage.cached_tokens or 0,
            cost_usd=cost.usd,
            # As the attempts' lines have it: a sum of rounded amounts is not the rounded sum.
            cost_nano_usd=None if cost.usd is None else sum(nano_usd(each.cost.usd) or 0 for each in self.attempts),
            cost_source=cost.source,
            cache_saved_usd=self._saved(),
            generation_ids=[attempt.generation_id for attempt in self.attempts if attempt.generation_id],
            finish_reason=last.finish_reason if last else None,
            duration_ms=_ms(self.clock() - self.started_at),
            upstream_ms=sum(_ms(attempt.duration) for attempt in self.attempts),
            first_token_ms=None if last is None or last.first_token is None else _ms(last.first_token),
            prompt_chars=self.facts.prompt_chars,
            response_chars=self.facts.response_chars,
        )
        self.emit("cost", line)
        self.purse.close()
        return line

    def _head(self, purpose: Purpose, model: str) -> "dict[str, str | int]":
        return {
            "request_id": self.request_id,
            "function": self.function,
            "attempt": len(self.attempts) + 1,
            "purpose": purpose,
            "model": model,
        }

    def _saved(self) -> Decimal:
        saved = Decimal(0)
        for attempt in self.attempts:
            entry = catalog.lookup(attempt.model)
            if entry is not None:
                usage = attempt.usage
                saved += entry.saved_by_cache(min(usage.cached_tokens or 0, usage.input_tokens or 0))
        return saved


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
