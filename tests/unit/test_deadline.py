"""How much time is left for a request."""

import pytest

from shared.deadline import Deadline


class Context:
    aws_request_id = "request-1"

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@pytest.mark.parametrize(
    ("left_ms", "usable"),
    [(900_000, 890.0), (60_000, 57.0), (20_000, 19.0), (5_000, 4.5), (1_000, 0.5), (400, 0.0)],
)
def test_a_reserve_is_kept_for_checking_and_answering(left_ms: int, usable: float) -> None:
    now = 100.0

    deadline = Deadline.of(Context(left_ms), clock=lambda: now)

    assert deadline.remaining() == pytest.approx(usable)


@pytest.mark.parametrize(
    ("left_ms", "checking", "writing", "timeout"),
    [(900_000, 895.0, 899.0, 900.0), (40_000, 39.0, 39.0, 40.0), (20_000, 19.5, 19.5, 20.0), (5_000, 4.75, 4.75, 5.0)],
)
def test_the_reserve_is_shared_out(left_ms: int, checking: float, writing: float, timeout: float) -> None:
    """An answer that comes at the deadline can be checked, what is then written ends before the platform's time-out."""
    deadline = Deadline.of(Context(left_ms), clock=lambda: 100.0)

    assert deadline.check_time() == pytest.approx(checking)
    assert deadline.cleanup_time() == pytest.approx(writing)
    assert deadline.until_timeout() == pytest.approx(timeout)


def test_time_runs_out_and_is_never_negative() -> None:
    now = [0.0]
    deadline = Deadline(3.0, clock=lambda: now[0])

    now[0] = 2.0
    assert deadline.remaining() == 1.0
    now[0] = 9.0
    assert deadline.remaining() == 0.0


def test_a_step_has_a_share_of_the_time_that_is_left() -> None:
    """What it does not use is there for the next one; no share outlasts the whole or takes its reserve."""
    now = [0.0]
    whole = Deadline.of(Context(100_000), clock=lambda: now[0])

    plan = whole.share(0.2)
    assert plan.remaining() == pytest.approx(19.0)
    assert plan.time_to_start() == pytest.approx(17.1)
    assert plan.until_timeout() == whole.until_timeout()
    now[0] = 5.0
    build = whole.share(1.0)
    assert build.remaining() == whole.remaining() == pytest.approx(90.0)
    assert build.check_time() == whole.check_time()
    now[0] = 30.0
    assert plan.remaining() == 0.0
    assert plan.time_to_start() < 0
    assert plan.cleanup_time() == whole.cleanup_time()


def test_a_deadline_can_be_ended_early() -> None:
    """No model is called or waited for from then on; what has come can be checked, and be written."""
    now = [0.0]
    deadline = Deadline.of(Context(100_000), clock=lambda: now[0])

    now[0] = 10.0
    deadline.end()

    assert (deadline.remaining(), deadline.time_to_start() < 0) == (0.0, True)
    assert deadline.check_time() > 0
    assert deadline.cleanup_time() == pytest.approx(89.0)
    assert deadline.until_timeout() == pytest.approx(90.0)


def test_a_deadline_that_has_passed_is_not_put_off() -> None:
    now = [0.0]
    deadline = Deadline(3.0, clock=lambda: now[0])

    now[0] = 5.0
    deadline.end()
    now[0] = 4.0

    assert deadline.remaining() == 0.0
