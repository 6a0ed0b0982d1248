"""An answer without a tag: one block, or one document that is plainly what was asked for."""

import pytest

from shared.artifacts.errors import ArtifactFailure
from shared.artifacts.extraction import extract, extract_code, unwrap
from shared.artifacts.kinds import Kind

COMPONENT = "export default function App() {\n  return <p>a</p>;\n}"
PAGE = "<!DOCTYPE html>\n<html><head><title>Home</title></head><body>a</body></html>"
DRAWING = "<svg><path/></svg>"
DIAGRAM = "graph TD\n  A --> B"
DOCUMENT = "# Title\n\ntext\n\n```sh\nls\n```\n\nmore"
MISSING, TRUNCATED = "artifact_missing", "artifact_truncated"


@pytest.mark.parametrize(
    ("text", "requested", "kind", "title", "code"),
    [
        pytest.param(f"```jsx\n{COMPONENT}\n```", Kind.REACT, Kind.REACT, "App", COMPONENT, id="a-block"),
        pytest.param(
            f"So:\n~~~\n{COMPONENT}\n~~~\nBye.", Kind.REACT, Kind.REACT, "App", COMPONENT, id="a-block-in-prose"
        ),
        pytest.param(f"```\n{PAGE}\n```", None, Kind.HTML, "Home", PAGE, id="a-plain-block-unasked"),
        pytest.param("```html\n<p>a</p>\n```", Kind.HTML, Kind.HTML, "Untitled", "<p>a</p>", id="a-fragment-asked-for"),
        pytest.param("```python\na\n```", None, Kind.CODE, "Untitled", "a", id="nothing-but-a-block"),
        pytest.param("```js\n`\n<html>\n`\n```", None, Kind.CODE, "Untitled", "`\n<html>\n`", id="a-block-with-markup"),
        pytest.param(
            "<html>'</html>'</html>", None, Kind.HTML, "Untitled", "<html>'</html>'</html>", id="html-with-its-end"
        ),
        pytest.param("So:\n```python\na\n```", Kind.CODE, Kind.CODE, "Untitled", "a", id="a-block-of-code-asked-for"),
        pytest.param(f"```md\n{DOCUMENT}\n```", None, Kind.MARKDOWN, "Title", DOCUMENT, id="a-document-in-a-block"),
        pytest.param(
            f"So:\n```md\n{DOCUMENT}\n```\nBye.", Kind.MARKDOWN, Kind.MARKDOWN, "Title", DOCUMENT, id="in-prose"
        ),
        pytest.param(COMPONENT, Kind.REACT, Kind.REACT, "App", COMPONENT, id="bare-react"),
        pytest.param(f"\n{COMPONENT}\n\n", None, Kind.REACT, "App", COMPONENT, id="bare-react-unasked"),
        pytest.param(PAGE, Kind.HTML, Kind.HTML, "Home", PAGE, id="bare-html"),
        pytest.param(f"So:\n\n{PAGE}\n\nBye.", None, Kind.HTML, "Home", PAGE, id="bare-html-in-prose"),
        pytest.param(f"{PAGE}\n```sh\nls\n```", Kind.HTML, Kind.HTML, "Home", PAGE, id="bare-html-before-a-fence"),
        pytest.param(f"So:\n  {DRAWING}\nBye.", Kind.SVG, Kind.SVG, "Untitled", DRAWING, id="bare-svg-in-prose"),
        pytest.param(
            f'<?xml version="1.0"?>\n{DRAWING}', None, Kind.SVG, "Untitled", None, id="bare-svg-with-a-prologue"
        ),
        pytest.param(DIAGRAM, None, Kind.MERMAID, "Untitled", DIAGRAM, id="bare-mermaid"),
        pytest.param(DOCUMENT, Kind.MARKDOWN, Kind.MARKDOWN, "Title", DOCUMENT, id="bare-markdown"),
        pytest.param(f"{COMPONENT}<|im_end|>", Kind.REACT, Kind.REACT, "App", COMPONENT, id="a-leaked-token"),
        pytest.param("thought</think>\n" + COMPONENT, Kind.REACT, Kind.REACT, "App", COMPONENT, id="a-leaked-thought"),
        pytest.param(
            f"```jsx\n{COMPONENT}\n```\n</artifact>", Kind.REACT, Kind.REACT, "App", COMPONENT, id="a-stray-tag"
        ),
    ],
)
def test_one_block_or_one_plain_document_is_accepted(
    text: str, requested: Kind | None, kind: Kind, title: str, code: str | None
) -> None:
    found = extract(text, requested=requested)

    assert found.warnings == ("untagged",)
    assert (found.artifact.kind, found.artifact.title, found.artifact.code) == (kind, title, code or text)


