"""The cost line: one per request; what it holds, and where each field comes from.

| set by | fields |
|---|---|
| the endpoint | `request_id`, `function`, `function_version`, `outcome`, `status`, `replayed`, `duration_ms` |
| the authentication | `caller` |
| the client | `requested_model` |
| the routing | `tier`, `tier_reason` |
| the function | `workflow` |
| the contract, from the request (`WorkFacts`) | `session_id`, `artifact_type`, `prompt_chars`, `feature`, `component` |
| the contract, from the result (`WorkFacts`) | `artifact_type` again, `repaired`, `applied`, `findings`, `rebuild` |
| the ledger, from the attempts | all others |

No field holds a prompt, generated code, a key or a token's value.
"""

from decimal import Decimal
from typing import NamedTuple

from shared.costs.ledger import Ledger, milliseconds
from shared.costs.usage import CostSource, nano_usd


class WorkFacts(NamedTuple):
    """What the cost line says of a function's work, apart from its attempts."""

    artifact_type: str | None = None
    session_id: str | None = None
    prompt_chars: int = 0
    repaired: bool = False
    applied: str | None = None
    findings: int | None = None
    rebuild: str | None = None
    feature: str | None = None
    component: str | None = None


class CostLine(NamedTuple):
    """Written exactly once per request, however it ends. Sums are over all attempts."""

    request_id: str
    """The invocation's id, which is also in the answer (`X-Request-ID`)."""
    function: str
    """`generate_artifact`, `generate_artifact_fix` or `chat_completions`."""
    function_version: str | None
    """The version of the function that answered, which the alias led to; `$LATEST` where none is published."""
    outcome: str
    """`ok`, or the code of the failure that the answer names; `client_gone` if it could not be sent or stored."""
    status: int
    """The status of the result; an event stream's own is 200, and that of an answer for later 202."""
    caller: str | None
    """How the caller is known, and a hash of who it is, or the name of its key; null if the caller is not known."""
    session_id: str | None
    """The session id of the request."""
    feature: str | None
    """What the caller names as the feature that the request is part of (`metadata.feature`)."""
    component: str | None
    """The same for the component (`metadata.component`)."""
    artifact_type: str | None
    """The kind of the artifact, or else the requested kind."""
    requested_model: str | None
    """The first model that was to be asked: that of the settings, or of the tier; null if none was."""
    workflow: str | None
    """How an artifact was to be made: `direct` or `reviewed`; null where none was generated."""
    tier: str | None
    """The tier of `model`: `fast`, `balanced` or `powerful`; null if none had to be chosen."""
    tier_reason: str | None
    """Why that tier, step by step."""
    model: str | None
    """The model that wrote what was given back, or was last asked for it or else for its plan, as the host names it."""
    host: str | None
    """The model host that was called for it; null if none was."""
    provider: str | None
    """Who served that model."""
    attempts: int
    """Number of attempts: calls to the model host."""
    retries: int
    """Attempts made because the one before failed; neither repairs nor extended attempts, nor steps of a workflow."""
    repaired: bool
    """Whether the artifact was repaired before it was returned."""
    applied: str | None
    """How a given artifact was changed: by `edits`, or in a `rewrite` of the whole; null if none was, or it failed."""
    findings: int | None
    """How many findings a review had, at most 20; null if there was no review that could be used."""
    rebuild: str | None
    """What became of the rebuild for them: `kept`, or `discarded` for the first build; null if there was none."""
    replayed: bool
    """Whether the answer is that of an earlier request with the same `Idempotency-Key`."""
    input_tokens: int
    """Tokens of all prompts."""
    output_tokens: int
    """Tokens written by the models, reasoning included."""
    reasoning_tokens: int
    """Output tokens spent on reasoning."""
    cached_tokens: int
    """Prompt tokens read from the host's cache."""
    cost_usd: Decimal | None
    """Sum of the known costs; null if none is known."""
    cost_nano_usd: int | None
    """The same in whole nano-dollars, for exact sums."""
    cost_source: CostSource
    """The weakest source among the attempts' costs: `unknown`, `estimated`, `reported` or `none`."""
    cache_saved_usd: Decimal
    """What cached tokens saved, at list price."""
    generation_ids: list[str]
    """The host's ids of the attempts."""
    finish_reason: str | None
    """Why that model stopped writing, in the host's words."""
    duration_ms: int
    """From the start of the request in the function to its result."""
    upstream_ms: int
    """Total duration of the attempts."""
    first_token_ms: int | None
    """From the start of that model's attempt to its first token."""
    prompt_chars: int
    """Characters of the prompt, or of the given code and the prompt or error message together."""
    response_chars: int
    """Characters of the models' complete answers, without reasoning."""

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        facts: WorkFacts,
        *,
        outcome: str,
        status: int,
        caller: str | None,
        requested_model: str | None,
        workflow: str | None = None,
        tier: str | None = None,
        tier_reason: str | None = None,
        function_version: str | None = None,
        replayed: bool,
        seconds: float,
    ) -> "CostLine":
        """Return the cost line of a request that has ended; `seconds` is its duration."""
        attempts, cost, usage = ledger.attempts, ledger.cost, ledger.usage
        author = ledger.author
        return cls(
            request_id=ledger.request_id,
            function=ledger.function,
            function_version=function_version,
            outcome=outcome,
            status=status,
            caller=caller,
            session_id=facts.session_id,
            feature=facts.feature,
            component=facts.component,
            artifact_type=facts.artifact_type,
            requested_model=requested_model,
            workflow=workflow,
            tier=tier,
            tier_reason=tier_reason,
            model=author.model if author else None,
            host=author.host if author else None,
            provider=author.provider if author else None,
            attempts=len(attempts),
            retries=ledger.retries,
            repaired=facts.repaired,
            applied=facts.applied,
            findings=facts.findings,
            rebuild=facts.rebuild,
            replayed=replayed,
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            reasoning_tokens=usage.reasoning_tokens or 0,
            cached_tokens=usage.cached_tokens or 0,
            cost_usd=cost.usd,
            # Rounded per attempt, as on the attempts' lines: a sum of rounded amounts is not the rounded sum.
            cost_nano_usd=None if cost.usd is None else sum(nano_usd(each.cost.usd) or 0 for each in attempts),
            cost_source=cost.source,
            cache_saved_usd=sum((attempt.cache_saved_usd for attempt in attempts), Decimal(0)),
            generation_ids=[attempt.generation_id for attempt in attempts if attempt.generation_id],
            finish_reason=author.finish_reason if author else None,
            duration_ms=milliseconds(seconds),
            upstream_ms=sum(milliseconds(attempt.duration) for attempt in attempts),
            first_token_ms=None if author is None or author.first_token is None else milliseconds(author.first_token),
            prompt_chars=facts.prompt_chars,
            response_chars=sum(attempt.content_chars for attempt in attempts if attempt.succeeded),
        )
