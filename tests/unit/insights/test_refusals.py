"""Whatever is not known here, or not documented, is refused before it runs, and named."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.costs.errors import QueryError
from local.costs.insights import Query
from tests.infra.observed import queries


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        # Commands, and their order.
        ("", "a word is expected at the end"),
        ("| limit 1", "a word is expected at '| limit 1'"),
        ("fields a |", "a word is expected at the end"),
        ("fields a fields b", "the end is expected at 'fields b'"),
        ("parse @message '*' as b", "parse is no command that is known here; known are display, fields, filter, limit"),
        ("dedup a", "dedup is no command that is known here"),
        ("SOURCE logGroups()", "nothing that is known here begins with 'SOURCE logGroups()'"),
        ("filter a = 1", "the commands filter are not known here in this order; known is filter, fields or stats"),
        ("fields a | limit 1", "the commands fields limit are not known here in this order"),
        ("fields a | sort a asc | sort a desc", "the commands fields sort sort are not known"),
        ("fields a | filter a = 1", "the commands fields filter are not known"),
        ("fields a | display a", "the commands fields display are not known"),
        ("fields a | stats count(*) as n by a", "the commands fields stats are not known"),
        ("stats count(*) as n by a | stats count(*) as m by n", "the commands stats stats are not known"),
        ("stats count(*) as n by a | fields n", "the commands stats fields are not known"),
        ("sort a asc | stats count(*) as n by a", "the commands sort stats are not known"),
        # Words and signs.
        ("filter a = 'x | display a", "nothing that is known here begins with \"'x | display a\""),
        ("filter a = 'x\n' | display a", "nothing that is known here begins with"),
        (r"filter a = 'x\'y' | display a", "nothing that is known here begins with"),
        ("filter `a` = 1 | display a", "nothing that is known here begins with '`a` = 1 | display a'"),
        ("filter a.b = 1 | display a", "nothing that is known here begins with '.b = 1 | display a'"),
        ("filter Cost = 1 | display a", "nothing that is known here begins with 'Cost = 1 | display a'"),
        ("filter size_kB = 1 | display a", "nothing that is known here begins with 'size_kB = 1"),
        ("fields a # all", "nothing that is known here begins with '# all'"),
        ("filter a = 1e9 | display a", "the end is expected at 'e9 | display a'"),
        ("filter a = -1 | display a", "a text is expected at '-1 | display a'"),
        ("filter a = 1234567890123456789 | display a", "the end is expected at '9 | display a'"),
        # Conditions.
        ("filter a | display a", "= or != or < or <= or > or >= is expected at '| display a'"),
        ("filter a = b | display a", "a text is expected at 'b | display a'"),
        ("filter a = true | display a", "a text is expected at 'true | display a'"),
        ("filter a > 'x' | display a", "a number is expected at \"'x' | display a\""),
        ("filter a = '42' | display a", "whether the text '42' is equal to a number is not documented"),
        ("filter a in ['x', 1] | display a", "a is a field, and is compared with 'x' and 1"),
        ("filter a in [] | display a", "a text is expected at '] | display a'"),
        ("filter a like 'x' | display a", "= or != or < or <= or > or >= is expected at \"like 'x' | display a\""),
        ("filter not a = 1 | display a", "= or != or < or <= or > or >= is expected at 'a = 1 | display a'"),
        ("filter (a = 1) | display a", "a word is expected at '(a = 1) | display a'"),
        ("filter a = 1 and b = 1 or c = 1 | display a", "which goes first is not documented where or stands beside"),
        ("filter a = 1 or b = 1 and c = 1 | display a", "which goes first is not documented where and stands beside"),
        ("filter a = '{{request_id}}' | display a", "{{request_id}} is a parameter without a value"),
        ("filter @timestamp > 1 | display a", "@timestamp is a time, where a number is expected"),
        ("filter @timestamp = 'x' | display a", "@timestamp is a time, and is compared with 'x'"),
        # Expressions.
        ("filter median(a) = 1 | display a", "median is no function that is known here; known are avg, bin, coalesce"),
        ("filter 2 * (a + 1) = 1 | display a", "a word is expected at '(a + 1) = 1 | display a'"),
        ("filter strcontains(a, b) = 1 | display a", "a text is expected at 'b) = 1 | display a'"),
        ("filter strcontains('a', 'b') = 1 | display a", "a word is expected at"),
        ("filter coalesce(a, b) = 1 | display a", "a text is expected at 'b) = 1 | display a'"),
        ("filter coalesce(a) = 1 | display a", ", is expected at ') = 1 | display a'"),
        ("filter coalesce(@timestamp, 'x') = 'x' | display a", "@timestamp is a time, in whose place coalesce"),
        ("filter @ingestiontime = 1 | display a", "@ingestiontime is made by CloudWatch; here there are @time"),
        ("filter count(*) > 1 | display a", "count is an aggregate, which stands in stats, and not in another"),
        ("fields a + 1", "the end is expected at '+ 1'"),
        # Groups.
        ("stats count(*) as n", "by is expected at the end"),
        ("stats count(*) by a", "as is expected at 'by a'"),
        ("stats count(*) as n by bin(1d)", "bin needs a name: as is expected at the end"),
        ("stats count(*) as n by coalesce(a, 'x')", "coalesce needs a name: as is expected at the end"),
        ("stats coalesce(a, 'x') as n by a", "a stands outside of an aggregate"),
        ("stats count(*) as n by a | filter coalesce(n, 'x') = 'x'", "n is a number, in whose place coalesce would"),
        ("stats sum(sum(a)) as n by a", "sum is an aggregate, which stands in stats, and not in another aggregate"),
        ("stats sum(a) / b as n by a", "b stands outside of an aggregate"),
        ("stats sum(*) as n by a", "a word is expected at '*) as n by a'"),
        ("stats sum(@timestamp) as n by a", "@timestamp is a time, where a number is expected"),
        ("stats count(*) as n, sum(a) as n by a", "a name is listed twice in n, n"),
        ("stats count(*) as a by a", "stats gives two columns the same name, of a, a"),
        ("stats count(*) as @message by a", "@message is a name of CloudWatch's own"),
        ("stats count(*) as n by count(*)", "count is an aggregate"),
        ("stats count(*) as n by a | filter b = 1", "b is none of the columns that stats leaves: a, n"),
        ("stats count(*) as n by a | filter n = 'x'", "n is a number, and is compared with 'x'"),
        ("stats count(*) as n by a | sort @timestamp asc", "@timestamp is none of the columns that stats leaves"),
        ("stats pct(a, 101) as n by a", "pct takes a whole number of percent, and not 101"),
        ("stats pct(a, 99.9) as n by a", "pct takes a whole number of percent, and not 99.9"),
        ("stats pct(a) as n by a", ", is expected at ') as n by a'"),
        ("stats count(*) as n by bin(300s) as t", "where the periods of bin(300s) begin is not documented"),
        ("stats count(*) as n by bin(7m) as t", "where the periods of bin(7m) begin is not documented"),
        ("stats count(*) as n by bin(2d) as t", "where the periods of bin(2d) begin is not documented"),
        ("stats count(*) as n by bin(0m) as t", "where the periods of bin(0m) begin is not documented"),
        ("stats count(*) as n by bin(1w) as t", "where the periods of bin(1w) begin is not documented"),
        ("stats count(*) as n by bin(1d2) as t", "a period is expected at '1d2) as t'"),
        ("stats count(*) as n by bin(a) as t", "a period is expected at 'a) as t'"),
        # Sort and limit.
        ("fields a | sort a", "asc or desc is expected at the end"),
        ("fields a | sort a, b desc", "asc or desc is expected at ', b desc'"),
        ("fields a | sort a asc | limit 0", "limit takes a whole number from 1, and not 0"),
        ("fields a | sort a asc | limit 1.5", "limit takes a whole number from 1, and not 1.5"),
        ("fields a, a", "a name is listed twice in a, a"),
    ],
)  # fmt: skip
def test_refused(query: str, problem: str) -> None:
    with pytest.raises(QueryError) as refused:
        Query(query)

    assert str(refused.value).startswith(problem)


PIECES = re.findall(r"\w+|'[^']*'|\"[^\"]*\"|\S", " ".join([*queries().values(), "not like parse ( ) + - < 'x 1e9 5m"]))


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join) | st.text(max_size=100))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    with suppress(QueryError):
        assert Query(text).fields
