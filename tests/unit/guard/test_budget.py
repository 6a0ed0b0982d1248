"""What may be spent: set aside before each call, settled after it, never more than the day's limit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from shared.catalog import built_in
from shared.costs.spending import Reservation, SpendingLimit
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource
from shared.costs.worst_case import Stage, WorstCase
from shared.guard.budget import Budget, BudgetRules
from shared.guard.errors import BudgetExhausted, BudgetReserved, BudgetTooSmall
from shared.guard.reservation import RequestReserve
from shared.guard.unknown_costs import UnknownAttempt, UnknownCosts
from tests.support.table import amounts, client, crowded_table, items, run, table

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
KIMI = "moonshotai/kimi-k2-thinking"
RESERVE = 80_600_000 - 480_000  # nano-dollars for 100 characters and 32,000 tokens


def worst_case(model: str = KIMI, prompt_bytes: int = 100, output_tokens: int = 32_000) -> WorstCase:
    catalog = built_in()
    return WorstCase.of(catalog.ceiling(model), catalog.tokens_per_second(model), prompt_bytes, output_tokens)


CALL = worst_case()


def budget(address: str, overall: str = "50", caller: str | None = "5", *, now: float = NOON) -> Budget:
    rules = BudgetRules(Decimal(overall), None if caller is None else Decimal(caller))
    return Budget(rules, table(address), lambda: now)


def spending_limit(address: str, overall: str = "50", caller: str | None = "5", *, now: float = NOON) -> SpendingLimit:
    return RequestReserve(budget(address, overall, caller, now=now), run())


def opened(address: str) -> list[int]:
    """What the books call open."""
    return [int(item["open"]) for item in items(address).values() if "open" in item]


def reported(usd: str) -> Cost:
    return Cost(Decimal(usd), CostSource.REPORTED)


def spend(ours: SpendingLimit, *costs: Cost, stage: Stage = Stage.CONTENT) -> None:
    """A request with attempts that come to this, one after the other."""
    for cost in costs:
        ours.reserve(CALL).settle(cost, stage)
    ours.close()


def test_a_call_sets_aside_the_most_that_it_may_cost(address: str) -> None:
    spending_limit(address).reserve(CALL)

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
    ours = spending_limit(address)
    reservation = ours.reserve(CALL)

    reservation.settle(cost)
    reservation.settle(cost)
    ours.close()
    ours.close()

    assert list(amounts(address).values()) == [booked, booked]
    assert opened(address) == [0, 0]


def test_a_process_that_is_killed_leaves_it_booked(address: str) -> None:
    """Nothing settles it, so nothing has to be done for that."""
    spending_limit(address).reserve(CALL)

    assert list(amounts(address).values()) == opened(address) == [RESERVE, RESERVE]


def test_many_at_once_never_come_to_more_than_the_limit(address: str) -> None:
    rules = BudgetRules(Decimal(1), None)
    ours = Budget(rules, crowded_table(address), lambda: NOON)

    def reserve(_: int) -> Reservation | None:
        try:
            return RequestReserve(ours, run(seconds=60)).reserve(CALL)
        except BudgetExhausted:
            return None

    with ThreadPoolExecutor(60) as threads:
        passed = [each for each in threads.map(reserve, range(60)) if each]

    assert len(passed) == 10**9 // RESERVE
    assert list(amounts(address).values()) == [len(passed) * RESERVE]


def test_calls_that_cost_more_than_was_set_aside_overspend_by_that_alone(address: str) -> None:
    """The bound: for each call under way, what it costs beyond its reserve."""
    ours = budget(address, overall="0.17", caller=None)
    for reservation in [RequestReserve(ours, run()).reserve(CALL), RequestReserve(ours, run()).reserve(CALL)]:
        reservation.settle(reported("0.09"))

    with pytest.raises(BudgetExhausted):
        RequestReserve(ours, run()).reserve(CALL)
    assert list(amounts(address).values()) == [180_000_000]


def test_it_says_when_it_opens_again(address: str) -> None:
    spend(spending_limit(address, overall="0.1"), UNKNOWN)

    with pytest.raises(BudgetExhausted) as raised:
        spending_limit(address, overall="0.1").reserve(CALL)

    assert type(raised.value) is BudgetExhausted
    assert raised.value.retry_after_seconds == 12 * 3600
    assert raised.value.message.endswith("opens again on 2027-01-16 at 00:00 UTC.")
    assert raised.value.retryable
    assert amounts(address)["spent#2027-01-15"] == RESERVE


@pytest.mark.parametrize(("overall", "caller"), [("0.08", None), ("0", None), ("50", "0.08")])
def test_what_no_day_can_pay_is_not_promised_for_tomorrow(address: str, overall: str, caller: str | None) -> None:
    with pytest.raises(BudgetTooSmall) as raised:
        spending_limit(address, overall, caller).reserve(CALL)

    assert (raised.value.code, raised.value.retryable) == ("budget_exhausted", False)
    assert raised.value.retry_after_seconds is None
    assert set(amounts(address).values()) <= {0}


def test_what_its_caller_may_not_spend_is_given_back_to_all(address: str) -> None:
    spend(spending_limit(address, caller="0.1"), reported("0.05"))

    with pytest.raises(BudgetExhausted):
        spending_limit(address, caller="0.1").reserve(CALL)

    assert list(amounts(address).values()) == [50_000_000, 50_000_000]
    assert opened(address) == [0, 0]


def test_one_caller_does_not_use_up_what_is_anothers(address: str) -> None:
    ours = budget(address, caller="0.1")
    RequestReserve(ours, run("ann")).reserve(CALL)
    with pytest.raises(BudgetExhausted):
        RequestReserve(ours, run("ann", function="generate_artifact_fix")).reserve(CALL)

    RequestReserve(ours, run("bob")).reserve(CALL)


def test_over_midnight_the_day_pays_on_which_it_was_taken(address: str) -> None:
    time = [NOON + 12 * 3600 - 1]
    rules = BudgetRules(Decimal(50), None)
    ours = Budget(rules, table(address), lambda: time[0])
    first = RequestReserve(ours, run())
    reservation = first.reserve(CALL)

    time[0] += 2
    RequestReserve(ours, run()).reserve(CALL)
    reservation.settle(reported("0.01"))
    first.reserve(CALL)

    assert amounts(address) == {"spent#2027-01-15": 10_000_000 + RESERVE, "spent#2027-01-16": RESERVE}


PROMPT, MINUTE = 200 * 600, 200 * 600 + 40 * 60 * 2500


@pytest.mark.parametrize(
    ("stage", "worth"),
    [
        (Stage.NOT_CONNECTED, 0),
        (Stage.NO_RESPONSE, PROMPT),
        (Stage.NO_CONTENT, MINUTE),
        (Stage.CONTENT, RESERVE),
    ],
)
def test_an_attempt_of_unknown_cost_is_worth_what_it_came_to(address: str, stage: Stage, worth: int) -> None:
    spend(spending_limit(address), UNKNOWN, stage=stage)

    assert list(amounts(address).values()) == [worth, worth]
    assert opened(address) == [0, 0]


def test_a_minute_is_worth_no_more_than_the_reserve() -> None:
    worst = worst_case(output_tokens=50)

    assert worst.minute == worst.reserve == PROMPT + 50 * 2500


def test_of_a_requests_attempts_the_largest_stands_beside_what_is_known(address: str) -> None:
    ours = spending_limit(address)
    stages = [Stage.NO_CONTENT, Stage.NO_RESPONSE, Stage.NO_CONTENT]

    for stage in stages:
        reservation = ours.reserve(CALL)
        assert list(amounts(address).values()) == [RESERVE, RESERVE], "one reserve serves all retries"
        reservation.settle(UNKNOWN, stage)
    reservation = ours.reserve(CALL)
    reservation.settle(reported("0.01"))

    assert list(amounts(address).values()) == [10_000_000 + MINUTE] * 2
    assert opened(address) == [0, 0]
    ours.reserve(CALL)
    assert list(amounts(address).values()) == [10_000_000 + RESERVE] * 2
    assert opened(address) == [RESERVE - MINUTE] * 2
    ours.close()
    assert list(amounts(address).values()) == [10_000_000 + MINUTE] * 2


def test_a_retry_that_may_cost_more_tops_the_reserve_up(address: str) -> None:
    ours = spending_limit(address)
    ours.reserve(CALL).settle(UNKNOWN, Stage.NO_RESPONSE)
    dearer = worst_case("moonshotai/kimi-k2.6")
    reserve = 200 * 950 + 32_000 * 4000

    ours.reserve(dearer).settle(UNKNOWN, Stage.NO_CONTENT)

    assert list(amounts(address).values()) == [reserve, reserve]
    ours.close()
    assert list(amounts(address).values()) == [200 * 950 + 85 * 60 * 4000] * 2


def test_a_retry_that_cannot_be_paid_changes_nothing(address: str) -> None:
    """Its caller's limit refuses what the limit of all had room for."""
    ours = spending_limit(address, caller="0.2")
    ours.reserve(CALL).settle(UNKNOWN, Stage.NO_RESPONSE)
    spending_limit(address, caller="0.2").reserve(CALL)

    with pytest.raises(BudgetReserved):
        ours.reserve(worst_case("moonshotai/kimi-k2.6"))

    assert list(amounts(address).values()) == opened(address) == [2 * RESERVE] * 2
    ours.close()
    assert list(amounts(address).values()) == [RESERVE + PROMPT] * 2
    assert opened(address) == [RESERVE] * 2


