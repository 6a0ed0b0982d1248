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
    [(900_000, 898.0), (60_000, 58.0), (20_000, 19.0), (5_000, 4.5), (1_000, 0.5), (400, 0.0)],
)
def test_a_reserve_is_kept_for_answering(left_ms: int, usable: float) -> None:
    now = 100.0

    deadline = Deadline.of(Context(left_ms), clock=lambda: now)

    assert deadline.remaining() == pytest.approx(usable)


def test_time_runs_out_and_is_never_negative() -> None:
    now = [0.0]
    deadline = Deadline(3.0, clock=lambda: now[0])

    now[0] = 2.0
    assert deadline.remaining() == 1.0
    now[0] = 9.0
    assert deadline.remaining() == 0.0
