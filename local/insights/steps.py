"""What the commands other than `stats` do with the rows."""

from collections.abc import Callable, Sequence

from local.insights.values import Get, Row, Value, sort_key

Step = Callable[[list[Row]], list[Row]]


def keeping(condition: Get) -> Step:
    """`filter`: the rows for which it holds."""
    return lambda rows: [row for row in rows if condition(row)]


def giving(aliases: Sequence[tuple[str, Get]]) -> Step:
    """`fields … as …`: the rows with more in them; the events stay as they are."""
    return lambda rows: [{**row, **{name: get(row) for name, get in aliases}} for row in rows]


def sorting(keys: Sequence[tuple[Get, bool]]) -> Step:
    """`sort`: by the first key, and where that is equal by the next; True is down."""

    def step(rows: list[Row]) -> list[Row]:
        for get, is_down in reversed(keys):
            rows = _sorted(rows, get, is_down=is_down)
        return rows

    return step


def _sorted(rows: list[Row], get: Get, *, is_down: bool) -> list[Row]:
    return sorted(rows, key=lambda row: sort_key(get(row)), reverse=is_down)


def limiting(count: int) -> Step:
    """`limit`: the first rows."""
    return lambda rows: rows[:count]


def deduplicating(gets: Sequence[Get]) -> Step:
    """`dedup`: of rows with the same values the first; a missing value is like no other (documentation, 2026)."""

    def step(rows: list[Row]) -> list[Row]:
        seen: set[tuple[Value, ...]] = set()
        kept = []
        for row in rows:
            values = tuple([get(row) for get in gets])
            if None in values or values not in seen:
                seen.add(values)
                kept.append(row)
        return kept

    return step
