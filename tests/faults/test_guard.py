"""The store down, slow, throttling, or losing the answer of a write: no free pass, nothing twice, an answer in time."""

import socket
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from shared.costs.spending import Reservation, SpendingLimit
from shared.costs.usage import NOTHING, Cost, CostSource
from shared.costs.worst_case import WorstCase
from shared.errors import DeadlineExceeded, Failure
from shared.guard.budget import Budget, BudgetRules
from shared.guard.dynamodb import Store
from shared.guard.errors import StoreRefused, StoreUnavailable
from shared.guard.idempotency import Claim, Idempotency, Replay
from shared.guard.limits import LimitRules, Limits
from shared.guard.reservation import RequestReserve
from shared.guard.table import Table
from shared.run import Run
from tests.support.sockets import read_message, send_answer, serving
from tests.support.table import Proxy, amounts, forget, items, run, store, table

CALL = WorstCase.of((Decimal("0.6"), Decimal("2.5")), 40, 100, 32_000)
RESERVE = 80_120_000
CHEAP = Cost(Decimal("0.01"), CostSource.REPORTED)
DEAR = Cost(Decimal("0.1"), CostSource.REPORTED)


@pytest.fixture
def proxy(dynamodb_url: str) -> Iterator[Proxy]:
    """A proxy before an empty table."""
    forget(dynamodb_url)
    with Proxy(dynamodb_url).running() as proxy:
        yield proxy


def limits(address: str) -> Limits:
    return Limits(
        LimitRules(guest=5, user=50, window_seconds=18_000, overall_per_minute=100, replays=100), table(address)
    )


def budget(address: str) -> Budget:
    return Budget(BudgetRules(Decimal(50), Decimal(5)), table(address))


def take(address: str, asked: Run) -> Any:
    return limits(address).count(asked)


def reserve(address: str, asked: Run) -> Any:
    ours = RequestReserve(budget(address), asked)
    return Paid(ours, ours.reserve(CALL))


def begin(address: str, asked: Run) -> Any:
    return Idempotency(table(address)).begin(asked, "key-1", b"{}")


def take_replay(address: str, asked: Run) -> Any:
    return limits(address).count_replay(asked)


class Paid:
    """A request with one attempt."""

    def __init__(self, spending_limit: SpendingLimit, reservation: Reservation) -> None:
        self._spending_limit = spending_limit
        self._reservation = reservation

    def settle(self, cost: Cost) -> None:
        self._reservation.settle(cost)
        self._spending_limit.close()


STEPS = pytest.mark.parametrize(
    "step", [take, reserve, begin, take_replay], ids=["limits", "budget", "idempotency", "replays"]
)
Step = Callable[[str, Run], Any]


def refusal(step: Step, address: str, *, seconds: float = 10.0) -> tuple[Failure, float]:
    """What the step raises, and after how long."""
    began = time.monotonic()
    with pytest.raises(Failure) as raised:
        step(address, run(seconds=seconds))
    return raised.value, time.monotonic() - began


@STEPS
def test_a_store_that_is_down_lets_nobody_in(step: Step) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"

    failure, took = refusal(step, address)

    assert isinstance(failure, StoreUnavailable)
    assert (failure.status, failure.code, failure.retryable) == (503, "store_unavailable", True)
    assert took < 1.5


@STEPS
@pytest.mark.parametrize("how", ["late", "drip"])
def test_a_slow_store_is_given_up(proxy: Proxy, step: Step, how: str) -> None:
    """Also one that sends a byte now and then, which no time-out of a socket sees."""
    proxy.always = how

    failure, took = refusal(step, proxy.url)

    assert isinstance(failure, StoreUnavailable)
    assert took < (6.5 if step is begin else 4.5), "a claim is tried twice, and then given free"


@pytest.mark.alone
@STEPS
@pytest.mark.parametrize("how", ["late", "throttle"])
def test_the_deadline_cuts_every_wait(proxy: Proxy, step: Step, how: str) -> None:
    proxy.always = how

    failure, took = refusal(step, proxy.url, seconds=0.4)

    assert isinstance(failure, StoreUnavailable | DeadlineExceeded)
    assert took < 0.7


@STEPS
def test_without_time_the_store_is_not_asked(proxy: Proxy, step: Step) -> None:
    failure, _ = refusal(step, proxy.url, seconds=0.0)

    assert isinstance(failure, DeadlineExceeded)
    assert proxy.seen == []


