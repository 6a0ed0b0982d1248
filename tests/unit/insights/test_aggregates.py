"""What each aggregate comes to."""

from decimal import Decimal

import pytest

from local.insights import QueryError, Value
from tests.support.insights import at, rows

EVENTS = [
    at(10, n=4, d=0.1, model="k2", on=True, digits="5"),
    at(30, n=1, d=0.2, model="k1", on=False),
    at(20, n=None, d=0.3, model="k2", on=True),
    at(40, n=3, model="k3"),
]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("count(*)", 4), ("count()", 4), ("count(n)", 3), ("count(d)", 3), ("count(missing)", 0),
        ("count(@timestamp)", 4), ("count_distinct(model)", 3), ("count_distinct(n)", 3), ("count_distinct(on)", 2),
        ("count_distinct(missing)", 0),
        ("sum(n)", 8), ("sum(d)", Decimal("0.6")), ("sum(on)", 2), ("sum(digits)", 5), ("sum(missing)", None),
        ("sum(n * 2)", 16), ("sum(n) / 1000000000", Decimal("8E-9")), ("sum(n = 4)", 1), ("sum(n > 1)", 2),
        ("sum(missing = 1)", None), ("sum(ispresent(n))", 3), ("sum(strcontains(model, 'k2'))", 2),
        ("sum(if(n > 1, 1, 0))", 2), ("sum(coalesce(n, 0))", 8), ("sum(missing) / count(*)", None),
        ("avg(n)", Decimal(8) / 3), ("avg(d)", Decimal("0.2")), ("avg(missing)", None),
        ("min(n)", 1), ("max(n)", 4), ("min(d)", Decimal("0.1")), ("max(missing)", None), ("max(on)", 1),
        ("min(@timestamp)", "2026-05-01 00:00:10.000"), ("max(@timestamp)", "2026-05-01 00:00:40.000"),
        ("pct(n, 0)", 1), ("pct(n, 33)", 1), ("pct(n, 34)", 3), ("pct(n, 50)", 3), ("pct(n, 66.6)", 3),
        ("pct(n, 67)", 4), ("pct(n, 99)", 4), ("pct(n, 100)", 4), ("pct(missing, 50)", None),
        ("latest(model)", "k3"), ("earliest(model)", "k2"), ("latest(missing)", None),
        ("latest(@timestamp)", "2026-05-01 00:00:40.000"), ("earliest(d)", Decimal("0.1")),
        ("100 * sum(strcontains(model, 'k2')) / count(*)", 50), ("max(n) - min(n)", 3), ("-sum(n)", -8),
    ],
)  # fmt: skip
def test_comes_to(aggregate: str, expected: Value) -> None:
    assert rows(f"stats {aggregate}", *EVENTS) == [(expected,)]


def test_sums_are_exact() -> None:
    """Where a sum of floats is not: 0.1 + 0.2, and whole numbers beyond 2**53."""
    assert rows("stats sum(a), sum(b)", {"a": 0.1, "b": 2**53}, {"a": 0.2, "b": 1}) == [(Decimal("0.3"), 2**53 + 1)]


def test_a_sum_that_would_have_to_be_rounded_is_refused() -> None:
    with pytest.raises(QueryError, match="sum has no exact result here, at line 1, column 7"):
        rows("stats sum(a)", '{"a": 1e-200}', '{"a": 1}')


def test_a_number_too_long_to_write_out_is_refused() -> None:
    with pytest.raises(QueryError, match="has no exact result here"):
        rows("fields a * a", f'{{"a": {"9" * 4000}}}')


def test_of_equal_times_the_latest_is_the_last_and_the_earliest_the_first() -> None:
    assert rows("stats latest(n), earliest(n)", at(1, n=1), at(1, n=2), at(1, n=3)) == [(3, 1)]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("stats latest(on)", "filter with ispresent first, at line 1, column 7"),
        (
            "filter ispresent(n) | stats earliest(missing), latest(d)",
            "filter with ispresent first, at line 1, column 48",
        ),
        ("stats sum(model)", "'k2' is not a number, at line 1, column 11"),
        ("stats pct(model, 5)", "'k2' is not a number, at line 1, column 11"),
    ],
)
def test_what_is_not_documented_is_refused_when_it_comes_up(query: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        rows(query, *EVENTS)


def test_the_latest_of_lines_without_time_is_not_known() -> None:
    with pytest.raises(QueryError, match="has no @timestamp"):
        rows("stats latest(@message)", *EVENTS, "START")
