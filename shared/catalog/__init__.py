"""The models: price, limits and quirks of each, as data in `models.toml`.

Prices are list prices, for estimating what a host did not say; what was really spent is what the host reports.
"""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_DATA = Path(__file__).with_name("models.toml")
_MILLION = 1_000_000
_ROUTING_VARIANTS = {"nitro", "floor", "exacto"}
"""Suffixes that only say how the host chooses a provider (its documentation, 2026). Others are models of their own."""


Prices = tuple[Decimal, Decimal]
"""Of prompt and completion, USD per million tokens."""


class Model(BaseModel):
    """What is known about one model; prices in USD per million tokens, sizes in tokens."""

    model_config = ConfigDict(frozen=True)

    name: str
    input_price: Decimal
    cached_input_price: Decimal
    output_price: Decimal
    context: int
    max_output_tokens: int
    temperature: float | None = None
    """The vendor's advice; None where the model accepts only its own fixed value, so that none may be sent."""
    thinking: bool
    tokens_per_second: int = Field(gt=0)
    """The fast end of the rates at which it was seen to write."""
    rate_source: str
    source: str
    date: str

    def price(self, *, prompt_tokens: int, cached_tokens: int, output_tokens: int) -> Decimal:
        """The list price of a call in USD; reasoning tokens are output tokens."""
        cached_tokens = min(cached_tokens, prompt_tokens)
        fresh = prompt_tokens - cached_tokens
        micro = fresh * self.input_price + cached_tokens * self.cached_input_price + output_tokens * self.output_price
        return micro / _MILLION

    def saved_by_cache(self, cached_tokens: int) -> Decimal:
        """What the host's prompt cache saved in USD, at list price."""
        return cached_tokens * (self.input_price - self.cached_input_price) / _MILLION


def lookup(*names: str | None) -> Model | None:
    """The model of the first of these names that is known; None if none is.

    A dated slug such as `…-20251106` is the model that it begins with, and so is a routing variant such as `…:nitro`.
    """
    return next((model for name in names if name and (model := _named(name))), None)


def ceiling(model: str) -> Prices:
    """The most that a provider of this model should ask: its list price, or the dearest of all where it has none."""
    entry = lookup(model)
    entries = [entry] if entry else list(_models().values())
    return max(each.input_price for each in entries), max(each.output_price for each in entries)


def tokens_per_second(model: str) -> int:
    """The rate at which this model may write: that of the fastest of all where it is not known."""
    entry = lookup(model)
    entries = [entry] if entry else list(_models().values())
    return max(each.tokens_per_second for each in entries)


def _named(name: str) -> Model | None:
    models = _models()
    name, _, variant = name.partition(":")
    if variant and variant not in _ROUTING_VARIANTS:
        return None
    base, _, date = name.rpartition("-")
    return models.get(name) or (models.get(base) if date.isdigit() else None)


@cache
def _models() -> dict[str, Model]:
    tables: dict[str, dict[str, Any]] = tomllib.loads(_DATA.read_text("utf-8"), parse_float=Decimal)
    return {name: Model.model_validate({"name": name, **table}) for name, table in tables.items()}
