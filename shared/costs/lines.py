"""The three log lines that costs are made of, as models; DESIGN: one `cost` line per request, always.

No field holds a prompt, generated code, a key or a token's value.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.costs.usage import CostSource

Purpose = Literal["first", "repair", "longer"]
"""Why the host is called: the first answer, an informed repair, or a longer attempt after a cut one."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    request_id: str
    function: str


class AttemptStarted(_Line):
    """Written before each call to the host; without an `attempt` after it, the process was killed."""

    attempt: int
    purpose: Purpose
    model: str


class AttemptLine(AttemptStarted):
    """Written after each call to the host. Durations in milliseconds."""

    provider: str | None
    status: int | None
    """The host's HTTP status; None when there was no answer."""
    outcome: str
    """`ok`, or the code of the failure."""
    retryable: bool
    wait_ms: int
    """How long the retry waited before this call."""
    input_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    cached_tokens: int | None
    cost_usd: Decimal | None
    cost_nano_usd: int | None
    cost_source: CostSource
    generation_id: str | None
    finish_reason: str | None
    first_token_ms: int | None
    duration_ms: int


class CostLine(_Line):
    """Written exactly once per request, whatever becomes of it. Sums are over all attempts."""

    outcome: str
    status: int
    caller: str | None
    session_id: str | None
    artifact_type: str | None
    requested_model: str | None
    model: str | None
    provider: str | None
    attempts: int
    retries: int
    repaired: bool
    replayed: bool
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cached_tokens: int
    cost_usd: Decimal | None
    cost_nano_usd: int | None
    cost_source: CostSource
    cache_saved_usd: Decimal
    generation_ids: list[str]
    finish_reason: str | None
    duration_ms: int
    upstream_ms: int
    first_token_ms: int | None
    prompt_chars: int
    response_chars: int
