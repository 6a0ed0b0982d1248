"""What each command does, on tables small enough to work out by hand."""

import pytest

from local.insights import Events, Value, parse
from tests.support.insights import Event, at, rows, run

FIVE = [
    at(0, message="cost", outcome="ok", model="k2", cost=5),
    at(1, message="attempt", outcome="ok", model="k2", cost=None),
    at(2, message="cost", outcome="stalled", model="k2", cost=7),
    at(3, message="cost", outcome="ok", model="k1", cost=1),
    at(4, message="cost", outcome="ok", cost=2),
]


def test_without_a_list_of_fields_time_and_message_are_shown() -> None:
    found = run('filter outcome = "stalled"', *FIVE)

    assert found.fields == ("@timestamp", "@message")
    assert found.rows[0][0] == "2026-05-01 00:00:02.000"
    assert str(found.rows[0][1]).startswith('{"timestamp": "2026-05-01T00:00:02.000Z"')


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("fields outcome, cost", ("outcome", "cost"), [("ok", 2), ("ok", 1), ("stalled", 7), ("ok", None), ("ok", 5)]),
        ("FIELDS cost AS amount", ("amount",), [(2,), (1,), (7,), (None,), (5,)]),
        ("fields cost | fields cost * 2 as twice", ("cost", "twice"), [(2, 4), (1, 2), (7, 14), (None, None), (5, 10)]),
        ("fields cost as c | filter c > 4", ("c",), [(7,), (5,)]),
        ("fields  cost +  1", ("cost +  1",), [(3,), (2,), (8,), (None,), (6,)]),
        ('fields if(cost > 2, "dear", "cheap") as cost | stats count(*) as n by cost | sort cost asc', ("cost", "n"),
         [("cheap", 3), ("dear", 2)]),
        ("fields cost, model | display model", ("model",), [(None,), ("k1",), ("k2",), ("k2",), ("k2",)]),
        ("display ispresent(model) as known | limit 2", ("known",), [(0,), (1,)]),
        ("fields cost | limit 1 | display outcome", ("outcome",), [("ok",)]),
        ("fields outcome, outcome like 'st' as stalled", ("outcome", "stalled"),
         [("ok", 0), ("ok", 0), ("stalled", 1), ("ok", 0), ("ok", 0)]),
    ],
    ids=["fields", "alias", "two lists", "alias in filter", "no alias", "alias like the field", "display",
         "expression in display", "display after limit", "condition"],
)  # fmt: skip
def test_fields_and_display(query: str, fields: tuple[str, ...], expected: list[tuple[Value, ...]]) -> None:
    found = run(query, *FIVE)

    assert found.fields == fields
    assert list(found.rows) == expected


@pytest.mark.parametrize(
    ("query", "costs"),
    [
        ('filter message = "cost"', [2, 1, 7, 5]),
        ('filter message = "cost" and outcome = "ok"', [2, 1, 5]),
        ('filter message = "cost" and outcome = "ok" and cost > 1', [2, 5]),
        ('filter message = "cost" | filter outcome = "stalled"', [7]),
        ('filter message in ["cost", "other"] and cost < 3', [2, 1]),
        ('filter message in ["cost", "attempt"]', [2, 1, 7, None, 5]),
        ('filter message in ["attempt", 7]', [None]),
        ('filter message not in ["attempt"]', [2, 1, 7, 5]),
        ('filter (message = "cost" and outcome = "ok") and cost > 1', [2, 5]),
        ('filter outcome = "ok" and message = "cost"', [2, 1, 5]),
        ('filter message = "nothing"', []),
        ('filter message = "7"', []),
        ('fields model | filter message = "attempt"', [None]),
        ('fields "cost" as message | filter message = "cost"', [2, 1, 7, None, 5]),
        ('filter cost > 1 | filter message = "cost"', [2, 7, 5]),
    ],
)
def test_filter_by_message(query: str, costs: list[Value]) -> None:
    """Events are kept by their message, so that a filter by it is quick; the result is that of any filter."""
    assert rows(f"{query} | display cost", *FIVE) == [(cost,) for cost in costs]


