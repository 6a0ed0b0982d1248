"""How much time is left for a request."""

from threading import Thread

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


def test_a_share_of_a_share_ends_with_it() -> None:
    now = [0.0]
    whole = Deadline.of(Context(100_000), clock=lambda: now[0])

    step = whole.share(0.5)
    part = step.share(0.5)

    assert step.remaining() == pytest.approx(47.5)
    assert part.remaining() == pytest.approx(23.75)
    assert part.time_to_start() == pytest.approx(23.75 - 2.375)
    assert part.until_timeout() == step.until_timeout() == whole.until_timeout()
    now[0] = 40.0
    assert step.share(1.0).remaining() == pytest.approx(7.5)
    assert part.remaining() == 0.0
    now[0] = 60.0
    assert step.share(1.0).remaining() == step.share(0.3).remaining() == 0.0
    assert step.share(1.0).time_to_start() <= 0


@pytest.mark.parametrize("ended", [0, 1, 2], ids=["whole", "share", "share-of-a-share"])
def test_whichever_is_ended_all_of_them_are(ended: int) -> None:
    """Whoever is gone waits for none of them; what begins after that has no time either."""
    now = [0.0]
    whole = Deadline.of(Context(100_000), clock=lambda: now[0])
    step = whole.share(0.5)
    deadlines = [whole, step, step.share(0.5)]
    now[0] = 10.0

    deadlines[ended].end()

    for moment in (10.0, 11.0, 90.0):
        now[0] = moment
        for each in deadlines:
            assert (each.remaining(), each.time_to_start() < 0) == (0.0, True)
            assert each.until_timeout() == pytest.approx(100.0 - moment)
        assert whole.share(1.0).remaining() == step.share(1.0).remaining() == 0.0


def test_an_end_wakes_whoever_sleeps_on_a_share() -> None:
    """In a thread, as a client waits between two attempts; without it the test would take a minute."""
    whole = Deadline(60.0)
    sleeper = Thread(target=whole.share(0.5).share(0.5).sleep, args=(60.0,), daemon=True)
    sleeper.start()

    whole.end()
    sleeper.join(10.0)

    assert not sleeper.is_alive()


@pytest.mark.parametrize(
    ("fraction", "at", "checking"),
    [(0.5, 0.0, 50.0), (0.5, 47.5, 2.5), (1.0, 0.0, 97.5), (1.0, 95.0, 2.5), (0.99, 0.0, 96.55), (0.0, 0.0, 2.5)],
    ids=["share", "at-its-end", "whole", "at-the-end-of-the-whole", "almost", "none"],
)
def test_the_check_of_a_step_may_run_into_the_next_and_never_into_the_answer(
    fraction: float, at: float, checking: float
) -> None:
    """Half of the reserve, as for the whole; the other half is for what is written at last."""
    now = [0.0]
    whole = Deadline.of(Context(100_000), clock=lambda: now[0])
    share = whole.share(fraction)

    now[0] = at

    assert share.check_time() == pytest.approx(checking)
    assert at + share.check_time() <= 97.5 + 1e-9
    assert share.cleanup_time() == whole.cleanup_time()


def test_shares_of_what_is_left_add_up() -> None:
    """Of four that are taken one after the other, each as long as it may be, none is shorter than was planned."""
    now = [0.0]
    whole = Deadline.of(Context(100_000), clock=lambda: now[0])
    shares, seconds = [0.1, 0.55, 0.15, 0.2], []

    for at, share in enumerate(shares):
        step = whole.share(share / sum(shares[at:]))
        seconds.append(step.remaining())
        now[0] += step.remaining()

    assert seconds == [pytest.approx(95 * share) for share in shares]
    assert whole.remaining() == pytest.approx(0.0, abs=1e-9)
