"""Placeholders: what CloudWatch fills in before it reads a saved query."""

import pytest

from local.insights import QueryError, parse
from tests.support.insights import rows

QUERY = 'fields id | filter id = "{{request_id}}"'


def test_a_value_is_filled_in() -> None:
    assert rows(QUERY, {"id": "r-1"}, {"id": "r-2"}, request_id="r-2") == [("r-2",)]


def test_two_placeholders_in_a_text() -> None:
    assert rows('filter id = "{{a}}-{{b}}{{a}}" | display id', {"id": "x-yx"}, a="x", b="y") == [("x-yx",)]


@pytest.mark.parametrize(
    "value",
    ['" or id like "', "' or 1 = 1", "\\", '\\" or id != "', "{{request_id}}", "a | limit 1", "# no comment", "\n", ""],
)
def test_a_value_stays_a_value(value: str) -> None:
    """Whatever is in it: it is compared, and ends no text."""
    assert rows(QUERY, {"id": "r-1"}, {"id": value}, request_id=value) == [(value,)]
    assert rows(QUERY, {"id": "r-1"}, request_id=value) == []


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (QUERY, "the parameter request_id has no value, at line 1, column 25"),
        ('filter a = "x"\n| filter b = "{{ b }}"',
         "{{ begins a placeholder, which is a name in double braces, like {{request_id}}, at line 2, column 14"),
        ("filter a = {{a}}",
         "a placeholder stands inside quotes, because CloudWatch puts its value in as it is, at line 1, column 12"),
        ("filter a = '{{1a}}'",
         "{{ begins a placeholder, which is a name in double braces, like {{request_id}}, at line 1, column 12"),
    ],
    ids=["no value", "spaces", "no quotes", "no name"],
)  # fmt: skip
def test_a_placeholder_that_cannot_be_filled_in(query: str, problem: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(query)

    assert str(refused.value) == problem


def test_a_comment_has_no_placeholders() -> None:
    assert rows("fields id # of {{nobody}}", {"id": 1}) == [(1,)]
