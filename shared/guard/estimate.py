"""The most that one call to the model host may cost, guessed before it is made."""

import math
from decimal import Decimal

from shared import catalog

Prices = tuple[Decimal, Decimal]
"""Of prompt and completion, USD per million tokens."""

_NANO_PER_MICRO = 1000
_FRAME_TOKENS = 100
"""What a host puts around messages."""


def most(model: str, prompt_bytes: int, output_tokens: int, ceiling: Prices | None = None) -> int:
    """Nano-dollars for a prompt of a token per byte and the whole output budget, nothing of it from a cache.

    At the most that a provider may ask (`ceiling`), where that is set, else at the model's list price, or the dearest
    of all where it is not listed. English has a token per three or four bytes, and no text has more than one each.
    """
    prompt_price, output_price = ceiling or _list_prices(model)
    micro = (prompt_bytes + _FRAME_TOKENS) * prompt_price + output_tokens * output_price
    return math.ceil(micro * _NANO_PER_MICRO)


def _list_prices(model: str) -> Prices:
    entry = catalog.lookup(model)
    entries = [entry] if entry else catalog.known()
    return max(each.input_price for each in entries), max(each.output_price for each in entries)
