"""A document says something, and leaves no code fence open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax.markdown.check import problems


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("# a", id="heading"),
        pytest.param("a", id="text"),
        pytest.param("```py\nb\n```\n", id="fence"),
        pytest.param("~~~~ `a`\n```\n~~~~", id="a-fence-in-a-longer-one"),
        pytest.param("```a``` is inline", id="inline-code"),
        pytest.param("    ```\n", id="indented-code"),
        pytest.param("1. ```bash\n   npm i\n   ```\n2. b", id="a-fence-behind-a-number"),
        pytest.param("- a\n  ```\n  b\n   ```\n- c", id="closed-one-deeper-than-it-is-opened"),
        pytest.param("- a\n\n  - ~~~\n    b\n    ~~~\n", id="a-fence-in-a-list-in-a-list"),
        pytest.param("> ```\n> a\n> ```\n", id="a-fence-in-a-quotation"),
        pytest.param("> - ```\n>   a\n>   ```\n", id="a-fence-in-a-list-in-a-quotation"),
        pytest.param("> ```\n> a\n\nb", id="a-fence-that-ends-with-its-quotation"),
        pytest.param("- ```\n  a\n\nb", id="a-fence-that-ends-with-its-item"),
        pytest.param("\t```\n\n- a\n\n      ```\n", id="indented-code-in-a-list"),
        pytest.param("<pre>\n```\n</pre>\n\na", id="marks-in-a-block-of-html"),
        pytest.param("<details>\n<summary>a</summary>\n\n```js\nb\n```\n\n</details>", id="a-fence-between-html"),
        pytest.param("a\r\n\r\n```\r\nb\r\n```\r\n", id="windows-line-ends"),
        pytest.param("- a\n  ```md\n  <!-- ... rest of the document -->\n  ```", id="elision-in-a-fence-in-a-list"),
        pytest.param("a\n\n    <!-- ... rest of the document -->", id="elision-in-indented-code"),
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
        pytest.param("a\n1. ```bash\n   b\n", Rule.SYNTAX, 2, 4, id="an-open-fence-behind-a-number"),
        pytest.param("- a\n  - ```js\n    b", Rule.SYNTAX, 2, 5, id="an-open-fence-in-a-list-in-a-list"),
        pytest.param("> a\n>\n> > ~~~\n> > b\n\n\n", Rule.SYNTAX, 3, 5, id="an-open-fence-in-quotations"),
        pytest.param("1. ```\n   a\n```\nb", Rule.SYNTAX, 3, 1, id="closed-outside-of-its-item"),
        pytest.param("a\r\n\r\n```\r\nb\r\n", Rule.SYNTAX, 3, 1, id="open-with-windows-line-ends"),
        pytest.param("```", Rule.SYNTAX, 1, 1, id="only-a-mark"),
        pytest.param("````\n```\n", Rule.SYNTAX, 1, 1, id="a-shorter-fence-closes-nothing"),
        pytest.param("```\na\n```\n~~~\n```", Rule.SYNTAX, 4, 1, id="another-mark-closes-nothing"),
    ],
)
def test_a_document_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int) -> None:
    assert [(problem.rule, problem.line, problem.column) for problem in problems(Source(code))] == [
        (rule, line, column)
    ]


@pytest.mark.parametrize(
    "part",
    ["<!--", "\n<!--", "[a", "[", "---\n", "```\n", "<!-", "> ", "- ", "- a\n", "> ```\n", "- ```\n", "1. ", "*", "`"],
)
def test_hostile_lengths_are_read_to_their_end(part: str) -> None:
    """Within the time that one hung test would take, and without a way out of the process."""
    problems(Source("~~~\n~~~\n" + part * 40_000 + "--> x"))


def test_lines_in_many_quotations_are_not_looked_at_for_long() -> None:
    """A line may belong to each of the quotations above it; a document has as many as this in one place only."""
    quoted = "```\n```\n" + "> " * 15 + "a\n"

    (found,) = problems(Source(quoted + "b\n" * 100_000))
    assert found.message == "This is nested too deeply to be read."
    assert problems(Source(quoted + "b\n" * 1_000)) == []


@given(st.text() | st.text("`~ \na"))
def test_no_text_raises(text: str) -> None:
    problems(Source(text))
