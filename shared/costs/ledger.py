"""The ledger of one request: records every attempt, before and after it is made, and sums them up."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from shared.costs.attempt_lines import ADVICE, AttemptLine, AttemptStarted, Purpose
from shared.costs.usage import Cost, Usage, nano_usd, total
from shared.costs.worst_case import Stage

Emit = Callable[[str, dict[str, Any]], None]
"""Writes one log line: its name and its fields."""


class AttemptRecord(NamedTuple):
    """The result of one attempt. Durations in seconds."""

    requested_model: str
    """The model, as the settings name it."""
    model: str
    """The model that answered, as the host names it, or else the requested one."""
    outcome: str
    """`ok`, or the code of the failure."""
    retryable: bool
    cost: Cost
    usage: Usage
    duration: float
    host: str = "openrouter"
    """The model host that was called."""
    provider: str | None = None
    status: int | None = None
    generation_id: str | None = None
    finish_reason: str | None = None
    first_token: float | None = None
    stage: Stage = Stage.CONTENT
    """How far it came, which decides the amount that is counted if its cost is unknown."""
    content_chars: int = 0
    """Characters of the answer, without reasoning."""
    cache_saved_usd: Decimal = Decimal(0)
    """What cached tokens saved, at list price."""
    purpose: Purpose = "first"

    @property
    def succeeded(self) -> bool:
        """Whether it brought a complete answer."""
        return self.outcome == "ok"


class Ledger:
    """Records the attempts of one request, and writes two log lines for each."""

    def __init__(self, function: str, request_id: str, emit: Emit) -> None:
        self.function = function
        self.request_id = request_id
        self.emit = emit
        self.attempts: list[AttemptRecord] = []
        self._author: AttemptRecord | None = None

    def attempt_starts(self, purpose: Purpose, model: str, host: str) -> None:
        """Log that an attempt begins; if the process is killed during the attempt, this line remains."""
        self.emit("attempt_started", AttemptStarted(**self._head(purpose, model, host))._asdict())

    def attempt_ended(self, purpose: Purpose, attempt: AttemptRecord, waited: float = 0.0) -> None:
        """Record the result of an attempt; `waited` is how long the retry waited before it, in seconds."""
        self.emit(
            "attempt",
            AttemptLine(
                **self._head(purpose, attempt.requested_model, attempt.host),
                provider=attempt.provider,
                status=attempt.status,
                outcome=attempt.outcome,
                retryable=attempt.retryable,
                wait_ms=milliseconds(waited),
                input_tokens=attempt.usage.input_tokens,
                output_tokens=attempt.usage.output_tokens,
                reasoning_tokens=attempt.usage.reasoning_tokens,
                cached_tokens=attempt.usage.cached_tokens,
                cost_usd=attempt.cost.usd,
                cost_nano_usd=nano_usd(attempt.cost.usd),
                cost_source=attempt.cost.source,
                generation_id=attempt.generation_id,
                finish_reason=attempt.finish_reason,
                first_token_ms=None if attempt.first_token is None else milliseconds(attempt.first_token),
                duration_ms=milliseconds(attempt.duration),
            )._asdict(),
        )
        self.attempts.append(attempt._replace(purpose=purpose))

    def note_author(self, attempt: AttemptRecord) -> None:
        """Note that this attempt wrote what is given back, whatever is asked of other models after it."""
        self._author = attempt

    @property
    def author(self) -> AttemptRecord | None:
        """The attempt that wrote what is given back; else the last that was to write it, or gave advice at least."""
        written = [attempt for attempt in self.attempts if attempt.purpose not in ADVICE] or self.attempts
        return self._author or (written[-1] if written else None)

    @property
    def retries(self) -> int:
        """How many attempts were made because the one before failed; neither repairs nor steps after one."""
        pairs = zip(self.attempts, self.attempts[1:], strict=False)
        return sum(not before.succeeded and before.purpose == after.purpose for before, after in pairs)

    @property
    def cost(self) -> Cost:
        """What the attempts have cost so far."""
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

    def _head(self, purpose: Purpose, model: str, host: str) -> dict[str, Any]:
        return {
            "request_id": self.request_id,
            "function": self.function,
            "attempt": len(self.attempts) + 1,
            "purpose": purpose,
            "model": model,
            "host": host,
        }


def milliseconds(seconds: float) -> int:
    """Return a duration as the log lines give it."""
    return round(seconds * 1000)
