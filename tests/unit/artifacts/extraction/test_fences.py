"""Which line closes which fence, what one fence wraps, and what stands in inline code."""

import pytest

from shared.artifacts.extraction.body import trimmed, unfenced
from shared.artifacts.extraction.fences import Fences, marks_in
from shared.artifacts.extraction.inline_code import InlineCode
from shared.artifacts.kinds import Kind


def contents(text: str) -> list[str]:
    fences, found, position = Fences(marks_in(text)), [], 0
    while fence := fences.after(position):
        found.append(text[fence.content_start : fence.content_end])
        position = fence.end
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("```\na\n```", ["a"], id="backticks"),
        pytest.param("~~~\na\n~~~", ["a"], id="tildes"),
        pytest.param("x\n```js\na\nb\n```\ny", ["a\nb"], id="in-prose"),
        pytest.param("  ```js\n  a\n  ```", ["  a"], id="indented"),
        pytest.param("```\n```", [""], id="empty"),
        pytest.param("````\n```\na\n```\n````", ["```\na\n```"], id="shorter-ones-inside"),
        pytest.param("```\na\n`````", ["a"], id="a-longer-line-closes"),
        pytest.param("```\na\n~~~\nb\n```", ["a\n~~~\nb"], id="the-other-sign-does-not-close"),
        pytest.param("```js\na\n```js\nb\n```", ["a\n```js\nb"], id="a-line-with-a-language-does-not-close"),
        pytest.param("```\na\n``` \t", ["a"], id="blanks-behind"),
        pytest.param("```\na\n```\n```\nb\n```", ["a", "b"], id="two"),
        pytest.param("```js\na\n", [], id="never-closed"),
        pytest.param("````\n```\na\n```", ["a"], id="one-that-never-closes-hides-nothing"),
        pytest.param("``\na\n``", [], id="two-backticks-are-none"),
        pytest.param("x ```\na\n```", [], id="not-at-the-beginning-of-a-line"),
        pytest.param("```a``` b\n```\nc\n```", ["c"], id="inline-code-at-the-beginning-of-a-line"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_fence_ends_at_the_first_line_that_can_close_it(text: str, found: list[str]) -> None:
    assert contents(text) == found


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("```\na\n```", False),
        ("```js\na", True),
        ("```\na\n```\n```js\nb", True),
        ("a", False),
        ("````\n```\n```", True),
    ],
)
def test_a_fence_left_open_is_seen(text: str, is_open: bool) -> None:
    assert Fences(marks_in(text)).are_left_open() is is_open


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("\n\n  a\n\n", "  a", id="indentation-stays"),
        pytest.param(" \t\n a \n \n", " a ", id="blanks-in-a-line-stay"),
        pytest.param("a", "a", id="nothing-to-do"),
        pytest.param("\n\ta\n\n\tb\n", "\ta\n\n\tb", id="blank-lines-inside-stay"),
        pytest.param("", "", id="empty"),
    ],
)
def test_blank_lines_at_both_ends_go(text: str, result: str) -> None:
    assert trimmed(text) == result


@pytest.mark.parametrize(
    ("text", "code", "language"),
    [
        pytest.param("```jsx\na\n```", "a", "jsx", id="a-wrapper"),
        pytest.param("\n\n ```JSX title=x\n\n  a\n\n``` \n", "  a", "jsx", id="blank-lines-outside-and-inside"),
        pytest.param("~~~~\na\n~~~~~", "a", None, id="tildes"),
        pytest.param("```js\nx ``` y\n```", "x ``` y", "js", id="backticks-in-a-line"),
        pytest.param("```js\nx = `\n```\na\n```\n`\n```", "x = `\n```\na\n```\n`", "js", id="a-bare-pair-inside"),
        pytest.param("```js\n```html\na\n```\n```", "```html\na\n```", "js", id="a-named-pair-inside"),
        pytest.param("```js\n'\n```html\n'\n```", "'\n```html\n'", "js", id="a-lone-line-in-a-string"),
        pytest.param("````js\n```\na\n````", "```\na", "js", id="a-longer-wrapper"),
        pytest.param("```js\na", "a", "js", id="never-closed"),
        pytest.param("```js\na\n```\n```js\nb\n```", "```js\na\n```\n```js\nb\n```", None, id="two-named-ones"),
        pytest.param("```\na\n```\n```\nb\n```", "```\na\n```\n```\nb\n```", None, id="two-bare-ones"),
        pytest.param("```js\na\n```\nb", "```js\na\n```\nb", None, id="not-to-the-end"),
        pytest.param("a\n```js\nb\n```", "a\n```js\nb\n```", None, id="not-from-the-beginning"),
        pytest.param("```js\n```html\na\n```\n```\nb", "```js\n```html\na\n```\n```\nb", None, id="pairs-and-a-rest"),
        pytest.param("```\n```js\na\n```\n```", "```js\na\n```", None, id="one-of-two-goes"),
        pytest.param("```js\n```", "", "js", id="an-empty-one"),
        pytest.param("```", "", None, id="a-lone-line"),
        pytest.param("```a``` b\n```js\nc\n```", "```a``` b\n```js\nc\n```", None, id="inline-code-first"),
    ],
)
def test_one_fence_that_wraps_the_whole_goes(text: str, code: str, language: str | None) -> None:
    assert unfenced(text, Kind.REACT) == (code, language)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("```markdown\n# a\n```", "# a", id="wrapped-as-markdown"),
        pytest.param("```md\n# a\n```", "# a", id="wrapped-as-md"),
        pytest.param("```\n# a\n```", "# a", id="wrapped-without-a-language"),
        pytest.param("```js\na\n```", "```js\na\n```", id="a-block-of-code-is-content"),
        pytest.param("```md\n# a\n```js\nb\n```\nc\n```", "# a\n```js\nb\n```\nc", id="a-pair-inside"),
        pytest.param("```md\n# a\n```js\nb", "# a\n```js\nb", id="never-closed"),
        pytest.param("```md\n# a\n```js\nb\n```", "# a\n```js\nb\n```", id="only-the-inner-one-closed"),
        pytest.param("# a\n```js\nb\n```", "# a\n```js\nb\n```", id="ends-in-one"),
    ],
)
def test_fences_inside_a_markdown_document_are_content(text: str, code: str) -> None:
    assert unfenced(text, Kind.MARKDOWN)[0] == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a `<b>` c", id="one-backtick"),
        pytest.param("a ``<b> ` `` c", id="two-backticks"),
        pytest.param("`a` `b <b>`", id="behind-another"),
        pytest.param("x\n`<b>`\ny", id="on-a-line-of-its-own"),
    ],
)
def test_inline_code_holds_what_its_backticks_enclose(text: str) -> None:
    end = InlineCode(text).end_at(text.index("<b>"))

    assert end
    assert text[end - 1] == "`"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a <b> c", id="no-backticks"),
        pytest.param("`a` <b> `c`", id="between-two"),
        pytest.param("a ` <b> c", id="one-backtick"),
        pytest.param("a ` <b> `` c", id="runs-that-differ"),
        pytest.param("a `\n<b> ` c", id="over-a-line-break"),
        pytest.param("a ` <b>\n`", id="closed-in-the-next-line"),
    ],
)
def test_inline_code_does_not_reach_further(text: str) -> None:
    assert InlineCode(text).end_at(text.index("<b>")) is None
