"""Whether to try again, and when."""

import pytest

from shared.errors import DeadlineExceeded, Failure, ServiceMisconfigured
from shared.model_host.errors import (
    AnswerTooLarge,
    ClientNotApproved,
    ConnectionLost,
    CreditExhausted,
    HostFailed,
    HostMisconfigured,
    KeyRejected,
    ModelGone,
    ModelHostFailure,
    Overloaded,
    RateLimited,
    Refused,
    RequestRejected,
    Stalled,
    Unreachable,
)
from shared.model_host.retry import ACTIONS, Fallback, RetryPolicy, disqualifies_host

POLICY = RetryPolicy(max_attempts=4, max_calls=6, max_wait=60.0, jitter=lambda _low, high: high)
FINAL = [RequestRejected, ModelGone, Refused, KeyRejected, CreditExhausted, DeadlineExceeded, AnswerTooLarge, Failure]
HOST = "shared.model_host.errors"
PASSING = [RateLimited, Overloaded, HostFailed, ConnectionLost, Stalled, Unreachable]


@pytest.mark.parametrize("failure", FINAL)
def test_what_cannot_pass_is_not_tried_again(failure: type[Failure]) -> None:
    assert POLICY.delay(failure(), attempts=1, calls=1, time_to_start=800.0) is None


@pytest.mark.parametrize("failure", PASSING)
def test_what_may_pass_is_tried_again(failure: type[Failure]) -> None:
    assert POLICY.delay(failure(), attempts=1, calls=1, time_to_start=800.0) == 1.0


@pytest.mark.parametrize(("attempts", "most"), [(1, 1.0), (2, 2.0), (3, 4.0)])
def test_the_backoff_doubles(attempts: int, most: float) -> None:
    assert POLICY.delay(Overloaded(), attempts=attempts, calls=attempts, time_to_start=800.0) == most


def test_the_backoff_is_capped_and_jittered_from_nothing() -> None:
    asked: list[tuple[float, float]] = []

    def jitter(low: float, high: float) -> float:
        asked.append((low, high))
        return 0.25

    policy = RetryPolicy(max_attempts=20, max_calls=20, max_wait=60.0, jitter=jitter)

    assert policy.delay(Overloaded(), attempts=9, calls=9, time_to_start=800.0) == 0.25
    assert asked == [(0.0, 10.0)]


@pytest.mark.parametrize(
    ("hint", "spare", "wait"),
    [
        (0.0, 800.0, 0.0),
        (60.0, 800.0, 60.0),
        (60.1, 800.0, None),
        (3600.0, 800.0, None),
        (5.0, 5.0, 5.0),
        (5.0, 4.9, None),
    ],
)
def test_a_hint_replaces_the_backoff_if_there_is_time_for_it(hint: float, spare: float, wait: float | None) -> None:
    failure = RateLimited(retry_after_seconds=hint)

    assert POLICY.delay(failure, attempts=1, calls=1, time_to_start=spare) == wait


@pytest.mark.parametrize(("attempts", "calls"), [(4, 4), (1, 6)])
def test_attempts_and_calls_are_bounded(attempts: int, calls: int) -> None:
    assert POLICY.delay(Overloaded(), attempts=attempts, calls=calls, time_to_start=800.0) is None


def test_no_attempt_is_begun_that_cannot_finish() -> None:
    assert POLICY.delay(Overloaded(), attempts=1, calls=1, time_to_start=0.9) is None
    assert POLICY.delay(Overloaded(), attempts=1, calls=1, time_to_start=1.0) == 1.0


@pytest.mark.parametrize("failure", [ModelGone(), Overloaded(), RateLimited(retry_after_seconds=5)])
def test_another_model_may_help(failure: Failure) -> None:
    assert POLICY.fallback(failure, calls=4, time_to_start=800.0) is Fallback.ANY


@pytest.mark.parametrize(
    "failure",
    [KeyRejected(), CreditExhausted(), ClientNotApproved(), Unreachable(), RateLimited(retry_after_seconds=3600)],
)
def test_another_model_may_help_if_it_is_at_another_host(failure: Failure) -> None:
    assert POLICY.fallback(failure, calls=4, time_to_start=800.0) is Fallback.OTHER_HOST


@pytest.mark.parametrize(("advised", "fallback"), [(True, Fallback.ANY), (False, Fallback.OTHER_HOST)])
def test_a_hosts_advice_against_a_retry_does_not_concern_another_host(advised: bool, fallback: Fallback) -> None:
    failure = Overloaded()
    failure.retry_advised = advised

    assert POLICY.fallback(failure, calls=4, time_to_start=800.0) is fallback


@pytest.mark.parametrize("failure", [*ACTIONS])
def test_a_host_is_disqualified_by_what_all_its_models_share(failure: type[Failure]) -> None:
    shared_by_all = issubclass(failure, HostMisconfigured | Unreachable)

    assert disqualifies_host(failure.__new__(failure)) is shared_by_all


@pytest.mark.parametrize(
    ("failure", "calls", "spare"),
    [
        (KeyRejected(), 6, 800.0),
        (CreditExhausted(), 1, -0.1),
        (RequestRejected(), 1, 800.0),
        (Refused(), 1, 800.0),
        (Overloaded(), 6, 800.0),
        (Overloaded(), 1, -0.1),
        (DeadlineExceeded(), 1, 800.0),
    ],
)
def test_another_model_would_not_help(failure: Failure, calls: int, spare: float) -> None:
    assert POLICY.fallback(failure, calls=calls, time_to_start=spare) is Fallback.NONE


def test_the_table_says_of_every_failure_what_follows() -> None:
    """One that is left out would end the request without anybody having decided that."""
    raised = {each for each in leaves(ModelHostFailure) | leaves(ServiceMisconfigured) if each.__module__ == HOST}

    assert raised
    assert raised <= set(ACTIONS)


def leaves(kind: type[Failure]) -> set[type[Failure]]:
    """The classes that are raised: those that no other is made from, and those that are drawn with one below them."""
    below = kind.__subclasses__()
    own = {kind} if not below or kind in ACTIONS else set()
    return own.union(*(leaves(each) for each in below))
