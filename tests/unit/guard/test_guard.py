"""What the settings make of the guard, and that nothing is connected before it is needed."""

from decimal import Decimal
from typing import Any, NoReturn

import pytest

from shared.guard.dynamodb import Store
from shared.guard.guard import Guard
from shared.guard.limits import LimitRules
from shared.settings import Settings

TABLE = {"guard_table": "t"}
TOKENS = {"jwt_issuer": "https://issuer.example", "jwt_audience": "a", "api_keys_secret_arn": "arn:x"}


def guard(settings: dict[str, Any], auth_mode: str = "jwt") -> Guard:
    def connect() -> NoReturn:
        raise AssertionError

    made = Guard.of(Settings.model_validate(TABLE | TOKENS | {"auth_mode": auth_mode} | settings), store=Store(connect))
    assert made is not None
    return made


def test_off_is_off() -> None:
    assert Guard.of(Settings(enable_guard=False, guard_table="t")) is None


def test_the_defaults() -> None:
    ours = guard({})

    assert ours.limits.rules == LimitRules(guest=5, user=50, window_seconds=18_000, overall_per_minute=10, replays=100)
    assert ours.budget.rules == (Decimal(50), Decimal(5))


@pytest.mark.parametrize("auth_mode", ["iam", "key"])
def test_the_owners_own_programs_are_not_counted_apart(auth_mode: str) -> None:
    ours = guard({}, auth_mode)

    assert (ours.limits.rules.guest, ours.limits.rules.user, ours.limits.rules.overall_per_minute) == (None, None, 10)
    assert (ours.budget.rules.overall, ours.budget.rules.caller) == (Decimal(50), None)


@pytest.mark.parametrize("auth_mode", ["jwt", "iam", "key"])
def test_what_is_set_holds_for_all(auth_mode: str) -> None:
    settings = {"guest_limit": 1, "user_limit": 2, "caller_daily_budget_usd": "3"}
    ours = guard(settings, auth_mode)

    assert (ours.limits.rules.guest, ours.limits.rules.user) == (1, 2)
    assert ours.budget.rules == (Decimal(50), Decimal(3))
