"""What holds of any log: sums, groups, order, bins."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local.insights.times import milliseconds, shown
from local.insights.values import Value, sort_key
from tests.support.insights import rows

AMOUNTS = st.none() | st.integers(-(10**18), 10**18) | st.decimals(-1000, 1000, places=9).map(float) | st.booleans()
NAMES = st.none() | st.sampled_from(["k1", "k2", "k10", ""]) | st.integers(0, 3)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001 - hypothesis wants them so
    lambda moment: f"{moment.isoformat(timespec='milliseconds')}Z"
)
EVENTS = st.lists(
    st.fixed_dictionaries({"timestamp": TIMES}, optional={"amount": AMOUNTS, "name": NAMES, "other": NAMES}),
    max_size=30,
)
Log = list[Mapping[str, Any]]


def exact(events: Log) -> list[Decimal]:
    """The amounts as they stand in the log."""
    found = [event.get("amount") for event in events]
    return [Decimal(repr(each)) if isinstance(each, float) else Decimal(each) for each in found if each is not None]


@given(EVENTS)
def test_the_groups_sums_come_to_the_sum_of_all(events: Log) -> None:
    groups = rows("stats sum(amount) as s, count(*) as n, count(amount) as m by name, other", *events)

    assert sum(row[2] for row in groups if isinstance(row[2], int | Decimal)) == sum(exact(events))
    assert sum(row[3] for row in groups if isinstance(row[3], int)) == len(events)
    assert sum(row[4] for row in groups if isinstance(row[4], int)) == len(exact(events))
    assert all((row[2] is None) == (row[4] == 0) for row in groups)


@given(EVENTS)
def test_groups_are_distinct_and_none_is_left_out(events: Log) -> None:
    groups = [row[:2] for row in rows("stats count(*) by name, other", *events)]

    assert len(set(groups)) == len(groups)
    assert set(groups) == {(event.get("name"), event.get("other")) for event in events}


@given(EVENTS)
def test_what_is_missing_never_counts(events: Log) -> None:
    amounts = exact(events)
    query = "stats count(amount), sum(amount), min(amount), max(amount), count_distinct(amount), pct(amount, 50)"
    expected: tuple[Value, ...] = (0, None, None, None, 0, None)
    if amounts:
        middle = sorted(amounts)[(len(amounts) + 1) // 2 - 1]
        expected = (len(amounts), sum(amounts), min(amounts), max(amounts), len(set(amounts)), middle)

    assert rows(query, *events) == ([expected] if events else [])
    assert rows(f"filter ispresent(amount) | {query}", *events) == ([expected] if amounts else [])


@given(EVENTS, st.booleans())
def test_sort_brings_the_same_rows_into_order(events: Log, is_down: bool) -> None:
    unsorted = rows("fields name, amount | limit 100000", *events)
    found = rows(f"fields name, amount | sort name {'desc' if is_down else 'asc'}", *events)

    keys = [sort_key(name) for name, _ in found]
    assert sorted(map(repr, found)) == sorted(map(repr, unsorted))
    assert all(one >= next_one if is_down else one <= next_one for one, next_one in pairwise(keys))


@given(EVENTS, st.integers(1, 40))
def test_limit_takes_the_first(events: Log, count: int) -> None:
    query = "fields @timestamp, amount | sort @timestamp asc"

    assert rows(f"{query} | limit {count}", *events) == rows(query, *events)[:count]


@given(EVENTS)
def test_dedup_leaves_one_of_each(events: Log) -> None:
    names = [name for (name,) in rows("fields name | dedup name", *events)]

    present = [name for name in names if name is not None]
    assert len(present) == len(set(present))
    assert set(present) == {event["name"] for event in events if event.get("name") is not None}
    assert names.count(None) == sum(event.get("name") is None for event in events)


@given(EVENTS, st.sampled_from([("1d", 86_400_000), ("6h", 21_600_000), ("5m", 300_000), ("1s", 1000), ("10ms", 10)]))
def test_a_bin_begins_at_a_multiple_of_its_length_and_holds_its_events(events: Log, length: tuple[str, int]) -> None:
    period, span = length

    for at, begin in rows(f"fields @timestamp, bin({period})", *events):
        since, beginning = milliseconds(f"{at}+00:00"), milliseconds(f"{begin}+00:00")
        assert since is not None
        assert beginning is not None
        assert beginning % span == 0
        assert 0 <= since - beginning < span


@given(st.integers(0, 253_402_300_799_999))
def test_a_time_is_shown_so_that_it_reads_back(since: int) -> None:
    assert milliseconds(f"{shown(since)}+00:00") == since


@given(st.lists(st.none() | st.text(max_size=6) | st.integers() | st.decimals(allow_nan=False, allow_infinity=False)))
def test_any_values_have_an_order(values: list[Value]) -> None:
    ordered = sorted(values, key=sort_key)

    assert sorted(ordered, key=sort_key, reverse=True)[::-1] is not None
    assert [value for value in ordered if value is None] == ordered[: values.count(None)]