@STEPS
@pytest.mark.parametrize("how", ["throttle", "conflict"])
def test_what_was_throttled_is_tried_again_and_takes_effect_once(proxy: Proxy, step: Step, how: str) -> None:
    """Also what met a transaction, in which `make reconcile` changes a day's counters."""
    proxy.plan = [how, how]

    step(proxy.url, run())

    assert set(amounts(proxy.url).values()) <= {1, RESERVE}


@STEPS
def test_a_store_that_goes_on_throttling_lets_nobody_in(proxy: Proxy, step: Step) -> None:
    proxy.always = "throttle"

    failure, took = refusal(step, proxy.url)

    assert isinstance(failure, StoreUnavailable)
    assert len(proxy.seen) == 4
    assert took < 1.5
    proxy.always = "pass"
    assert items(proxy.url) == {}


@pytest.mark.parametrize("how", ["drop", "error", "choke"])
def test_a_count_whose_answer_is_lost_is_not_taken_twice_and_lets_nobody_in(proxy: Proxy, how: str) -> None:
    """Nobody knows whether it was counted; what is known to be is given back."""
    proxy.plan = ["pass", how]  # its caller's, and that of all

    failure, _ = refusal(take, proxy.url)

    assert isinstance(failure, StoreUnavailable)
    assert proxy.seen == ["UpdateItem"] * 3
    assert {key.partition("#")[0]: amount for key, amount in amounts(proxy.url).items()} == {"calls": 0, "minute": 1}


@pytest.mark.parametrize("how", ["garbage", "choke"])
@pytest.mark.parametrize("step", [take, reserve], ids=["limits", "budget"])
def test_an_answer_that_is_none_lets_nobody_in(proxy: Proxy, step: Step, how: str) -> None:
    proxy.always = how

    failure, _ = refusal(step, proxy.url)
    assert isinstance(failure, StoreUnavailable)


def test_a_reserve_whose_answer_is_lost_stays_booked_and_buys_nothing(proxy: Proxy) -> None:
    reports: list[str] = []
    proxy.plan = ["pass", "drop"]

    with pytest.raises(StoreUnavailable):
        reserve(proxy.url, run(reports=reports))

    assert sorted(amounts(proxy.url).values()) == [0, RESERVE]
    assert reports == [f"{RESERVE} nano-dollars may be counted for an attempt that is not made (store_unavailable)"]


def test_what_is_given_back_is_given_back_once_though_its_answer_is_lost(proxy: Proxy) -> None:
    """A second time would be money, or a request, for nothing."""
    reports: list[str] = []
    reservation = reserve(proxy.url, run(reports=reports))
    proxy.plan = ["drop", "drop"]

    reservation.settle(CHEAP)

    assert list(amounts(proxy.url).values()) == [10_000_000, 10_000_000]
    assert [report.partition(" (")[2] for report in reports] == ["store_unavailable)"] * 2
    taken = take(proxy.url, run())
    proxy.plan = ["drop", "drop"]
    taken.refund()
    assert sorted(amounts(proxy.url).values())[:2] == [0, 0]


def test_what_cost_more_than_its_reserve_is_booked_though_the_answer_is_lost(proxy: Proxy) -> None:
    """Rather twice than not at all: that errs on the owner's side."""
    reservation = reserve(proxy.url, run())
    proxy.plan = ["drop"]

    reservation.settle(DEAR)

    assert sorted(amounts(proxy.url).values()) == [100_000_000, 100_000_000 + 100_000_000 - RESERVE]


@pytest.mark.parametrize("how", ["late", "throttle", "error"])
def test_a_settlement_that_fails_leaves_the_reserve_booked_and_the_answer_alone(proxy: Proxy, how: str) -> None:
    """`late` and `error` do take effect here, which nobody can know; no more is given back than was set aside.

    A store that is slow uses up the time for the second book.
    """
    reports: list[str] = []
    reservation = reserve(proxy.url, run(reports=reports, seconds=0.5))
    proxy.always = how
    began = time.monotonic()

    reservation.settle(NOTHING)

    assert time.monotonic() - began < 1.3
    assert len(reports) == 2
    proxy.always = "pass"
    left = {"late": {0, RESERVE}, "throttle": {RESERVE}, "error": {0}}
    assert set(amounts(proxy.url).values()) == left[how]


def test_a_settlement_after_the_deadline_is_still_tried(proxy: Proxy) -> None:
    reservation = reserve(proxy.url, run(seconds=0.3))
    time.sleep(0.3)

    reservation.settle(NOTHING)

    assert list(amounts(proxy.url).values()) == [0, 0]


