"""What code plainly is, and what it is called."""

import pytest

from shared.artifacts.detect import corrected_kind, detect_kind, may_be
from shared.artifacts.extraction.titles import title_in
from shared.artifacts.kinds import Kind

PAGE = "<!DOCTYPE html>\n<html><body>a</body></html>"
DRAWING = '<svg viewBox="0 0 1 1"><path/></svg>'
COMPONENT = "export default function App() {\n  return <p>a</p>;\n}"
DIAGRAM = "graph TD\n  A --> B"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        pytest.param(PAGE, Kind.HTML, id="html"),
        pytest.param("<HTML lang='en'>", Kind.HTML, id="html-without-a-doctype"),
        pytest.param("\n<!-- a -->\n<!doctype html><p>", Kind.HTML, id="html-behind-a-comment"),
        pytest.param("\ufeff<!doctype html>", Kind.HTML, id="html-behind-a-byte-order-mark"),
        pytest.param(DRAWING, Kind.SVG, id="svg"),
        pytest.param("<svg/>", Kind.SVG, id="svg-empty"),
        pytest.param(
            f'<?xml version="1.0"?>\n<!DOCTYPE svg>\n<!-- - -->{DRAWING}\n', Kind.SVG, id="svg-with-a-prologue"
        ),
        pytest.param(COMPONENT, Kind.REACT, id="react"),
        pytest.param(f"'use client'\n{COMPONENT}", Kind.REACT, id="react-with-a-directive"),
        pytest.param(f"// a\n/* b\n * c */\nimport x from 'x';\n{COMPONENT}", Kind.REACT, id="react-behind-comments"),
        pytest.param("const A = () => <B />;\nexport default A;", Kind.REACT, id="react-as-an-arrow"),
        pytest.param(DIAGRAM, Kind.MERMAID, id="mermaid"),
        pytest.param("flowchart LR; A-->B", Kind.MERMAID, id="mermaid-on-one-line"),
        pytest.param("sequenceDiagram\nA->>B: c", Kind.MERMAID, id="mermaid-sequence"),
        pytest.param("pie title Pets\n  'a': 1", Kind.MERMAID, id="mermaid-pie"),
        pytest.param(
            "%%{init: {'theme': 'dark'}}%%\n%% a\ngantt\n  title b", Kind.MERMAID, id="mermaid-behind-comments"
        ),
        pytest.param("---\ntitle: a\n---\nmindmap\n  b", Kind.MERMAID, id="mermaid-behind-front-matter"),
        pytest.param("<p>a</p>", None, id="a-fragment"),
        pytest.param("<htmlx>", None, id="another-element"),
        pytest.param(f"{DRAWING}<p>a</p>", None, id="more-than-one-root"),
        pytest.param("<!-- <!doctype html>", None, id="an-unclosed-comment"),
        pytest.param("<template/><script>\nexport default { a }\n</script>", None, id="vue-tags"),
        pytest.param("const a = '<p/>';\nexport default { a };", None, id="vue-options"),
        pytest.param("export default function a() {}", None, id="a-module-without-markup"),
        pytest.param("function A() { return <p>a</p>; }", None, id="a-component-without-its-export"),
        pytest.param(f"import a from 'a'\n\n```jsx\n{COMPONENT}\n```", None, id="a-component-in-a-fence"),
        pytest.param("timeline of events", None, id="a-sentence"),
        pytest.param("graph theory is fun", None, id="another-sentence"),
        pytest.param("graph", None, id="one-word"),
        pytest.param("# a", None, id="markdown-is-never-plain"),
        pytest.param("print('a')", None, id="code-is-never-plain"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_kind_of_code_is_told_by_its_outside(code: str, kind: Kind | None) -> None:
    assert detect_kind(code) is kind


@pytest.mark.parametrize(
    ("declared", "code", "requested", "kind"),
    [
        pytest.param(Kind.REACT, PAGE, None, Kind.HTML, id="html-as-react"),
        pytest.param(Kind.REACT, DRAWING, Kind.REACT, Kind.SVG, id="svg-as-react"),
        pytest.param(Kind.HTML, COMPONENT, None, Kind.REACT, id="react-as-html"),
        pytest.param(Kind.MARKDOWN, PAGE, None, Kind.HTML, id="html-as-markdown"),
        pytest.param(Kind.SVG, DIAGRAM, None, Kind.MERMAID, id="mermaid-as-svg"),
        pytest.param(Kind.REACT, "<p>a</p>", Kind.HTML, Kind.REACT, id="not-plain"),
        pytest.param(Kind.CODE, PAGE, None, Kind.CODE, id="html-as-code"),
        pytest.param(Kind.CODE, PAGE, Kind.CODE, Kind.CODE, id="html-as-code-asked-for"),
        pytest.param(Kind.CODE, PAGE, Kind.REACT, Kind.CODE, id="html-as-code-where-react-was-asked-for"),
        pytest.param(Kind.CODE, PAGE, Kind.HTML, Kind.HTML, id="html-as-code-where-html-was-asked-for"),
        pytest.param(Kind.CODE, "# a", Kind.MARKDOWN, Kind.MARKDOWN, id="markdown-as-code"),
        pytest.param(Kind.CODE, "a", Kind.MARKDOWN, Kind.CODE, id="no-heading"),
        pytest.param(Kind.MARKDOWN, "# a", None, Kind.MARKDOWN, id="right"),
    ],
)
def test_a_declared_kind_is_corrected_where_it_is_plainly_wrong(
    declared: Kind, code: str, requested: Kind | None, kind: Kind
) -> None:
    assert corrected_kind(declared, code, None, requested) is kind


def test_a_script_with_a_comment_for_a_heading_stays_code() -> None:
    assert corrected_kind(Kind.CODE, "# a\nprint()", "python", Kind.MARKDOWN) is Kind.CODE


@pytest.mark.parametrize(
    ("kind", "code", "language", "possible"),
    [
        (Kind.REACT, "const a = 1", "tsx", True),
        (Kind.REACT, "npm install a", "bash", False),
        (Kind.REACT, PAGE, "jsx", False),
        (Kind.REACT, COMPONENT, None, True),
        (Kind.REACT, "const a = 1", None, False),
        (Kind.HTML, "<p>a</p>", "html", True),
        (Kind.HTML, DRAWING, "html", False),
        (Kind.SVG, DRAWING, "xml", True),
        (Kind.SVG, "<a/>", "xml", False),
        (Kind.MERMAID, "unknownDiagram", "mermaid", True),
        (Kind.MARKDOWN, "a", "md", True),
        (Kind.MARKDOWN, "# a", None, True),
        (Kind.MARKDOWN, "a", None, False),
        (Kind.MARKDOWN, "# a", "python", False),
        (Kind.CODE, COMPONENT, "jsx", True),
        (Kind.CODE, "a", None, True),
    ],
)
def test_a_block_may_be_of_the_kind_of_its_language(
    kind: Kind,
    code: str,
    language: str | None,
    possible: bool,
) -> None:
    assert may_be(kind, code, language) is possible


@pytest.mark.parametrize(
    ("kind", "code", "title"),
    [
        (Kind.REACT, COMPONENT, "App"),
        (Kind.REACT, "export default class Clock extends Component {}", "Clock"),
        (Kind.REACT, "export default Chart;", "Chart"),
        (Kind.REACT, "export default async function Page() {}", "Page"),
        (Kind.REACT, "export default function() {}", "Untitled"),
        (Kind.REACT, "export default memo(App)", "Untitled"),
        (Kind.HTML, "<html><title>\n A &amp; B\n</title>", "A & B"),
        (Kind.HTML, "<html><title></title>", "Untitled"),
        (Kind.SVG, "<svg><title id='a'>Sun</title></svg>", "Sun"),
        (Kind.MARKDOWN, "a\n\n## The *end* ##\n# b", "The *end*"),
        (Kind.MARKDOWN, "a", "Untitled"),
        (Kind.MERMAID, DIAGRAM, "Untitled"),
        (Kind.CODE, "# a", "Untitled"),
    ],
)
def test_code_without_a_tag_names_itself_where_it_plainly_does(kind: Kind, code: str, title: str) -> None:
    assert title_in(code, kind) == title
