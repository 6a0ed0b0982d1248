"""The two log lines of an attempt: one before the call to the model host, one after it.

No field holds a prompt, generated code, a key or a token's value.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.costs.usage import CostSource

Purpose = Literal["first", "repair", "extended"]
"""Why an attempt is made: the first one, an informed repair, or twice the output tokens after a truncated answer."""


class RequestLine(BaseModel):
    """What every line of the costs says."""

    model_config = ConfigDict(frozen=True)

    request_id: str
    """The invocation's id, which the answer has too (`X-Request-ID`)."""
    function: str
    """`generate_artifact` or `generate_artifact_fix`."""


class AttemptStarted(RequestLine):
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
