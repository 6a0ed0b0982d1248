"""What conditions hold and what expressions come to, with missing values and numbers that are written as texts."""

from decimal import Decimal
from typing import Any

import pytest

from local.costs.errors import QueryError
from local.costs.insights import Value
from tests.support.insights import at, rows

EVENT: dict[str, Any] = {"a": 1, "b": 2.5, "big": 9007199254740993, "text": "Upstream stalled", "digits": "42",
                         "decimals": "2.50", "zero": 0, "empty": "", "void": None, "on": True, "quotes": "it's",
                         "list": [1]}  # fmt: skip


def holds(condition: str) -> bool:
    return bool(rows(f"filter {condition} | display a", EVENT))


@pytest.mark.parametrize(
    "condition",
    [
        "a = 1", "a != 2", "a < 2", "a <= 1", "b > 2", "b >= 2.5", "b = 2.5", "on = 1", "a = 1.0",
        "big = 9007199254740993", "big != 9007199254740992", "digits = 42", "digits > 41", "decimals = 2.5",
        "text = 'Upstream stalled'", 'text != "Upstream"', "text != 1", 'quotes = "it\'s"', "a != 'one'", "empty = ''",
        "a in [3, 1]", "text in ['Upstream stalled', 'x']", "digits in [42]",
        "a = 1 and b = 2.5", "a = 2 or b = 2.5", "a = 1 and b = 2.5 and zero = 0", "a = 2 or b = 1 or zero = 0",
        "a + b = 3.5", "a - b < 0", "a * b = 2.5", "b / a = 2.5", "1 / 4 = 0.25", "1 + 2 * 3 = 7", "8 / 4 / 2 = 1",
        "8 - 4 - 2 = 2", "digits + on = 43", "strcontains(text, 'led') = 1", "strcontains(text, 'LED') = 0",
        "strcontains(void, 'led') = 0", "strcontains(quotes, \"'\") = 1", "strcontains(@message, '\"a\": 1,') = 1",
        "coalesce(text, 'none') = 'Upstream stalled'", "coalesce(absent, 'none') = 'none'", "coalesce(a, '7') + 1 = 2",
        "coalesce(void, 'none') in ['none', 'x']", "coalesce(empty, 'none') = ''", "coalesce(absent, '7') + 1 = 8",
    ],
)  # fmt: skip
def test_holds(condition: str) -> None:
    assert holds(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "a = 2", "a != 1", "a < 1", "a > 1", "a >= 2", "a <= 0", "a = 'one'", "text = 'upstream stalled'", "text = 1",
        "big = 9007199254740992", "digits < 42", "a in [2, 3]", "text in ['Upstream', 'stalled']", "empty = 0",
        "a = 1 and b = 1", "a = 2 or b = 1", "a = 1 and b = 2.5 and zero = 1",
        # A missing value makes a comparison not true; JSON's null and what is nested are missing.
        "absent = 1", "absent = ''", "absent < 1", "absent >= 0", "absent in ['', 'x']", "absent in [0]", "void = 0",
        "list = 1", "absent + 1 > 0", "a / zero = 0", "a / zero >= 0", "absent = 1 or a = 2", "absent = 1 and a = 1",
    ],
)  # fmt: skip
def test_does_not_hold(condition: str) -> None:
    assert not holds(condition)


@pytest.mark.parametrize(("condition", "expected"), [("a = 2 and absent != 1", False), ("a = 1 or absent != 1", True)])
def test_what_comes_before_may_spare_a_question(condition: str, expected: bool) -> None:
    assert holds(condition) is expected


def test_a_filter_spares_the_next_ones_questions() -> None:
    assert rows("filter a = 2 | filter absent != 1 | display a", EVENT) == []


