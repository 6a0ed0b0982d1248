"""The guard of one process: limits, budget and idempotency over one table, as the settings have it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from shared.guard.budget import Budget, BudgetRules
from shared.guard.dynamodb import Store
from shared.guard.idempotency import Idempotency
from shared.guard.limits import LimitRules, Limits
from shared.guard.table import Table
from shared.settings import Settings

_GUEST_LIMIT, _USER_LIMIT, _CALLER_BUDGET = 5, 50, Decimal(5)
"""Where callers are counted, and the settings say nothing of it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands between a caller and the owner's money."""

    limits: Limits
    budget: Budget
    idempotency: Idempotency

    @classmethod
    def of(cls, settings: Settings, *, counts_callers: bool, store: Store | None = None) -> Self | None:
        """The guard that the settings ask for; None where it is off. Connects at first use.

        `counts_callers` says whether a caller has limits of its own by default: not where callers are the owner's own
        programs (`AUTH_MODE=iam`), which speak for many.
        """
        if not settings.enable_guard or settings.guard_table is None:
            return None
        table = Table(settings.guard_table, store or Store())
        limits = LimitRules(
            guest=_chosen(settings.guest_limit, _GUEST_LIMIT, counts_callers=counts_callers),
            user=_chosen(settings.user_limit, _USER_LIMIT, counts_callers=counts_callers),
            window_seconds=settings.limit_window_seconds,
            overall_per_minute=settings.global_limit_per_minute,
            replays=settings.replay_limit,
        )
        caller = settings.caller_daily_budget_usd
        budget = BudgetRules(
            overall=settings.daily_budget_usd,
            caller=_CALLER_BUDGET if caller is None and counts_callers else caller,
            max_price=settings.provider_max_price,
        )
        return cls(Limits(limits, table), Budget(budget, table), Idempotency(table))


def _chosen(setting: int | None, default: int, *, counts_callers: bool) -> int | None:
    """The setting, or what holds where there is none."""
    return default if setting is None and counts_callers else setting
