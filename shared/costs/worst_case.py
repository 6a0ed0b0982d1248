"""The maximum cost of an attempt: before it is made, and afterwards if its cost is unknown.

| the attempt failed | maximum cost |
|---|---|
| before a connection was made | 0: this is known to cost nothing |
| before a byte of an answer came | the prompt |
| after headers, comments or padding, before content; or with a gateway's time-out | the prompt and a minute's output |
| after content or reasoning had begun, or when what came cannot be read | the reserve: prompt and all output tokens |

None is more than the reserve. The figures err on the high side: a token per byte of the prompt, none of it from a
cache, at the highest price that a provider may ask.
"""

import math
from enum import StrEnum
from typing import NamedTuple, Self

from shared.catalog import Prices

_NANO_PER_MICRO = 1000
_OVERHEAD_TOKENS = 100
"""Tokens that a host adds around the messages."""
_MINUTE = 60


class Stage(StrEnum):
    """How far an attempt came."""

    NOT_CONNECTED = "not_connected"
    NO_RESPONSE = "no_response"
    """Connected, but no byte of an answer came."""
    NO_CONTENT = "no_content"
    """An answer began, without anything that the model wrote."""
    CONTENT = "content"
    """The model wrote something, or may have."""


class WorstCase(NamedTuple):
    """The maximum cost of one attempt in nano-dollars, by how far it came."""

    prompt: int
    minute: int
    """The prompt, and the output tokens of a minute."""
    reserve: int
    """The prompt, and all output tokens that the model may write."""

    @classmethod
    def of(cls, prices: Prices, tokens_per_second: int, prompt_bytes: int, output_tokens: int) -> Self:
        """Return the maximum cost of an attempt.

        Args:
            prices: the highest prices that a provider may ask.
            tokens_per_second: the rate at which the model writes.
            prompt_bytes: length of the prompt in UTF-8: English has a token per three or four bytes, and no text has
                more than one per byte.
            output_tokens: how many tokens the model may write.
        """
        prompt_price, output_price = prices
        prompt = (prompt_bytes + _OVERHEAD_TOKENS) * prompt_price
        minute = min(output_tokens, tokens_per_second * _MINUTE)
        amounts = (prompt, prompt + minute * output_price, prompt + output_tokens * output_price)
        return cls(*(math.ceil(micro * _NANO_PER_MICRO) for micro in amounts))

    def at(self, stage: Stage) -> int:
        """Return the maximum cost of an attempt that failed at this stage."""
        amounts = {Stage.NOT_CONNECTED: 0, Stage.NO_RESPONSE: self.prompt, Stage.NO_CONTENT: self.minute}
        return amounts.get(stage, self.reserve)
