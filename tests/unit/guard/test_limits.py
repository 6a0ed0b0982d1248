"""How many requests pass: exact, however many come at once, and nothing is counted that is not served."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.guard.errors import Allowance, RateLimited
from shared.guard.limits import CountedRequest, LimitRules, Limits
from tests.support.table import amounts, crowded_table, run, table

NOW = 1_800_000_000.0  # a whole multiple of the window
RULES = LimitRules(guest=5, user=50, window_seconds=18_000, overall_per_minute=1000, replays=2)


def limits(address: str, rules: LimitRules = RULES, *, now: float = NOW) -> Limits:
    return Limits(rules, table(address), lambda: now)


def refused(limits: Limits, **who: object) -> RateLimited:
    with pytest.raises(RateLimited) as raised:
        limits.count(run(**who))  # type: ignore[arg-type]
    return raised.value


def test_of_200_at_once_exactly_50_pass(address: str) -> None:
    ours = Limits(RULES, crowded_table(address), lambda: NOW)

    def take(_: int) -> CountedRequest | RateLimited:
        try:
            return ours.count(run(seconds=60))
        except RateLimited as failure:
            return failure

    with ThreadPoolExecutor(200) as threads:
        came = list(threads.map(take, range(200)))

    passed = [each for each in came if isinstance(each, CountedRequest)]
    assert len(passed) == 50
    assert sorted(each.allowance.remaining for each in passed) == list(range(50))
    assert sorted(amounts(address).values()) == [50, 50]


def test_what_is_left_is_told() -> None:
    headers = Allowance(limit=5, remaining=4, reset=1_800_018_000).headers

    assert headers == {"x-ratelimit-limit": "5", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "1800018000"}


def test_a_guest_has_less(address: str) -> None:
    """And says when it may come again."""
    ours = limits(address, now=NOW + 100.5)

    assert ours.count(run(guest=True)).allowance == Allowance(limit=5, remaining=4, reset=int(NOW) + 18_000)
    for _ in range(4):
        ours.count(run(guest=True))
    failure = refused(ours, guest=True)
    assert failure.allowance == Allowance(limit=5, remaining=0, reset=int(NOW) + 18_000)
    assert failure.retry_after_seconds == 17_899.5


@pytest.mark.parametrize(
    "other", [{"caller": "bob"}, {"function": "generate_artifact_fix"}], ids=["caller", "function"]
)
def test_one_does_not_use_up_what_is_anothers(address: str, other: dict[str, str]) -> None:
    ours = limits(address, LimitRules(guest=1, user=1, window_seconds=60, overall_per_minute=100, replays=100))
    ours.count(run())
    refused(ours)

    assert ours.count(run(**other)).allowance.remaining == 0  # type: ignore[arg-type]


def test_a_new_window_counts_anew(address: str) -> None:
    rules = LimitRules(guest=1, user=1, window_seconds=60, overall_per_minute=100, replays=100)
    limits(address, rules, now=NOW + 59).count(run())

    refused(limits(address, rules, now=NOW + 59.9))
    assert limits(address, rules, now=NOW + 60).count(run()).allowance.remaining == 0


def test_the_limit_of_all_holds_and_costs_its_caller_nothing(address: str) -> None:
    ours = limits(
        address, LimitRules(guest=5, user=50, window_seconds=18_000, overall_per_minute=2, replays=100), now=NOW + 12
    )
    for caller in ("ann", "bob"):
        ours.count(run(caller))

    failure = refused(ours, caller="cem")
    assert failure.allowance == Allowance(limit=2, remaining=0, reset=int(NOW) + 60)
    assert failure.retry_after_seconds == 48.0
    assert sorted(amounts(address).values()) == [0, 1, 1, 2]


def test_without_a_limit_per_caller_that_of_all_is_told_and_nothing_else_counted(address: str) -> None:
    ours = limits(address, LimitRules(guest=None, user=None, window_seconds=60, overall_per_minute=10, replays=100))

    assert ours.count(run()).allowance == Allowance(limit=10, remaining=9, reset=int(NOW) + 60)
    assert list(amounts(address)) == [f"minute#generate_artifact#{int(NOW)}"]


def test_a_count_is_given_back_once(address: str) -> None:
    ours = limits(address)
    ours.count(run())
    taken = ours.count(run())

    taken.refund()
    taken.refund()

    assert taken.allowance.remaining == 49
    assert sorted(amounts(address).values()) == [1, 1]


def test_a_limit_of_nothing_lets_nobody_in(address: str) -> None:
    rules = LimitRules(guest=0, user=0, window_seconds=60, overall_per_minute=10, replays=100)

    refused(limits(address, rules))
    assert amounts(address) == {}


def test_a_callers_name_is_not_in_the_table(address: str) -> None:
    limits(address).count(run("ann@example.org"))

    assert not [key for key in amounts(address) if "ann" in key]


def test_answers_that_are_given_again_are_counted_apart(address: str) -> None:
    """Per caller and function, and without taking anything of the requests."""
    ours = limits(address, now=NOW + 100)

    for _ in range(RULES.replays):
        ours.count_replay(run())
    with pytest.raises(RateLimited) as raised:
        ours.count_replay(run())

    assert raised.value.retry_after_seconds == 17_900
    assert raised.value.allowance == Allowance(limit=2, remaining=0, reset=int(NOW) + 18_000)
    ours.count_replay(run("bob"))
    ours.count_replay(run(function="generate_artifact_fix"))
    assert ours.count(run()).allowance.remaining == 49
