"""The most that one call to the model host may cost, known before it is made."""

import math

from shared.catalog import Prices

_NANO_PER_MICRO = 1000
_FRAME_TOKENS = 100
"""What a host puts around messages."""


def most(prices: Prices, prompt_bytes: int, output_tokens: int) -> int:
    """Nano-dollars for a prompt of a token per byte and the whole output budget, nothing of it from a cache.

    English has a token per three or four bytes, and no text has more than one each.

    Args:
        prices: the most that a provider may ask.
        prompt_bytes: how long the prompt is, in UTF-8.
        output_tokens: the output budget.
    """
    prompt_price, output_price = prices
    micro = (prompt_bytes + _FRAME_TOKENS) * prompt_price + output_tokens * output_price
    return math.ceil(micro * _NANO_PER_MICRO)
