"""What each command does, on tables small enough to work out by hand."""

from typing import Any

import pytest

from local.costs.events import Events, decoded
from local.costs.insights import Query, Value
from tests.support.insights import Event, at, rows, run

FIVE = [
    at(0, message="cost", outcome="ok", model="k2", cost=5),
    at(1, message="attempt", outcome="ok", model="k2", cost=None),
    at(2, message="cost", outcome="stalled", model="k2", cost=7),
    at(3, message="cost", outcome="ok", model="k1", cost=1),
    at(4, message="cost", outcome="ok", cost=2),
]


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("fields outcome, cost | sort @timestamp desc", ("outcome", "cost"),
         [("ok", 2), ("ok", 1), ("stalled", 7), ("ok", None), ("ok", 5)]),
        ("filter cost > 4 | display cost, model, absent", ("cost", "model", "absent"),
         [(5, "k2", None), (7, "k2", None)]),
        ("filter cost > 1 | filter cost < 6 | sort cost asc | limit 1 | display cost", ("cost",), [(2,)]),
        ("stats sum(cost) as s by outcome | sort s asc | display s", ("s",), [(7,), (8,)]),
        ("stats min(@timestamp) as began by outcome | sort began desc", ("outcome", "began"),
         [("stalled", "2026-05-01 00:00:02.000"), ("ok", "2026-05-01 00:00:00.000")]),
    ],
    ids=["fields", "display", "display of what is sorted", "display after stats", "a time"],
)  # fmt: skip
def test_fields_and_display(query: str, fields: tuple[str, ...], expected: list[tuple[Value, ...]]) -> None:
    found = run(query, *FIVE)

    assert found.fields == fields
    assert list(found.rows) == expected


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("stats sum(cost) as s by outcome | sort s desc", ("outcome", "s"), [("ok", 8), ("stalled", 7)]),
        ("stats count(*) as n by message, outcome | sort n desc", ("message", "outcome", "n"),
         [("cost", "ok", 3), ("attempt", "ok", 1), ("cost", "stalled", 1)]),
        ("stats sum(cost) as s by model | sort s asc", ("model", "s"), [("k1", 1), (None, 2), ("k2", 12)]),
        ("stats count(*) as n by model as name, bin(1d) as day | sort n desc | limit 1", ("name", "day", "n"),
         [("k2", "2026-05-01 00:00:00.000", 3)]),
        ("stats count(*) as n by cost / 0 as nothing", ("nothing", "n"), [(None, 5)]),
        ("stats sum(cost) as s, count(*) as n by outcome | filter n = 1 or s > 100 | sort s asc", ("outcome", "s", "n"),
         [("stalled", 7, 1)]),
        ("stats sum(cost) as s by outcome | filter s > 1 | filter outcome = 'ok'", ("outcome", "s"), [("ok", 8)]),
        ("filter message = 'none' | stats count(*) as n by model", ("model", "n"), []),
    ],
    ids=["by", "by two", "nothing is a group", "names", "by an expression", "filter", "two filters", "no events"],
)  # fmt: skip
def test_stats(query: str, fields: tuple[str, ...], expected: list[tuple[Value, ...]]) -> None:
    """Groups come first in a row."""
    found = run(query, *FIVE)

    assert found.fields == fields
    assert list(found.rows) == expected


DAYS = [
    {"timestamp": "2026-05-01T23:59:59.999Z", "n": 1},
    {"timestamp": "2026-05-02T00:00:00.000Z", "n": 2},
    {"timestamp": "2026-05-02T01:30:00.000+02:00", "n": 4},
    {"timestamp": "2026-05-02T12:34:56.789Z", "n": 8},
]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("1d", {"2026-05-01 00:00:00.000": 5, "2026-05-02 00:00:00.000": 10}),
        ("12h", {"2026-05-01 12:00:00.000": 5, "2026-05-02 00:00:00.000": 2, "2026-05-02 12:00:00.000": 8}),
        ("1h", {"2026-05-01 23:00:00.000": 5, "2026-05-02 00:00:00.000": 2, "2026-05-02 12:00:00.000": 8}),
        ("30m", {"2026-05-01 23:30:00.000": 5, "2026-05-02 00:00:00.000": 2, "2026-05-02 12:30:00.000": 8}),
        ("10s", {"2026-05-01 23:30:00.000": 4, "2026-05-01 23:59:50.000": 1, "2026-05-02 00:00:00.000": 2,
                 "2026-05-02 12:34:50.000": 8}),
    ],
)  # fmt: skip
def test_bin(period: str, expected: dict[str, int]) -> None:
    """Days begin at midnight UTC, whatever zone a line's time is written in."""
    assert rows(f"stats sum(n) as n by bin({period}) as begin | sort begin asc", *DAYS) == list(expected.items())


def test_sort_goes_by_value_and_puts_nothing_first() -> None:
    events: list[Event] = [{"x": 10}, {"x": 9.5}, {}, {"x": -1}, {"x": "9"}, {"x": None}]

    assert [str(x) for (x,) in rows("fields x | sort x asc", *events)] == ["None", "None", "-1", "9", "9.5", "10"]
    assert [str(x) for (x,) in rows("fields x | sort x desc", *events)] == ["10", "9.5", "9", "-1", "None", "None"]


def test_sort_goes_on_with_the_next_key() -> None:
    events = [{"a": 1, "b": 1, "n": 0}, {"a": 2, "b": 3, "n": 1}, {"a": 1, "b": 2, "n": 2}, {"a": 2, "b": 1, "n": 3}]

    assert rows("fields n | sort a desc, b asc", *events) == [(3,), (1,), (0,), (2,)]


def test_no_row_is_left_out_without_limit() -> None:
    """CloudWatch would give 10,000; `make costs` says there when that is not all."""
    many: list[dict[str, Any]] = [{"n": number} for number in range(10_001)]

    assert len(rows("fields n", *many)) == 10_001
    assert rows("fields n | sort n desc | limit 2", *many) == [(10_000,), (9999,)]


def test_a_query_runs_again_with_the_same_result() -> None:
    query = Query("fields cost | sort cost desc | limit 1")
    events = Events(map(decoded, ['{"cost":1}', '{"cost":2}']), query.reads)

    assert query.run(events) == query.run(events)