def test_a_reserve_that_stays_counted_as_a_whole_is_no_failed_write(address: str) -> None:
    """Only what is open changes then."""
    reports: list[str] = []

    spend(RequestReserve(budget(address), replace(run(), report=reports.append)), UNKNOWN)

    assert list(amounts(address).values()) == [RESERVE, RESERVE]
    assert reports == []


def test_what_is_reserved_by_others_is_not_called_used_up(address: str) -> None:
    """It says in how many seconds it is free at the latest; the time of a process that was killed passes as well."""
    rules = BudgetRules(Decimal("0.1"), None)
    time = [NOON]
    ours = Budget(rules, table(address), lambda: time[0])
    killed = RequestReserve(ours, run(seconds=60))
    killed.reserve(CALL)

    with pytest.raises(BudgetReserved) as raised:
        RequestReserve(ours, run()).reserve(CALL)

    assert raised.value.retry_after_seconds is not None
    assert 55 <= raised.value.retry_after_seconds <= 61
    seconds = int(raised.value.retry_after_seconds)
    expected = f"The spending limit is reserved by requests under way. Try again in {seconds} seconds."
    assert raised.value.message == expected
    assert (raised.value.code, raised.value.status, raised.value.retryable) == ("budget_exhausted", 429, True)
    time[0] += seconds
    with pytest.raises(BudgetExhausted) as later:
        RequestReserve(ours, run()).reserve(CALL)
    assert type(later.value) is BudgetExhausted