def test_filter_by_a_message_that_is_a_number() -> None:
    events: list[Event] = [{"message": 7}, {"message": "7"}, {"message": "7.0"}, {"message": "seven"}]

    assert rows('filter message = "7" | stats count(*)', *events) == [(2,)]
    assert rows('filter message in ["seven", 7] | stats count(*)', *events) == [(4,)]


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("stats count(*)", ("count(*)",), [(5,)]),
        ("stats count() as n, sum(cost) as total", ("n", "total"), [(5, 15)]),
        ("stats sum(cost) as total by outcome", ("outcome", "total"), [("ok", 8), ("stalled", 7)]),
        ("stats count(*) as n by message, outcome | sort n desc", ("message", "outcome", "n"),
         [("cost", "ok", 3), ("attempt", "ok", 1), ("cost", "stalled", 1)]),
        ("stats count(*) as n by model", ("model", "n"), [("k2", 3), ("k1", 1), (None, 1)]),
        ("stats count(*) as n by outcome = 'ok' as good", ("good", "n"), [(1, 4), (0, 1)]),
        ("stats count(*) as n by strlen(outcome) | sort n asc", ("strlen(outcome)", "n"), [(7, 1), (2, 4)]),
        ("stats sum(cost) / count(*) * 100 as share", ("share",), [(300,)]),
        ("stats max(cost) as most, min(cost) as least, most - least as span", ("most", "least", "span"), [(7, 1, 6)]),
        ("stats floor(avg(cost)) as mean", ("mean",), [(3,)]),
        ("fields cost * 10 as ten | stats sum(ten)", ("sum(ten)",), [(150,)]),
        ('filter message = "none" | stats count(*)', ("count(*)",), []),
        ("stats sum(cost) as s by outcome | filter s > 7 | display s", ("s",), [(8,)]),
        ("stats count(*) as n by outcome, model | filter n > 1 | stats sum(n) as n, count(*) as groups",
         ("n", "groups"), [(2, 1)]),
        ("stats sum(cost) as s by outcome | fields s * 2 as twice | stats max(twice)", ("max(twice)",), [(16,)]),
        ("stats sum(cost) as s by outcome | fields s * 2 as twice | sort twice asc | display outcome, twice",
         ("outcome", "twice"), [("stalled", 14), ("ok", 16)]),
        ("stats count(*) as n by bin(1s) as @t | stats count(*) as bins, max(@t) as last", ("bins", "last"),
         [(5, "2026-05-01 00:00:04.000")]),
    ],
    ids=["no alias", "no arguments", "by", "by two", "nothing is a group", "by a condition", "by an expression",
         "expression", "result of before", "function of an aggregate", "of an alias", "no events",
         "filter after", "two", "fields between", "fields after", "time passed on"],
)  # fmt: skip
def test_stats(query: str, fields: tuple[str, ...], expected: list[tuple[Value, ...]]) -> None:
    """Groups come first in a row, and are in the order of their first events: here, of the lines."""
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
        ("1d", [("2026-05-01 00:00:00.000", 5), ("2026-05-02 00:00:00.000", 10)]),
        ("1day", [("2026-05-01 00:00:00.000", 5), ("2026-05-02 00:00:00.000", 10)]),
        ("12h", [("2026-05-01 12:00:00.000", 5), ("2026-05-02 00:00:00.000", 2), ("2026-05-02 12:00:00.000", 8)]),
        ("1hr", [("2026-05-01 23:00:00.000", 5), ("2026-05-02 00:00:00.000", 2), ("2026-05-02 12:00:00.000", 8)]),
        ("30mins", [("2026-05-01 23:30:00.000", 5), ("2026-05-02 00:00:00.000", 2), ("2026-05-02 12:30:00.000", 8)]),
        ("10S", [("2026-05-01 23:30:00.000", 4), ("2026-05-01 23:59:50.000", 1), ("2026-05-02 00:00:00.000", 2),
                 ("2026-05-02 12:34:50.000", 8)]),
        ("500ms", [("2026-05-01 23:30:00.000", 4), ("2026-05-01 23:59:59.500", 1), ("2026-05-02 00:00:00.000", 2),
                   ("2026-05-02 12:34:56.500", 8)]),
    ],
    ids=["day", "its name", "half days", "hours", "half hours", "seconds", "milliseconds"],
)  # fmt: skip
def test_bin(period: str, expected: list[tuple[Value, ...]]) -> None:
    """Days begin at midnight UTC, whatever zone a line's time is written in."""
    assert rows(f"stats sum(n) by bin ({period}) as begin | sort begin asc", *DAYS) == expected


