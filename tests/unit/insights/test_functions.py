"""What each function gives."""

from decimal import Decimal

import pytest

from local.insights import QueryError, Value
from tests.support.insights import rows

EVENT = {"timestamp": "2026-05-01T10:59:59.999Z", "text": "Zürich ", "blank": " \t", "empty": "", "void": None, "n": -7,
         "d": 2.5, "on": True, "digits": "3.5"}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ispresent(n)", 1), ("isPresent(empty)", 1), ("ispresent(void)", 0), ("ispresent(missing)", 0),
        ("isempty(empty)", 1), ("isempty(missing)", 1), ("isempty(void)", 1), ("isempty(blank)", 0), ("isempty(n)", 0),
        ("isblank(blank)", 1), ("isblank(empty)", 1), ("isblank(missing)", 1), ("isblank(text)", 0), ("isblank(n)", 0),
        ("coalesce(missing, void, n, d)", -7), ("coalesce(missing, 0)", 0), ("coalesce(missing)", None),
        ("coalesce(empty, 'x')", ""), ("coalesce(missing, 'x')", "x"),
        ("coalesce(@timestamp)", "2026-05-01 10:59:59.999"),
        ("if(n < 0, 'debt', 'credit')", "debt"), ("if(n > 0, 1, 0)", 0), ("if(missing = 1, 1, 0)", 0),
        ("if(ispresent(missing), missing, 'unknown')", "unknown"), ("if(on = 1, text, d)", "Zürich "),
        ("strcontains(text, 'ric')", 1), ("strcontains(text, 'RIC')", 0), ("strcontains(missing, 'x')", 0),
        ("strcontains(text, missing)", 0), ("strcontains(n, '-')", 1), ("strcontains(on, '1')", 1),
        ("strContains(@message, '\"n\": -7')", 1), ("100 * strcontains(text, 'Z')", 100),
        ("concat(text, '/', n, on)", "Zürich /-71"), ("concat('a')", "a"),
        ("strlen(text)", 7), ("strlen(empty)", 0), ("strlen(missing)", None), ("strlen(n)", 2),
        ("floor(d)", 2), ("ceil(d)", 3), ("floor(n)", -7), ("floor(-d)", -3), ("ceil(-d)", -2),
        ("floor(missing)", None),
        ("ceil(digits)", 4), ("abs(n)", 7), ("abs(-d)", Decimal("2.5")), ("abs(on)", 1), ("abs(missing)", None),
        ("bin(1h)", "2026-05-01 10:00:00.000"), ("@timestamp", "2026-05-01 10:59:59.999"), ("n = -7", 1), ("1", 1),
        ("10 / 4", Decimal("2.5")), ("1 / 3", Decimal("0.3333333333333333333333333333")), ("2 ^ 0.5 > 1.41", 1),
        ("9 / 3", 3), ("123456789012345678901234567890 / 1", 123456789012345678901234567890),
    ],
)  # fmt: skip
def test_gives(expression: str, expected: Value) -> None:
    assert rows(f"fields {expression}", EVENT) == [(expected,)]


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("concat(text, missing)", "what concat gives where a value is missing"),
        ("concat(text, d)", "how CloudWatch writes 2.5 as a text is not documented"),
        ("abs(text)", "'Zürich ' is not a number"),
        ("missing = 1", "what a comparison gives where a value is missing"),
        ("ispresent(missing = 1)", "what a comparison gives where a value is missing"),
    ],
)
def test_what_is_not_documented_is_refused_when_it_comes_up(expression: str, problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        rows(f"fields {expression}", EVENT)


def test_a_line_without_a_time_is_in_no_bin() -> None:
    """In CloudWatch every event has a time; the line alone does not tell it."""
    with pytest.raises(QueryError, match=r"has no @timestamp.*column 19"):
        rows("stats count(*) by bin(1d)", EVENT, "START RequestId: 1")
