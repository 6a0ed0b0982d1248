"""What an attempt may cost at most: before it is made, and afterwards where nobody says what it did cost.

| the attempt was lost | worth, at most |
|---|---|
| before a connection was made | nothing: that costs nothing, and is known |
| before a byte of an answer came | the prompt |
| after headers, comments or padding, before content; or to a gateway's time-out | the prompt and a minute's output |
| after content or reasoning had begun, or when what came cannot be read | the reserve: prompt and all output tokens |

Nothing is worth more than the reserve. The figures err on the high side: a token per byte of the prompt, none of it
from a cache, at the highest price that a provider may ask.
"""

import math
from enum import StrEnum
from typing import NamedTuple, Self

from shared.catalog import Prices

_NANO_PER_MICRO = 1000
_FRAME_TOKENS = 100
"""What a host puts around messages."""
_MINUTE = 60


class Stage(StrEnum):
    """How far an attempt came."""

    NOT_CONNECTED = "not_connected"
    NO_RESPONSE = "no_response"
    """Connected, and no byte of an answer came."""
    NO_CONTENT = "no_content"
    """An answer began, with nothing in it that the model wrote."""
    CONTENT = "content"
    """The model wrote something, or may have."""


class WorstCase(NamedTuple):
    """The maximum cost of one attempt in nano-dollars, by how far it comes."""

    prompt: int
    minute: int
    """The prompt, and what the model writes in a minute."""
    reserve: int
    """The prompt, and all that the model may write."""

    @classmethod
    def of(cls, prices: Prices, tokens_per_second: int, prompt_bytes: int, output_tokens: int) -> Self:
        """Work it out.

        Args:
            prices: the most that a provider may ask.
            tokens_per_second: the rate at which the model writes.
            prompt_bytes: how long the prompt is, in UTF-8: English has a token per three or four bytes, and no text
                has more than one each.
            output_tokens: the most that the model may write.
        """
        prompt_price, output_price = prices
        prompt = (prompt_bytes + _FRAME_TOKENS) * prompt_price
        minute = min(output_tokens, tokens_per_second * _MINUTE)
        amounts = (prompt, prompt + minute * output_price, prompt + output_tokens * output_price)
        return cls(*(math.ceil(micro * _NANO_PER_MICRO) for micro in amounts))

    def at(self, stage: Stage) -> int:
        """What an attempt is worth that was lost at this stage."""
        worth = {Stage.NOT_CONNECTED: 0, Stage.NO_RESPONSE: self.prompt, Stage.NO_CONTENT: self.minute}
        return worth.get(stage, self.reserve)
