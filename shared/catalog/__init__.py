"""The models: price, limits and quirks of each, as data in `models.toml`.

Prices are list prices, for estimating a cost that the host does not report; a reported cost always wins.
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
"""Suffixes that only change how the host chooses a provider (its documentation, 2026). Others name other models."""


Prices = tuple[Decimal, Decimal]
"""Prices of prompt and completion, USD per million tokens."""


class Model(BaseModel):
    """The data of one model; prices in USD per million tokens, sizes in tokens."""

    model_config = ConfigDict(frozen=True)

    name: str
    input_price: Decimal
    cached_input_price: Decimal
    output_price: Decimal
    context: int
    max_output_tokens: int
    temperature: float | None = None
    """The vendor's recommendation; None where the model accepts only its own value, so that none may be sent."""
    thinking: bool
    tokens_per_second: int = Field(gt=0)
    """The highest measured output rate."""
    rate_source: str
    source: str
    date: str

    def price(self, *, prompt_tokens: int, cached_tokens: int, output_tokens: int) -> Decimal:
        """Return the list price of a call in USD; reasoning tokens are output tokens."""
        cached_tokens = min(cached_tokens, prompt_tokens)
        fresh = prompt_tokens - cached_tokens
        micro = fresh * self.input_price + cached_tokens * self.cached_input_price + output_tokens * self.output_price
        return micro / _MILLION

    def saved_by_cache(self, cached_tokens: int) -> Decimal:
        """Return what the host's prompt cache saved in USD, at list price."""
        return cached_tokens * (self.input_price - self.cached_input_price) / _MILLION


def lookup(*names: str | None) -> Model | None:
    """Return the model of the first of these names that the catalog has; None if it has none of them.

    A date such as `…-20251106` and a routing variant such as `…:nitro` at the end of a name are ignored.
    """
    return next((model for name in names if name and (model := _named(name))), None)


def ceiling(model: str) -> Prices:
    """Return the maximum price of this model: its list price, or the highest of all if it is not in the catalog."""
    entry = lookup(model)
    entries = [entry] if entry else list(_models().values())
    return max(each.input_price for each in entries), max(each.output_price for each in entries)


def tokens_per_second(model: str) -> int:
    """Return the output rate of this model, or the highest of all if it is not in the catalog."""
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
