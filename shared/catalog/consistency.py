"""What the data of a model must not say together."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import get_args

from shared.catalog.model import Effort, Model, Price

_EFFORTS = {"always": (), "switch": ("none",), "effort": get_args(Effort)}
"""What a model can be told, by how it thinks; one that can be switched off is told nothing where it is to think."""


def contradictions(model: Model) -> Iterator[str]:
    """Yield what contradicts itself in the data of a model, one sentence each, the field's name in front."""
    yield from _limits(model)
    yield from _quirks(model)
    if not model.prices:
        yield "prices: must have at least one"
    for number, price in enumerate(model.prices):
        for problem in _price(price):
            yield f"prices[{number}].{problem}"
    ordered = sorted(model.prices, key=lambda price: price.since or dt.date.min)
    if any(
        earlier.until is None or (later.since or dt.date.min) < earlier.until for earlier, later in pairwise(ordered)
    ):
        yield "prices: two of them hold on the same day"


def _limits(model: Model) -> Iterator[str]:
    if model.max_output_tokens > model.context:
        yield "max_output_tokens: is more than context"
    if model.least_output_tokens > model.max_output_tokens:
        yield "least_output_tokens: is more than max_output_tokens"


def _quirks(model: Model) -> Iterator[str]:
    if model.thinking == "effort" and model.effort is None:
        yield 'effort: must be given where thinking is "effort"'
    elif model.effort is not None and model.effort not in _EFFORTS[model.thinking]:
        yield f'effort: is none that a model with thinking "{model.thinking}" can be told'
    if model.edit_effort is not None and model.edit_effort not in _EFFORTS[model.thinking]:
        yield f'edit_effort: is none that a model with thinking "{model.thinking}" can be told'
    if model.temperature_range is None:
        return
    lowest, highest = model.temperature_range
    if lowest > highest:
        yield "temperature_range: ends below its start"
    elif model.temperature is not None and not lowest <= model.temperature <= highest:
        yield "temperature: is outside temperature_range"


def _price(price: Price) -> Iterator[str]:
    if price.since and price.until and price.since >= price.until:
        yield "until: must be a day after from"
    if price.ceiling_input is not None and price.ceiling_input < price.input:
        yield "ceiling_input: is below input"
    if price.ceiling_output is not None and price.ceiling_output < price.output:
        yield "ceiling_output: is below output"
