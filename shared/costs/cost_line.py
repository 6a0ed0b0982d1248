"""The cost line: one per request, what it holds, and where each field comes from.

| known by | fields |
|---|---|
| the endpoint | `request_id`, `function`, `outcome`, `status`, `replayed`, `duration_ms` |
| the authentication | `caller` |
| the function's contract, of the request (`WorkFacts`) | `session_id`, `artifact_type`, `prompt_chars` |
| what the function returns (`WorkFacts`) | `artifact_type` again, `repaired` |
| the ledger, of the attempts | all others |

No field holds a prompt, generated code, a key or a token's value.
"""

from dataclasses import dataclass
from decimal import Decimal

from shared import catalog
from shared.costs.attempt_lines import RequestLine
from shared.costs.ledger import AttemptRecord, Ledger, milliseconds
from shared.costs.usage import CostSource, nano_usd


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What the cost line says of a function's work beside its attempts."""

    artifact_type: str | None = None
    session_id: str | None = None
    prompt_chars: int = 0
    repaired: bool = False


class CostLine(RequestLine):
    """Written exactly once per request, whatever becomes of it. Sums are over all of its calls to the model host."""

    outcome: str
    """`ok`, or the code of the failure that the answer names."""
    status: int
    """The answer's HTTP status."""
    caller: str | None
    """How the caller is known, and a hash; null where nobody is known."""
    session_id: str | None
    """As the request has it."""
    artifact_type: str | None
    """The kind that was made, or else asked for."""
    requested_model: str | None
    """The first model of the settings; null where none was asked."""
    model: str | None
    """The model that answered last, as the host names it."""
    provider: str | None
    """Who served it."""
    attempts: int
    """Calls to the model host."""
    retries: int
    """Those that were made because the one before failed; neither repairs nor extended attempts."""
    repaired: bool
    """Whether the artifact was repaired before it was returned."""
    replayed: bool
    """Whether the answer is that of an earlier request with the same `Idempotency-Key`."""
    input_tokens: int
    """Of all prompts."""
    output_tokens: int
    """Written by the models, reasoning included."""
    reasoning_tokens: int
    """Those of them that they thought with."""
    cached_tokens: int
    """Those of the prompts that the host's cache held."""
    cost_usd: Decimal | None
    """The sum of what is known; null where nothing is."""
    cost_nano_usd: int | None
    """The same in whole nano-dollars, for exact sums."""
    cost_source: CostSource
    """How the weakest part of the sum is known."""
    cache_saved_usd: Decimal
    """What the cached tokens saved, at list price."""
    generation_ids: list[str]
    """The host's names for the calls."""
    finish_reason: str | None
    """Why the last model stopped writing, in the host's words."""
    duration_ms: int
    """From the function's start on the request to its answer."""
    upstream_ms: int
    """The part of it that the model host took."""
    first_token_ms: int | None
    """Of the last call."""
    prompt_chars: int
    """Of the prompt, or of the code and the error message, as they were sent."""
    response_chars: int
    """Of what the models answered, reasoning aside."""

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        facts: WorkFacts,
        *,
        outcome: str,
        status: int,
        caller: str | None,
        replayed: bool,
        seconds: float,
    ) -> "CostLine":
        """Return the line of a request that has ended; `seconds` is how long it took."""
        attempts, cost, usage = ledger.attempts, ledger.cost, ledger.usage
        last = attempts[-1] if attempts else None
        return cls(
            request_id=ledger.request_id,
            function=ledger.function,
            outcome=outcome,
            status=status,
            caller=caller,
            session_id=facts.session_id,
            artifact_type=facts.artifact_type,
            requested_model=attempts[0].requested_model if attempts else None,
            model=last.model if last else None,
            provider=last.provider if last else None,
            attempts=len(attempts),
            retries=sum(not attempt.succeeded for attempt in attempts[:-1]),
            repaired=facts.repaired,
            replayed=replayed,
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            reasoning_tokens=usage.reasoning_tokens or 0,
            cached_tokens=usage.cached_tokens or 0,
            cost_usd=cost.usd,
            # As the attempts' lines have it: a sum of rounded amounts is not the rounded sum.
            cost_nano_usd=None if cost.usd is None else sum(nano_usd(each.cost.usd) or 0 for each in attempts),
            cost_source=cost.source,
            cache_saved_usd=sum((_saved_by_cache(attempt) for attempt in attempts), Decimal(0)),
            generation_ids=[attempt.generation_id for attempt in attempts if attempt.generation_id],
            finish_reason=last.finish_reason if last else None,
            duration_ms=milliseconds(seconds),
            upstream_ms=sum(milliseconds(attempt.duration) for attempt in attempts),
            first_token_ms=None if last is None or last.first_token is None else milliseconds(last.first_token),
            prompt_chars=facts.prompt_chars,
            response_chars=sum(attempt.content_chars for attempt in attempts if attempt.succeeded),
        )


def _saved_by_cache(attempt: AttemptRecord) -> Decimal:
    entry = catalog.lookup(attempt.model)
    usage = attempt.usage
    return entry.saved_by_cache(min(usage.cached_tokens or 0, usage.input_tokens or 0)) if entry else Decimal(0)