@pytest.mark.parametrize(
    ("text", "requested", "failure"),
    [
        pytest.param("I cannot do that.", Kind.REACT, MISSING, id="prose"),
        pytest.param("I cannot do that.", Kind.MARKDOWN, MISSING, id="prose-is-no-markdown"),
        pytest.param("I cannot do that.", Kind.CODE, MISSING, id="prose-is-no-code"),
        pytest.param("I cannot do that.", None, MISSING, id="prose-unasked"),
        pytest.param(f"```jsx\n{COMPONENT}\n```\n```jsx\n{COMPONENT}\n```", Kind.REACT, MISSING, id="two-blocks"),
        pytest.param(f"```jsx\n{COMPONENT}\n```\nRun\n```\nls\n```", Kind.REACT, MISSING, id="two-blocks-one-bare"),
        pytest.param(f"```\n{COMPONENT}\n```\n~~~\nls\n~~~", Kind.REACT, MISSING, id="two-blocks-of-two-signs"),
        pytest.param("```sh\nnpm i\n```", Kind.REACT, MISSING, id="a-block-of-something-else"),
        pytest.param(f"```jsx\n{PAGE}\n```", Kind.REACT, MISSING, id="a-block-plainly-of-something-else"),
        pytest.param("So:\n```sh\nnpm i\n```", None, MISSING, id="a-block-in-prose-unasked"),
        pytest.param("```\na\n```", None, MISSING, id="a-block-without-a-language-unasked"),
        pytest.param("```jsx\n\n```", Kind.REACT, MISSING, id="an-empty-block"),
        pytest.param(PAGE, Kind.REACT, MISSING, id="a-document-of-another-kind"),
        pytest.param(f"So:\n{PAGE}\n{PAGE}", Kind.HTML, MISSING, id="two-documents"),
        pytest.param(f"{PAGE}\n{PAGE}", Kind.HTML, MISSING, id="two-documents-alone"),
        pytest.param("Say <html>a</html>", Kind.HTML, MISSING, id="a-document-in-a-sentence"),
        pytest.param(f"So:\n{COMPONENT}", Kind.REACT, MISSING, id="code-behind-prose"),
        pytest.param(f"So:\n{DOCUMENT}", Kind.MARKDOWN, MISSING, id="a-document-behind-prose"),
        pytest.param(COMPONENT.replace("<p>", "\n<svg>"), Kind.SVG, MISSING, id="a-drawing-in-a-script"),
        pytest.param("```jsx\nexport default", Kind.REACT, TRUNCATED, id="a-block-left-open"),
        pytest.param("```", Kind.REACT, TRUNCATED, id="a-block-just-begun"),
        pytest.param("```sh\nls\n```\n```jsx\nexport", Kind.REACT, TRUNCATED, id="a-second-block-left-open"),
        pytest.param("# a\n```sh\nls", Kind.MARKDOWN, TRUNCATED, id="a-document-cut-in-a-block"),
        pytest.param("```md\n# a\n```sh\nls\n```\n", Kind.MARKDOWN, TRUNCATED, id="a-document-in-a-block-left-open"),
        pytest.param("<!doctype html><p>a", Kind.HTML, TRUNCATED, id="a-document-without-its-end"),
        pytest.param("<svg><path", None, TRUNCATED, id="a-drawing-without-its-end"),
    ],
)
def test_anything_else_is_missing_or_cut(text: str, requested: Kind | None, failure: str) -> None:
    with pytest.raises(ArtifactFailure) as raised:
        extract(text, requested=requested)

    assert raised.value.code == failure


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        pytest.param(f"<artifact type=react>\n{COMPONENT}\n</artifact>", Kind.REACT, COMPONENT, id="tagged"),
        pytest.param(f" ```jsx\r\n{COMPONENT}\r\n```\r\n", Kind.REACT, COMPONENT, id="in-a-fence"),
        pytest.param(f"Fixed:\n```jsx\n{COMPONENT}\n```\nBye.", Kind.REACT, COMPONENT, id="in-a-fence-in-prose"),
        pytest.param("const a = 1;", Kind.REACT, "const a = 1;", id="bare-react"),
        pytest.param("// a\nfunction A() {}", Kind.REACT, "// a\nfunction A() {}", id="bare-react-behind-a-comment"),
        pytest.param(
            "import a from 'a'\n`\n```\n`", Kind.REACT, "import a from 'a'\n`\n```\n`", id="bare-with-a-fence"
        ),
        pytest.param("<p>a</p>", Kind.HTML, "<p>a</p>", id="bare-html"),
        pytest.param(f"Fixed:\n{PAGE}", Kind.HTML, PAGE, id="bare-html-in-prose"),
        pytest.param("<g/>", Kind.SVG, "<g/>", id="bare-svg"),
        pytest.param(DIAGRAM, Kind.MERMAID, DIAGRAM, id="bare-mermaid"),
        pytest.param("some text", Kind.MARKDOWN, "some text", id="bare-markdown"),
        pytest.param("text\n```sh\nls\n```", Kind.MARKDOWN, "text\n```sh\nls\n```", id="bare-markdown-with-a-block"),
        pytest.param("Fixed:\n```md\ntext\n```", Kind.MARKDOWN, "text", id="markdown-in-a-block"),
        pytest.param("  print(1)", Kind.CODE, "  print(1)", id="bare-code"),
        pytest.param("Fixed:\n```python\nprint(1)\n```", Kind.CODE, "print(1)", id="code-in-a-block"),
        pytest.param(f"<think>hm</think>\n{COMPONENT}", Kind.REACT, COMPONENT, id="behind-a-thought"),
    ],
)
def test_a_fix_may_come_bare(text: str, kind: Kind, code: str) -> None:
    found = extract_code(text, kind)

    assert (found.artifact.kind, found.artifact.code) == (kind, code)
    assert found.warnings == (() if "<artifact" in text else ("untagged",))


