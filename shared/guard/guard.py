"""Builds the guard of a process from its settings: limits, budget and idempotency over one table."""

from typing import NamedTuple, Self

from shared.costs.spending import SpendingLimit
from shared.guard.budget import Budget, BudgetRules
from shared.guard.dynamodb import Store
from shared.guard.idempotency import Idempotency
from shared.guard.limits import LimitRules, Limits
from shared.guard.reservation import RequestReserve
from shared.guard.table import Table
from shared.run import Run
from shared.settings import Settings


class Guard(NamedTuple):
    """Request limits, spending limits and idempotency."""

    limits: Limits
    budget: Budget
    idempotency: Idempotency

    @classmethod
    def of(cls, settings: Settings, *, store: Store | None = None) -> Self | None:
        """Return the guard of these settings; None if it is disabled. It connects at first use."""
        if not settings.enable_guard or settings.guard_table is None:
            return None
        table = Table(settings.guard_table, store or Store())
        limits = LimitRules(
            guest=settings.guest_limit,
            user=settings.user_limit,
            window_seconds=settings.limit_window_seconds,
            overall_per_minute=settings.global_limit_per_minute,
            replays=settings.replay_limit,
        )
        budget = BudgetRules(
            overall=settings.daily_budget_usd,
            caller=settings.caller_daily_budget_usd,
        )
        return cls(Limits(limits, table), Budget(budget, table), Idempotency(table))

    def spending_limit(self, run: Run) -> SpendingLimit:
        """Return the spending limit of this request."""
        return RequestReserve(self.budget, run)
