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
        pytest.param("---\na: b\n---\nc", id="front-matter-and-text"),
        pytest.param("a\n\n> [...]\n\n[...]", id="dots-of-a-quotation"),
        pytest.param("```js\n// ... rest of the code unchanged\n<!-- ... -->\n```", id="elision-in-a-fence"),
        pytest.param("a <!-- more --> [the rest of the page](b)", id="comment-and-link"),
    ],
)
def test_a_document_is_accepted(code: str) -> None:
    assert problems(Source(code)) == []


@pytest.mark.parametrize(
    ("code", "rule", "line", "column"),
    [
        pytest.param("", Rule.CONTENT, 1, 1, id="nothing"),
        pytest.param(" \n\t", Rule.CONTENT, 1, 1, id="blank"),
        pytest.param("<!-- a -->\n", Rule.CONTENT, 1, 1, id="only-a-comment"),
        pytest.param("---\na: b\n---\n", Rule.CONTENT, 1, 1, id="only-front-matter"),
        pytest.param("\u200b\ufeff\n\u00a0", Rule.CONTENT, 1, 1, id="invisible"),
        pytest.param("a\n <!-- ... rest of the document unchanged -->", Rule.ELIDED, 2, 2, id="elided-in-a-comment"),
        pytest.param("a\n[... rest of the document unchanged ...]", Rule.ELIDED, 2, 1, id="elided-in-brackets"),
        pytest.param("```\na\n```\n[Rest of the document unchanged]", Rule.ELIDED, 4, 1, id="elided-behind-a-fence"),
        pytest.param("a\n\n ```py\nb", Rule.SYNTAX, 3, 2, id="an-open-fence"),
        pytest.param("````\n```\n", Rule.SYNTAX, 1, 1, id="a-shorter-fence-closes-nothing"),
        pytest.param("```\na\n```\n~~~\n```", Rule.SYNTAX, 4, 1, id="another-mark-closes-nothing"),
    ],
)
def test_a_document_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int) -> None:
    assert [(problem.rule, problem.line, problem.column) for problem in problems(Source(code))] == [
        (rule, line, column)
    ]


@pytest.mark.parametrize("part", ["<!--", "\n<!--", "[a", "[", "---\n", "```\n", "<!-"])
def test_hostile_lengths_are_read_to_their_end(part: str) -> None:
    problems(Source(part * 40_000 + "--> x"))


@given(st.text() | st.text("`~ \na"))
def test_no_text_raises(text: str) -> None:
    problems(Source(text))
