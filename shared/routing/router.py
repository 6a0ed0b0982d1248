"""Chooses the models for a request: the tier that its score asks for, then the better ones as fallbacks."""

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Self

from shared.costs.attempt_lines import ADVICE
from shared.deadline import Clock
from shared.model_host import HostedModel
from shared.model_host.hosts import each_once, tiers_of
from shared.routing.complexity import complexity
from shared.routing.tiers import TIERS, Tier, effective_score, raised, tier_for
from shared.run import Run
from shared.settings import Settings


class RoutingRequest(NamedTuple):
    """What is known of a request before a model is chosen. Without prompt and data it has no score of its own."""

    prompt: str = ""
    """What is asked; all that counts of a conversation."""
    data: str = ""
    """What it is asked about, such as a document or code."""
    intent: str | None = None
    """What is to be done, as `complexity.toml` names it; None: the prompt's words say it."""
    score: float | None = None
    """The caller's score, from 0 to 10."""
    previous_failures: int = 0
    """How often the caller has failed with this before; 0 or more."""


class Choice(NamedTuple):
    """The models for a request, and why these."""

    tier: Tier
    candidates: Mapping[Tier, tuple[HostedModel, ...]]
    """The models of the tier, then those of each better one that is available, in this order."""
    effective: float
    """The score that decided, from 0 to 10."""
    caller_score: float | None
    own_score: float | None
    """The request's own score; None where nothing of it is known."""
    intent: str | None
    """What is to be done, as far as that was found out."""
    factors: Mapping[str, float]
    """What the request's own score is made of."""
    reason: str
    """How the tier came about, for log and caller; it holds nothing of the request's text."""

    @property
    def models(self) -> tuple[HostedModel, ...]:
        """The models to ask, in order, each once."""
        return each_once(self.candidates.values())

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The better tiers that follow, in order."""
        return tuple(self.candidates)[1:]

    def one_better(self) -> Self | None:
        """Return the choice of the next better tier, for when a repair has failed; None if there is none."""
        return self._moved_to(self.tiers[0], "a repair failed") if self.tiers else None

    def note(self, run: Run) -> Self:
        """Put tier and reason on the cost line of a run, and return the choice as it turned out.

        The tier is that of the model that was asked last: a better one than was chosen, if that did not answer.
        """
        asked_last = run.ledger.attempts[-1] if run.ledger.attempts else None
        last = asked_last.requested_model if asked_last and asked_last.purpose not in ADVICE else None
        asked = (tier for tier, models in self.candidates.items() if any(model.name == last for model in models))
        noted = self._moved_to(next(asked, self.tier), f"{self.tier} did not answer")
        run.tier, run.tier_reason = noted.tier, noted.reason
        return noted

    def _moved_to(self, tier: Tier, why: str) -> Self:
        """Return the choice of a better tier that is available; of the same one, the choice itself."""
        if tier == self.tier:
            return self
        better = TIERS[TIERS.index(tier) :]
        candidates = {each: models for each, models in self.candidates.items() if each in better}
        return self._replace(tier=tier, candidates=candidates, reason=f"{self.reason}; {why}: {tier}")


class Router:
    """Chooses models by the tiers of the settings.

    Args:
        bounds: the scores between the tiers.
        models: the models of each tier that can be asked; a tier may have none, but not all of them.
    """

    def __init__(self, bounds: tuple[float, float], models: Mapping[str, tuple[HostedModel, ...]]) -> None:
        self._bounds = bounds
        self._models: dict[Tier, tuple[HostedModel, ...]] = {tier: models[tier] for tier in TIERS if models[tier]}

    @classmethod
    def of(cls, settings: Settings, clock: Clock = time.monotonic) -> Self:
        """Return the router of these settings; models at a host without a key are left out.

        Raises:
            SettingsError: a tier names what is no model or may not be in it, or no model of any tier can be asked.
        """
        return cls(settings.tier_bounds, tiers_of(settings, clock))

    @property
    def models(self) -> tuple[HostedModel, ...]:
        """All models that can be chosen, those of the cheapest tier first."""
        return each_once(self._models.values())

    def choose(self, request: RoutingRequest) -> Choice:
        """Return the choice for a request; nothing is asked of a model."""
        known = bool(request.prompt or request.data)
        own = complexity(request.prompt, request.data, request.intent) if known else None
        own_score = own.score if own else None
        effective = effective_score(request.score, own_score)
        wanted = raised(tier_for(effective, self._bounds), request.previous_failures)
        tier = self._available(wanted)
        return Choice(
            tier=tier,
            candidates={each: self._models[each] for each in TIERS[TIERS.index(tier) :] if each in self._models},
            effective=effective,
            caller_score=request.score,
            own_score=own_score,
            intent=own.intent if own else None,
            factors=own.factors if own else {},
            reason="; ".join(self._steps(request, own_score, effective, wanted, tier)),
        )

    def _available(self, wanted: Tier) -> Tier:
        """Return this tier, or else the next better one with a model, or else the best of the others."""
        at = TIERS.index(wanted)
        return next(tier for tier in (*TIERS[at:], *reversed(TIERS[:at])) if tier in self._models)

    def _steps(
        self, request: RoutingRequest, own: float | None, effective: float, wanted: Tier, tier: Tier
    ) -> Iterator[str]:
        """Yield how the tier came about, step by step."""
        of = "" if own is None or request.score is None else f" (caller {request.score:g}, request {own:g})"
        yield f"score {effective:g}{of}: {tier_for(effective, self._bounds)}"
        if request.previous_failures:
            yield f"earlier failures {request.previous_failures}: {wanted}"
        if tier != wanted:
            yield f"{wanted} has no model that can be asked: {tier}"