def test_a_claim_whose_answer_is_lost_is_recognised_as_ones_own(proxy: Proxy) -> None:
    proxy.plan = ["drop"]

    assert isinstance(begin(proxy.url, run()), Claim)
    assert proxy.seen == ["PutItem", "PutItem"]


def test_a_claim_whose_answer_is_lost_twice_lets_nobody_in_and_holds_nothing(proxy: Proxy) -> None:
    proxy.plan = ["drop", "drop"]

    failure, _ = refusal(begin, proxy.url)

    assert isinstance(failure, StoreUnavailable)
    assert items(proxy.url) == {}


@pytest.mark.parametrize("times", [1, 2])
def test_an_answer_is_kept_though_the_store_did_not_say_so(proxy: Proxy, times: int) -> None:
    """What is lost twice counts as not kept, and is not given free either."""
    claim = begin(proxy.url, run())
    proxy.plan = ["drop"] * times

    assert claim.store(b"answer") is (times == 1)
    assert begin(proxy.url, run(request_id="r-2")) == Replay(b"answer")


def test_an_answer_that_was_stored_after_all_is_not_replaced_by_a_failure(proxy: Proxy) -> None:
    claim = begin(proxy.url, run())
    proxy.plan = ["drop", "drop"]

    assert not claim.store(b"200 {}")
    assert not claim.store_first(b"503 {}")
    assert begin(proxy.url, run(request_id="r-2")) == Replay(b"200 {}")


def test_what_a_store_that_is_down_took_is_not_known(proxy: Proxy) -> None:
    """Only an answer that is there for certain keeps a failure from being told."""
    claim = begin(proxy.url, run(seconds=1.0))
    proxy.always = "late"

    assert claim.store_first(b"503 {}")


@pytest.mark.parametrize("plan", [[], ["drop"]], ids=["at-once", "though-the-store-did-not-say-so"])
def test_a_failure_is_stored_where_the_answer_was_not(proxy: Proxy, plan: list[str]) -> None:
    claim = begin(proxy.url, run())
    proxy.plan = plan

    assert claim.store_first(b"503 {}")
    assert begin(proxy.url, run(request_id="r-2")) == Replay(b"503 {}")


def test_a_store_that_goes_down_meanwhile_does_not_cost_the_answer(proxy: Proxy) -> None:
    reports: list[str] = []
    claim = begin(proxy.url, run(reports=reports, seconds=1.0))
    proxy.always = "late"
    began = time.monotonic()

    assert not claim.store(b"answer")
    claim.release()

    assert time.monotonic() - began < 1.5
    assert len(reports) == 2


def test_all_that_is_put_right_after_the_deadline_shares_one_grace(proxy: Proxy) -> None:
    """However much there is to put right, the answer comes before the platform's time-out."""
    ours = run(seconds=0.5)
    reservation, claim = reserve(proxy.url, ours), begin(proxy.url, ours)
    time.sleep(0.5)
    proxy.always = "late"
    began = time.monotonic()

    reservation.settle(NOTHING)
    claim.release()

    assert time.monotonic() - began < 0.25 + 0.1


def test_a_table_that_is_not_there_is_the_operators_business(dynamodb_url: str) -> None:
    ours = Limits(LimitRules(5, 50, 60, 10, 100), Table("gone", store(dynamodb_url)))

    with pytest.raises(StoreRefused) as raised:
        ours.count(run())
    assert raised.value.problem == "the guard's table cannot be used: ResourceNotFoundException"
    assert "Resource" not in raised.value.message


def test_without_a_region_it_is_the_operators_business(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(StoreRefused) as raised:
        Table("t", Store()).release("key", "r-1", 2.0)
    assert raised.value.problem.endswith("AWS_REGION is not set to a region, such as eu-central-1")


def test_a_connection_is_kept_but_not_for_long() -> None:
    """A process that slept finds its connection gone, and what it sends on it would be lost."""
    now, seen = [0.0], []

    def answer(connection: socket.socket, number: int) -> None:
        while read_message(connection):
            seen.append(number)
            send_answer(connection, b'{"Attributes":{"amount":{"N":"1"}}}', "application/x-amz-json-1.0")

    with serving(answer) as address:
        ours = table(address, clock=lambda: now[0])
        for at in (0.0, 10.0, 41.0):
            now[0] = at
            ours.correct("key", 1, 2.0)

    assert seen == [0, 0, 1]
