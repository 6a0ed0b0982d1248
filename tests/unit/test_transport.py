"""How long one wait on a socket may be."""

import httpcore
import pytest

from shared.transport import IoDeadline


@pytest.mark.parametrize(
    ("gone", "timeout", "cut"),
    [(0.0, None, 5.0), (0.0, 2.0, 2.0), (4.0, 2.0, 1.0), (4.5, None, 0.5)],
    ids=["deadline-alone", "the-shorter-time-out", "the-shorter-deadline", "what-is-left"],
)
def test_a_wait_is_cut_to_what_is_left(gone: float, timeout: float | None, cut: float) -> None:
    now = [100.0]
    io_deadline = IoDeadline(clock=lambda: now[0])
    io_deadline.reset(5.0)

    now[0] += gone

    assert io_deadline.clamp(timeout, httpcore.ReadTimeout) == cut


@pytest.mark.parametrize("gone", [5.0, 5.1])
def test_a_host_that_floods_is_not_read_for_ever(gone: float) -> None:
    """Where bytes are always there, no socket ever times out: then the next wait is refused."""
    now = [100.0]
    io_deadline = IoDeadline(clock=lambda: now[0])
    io_deadline.reset(5.0)

    now[0] += gone

    with pytest.raises(httpcore.ReadTimeout):
        io_deadline.clamp(None, httpcore.ReadTimeout)


def test_without_a_limit_nothing_is_cut() -> None:
    assert IoDeadline().clamp(None, httpcore.ReadTimeout) is None
    assert IoDeadline().clamp(3.0, httpcore.ReadTimeout) == 3.0