def test_what_would_not_fit_without_the_open_part_is_used_up(address: str) -> None:
    ours = budget(address, overall="0.2", caller=None)
    spend(RequestReserve(ours, run()), reported("0.13"))
    small = worst_case(output_tokens=10_000)
    RequestReserve(ours, run()).reserve(small)

    with pytest.raises(BudgetReserved):
        RequestReserve(ours, run()).reserve(worst_case(output_tokens=20_000))
    with pytest.raises(BudgetExhausted) as raised:
        RequestReserve(ours, run()).reserve(CALL)
    assert type(raised.value) is BudgetExhausted


def test_what_a_killed_process_left_open_is_spent_once_its_time_has_passed(address: str) -> None:
    """Also where requests come again after that: what they reserve is all that is open then."""
    rules = BudgetRules(Decimal("0.2"), None)
    time = [NOON]
    ours = Budget(rules, table(address), lambda: time[0])
    RequestReserve(ours, run(seconds=60)).reserve(CALL)
    time[0] += 3600

    later = RequestReserve(ours, run(seconds=60))
    reservation = later.reserve(CALL)

    assert opened(address) == [RESERVE]
    assert list(amounts(address).values()) == [2 * RESERVE]
    with pytest.raises(BudgetReserved):
        RequestReserve(ours, run()).reserve(CALL)
    reservation.settle(reported("0.08"))
    with pytest.raises(BudgetExhausted) as raised:
        RequestReserve(ours, run()).reserve(CALL)
    assert type(raised.value) is BudgetExhausted


def test_the_latest_deadline_counts_whoever_writes_last(address: str) -> None:
    ours = budget(address, caller=None)
    RequestReserve(ours, run(seconds=600)).reserve(CALL)
    (item,) = items(address).values()

    RequestReserve(ours, run(seconds=5)).reserve(CALL)

    assert items(address)["spent#2027-01-15"]["open_until"] == item["open_until"]
    assert opened(address) == [2 * RESERVE]


def test_a_book_of_an_earlier_version_goes_on(address: str) -> None:
    """It has an amount, and nothing of what is open."""
    key = {"pk": {"S": "spent#2027-01-15"}}
    client(address).put_item(TableName="GuardTable", Item=key | {"amount": {"N": "5"}, "expires_at": {"N": "9"}})

    spend(spending_limit(address, caller=None), reported("0.01"))

    assert amounts(address) == {"spent#2027-01-15": 10_000_005}


def test_what_stays_booked_for_unknown_costs_is_noted(address: str) -> None:
    ours = spending_limit(address)
    ours.reserve(CALL).settle(UNKNOWN, Stage.NO_CONTENT, "gen-1")
    ours.reserve(CALL).settle(UNKNOWN, Stage.NO_RESPONSE)
    ours.close()
    ours.close()

    item = items(address)["unknown#r-1"]
    unknown = UnknownCosts.read(client(address).get_item(TableName="GuardTable", Key=UnknownCosts.key("r-1"))["Item"])
    assert list(unknown.counter_keys) == list(amounts(address))
    assert list(unknown.attempts) == [UnknownAttempt("gen-1", MINUTE), UnknownAttempt(None, PROMPT)]
    assert (unknown.request_id, unknown.counted, unknown.revision) == ("r-1", MINUTE, 0)
    assert item["expires_at"] == items(address)["spent#2027-01-15"]["expires_at"]


@pytest.mark.parametrize("cost", [NOTHING, reported("0.01")])
def test_where_all_is_known_nothing_is_noted(address: str, cost: Cost) -> None:
    spend(spending_limit(address), cost)

    assert not [key for key in items(address) if key.startswith("unknown")]
