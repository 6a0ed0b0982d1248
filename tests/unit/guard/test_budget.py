"""What may be spent: set aside before each call, settled after it, never more than the day's limit."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from shared.costs.purse import Purse, Reservation
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource
from shared.guard.budget import Budget, BudgetRules
from shared.guard.errors import BudgetExhausted, BudgetTooSmall
from tests.support.table import amounts, crowded_table, table, visit

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
KIMI = "moonshotai/kimi-k2-thinking"
RESERVE = 80_600_000 - 480_000  # nano-dollars for 100 characters and 32,000 tokens
CALL = (KIMI, 100, 32_000)


def budget(address: str, overall: str = "50", caller: str | None = "5", *, now: float = NOON) -> Budget:
    rules = BudgetRules(Decimal(overall), None if caller is None else Decimal(caller), None)
    return Budget(rules, table(address), lambda: now)


def purse(address: str, overall: str = "50", caller: str | None = "5", *, now: float = NOON) -> Purse:
    return budget(address, overall, caller, now=now).purse(visit())


def reported(usd: str) -> Cost:
    return Cost(Decimal(usd), CostSource.REPORTED)


def test_a_call_sets_aside_the_most_that_it_may_cost(address: str) -> None:
    purse(address).reserve(*CALL)

    assert list(amounts(address).values()) == [RESERVE, RESERVE]


@pytest.mark.parametrize(
    ("cost", "booked"),
    [
        (reported("0.0123456789"), 12_345_679),
        (Cost(Decimal("0.02"), CostSource.ESTIMATED), 20_000_000),
        (reported("0"), 0),
        (reported("1.5"), 1_500_000_000),
        (UNKNOWN, RESERVE),
        (NOTHING, 0),
    ],
    ids=["less", "estimated", "free", "more", "unknown", "none"],
)
def test_what_a_call_cost_takes_the_place_of_what_was_set_aside(address: str, cost: Cost, booked: int) -> None:
    reservation = purse(address).reserve(*CALL)

    reservation.settle(cost)
    reservation.settle(cost)

    assert list(amounts(address).values()) == [booked, booked]


def test_a_process_that_is_killed_leaves_it_booked(address: str) -> None:
    """Nothing settles it, so nothing has to be done for that."""
    purse(address).reserve(*CALL)

    assert list(amounts(address).values()) == [RESERVE, RESERVE]


def test_many_at_once_never_come_to_more_than_the_limit(address: str) -> None:
    rules = BudgetRules(Decimal(1), None, None)
    ours = Budget(rules, crowded_table(address), lambda: NOON).purse(visit(seconds=60))

    def reserve(_: int) -> Reservation | None:
        try:
            return ours.reserve(*CALL)
        except BudgetExhausted:
            return None

    with ThreadPoolExecutor(60) as threads:
        passed = [each for each in threads.map(reserve, range(60)) if each]

    assert len(passed) == 10**9 // RESERVE
    assert list(amounts(address).values()) == [len(passed) * RESERVE]


def test_calls_that_cost_more_than_was_set_aside_overspend_by_that_alone(address: str) -> None:
    """The bound: for each call under way, what it costs beyond its reserve."""
    ours = purse(address, overall="0.17", caller=None)
    for reservation in [ours.reserve(*CALL), ours.reserve(*CALL)]:
        reservation.settle(reported("0.09"))

    with pytest.raises(BudgetExhausted):
        ours.reserve(*CALL)
    assert list(amounts(address).values()) == [180_000_000]


def test_it_says_when_it_opens_again(address: str) -> None:
    purse(address, overall="0.1").reserve(*CALL)

    with pytest.raises(BudgetExhausted) as raised:
        purse(address, overall="0.1").reserve(*CALL)

    assert raised.value.retry_after_seconds == 12 * 3600
    assert raised.value.message.endswith("opens again on 2027-01-16 at 00:00 UTC.")
    assert raised.value.retryable
    assert amounts(address)["spent#2027-01-15"] == RESERVE


@pytest.mark.parametrize(("overall", "caller"), [("0.08", None), ("0", None), ("50", "0.08")])
def test_what_no_day_can_pay_is_not_promised_for_tomorrow(address: str, overall: str, caller: str | None) -> None:
    with pytest.raises(BudgetTooSmall) as raised:
        purse(address, overall, caller).reserve(*CALL)

    assert (raised.value.code, raised.value.retryable) == ("budget_exhausted", False)
    assert raised.value.retry_after_seconds is None
    assert set(amounts(address).values()) <= {0}


def test_what_its_caller_may_not_spend_is_given_back_to_all(address: str) -> None:
    with pytest.raises(BudgetExhausted):
        purse(address, caller="0.01").reserve(*CALL)

    assert amounts(address) == {"spent#2027-01-15": 0}


def test_one_caller_does_not_use_up_what_is_anothers(address: str) -> None:
    ours = budget(address, caller="0.1")
    ours.purse(visit("ann")).reserve(*CALL)
    with pytest.raises(BudgetExhausted):
        ours.purse(visit("ann", function="generate_artifact_fix")).reserve(*CALL)

    ours.purse(visit("bob")).reserve(*CALL)


def test_over_midnight_the_day_pays_on_which_it_was_taken(address: str) -> None:
    time = [NOON + 12 * 3600 - 1]
    rules = BudgetRules(Decimal(50), None, None)
    ours = Budget(rules, table(address), lambda: time[0]).purse(visit())
    reservation = ours.reserve(*CALL)

    time[0] += 2
    ours.reserve(*CALL)
    reservation.settle(reported("0.01"))

    assert amounts(address) == {"spent#2027-01-15": 10_000_000, "spent#2027-01-16": RESERVE}


@pytest.mark.parametrize(
    ("model", "ceiling", "nano"),
    [
        (KIMI, None, RESERVE),
        (f"{KIMI}-20251106", None, RESERVE),
        ("some/model", None, 200 * 950 + 32_000 * 4000),
        ("some/model", (Decimal(1), Decimal("4.5")), 200 * 1000 + 32_000 * 4500),
        (KIMI, (Decimal("0.1"), Decimal(1)), 200 * 100 + 32_000 * 1000),
    ],
    ids=["listed", "dated", "unlisted-is-the-dearest", "ceiling", "ceiling-below-the-list"],
)
def test_the_estimate(model: str, ceiling: tuple[Decimal, Decimal] | None, nano: int) -> None:
    rules = BudgetRules(Decimal(50), None, ceiling)

    assert Budget(rules, table("http://127.0.0.1:9")).most(model, 100, 32_000) == nano
