"""A document says something, and leaves no code fence open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.syntax.markdown import problems
from shared.artifacts.syntax.problem import Rule, Source


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("# a", id="heading"),
        pytest.param("a", id="text"),
        pytest.param("```py\nb\n```\n", id="fence"),
        pytest.param("~~~~ `a`\n```\n~~~~", id="a-fence-in-a-longer-one"),
        pytest.param("```a``` is inline", id="inline-code"),
        pytest.param("    ```\n", id="indented-code"),
    ],
)
def test_a_document_is_accepted(code: str) -> None:
    assert problems(Source(code)) == []


@pytest.mark.parametrize(
    ("code", "rule", "line", "column"),
    [
        pytest.param("", Rule.CONTENT, 1, 1, id="nothing"),
        pytest.param(" \n\t", Rule.CONTENT, 1, 1, id="blank"),
        pytest.param("a\n\n ```py\nb", Rule.SYNTAX, 3, 2, id="an-open-fence"),
        pytest.param("````\n```\n", Rule.SYNTAX, 1, 1, id="a-shorter-fence-closes-nothing"),
        pytest.param("```\na\n```\n~~~\n```", Rule.SYNTAX, 4, 1, id="another-mark-closes-nothing"),
    ],
)
def test_a_document_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int) -> None:
    assert [(problem.rule, problem.line, problem.column) for problem in problems(Source(code))] == [
        (rule, line, column)
    ]


@given(st.text() | st.text("`~ \na"))
def test_no_text_raises(text: str) -> None:
    problems(Source(text))