FOUR = [
    at(10, n=4, d=0.1, model="k2", digits="5"),
    at(30, n=1, d=0.2, model="k1"),
    at(20, n=None, d=0.3, model="k2"),
    at(40, n=3, model="k3"),
]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("count(*)", 4), ("count(n)", 3), ("count(model)", 4), ("count(absent)", 0), ("count(@timestamp)", 4),
        ("sum(n)", 8), ("sum(d)", Decimal("0.6")), ("sum(digits)", 5), ("sum(absent)", None), ("sum(n * 2)", 16),
        ("sum(n * strcontains(model, 'k2'))", 4), ("sum(strcontains(model, 'k2'))", 2),
        ("sum(n) / 1000000000", Decimal("8E-9")), ("100 * sum(strcontains(model, 'k2')) / count(*)", 50),
        ("sum(n) / 3", Decimal("2.6666666666666665")), ("sum(n) / sum(absent)", None), ("sum(n) / count(absent)", None),
        ("avg(n)", Decimal("2.6666666666666665")), ("avg(d)", Decimal("0.2")), ("avg(absent)", None),
        ("min(n)", 1), ("max(n)", 4), ("min(d)", Decimal("0.1")), ("max(absent)", None), ("max(n) - min(n)", 3),
        ("min(@timestamp)", "2026-05-01 00:00:10.000"), ("max(@timestamp)", "2026-05-01 00:00:40.000"),
        ("pct(n, 0)", 1), ("pct(n, 33)", 1), ("pct(n, 34)", 3), ("pct(n, 50)", 3), ("pct(n, 67)", 4),
        ("pct(n, 99)", 4), ("pct(n, 100)", 4), ("pct(absent, 50)", None), ("1", 1),
    ],
)  # fmt: skip
def test_an_aggregate_comes_to(aggregate: str, expected: Value) -> None:
    """A missing value counts nowhere but in `count(*)`; division by 0 gives nothing."""
    assert rows(f"stats {aggregate} as x by bin(1d) as day | display x", *FOUR) == [(expected,)]


def test_a_missing_value_is_a_group_of_the_name_that_it_is_given() -> None:
    """JSON's null is missing too; who writes the name itself is in the same group."""
    events = [*FOUR, at(50, n=2), at(60, n=5, model=None), at(70, n=6, model="none")]

    found = rows("stats count(*) as lines, sum(n) as n_sum by coalesce(model, 'none') as model_name", *events)

    assert sorted(found) == [("k1", 1, 1), ("k2", 2, 4), ("k3", 1, 3), ("none", 3, 13)]


def test_sums_are_exact_in_any_order() -> None:
    """Where a sum of doubles is not: 0.1 + 0.2 + 0.3, 3 * 0.28, and whole numbers beyond 2**53."""
    events = [at(0, a=0.1, b=0.28, c=2**53), at(0, a=0.2, b=0.28, c=1), at(0, a=0.3, b=0.28, c=1)]

    for some in (events, events[::-1]):
        found = rows("stats sum(a) as a, sum(b) as b, sum(c) as c by bin(1d) as day | display a, b, c", *some)
        assert found == [(Decimal("0.6"), Decimal("0.84"), 2**53 + 2)]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("filter absent != 1 | display a", "what != gives for a line without absent is not documented"),
        ("filter a = 1 and void != 'x' | display a", "what != gives for a line without void is not documented"),
        ("filter text > 1 | display a", "text holds 'Upstream stalled', which is no number"),
        ("filter a + text = 1 | display a", "text holds 'Upstream stalled', which is no number"),
        ("filter strcontains(b, '2') = 1 | display a", "b holds a number, and strcontains looks into texts"),
        ("stats sum(@message) as x by a", """@message holds '{"a": 1, "b": 2.5, "big": 90071992547409', which is no"""),
        ("fields a | sort text asc", "text holds 'Upstream stalled', which is no number"),
        ("stats count(*) as n by text | sort text asc", "text holds 'Upstream stalled', which is no number"),
        ("stats count(*) as n by bin(1d) as day", "what bin gives for a line without @timestamp is not documented"),
    ],
)
def test_what_a_line_brings_up_is_refused(query: str, problem: str) -> None:
    with pytest.raises(QueryError) as refused:
        rows(query, EVENT)

    assert str(refused.value).startswith(problem)


@pytest.mark.parametrize(
    ("query", "line", "problem"),
    [
        ("stats sum(a) as x by b", f'{{"a": {2**63}}}', f"a holds '{2**63}', which is no number"),
        ("stats sum(a + 1) as x by b", f'{{"a": {2**62}}}\n{{"a": {2**62}}}', "SQLite refuses the query"),
        ("fields a", '{"a": 1e999}', "a number is too large to calculate with"),
    ],
    ids=["beyond 64 bits", "a sum beyond 64 bits", "beyond doubles"],
)
def test_numbers_that_are_too_large_are_refused(query: str, line: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        rows(query, *line.splitlines())
