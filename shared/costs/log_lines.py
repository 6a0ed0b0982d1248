"""The three log lines that costs are made of, as models; DESIGN: one `cost` line per request, always.

No field holds a prompt, generated code, a key or a token's value.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.costs.usage import CostSource

Purpose = Literal["first", "repair", "extended"]
"""Why an attempt is made: the first one, an informed repair, or twice the output tokens after a truncated answer."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    request_id: str
    """The invocation's id, which the answer has too (`X-Request-ID`)."""
    function: str
    """`generate_artifact` or `generate_artifact_fix`."""


class AttemptStarted(_Line):
    """Written before each call to the model host; without an `attempt` after it, the process was killed."""

    attempt: int
    """Which call of the request it is, from 1."""
    purpose: Purpose
    """`first`, an informed `repair`, or `extended`: twice the output tokens, because the answer was truncated."""
    model: str
    """The model that is asked, as the settings name it."""


class AttemptLine(AttemptStarted):
    """Written after each call to the model host."""

    provider: str | None
    """Who served the model, as the host names it; null, like all such names, where that is none."""
    status: int | None
    """The host's HTTP status; null when there was no answer."""
    outcome: str
    """`ok`, or the code of the failure."""
    retryable: bool
    """Whether the failure may pass."""
    wait_ms: int
    """How long the retry waited before this call."""
    input_tokens: int | None
    """Of the prompt; null, like all tokens, where the host did not say."""
    output_tokens: int | None
    """Written by the model, reasoning included."""
    reasoning_tokens: int | None
    """Those of them that it thought with."""
    cached_tokens: int | None
    """Those of the prompt that the host's cache held."""
    cost_usd: Decimal | None
    """What the call cost; null where nobody knows."""
    cost_nano_usd: int | None
    """The same in whole nano-dollars, for exact sums."""
    cost_source: CostSource
    """How the cost is known: `reported`, `estimated`, `unknown` or `none`."""
    generation_id: str | None
    """The host's name for the call, by which its cost can be asked for."""
    finish_reason: str | None
    """Why the model stopped writing, in the host's words."""
    first_token_ms: int | None
    """From the call to the first token, reasoning included."""
    duration_ms: int
    """From the call to its end."""


class CostLine(_Line):
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
    """Whether the artifact was repaired before it was given away."""
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
