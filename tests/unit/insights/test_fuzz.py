"""Any text is a query or is refused, and soon; any query runs or is refused."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.insights import Events, Query, QueryError, parse
from local.insights.tokens import LONGEST_QUERY

WORDS = r"""
fields filter stats sort limit dedup display parse by as and or not in like asc desc bin ( ) [ ] , | # { " ' ` \ = != <
<= > >= =~ + - * / % ^ count sum avg min max pct latest earliest ispresent isempty coalesce concat if strcontains strlen
abs floor true null @timestamp @message message cost a b.c `d-e` 1 2.5 100 0 1d 5m 300s "cost" 'x' "{{id}}" /a.*b/ /(/
"""
SOUP = st.lists(st.sampled_from([*re.findall(r"\S+", WORDS), "\n"]), max_size=40).map(" ".join) | st.text(max_size=200)


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An expression around others; of the right kind or not."""
    signs = st.sampled_from(["=", "!=", "<", ">=", "+", "-", "*", "/", "%", "^", "and", "or"])
    functions = st.sampled_from(
        ["ispresent", "coalesce", "concat", "strlen", "abs", "not", "sum", "max", "latest", "-"]
    )
    return (
        st.tuples(inner, signs, inner).map(lambda parts: f"({' '.join(parts)})")
        | st.tuples(functions, inner).map(lambda parts: f"{parts[0]}({parts[1]})")
        | st.tuples(inner, st.sampled_from(["like 't'", "not like /t/", "in ['x', 5]", "not in [7]"])).map(" ".join)
    )


LEAVES = st.sampled_from(
    ["cost", "a", "b.c", "`d-e`", "missing", "@timestamp", "bin(1h)", "5", "2.5", "'text'", "count(*)"]
)
EXPRESSIONS = st.recursive(LEAVES, _nested, max_leaves=6)
COMMANDS = (
    st.tuples(st.sampled_from(["filter", "fields", "display", "stats"]), EXPRESSIONS).map(" ".join)
    | st.tuples(st.just("stats"), EXPRESSIONS, st.just("as x by"), EXPRESSIONS).map(" ".join)
    | st.sampled_from(["sort cost asc", "sort x desc", "limit 2", "dedup a", "fields a as x", "filter x = 5"])
)
SENSE = st.lists(COMMANDS, min_size=1, max_size=5).map(" | ".join)
EVENTS = Events.read(
    [
        '{"timestamp":"2026-05-01T00:00:00Z","message":"cost","cost":5,"a":"7","b":{"c":[1,null]},"d-e":true}',
        '{"timestamp":"2026-05-01T00:00:01Z","message":"cost","cost":0.5,"a":"text","b.c":1}',
        '{"message":"attempt","a":null}',
        "START RequestId: 1",
    ]
)
SOON = 10
"""Seconds of computing; it takes some hundredths of one."""


def parsed(query: str) -> Query | QueryError:
    try:
        return parse(query, {"id": "x"})
    except QueryError as error:
        return error


@given(SOUP | SENSE)
@example("filter a like /" + "(a*)*" * 20 + "b/")
@example("fields " + "-" * 5000 + "1")
@example("filter a like /(?P<a>(?P=a))/")
@example("filter a like /a{99999}{99999}/")
@example("filter a like /" + "(" * 4000 + ")" * 4000 + "/")
def test_any_text_is_a_query_or_refused(query: str) -> None:
    begun = time.process_time()
    found = parsed(query)

    assert time.process_time() - begun < SOON
    if isinstance(found, QueryError):
        lines = query.split("\n")
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
        assert str(found).endswith(f"at line {found.line}, column {found.column}")


@given(SENSE)
@example("filter cost > 1 | stats sum(cost) / count(*) as x by a | sort x desc | limit 2")
@example("stats max(cost ^ 100 ^ 1)")
@example("fields (99999 ^ 999) ^ 999")
@example("fields a * a")
def test_any_query_runs_or_is_refused(query: str) -> None:
    found = parsed(query)
    with suppress(QueryError):
        table = found.run(EVENTS) if isinstance(found, Query) else None
        assert table is None or all(len(row) == len(table.fields) for row in table.rows)


@pytest.mark.parametrize(
    "piece",
    ["(", "not ", "-", "a and ", "1 + ", "abs(", "if(", "a in [", "[", '"', "'x", "`", "\\", "|", "{{", "# ", "a, "],
)  # fmt: skip
@pytest.mark.parametrize("command", ["filter ", "fields ", "stats ", ""])
def test_the_longest_query_is_refused_soon(command: str, piece: str) -> None:
    """Neither a deep one nor a long one takes long, or overflows the stack."""
    query = (command + piece * LONGEST_QUERY)[:LONGEST_QUERY]
    begun = time.process_time()

    assert isinstance(parsed(query), QueryError)
    assert time.process_time() - begun < SOON
