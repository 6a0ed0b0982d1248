"""The tiers of models, and which one a score asks for."""

from typing import Literal, get_args

from shared.routing.complexity import neutral_score

Tier = Literal["fast", "balanced", "powerful"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""From the cheapest to the best."""

_CALLERS_SHARE = 0.6
"""The weight of the caller's score beside the request's own."""


def effective_score(callers: float | None, own: float | None) -> float:
    """Return the score that decides, of the caller's and the request's own; either may be missing."""
    if callers is None:
        return neutral_score() if own is None else own
    if own is None:
        return callers
    # Rounded, so that a sum of decimal fractions is on the side of a bound that it is on by hand.
    return round(_CALLERS_SHARE * callers + (1 - _CALLERS_SHARE) * own, 6)


def tier_for(score: float, bounds: tuple[float, float]) -> Tier:
    """Return the tier for a score: fast below the first bound, powerful above the second, else balanced."""
    low, high = bounds
    if score < low:
        return "fast"
    return "balanced" if score <= high else "powerful"


def raised(tier: Tier, steps: int) -> Tier:
    """Return the tier that is this many steps better, or the best."""
    return TIERS[min(TIERS.index(tier) + steps, len(TIERS) - 1)]
