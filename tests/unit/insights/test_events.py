"""How log lines become events with fields."""

import json
from decimal import Decimal
from typing import Any

import pytest

from local.costs.events import decoded
from tests.support.insights import rows, run

LINE = '{"timestamp":"2026-05-01T10:00:00.123Z","message":"cost","attempts":2}'


def test_fields_are_those_of_the_json() -> None:
    assert decoded(LINE) == {
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
    assert decoded(prefix + LINE + "\r\n") == decoded(LINE)


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId: 8f5d Version: $LATEST",
        '{"message": "truncated',
        "{'message': 'python'}",
        '{"amount": NaN}',
        f'{{"amount": {"9" * 5000}}}',
        '{"a":' * 100_000,
    ],
    ids=["text", "truncated", "not JSON", "NaN", "digits", "deep"],
)
def test_a_line_without_readable_json_has_only_its_text(line: str) -> None:
    assert decoded(line) == {"@message": line, "@timestamp": None}


def test_text_before_the_json_belongs_to_the_message() -> None:
    """Only what `aws logs tail` adds is left out."""
    found = decoded("[INFO] " + LINE)

    assert (found["attempts"], found["@message"]) == (2, "[INFO] " + LINE)


def test_only_the_first_json_counts() -> None:
    assert decoded('{"a":1} {"b":2}') == {"a": 1, "@message": '{"a":1} {"b":2}', "@timestamp": None}


def test_what_a_line_itself_calls_time_or_message_is_not_the_events() -> None:
    line = '{"@timestamp":"mine","@message":"mine too"}'

    assert run("fields @timestamp, @message", line).rows == ((None, line),)


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-05-01T12:30:00.5+02:00", "2026-05-01 10:30:00.500"),
        ("2026-05-01T10:30:00.123456Z", "2026-05-01 10:30:00.123"),
        ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00.000"),
        ("2026-05-01T10:30:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("yesterday", None),
        (1_777_631_400, None),
        (None, None),
    ],
    ids=["zone", "microseconds", "epoch", "no zone", "too early", "too late", "words", "number", "null"],
)
def test_the_time_is_the_timestamp(timestamp: object, expected: str | None) -> None:
    """As CloudWatch writes it, in UTC."""
    assert rows("fields @timestamp", {"timestamp": timestamp}) == [(expected,)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.00023492, Decimal("0.00023492")),
        (0.1, Decimal("0.1")),
        (1.5e-7, Decimal("1.5E-7")),
        (2**63 - 1, 2**63 - 1),
        (2**63, str(2**63)),
        ("42", "42"),
        ("Zürich", "Zürich"),
        ("half \ud83d", "half \\ud83d"),
        ("a\0b", "a\0b"),
        (True, 1),
        (False, 0),
        (None, None),
        ([1, 2], None),
        ({"b": 1}, None),
    ],
    ids=["money", "tenth", "exponent", "64 bits", "more than 64 bits", "digits", "letters", "half a character", "NUL",
         "true", "false", "null", "list", "object"],
)  # fmt: skip
def test_a_value_is_shown_as_the_line_has_it(value: Any, expected: object) -> None:
    """A JSON true is 1, as in CloudWatch; what is nested has other names there, so it is no field here."""
    ((found,),) = rows("fields a", json.dumps({"a": value}))

    assert (found, type(found)) == (expected, type(expected))
