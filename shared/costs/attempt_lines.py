"""The two log lines of an attempt: one before the call to the model host, one after it.

No field holds a prompt, generated code, a key or a token's value. The lines are named tuples, because a cold start
waits until these classes are made, and nothing but this bundle fills them.
"""

from decimal import Decimal
from typing import Literal, NamedTuple

from shared.costs.usage import CostSource

Purpose = Literal["first", "repair", "extended", "chat", "plan", "build", "review", "rebuild"]
"""Why an attempt is made: the first for an artifact, a repair of its answer, one with twice the tokens after a
truncated answer, or a chat completion.

A reviewed artifact is planned, built, reviewed and rebuilt; its repairs and extended attempts are those above."""
ADVICE: frozenset[Purpose] = frozenset({"plan", "review"})
"""The purposes whose answers hold no artifact, but advice on one."""


class AttemptStarted(NamedTuple):
    """Written before each call to the model host; without an `attempt` after it, the process was killed."""

    request_id: str
    """The invocation's id, which is also in the answer (`X-Request-ID`)."""
    function: str
    """`generate_artifact`, `generate_artifact_fix` or `chat_completions`."""
    attempt: int
    """Number of the attempt within the request, from 1."""
    purpose: Purpose
    """`first`, `repair`, `extended` (with twice the output tokens, because the answer was truncated), or `chat`; of a
    reviewed artifact also `plan`, `build`, `review` and `rebuild`."""
    model: str
    """The requested model, as the settings name it."""
    host: str
    """The model host that is called: `openrouter`, `moonshot`, `kimi` or `custom`."""


class AttemptLine(NamedTuple):
    """Written after each call to the model host. Begins with the fields of `AttemptStarted`."""

    request_id: str
    """The invocation's id, which is also in the answer (`X-Request-ID`)."""
    function: str
    """`generate_artifact`, `generate_artifact_fix` or `chat_completions`."""
    attempt: int
    """Number of the attempt within the request, from 1."""
    purpose: Purpose
    """`first`, `repair`, `extended` (with twice the output tokens, because the answer was truncated), or `chat`; of a
    reviewed artifact also `plan`, `build`, `review` and `rebuild`."""
    model: str
    """The requested model, as the settings name it."""
    host: str
    """The model host that is called: `openrouter`, `moonshot`, `kimi` or `custom`."""
    provider: str | None
    """Who served the model, as the host names it; null, like all names from the host, if missing or not a safe name."""
    status: int | None
    """The host's HTTP status; null if there was no response."""
    outcome: str
    """`ok`, or the code of the failure."""
    retryable: bool
    """Whether the failure may be temporary."""
    wait_ms: int
    """How long the retry waited before this attempt."""
    input_tokens: int | None
    """Tokens of the prompt; null, like all tokens, if the host did not report them."""
    output_tokens: int | None
    """Tokens written by the model, reasoning included."""
    reasoning_tokens: int | None
    """Output tokens spent on reasoning."""
    cached_tokens: int | None
    """Prompt tokens read from the host's cache."""
    cost_usd: Decimal | None
    """What the attempt cost; null if unknown."""
    cost_nano_usd: int | None
    """The same in whole nano-dollars, for exact sums."""
    cost_source: CostSource
    """How the cost is known: `reported`, `estimated`, `unknown` or `none`."""
    generation_id: str | None
    """The host's id of the attempt, with which its cost can be requested later."""
    finish_reason: str | None
    """Why the model stopped writing, in the host's words."""
    first_token_ms: int | None
    """From the start of the attempt to the first token, reasoning included."""
    duration_ms: int
    """From the start of the attempt to its end."""
