"""The benchmark of the stand-in says what is so, measured on a real one."""

import pytest

from benchmarks.standin import REQUESTS, Figures, measure, report, running
from tests.support.processes import ROOT


def test_every_round_measures_every_request_on_every_host() -> None:
    with running(ROOT) as here, running(ROOT) as there:
        figures = measure([here, there], rounds=2, calls=5)

    assert [row.name for row in figures] == [request.name for request in REQUESTS]
    for row in figures:
        assert len(row.here_ms) == len(row.there_ms) == 2
        assert sum(row.here_ms) > 0 < sum(row.there_ms)
    assert figures[0].answer_bytes > figures[1].answer_bytes > figures[2].answer_bytes


def test_a_round_is_compared_with_itself() -> None:
    """The ratio's spread is that of the rounds, which a busy machine slows alike, and not of the two medians."""
    rows = report([Figures("a", 1000, [1.0, 2.0, 3.0], [2.0, 4.0, 6.0])]).splitlines()

    assert [cell.strip() for cell in rows[2].split("|")[-3:-1]] == ["2.00", "2.00 to 2.00"]
    assert "1,000" in rows[2]


@pytest.mark.parametrize(("milliseconds", "met"), [(2.9, "met"), (3.1, "missed")])
def test_the_dearest_request_decides(milliseconds: float, met: str) -> None:
    figures = [Figures("cheap", 1, [0.1, 0.1]), Figures("dear", 1, [milliseconds, milliseconds])]

    assert report(figures).splitlines()[-1] == f"the dearest request: {milliseconds:.2f} ms; less than 3 ms: {met}"


def test_an_answer_that_is_none_is_not_measured() -> None:
    request = type(REQUESTS[0])("no key", "A counter [[fault status code=503]]", stream=True)

    with running(ROOT) as host, pytest.raises(RuntimeError, match="answered 503"):
        host.milliseconds(request, 1)
