"""What stays counted for attempts of unknown cost, and what the host's figures make of it."""

import pytest

from shared.guard.unknown_costs import UnknownAttempt, UnknownCosts


def costs(*attempts: UnknownAttempt) -> UnknownCosts:
    return UnknownCosts("r-1", ["spent#2027-01-15"], list(attempts))


def test_the_largest_maximum_counts_beside_what_is_known() -> None:
    unknown = costs(UnknownAttempt("a", 50), UnknownAttempt("b", 80), UnknownAttempt(None, 20))

    known = unknown.with_costs({"b": 10})

    assert (unknown.counted, known.counted) == (80, 60)
    assert (known.with_costs({"a": 1}).counted, known.revision, known.with_costs({"a": 1}).revision) == (31, 1, 2)


def test_an_id_that_several_attempts_have_is_paid_once() -> None:
    twice = costs(UnknownAttempt("a", 50), UnknownAttempt("a", 50)).with_costs({"a": 30})

    assert [each.cost for each in twice.attempts] == [30, 0]
    assert twice.counted == 30


@pytest.mark.parametrize("figures", [{}, {"c": 5}])
def test_figures_of_others_change_nothing(figures: dict[str, int]) -> None:
    unknown = costs(UnknownAttempt("a", 50))

    assert unknown.with_costs(figures) == unknown


def test_an_item_is_read_as_it_was_written() -> None:
    unknown = costs(UnknownAttempt("a", 50, 7), UnknownAttempt(None, 20))

    assert UnknownCosts.read(unknown.item(2_000_000_000)) == UnknownCosts(
        "r-1", ["spent#2027-01-15"], list(unknown.attempts)
    )