@pytest.mark.parametrize(
    ("text", "kind", "failure"),
    [
        pytest.param("I cannot do that.", Kind.REACT, MISSING, id="prose-for-react"),
        pytest.param("I cannot do that.", Kind.HTML, MISSING, id="prose-for-html"),
        pytest.param("I cannot do that.", Kind.SVG, MISSING, id="prose-for-svg"),
        pytest.param("I cannot do that.", Kind.MERMAID, MISSING, id="prose-for-mermaid"),
        pytest.param('<artifact type="html" title="A><p>a</p></artifact>', Kind.HTML, MISSING, id="a-broken-tag"),
        pytest.param("```python\na\n```\n```python\nb\n```", Kind.CODE, MISSING, id="two-blocks"),
        pytest.param(" \n ", Kind.CODE, MISSING, id="blank"),
        pytest.param("```jsx\nexport", Kind.REACT, TRUNCATED, id="a-block-left-open"),
        pytest.param("<artifact type=react>a", Kind.REACT, TRUNCATED, id="a-tag-never-closed"),
    ],
)
def test_a_fix_that_is_none_is_not_taken_for_one(text: str, kind: Kind, failure: str) -> None:
    with pytest.raises(ArtifactFailure) as raised:
        extract_code(text, kind)

    assert raised.value.code == failure


def test_a_bare_fix_that_was_cut_is_truncated() -> None:
    with pytest.raises(ArtifactFailure) as raised:
        extract_code(COMPONENT, Kind.REACT, truncated=True)

    assert raised.value.code == TRUNCATED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(COMPONENT, COMPONENT, id="bare"),
        pytest.param(f"\r\n{COMPONENT}\r\n", COMPONENT, id="bare-with-line-breaks"),
        pytest.param(f'<artifact type="react" title="A">\n{COMPONENT}\n</artifact>', COMPONENT, id="tagged"),
        pytest.param(f"  <artifact>\n{COMPONENT}\n</artifact>\n", COMPONENT, id="in-a-bare-tag"),
        pytest.param(f'<artifact type="react">\n{COMPONENT}', COMPONENT, id="never-closed"),
        pytest.param(f"```jsx\n{COMPONENT}\n```", COMPONENT, id="in-a-fence"),
        pytest.param(f"<artifact type=react>\n```jsx\n{COMPONENT}\n```\n</artifact>", COMPONENT, id="a-fence-in-a-tag"),
        pytest.param(f"```xml\n<artifact type=react>\n{COMPONENT}\n</artifact>\n```", COMPONENT, id="a-tag-in-a-fence"),
        pytest.param("<artifact type=markdown>\n```js\na\n```\n</artifact>", "```js\na\n```", id="a-markdown-document"),
        pytest.param("<artifact type=code>'</artifact>'</artifact>", "'</artifact>'", id="a-closing-tag-in-the-code"),
        pytest.param(
            "x = '<artifact type=a>b</artifact>'", "x = '<artifact type=a>b</artifact>'", id="a-tag-in-the-code"
        ),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_is_to_be_fixed_is_unwrapped(content: str, code: str) -> None:
    assert unwrap(content).code == code
