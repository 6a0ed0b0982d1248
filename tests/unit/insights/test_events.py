"""How log lines become events with fields."""

import json
from decimal import Decimal

import pytest

from local.insights import Events
from local.insights.values import Row, Value
from tests.support.insights import rows

LINE = '{"timestamp":"2026-05-01T10:00:00.123Z","message":"cost","attempts":2}'


def event(line: str) -> Row:
    (found,) = Events.read([line]).rows
    return found


def test_fields_are_those_of_the_json() -> None:
    assert event(LINE) == {
        "timestamp": "2026-05-01T10:00:00.123Z",
        "message": "cost",
        "attempts": 2,
        "@message": LINE,
        "@timestamp": 1_777_629_600_123,
    }


@pytest.mark.parametrize(
    "prefix",
    ["2026-05-01T10:00:00 ", "2026-05-01T10:00:00.123000+00:00 2026/05/01/[$LATEST]0123456789abcdef "],
    ids=["short", "detailed"],
)
def test_what_aws_logs_tail_puts_before_an_event_is_no_part_of_it(prefix: str) -> None:
    assert event(prefix + LINE + "\r\n") == event(LINE)


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId: 8f5d Version: $LATEST",
        '{"message": "cut off',
        "{'message': 'python'}",
        '{"amount": NaN}',
        '{"amount": 1e99999999999999999999}',
        f'{{"amount": {"9" * 5000}}}',
        '{"a":' * 100_000,
        '{"a":' * 3000 + "1" + "}" * 3000,
    ],
    ids=["text", "cut", "not JSON", "NaN", "exponent", "digits", "deep and cut", "deep"],
)
def test_a_line_without_readable_json_has_only_its_text(line: str) -> None:
    assert event(line) == {"@message": line, "@timestamp": None}


def test_text_before_the_json_belongs_to_the_message() -> None:
    """Only what `aws logs tail` adds is cut off."""
    found = event("[INFO] " + LINE)

    assert found["attempts"] == 2
    assert found["@message"] == "[INFO] " + LINE


def test_only_the_first_json_counts() -> None:
    assert event('{"a":1} {"b":2}') == {"a": 1, "@message": '{"a":1} {"b":2}', "@timestamp": None}


@pytest.mark.parametrize("more", ["", ',{"b":2}', ',{"b":2},{"b":3}', ',{"b":2},{"b":3},{"b":4}'])
def test_lines_that_are_json_only_together_are_not_json(more: str) -> None:
    """Lines are decoded many at a time; one must not complete the other, or stand in for it."""
    lines = ['{"a":1}' + more, '{"c":[{}', "{}]}", '{"d":4}']

    found = Events.read(lines).rows

    assert [row["@message"] for row in found] == lines
    assert [{name for name in row if name[0] != "@"} for row in found] == [{"a"}, set(), set(), {"d"}]


def test_blank_lines_are_no_events() -> None:
    assert Events.read(["", "\n", " \r\n"]).rows == []


def test_nested_values_have_names_with_dots() -> None:
    found = event('{"usage":{"input":1,"more":{"deep":2}},"generation_ids":["a","b"],"none":[],"after":3}')

    assert {name: value for name, value in found.items() if name[0] != "@"} == {
        "usage.input": 1,
        "usage.more.deep": 2,
        "generation_ids.0": "a",
        "generation_ids.1": "b",
        "after": 3,
    }


def test_an_event_has_200_fields_at_most() -> None:
    """The documentation's limit; what is generated does not count."""
    assert len(event(json.dumps({f"f{number}": number for number in range(300)}))) == 200 + 2
    assert len(event(json.dumps({"list": list(range(300))}))) == 200 + 2


def test_a_name_with_an_at_sign_gets_another() -> None:
    found = event('{"@timestamp":"mine","@message":"mine too","list":["@"]}')

    assert (found["@@timestamp"], found["@@message"], found["@timestamp"]) == ("mine", "mine too", None)
    assert rows("fields @@timestamp", '{"@timestamp":"mine"}') == [("mine",)]


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-05-01T12:30:00.5+02:00", 1_777_631_400_500),
        ("2026-05-01T10:30:00.123456Z", 1_777_631_400_123),
        ("1970-01-01T00:00:00Z", 0),
        ("2026-05-01T10:30:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("yesterday", None),
        (1_777_631_400, None),
        (None, None),
    ],
    ids=["zone", "microseconds", "epoch", "no zone", "too early", "too late", "words", "number", "null"],
)
def test_the_time_is_the_timestamp(timestamp: Value, expected: int | None) -> None:
    assert event(json.dumps({"timestamp": timestamp}))["@timestamp"] == expected


def test_numbers_are_exact() -> None:
    found = event('{"small":0.00023492,"tenth":0.1,"big":123456789012345678901,"exponent":1.5e-7}')

    assert found["small"] == Decimal("0.00023492")
    assert found["tenth"] == Decimal("0.1")
    assert found["big"] == 123_456_789_012_345_678_901
    assert found["exponent"] == Decimal("1.5E-7")


def test_a_boolean_is_1_or_0() -> None:
    """As CloudWatch holds it; seen in a result, a filter, a group and a sum."""
    events = [{"on": True}, {"on": False}, {"on": True}]

    assert rows("fields on", *events) == [(1,), (0,), (1,)]
    assert [type(value) for (value,) in rows("fields on", *events)] == [int, int, int]
    assert rows("filter on = 1 | stats count(*)", *events) == [(2,)]
    assert rows("stats sum(on)", *events) == [(2,)]
    assert rows("stats count(*) as n by on | sort on asc", *events) == [(0, 1), (1, 2)]


def test_null_is_no_field() -> None:
    assert rows("fields ispresent(a)", {"a": None}, {"a": ""}, {}) == [(0,), (1,), (0,)]


def test_events_that_are_read_together_share_their_names() -> None:
    """Half the memory; without it a query takes half as long again."""
    first, second = Events.read([LINE, LINE]).rows

    assert all(one is other for one, other in zip(first, second, strict=True))
