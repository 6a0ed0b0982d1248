"""The usage that a host reports for an attempt, and its cost."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from shared.catalog import Catalog


class CostSource(StrEnum):
    """How a cost is known, weakest first: a sum has the source of its weakest part."""

    UNKNOWN = "unknown"
    ESTIMATED = "estimated"
    REPORTED = "reported"
    NONE = "none"


NumberT = TypeVar("NumberT", int, Decimal)

_MAX_USD, _MAX_TOKENS = 1_000_000, 1_000_000_000
"""Figures from here on are the host's error and count as missing."""


class Cost(NamedTuple):
    """An amount in USD and its source; `usd` is None if unknown."""

    usd: Decimal | None
    source: CostSource


NOTHING = Cost(Decimal(0), CostSource.NONE)
UNKNOWN = Cost(None, CostSource.UNKNOWN)


class Usage(NamedTuple):
    """Tokens of one attempt, and its cost in USD as the host reports it. Any of them may be missing."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    reported_usd: Decimal | None = None
    cache_write_tokens: int | None = None
    """Prompt tokens that the host wrote to its cache."""

    @classmethod
    def read(cls, usage: Mapping[str, Any]) -> "Usage":
        """Read a `usage` object; a value of the wrong type counts as missing.

        OpenRouter's `cost` includes the provider's price, except with the owner's own key at the provider (`is_byok`),
        which is billed separately (recorded 2026). Moonshot puts what concerns its cache at the top level.
        """
        prompt_details = _part(usage, "prompt_tokens_details")
        output_details = _part(usage, "completion_tokens_details")
        cost = _money(usage.get("cost"))
        if cost is not None and usage.get("is_byok") is True:
            upstream = _money(_part(usage, "cost_details").get("upstream_inference_cost"))
            cost = None if upstream is None else cost + upstream
        return cls(
            input_tokens=_count(usage.get("prompt_tokens")),
            output_tokens=_count(usage.get("completion_tokens")),
            reasoning_tokens=_count(output_details.get("reasoning_tokens")),
            cached_tokens=_first_count("cached_tokens", prompt_details, usage),
            reported_usd=cost,
            cache_write_tokens=_first_count("cache_write_tokens", prompt_details, usage),
        )

    def merged_with(self, earlier: "Usage | None") -> "Usage":
        """Return this usage merged with an earlier one of the same attempt: of each figure the larger.

        Hosts count up, and some report nothing, or 0, after an earlier figure.
        """
        if earlier is None:
            return self
        return Usage(
            input_tokens=_larger(self.input_tokens, earlier.input_tokens),
            output_tokens=_larger(self.output_tokens, earlier.output_tokens),
            reasoning_tokens=_larger(self.reasoning_tokens, earlier.reasoning_tokens),
            cached_tokens=_larger(self.cached_tokens, earlier.cached_tokens),
            reported_usd=_larger(self.reported_usd, earlier.reported_usd),
            cache_write_tokens=_larger(self.cache_write_tokens, earlier.cache_write_tokens),
        )

    def cost(self, catalog: Catalog, model: str | None) -> Cost:
        """Return the cost: as reported, else estimated from the list price of `model`, else unknown."""
        if self.reported_usd is not None:
            return Cost(self.reported_usd, CostSource.REPORTED)
        price = catalog.price(model)
        if price is None or self.input_tokens is None or self.output_tokens is None:
            return UNKNOWN
        usd = price.cost(
            prompt_tokens=self.input_tokens,
            cached_tokens=self.cached_tokens or 0,
            written_tokens=self.cache_write_tokens or 0,
            output_tokens=self.output_tokens,
        )
        return Cost(usd, CostSource.ESTIMATED)

    def saved_by_cache(self, catalog: Catalog, model: str | None) -> Decimal:
        """Return what cached tokens saved in USD, at the list price of `model`; 0 if it has none."""
        price = catalog.price(model)
        return price.saved_by_cache(min(self.cached_tokens or 0, self.input_tokens or 0)) if price else Decimal(0)


def total(costs: list[Cost]) -> Cost:
    """Return the sum of the known costs and the weakest source; `usd` is None if no cost of several is known."""
    if not costs:
        return NOTHING
    known = [cost.usd for cost in costs if cost.usd is not None]
    sources = {cost.source for cost in costs}
    weakest = next(source for source in CostSource if source in sources)
    return Cost(sum(known, Decimal(0)) if known else None, weakest)


def nano_usd(usd: Decimal | None) -> int | None:
    """Return the amount in whole nano-dollars, for exact sums."""
    return None if usd is None else round(usd * 1_000_000_000)


def _larger(one: NumberT | None, other: NumberT | None) -> NumberT | None:
    known = [number for number in (one, other) if number is not None]
    return max(known, default=None)


def _part(usage: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = usage.get(name)
    return part if isinstance(part, Mapping) else {}


def _first_count(name: str, *places: Mapping[str, Any]) -> int | None:
    """Return the count of this name from the first of these places that has one."""
    return next((count for place in places if (count := _count(place.get(name))) is not None), None)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_TOKENS else None


def _money(value: object) -> Decimal | None:
    """Return a finite amount, or None. JSON floats are read as Decimal, so nothing is rounded before this."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    amount = Decimal(str(value))
    return amount if amount.is_finite() and 0 <= amount < _MAX_USD else None
