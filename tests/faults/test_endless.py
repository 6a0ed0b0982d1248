"""Hosts that never come to an end: nothing outlives the deadline, and a stall ends the attempt alone."""

import pytest

from shared.errors import DeadlineExceeded, Failure
from shared.model_host import Completion
from shared.model_host.errors import ConnectionLost, HostFailed, Stalled
from tests.support.asking import Outcome, ask
from tests.support.standin import StandIn

pytestmark = pytest.mark.alone

SECONDS = 1.5
ENDLESS = ["keepalive", "silence", "never", "trickle seconds=1", "trickle seconds=0.01", "stall", "stall comments=1",
           "slow-json"]  # fmt: skip


def ended_with(outcome: Outcome, kind: type[Failure], codes: list[str]) -> bool:
    """Ended before the deadline, with this failure and these attempts, one cost line, no cost made up."""
    assert type(outcome.result) is kind
    assert outcome.seconds < SECONDS + 0.6
    assert [call["outcome"] for call in outcome.calls] == codes
    assert (outcome.cost["cost_source"], outcome.cost["cost_usd"]) == ("unknown", None)
    return True


@pytest.mark.parametrize("fault", ENDLESS)
def test_nothing_outlives_the_deadline(host: StandIn, fault: str) -> None:
    outcome = ask(host.url, f"Notes [[fault {fault}]]", seconds=SECONDS)

    assert outcome.seconds > SECONDS - 0.2
    assert ended_with(outcome, DeadlineExceeded, ["deadline_exceeded"])


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("garbage", HostFailed), ("garbage newlines=0", HostFailed), ("reset", ConnectionLost), ("cut", ConnectionLost)],
)
def test_what_shows_its_fault_is_not_waited_for(host: StandIn, fault: str, kind: type[Failure]) -> None:
    outcome = ask(host.url, f"Notes [[fault {fault}]]", seconds=SECONDS)

    assert ended_with(outcome, kind, ["upstream_error"] * 2)  # the third would begin after 1 + 2 seconds


@pytest.mark.parametrize(
    "fault", ["keepalive", "silence", "never", "trickle", "stall", "stall comments=1", "slow-json"]
)
def test_a_stall_ends_the_attempt_and_not_the_request(host: StandIn, fault: str) -> None:
    outcome = ask(host.url, f"Notes [[fault {fault} times=1]]", first_token_seconds=0.5, stall_seconds=0.5)

    assert isinstance(outcome.result, Completion)
    assert [call["outcome"] for call in outcome.calls] == ["upstream_error", "ok"]
    assert 0.4 < outcome.seconds < 2.0


def test_a_stall_is_told_as_one(host: StandIn) -> None:
    outcome = ask(host.url, "Notes [[fault stall]]", stall_seconds=0.2, max_attempts=1)

    assert isinstance(outcome.result, Stalled)


def test_no_call_is_begun_that_cannot_finish(host: StandIn) -> None:
    host.forget()

    outcome = ask(host.url, "Notes", seconds=0.0)

    assert isinstance(outcome.result, DeadlineExceeded)
    assert (outcome.calls, host.ledger()["calls"]) == ([], [])
    assert (outcome.cost["attempts"], outcome.cost["cost_source"]) == (0, "none")
