"""What holds for which event: operators, missing values, and numbers that are written as texts."""

from typing import Any

import pytest

from local.insights import QueryError
from tests.support.insights import rows

EVENT: dict[str, Any] = {
    "a": 1,
    "b": 2.5,
    "big": 9007199254740993,
    "text": "Upstream stalled",
    "digits": "42",
    "zero": 0,
    "empty": "",
    "arabic": "\u0663",
    "void": None,
    "on": True,
    "with-hyphen": "x",
    "with": {"dot": "y"},
    "quotes": 'say "hi" \\ it\'s',
}


def holds(condition: str) -> bool:
    return bool(rows(f"filter {condition}", EVENT))


@pytest.mark.parametrize(
    "condition",
    [
        "a = 1", "a != 2", "a < 2", "a <= 1", "b > 2", "b >= 2.5", "b = 2.5", "1 = a", "a < b", "a = on",
        "big = 9007199254740993", "big != 9007199254740992", "text = 'Upstream stalled'", 'text != "Upstream"',
        "text != 1", "digits = 42", "digits = '42'", "digits > 41", "a = '1'", "a = '1.0'", "a != 'one'", "on = 1",
        "on != 0", "empty = ''", "`with-hyphen` = 'x'", "with.dot = 'y'", "`with.dot` = 'y'",
        "a in [3, 1]", "a in ['1']", "a in ['x', 1]", "digits in [42]", "text in ['Upstream stalled']",
        "text not in ['Upstream', 'stalled']", "text not in [1]",
        "text like 'stream'", "text like /^Up.*led$/", "text =~ /stall/", "text not like 'Stalled'",
        "text like /(?i)STALLED/", "text not like /STALLED/", "a like /1/", "a like '1'", r"text like /m\ss/",
        "text like '.*' or text like /.*/",
        "a = 1 and b = 2.5", "a = 2 or b = 2.5", "not (a = 2)", "not (a = 2 and b = 2.5)", "not ispresent(missing)",
        "(a = 2 or a = 1) and (b = 1 or b = 2.5)", "ispresent(a) and a = 1", "A = 1 OR a = 1",
        "a IN [1] AND NOT (a = 2)",
        "a + b = 3.5", "b - a = 1.5", "a - b = -1.5", "-a = -1", "a * b = 2.5", "5 / b = 2", "10 % 3 = 1", "2 ^ 3 = 8",
        "1 + 2 * 3 = 7", "(1 + 2) * 3 = 9", "2 * 3 ^ 2 = 18", "8 / 4 / 2 = 1", "8 - 4 - 2 = 2", "7 % 4 * 2 = 6",
        "digits + 1 = 43", "on + on = 2", r"quotes = 'say \"hi\" \\ it\'s'", r'''quotes like "say \"hi\" \\ it's"''',
        "ispresent(a) = 1", "strcontains(text, 'led') = 1", " or ".join(["(a = 1)"] * 30),
    ],
)  # fmt: skip
def test_holds(condition: str) -> None:
    assert holds(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "a = 2", "a != 1", "a < 1", "a > 1", "a >= 2", "a <= 0", "a = 'one'", "text = 'upstream stalled'", "text = 1",
        "big = 9007199254740992", "digits < 42", "a in [2, 3]", "text in ['Upstream']", "text in [1]", "a in ['x']",
        "text like 'STALLED'", "text like /^stalled/", "text not like 'stalled'", "text like 'Up.*'",
        r"arabic like /\d/",
        "a = 1 and b = 1", "a = 2 or b = 1", "not (a = 1)", "a = 2 and missing != 1", "empty = 0", "ispresent(a) = 0",
        # A missing value makes a comparison not true, and JSON's null is a missing value.
        "missing = 1", "missing = ''", "missing < 1", "missing >= 0", "missing in ['', 0]", "missing like ''",
        "missing like /^/", "void = 0", "void = missing", "missing + 1 > 0", "a / zero = 0", "a % zero = 0",
        "missing = 1 or a = 2", "missing = 1 and a = 1", "missing = 1 and other != 1",
    ],
)  # fmt: skip
def test_does_not_hold(condition: str) -> None:
    assert not holds(condition)


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("missing != 1", 16),
        ("a = 1 and missing != 1", 26),
        ("not (missing = 1)", 8),
        ("not (missing = 'x')", 8),
        ("missing not in [1]", 16),
        ("missing not like 'x'", 16),
        ("missing not like /x/", 16),
        ("void != 0", 13),
        ("not (a = 1 and missing = 2)", 8),
        ("not (a = 2 or missing = 2)", 8),
    ],
)
def test_the_contrary_of_a_comparison_with_nothing_is_not_known(condition: str, column: int) -> None:
    """Nor is it documented, so that the query has to say what it wants of such an event."""
    with pytest.raises(QueryError, match=r"a value is missing.*: ask ispresent first, at line 1") as refused:
        holds(condition)

    assert refused.value.column == column


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("ispresent(missing) and missing != 1", False),
        ("not ispresent(missing) or missing != 1", True),
        ("a = 2 and missing != 1", False),
        ("a = 1 or missing != 1", True),
    ],
)
def test_what_comes_before_may_spare_the_question(condition: str, expected: bool) -> None:
    assert holds(condition) is expected


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("text > 1", "'Upstream stalled' is not a number, at line 1, column 8"),
        ("a + text = 1", "'Upstream stalled' is not a number, at line 1, column 12"),
        ("-7 % 4 = 1", "-7 % 4 has no exact result here, at line 1, column 11"),
        ("b like '2'", "how CloudWatch writes 2.5 as a text is not documented, at line 1, column 8"),
        ("10 ^ 9 ^ 1 = 1", "what ^ works on first is not documented, so parentheses are needed, at line 1, column 11"),
        ("(10 ^ 999999999) = 1", "10 ^ 999999999 has no exact result here, at line 1, column 12"),
    ],
)
def test_what_an_event_brings_up_is_refused_with_its_place(condition: str, problem: str) -> None:
    with pytest.raises(QueryError) as refused:
        holds(condition)

    assert str(refused.value) == problem