MIXED: list[str] = [
    "!:",
    "#",
    "*%04",
    "0#",
    "5A",
    "111A",
    "2345_",
    "@",
    "@_",
    "A",
    "A9876fghj",
    "a12345hfh",
    "0",
    "01",
    "1",
    "2",
]
"""The documentation's own example of the order, and numbers behind it."""


def test_sort_is_natural() -> None:
    events = [{"x": text} for text in reversed(MIXED)]

    assert rows("fields x | sort x asc", *events) == [(text,) for text in MIXED]
    assert rows("fields x | sort x desc", *events) == [(text,) for text in reversed(MIXED)]


def test_sort_puts_numbers_behind_texts_and_nothing_before_all() -> None:
    events: list[Event] = [{"x": 10}, {"x": 9.5}, {}, {"x": "a"}, {"x": -1}, {"x": "9"}, {"x": None}]

    assert [str(x) for (x,) in rows("fields x | sort x asc", *events)] == ["None", "None", "a", "-1", "9", "9.5", "10"]
    assert [str(x) for (x,) in rows("fields x | sort x desc", *events)] == ["10", "9.5", "9", "-1", "a", "None", "None"]


def test_sort_goes_on_with_the_next_key_and_keeps_the_order_of_equals() -> None:
    events = [{"a": 1, "b": 1, "n": 0}, {"a": 2, "b": 3, "n": 1}, {"a": 1, "b": 2, "n": 2}, {"a": 2, "b": 1, "n": 3}]

    assert rows("fields n | sort a desc, b asc", *events) == [(3,), (1,), (0,), (2,)]
    assert rows("fields n | sort a asc", *events) == [(0,), (2,), (1,), (3,)]


def test_the_newest_come_first() -> None:
    assert rows("fields cost | limit 2", *FIVE) == [(2,), (1,)]
    assert rows("fields cost | sort @timestamp asc | limit 2", *FIVE) == [(5,), (None,)]


def test_limit() -> None:
    many = [{"n": number} for number in range(10_001)]

    assert len(rows("fields n", *many)) == 10_000, "CloudWatch's own limit"
    assert len(rows("fields n | limit 10001", *many)) == 10_001
    assert len(rows("stats count(*) by n", *many)) == 10_000
    assert rows("fields n | sort n asc | limit 2", *many) == [(0,), (1,)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields cost | dedup model", [2, 1, 7]),
        ("fields cost | sort cost asc | dedup model", [None, 1, 2]),
        ("fields cost | sort cost desc | dedup outcome, message | limit 2", [7, 5]),
        ("stats max(cost) as cost by model, outcome | sort cost desc | dedup model | limit 9", [7, 2, 1]),
    ],
    ids=["the newest", "the first sorted", "two fields", "after stats"],
)
def test_dedup(query: str, expected: list[Value]) -> None:
    """Of each value the first row; a row that lacks the value is like no other."""
    found = run(query, *FIVE)

    assert [row[found.fields.index("cost")] for row in found.rows] == expected


def test_dedup_keeps_every_row_without_the_value() -> None:
    assert rows("fields n | dedup x", {"n": 1}, {"n": 2}, {"n": 3, "x": 1}, {"n": 4, "x": 1}) == [(1,), (2,), (3,)]


def test_comments_and_line_ends() -> None:
    query = """
    # all that was paid
    filter message = "cost"   # only the cost lines
    | stats sum(cost) as paid # and not | limit 1
    """

    assert rows(query, *FIVE) == [(15,)]


def test_a_query_runs_again_with_the_same_result() -> None:
    query = parse("fields cost as c | sort c desc | limit 1")
    events = Events.read(['{"cost":1}', '{"cost":2}'])

    assert query.run(events) == query.run(events)
    assert "c" not in events.rows[0]
