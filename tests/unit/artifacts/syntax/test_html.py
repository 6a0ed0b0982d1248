"""What is wrong with a page, and what browsers render all the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.artifacts.syntax.html import fragment_problems, problems
from shared.artifacts.syntax.problem import Rule, Source


def page(inside: str) -> str:
    return f"<!DOCTYPE html>\n<html><head><title>a</title></head><body>\n{inside}\n</body></html>"


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<p>a", id="paragraph-left-open"),
        pytest.param("<ul><li>a<li>b</ul>", id="items-left-open"),
        pytest.param("<div><div>a</div>", id="a-div-left-open"),
        pytest.param("a & b &nbsp; &copy <br/> <img src=a alt='b'>", id="entities-and-no-quotes"),
        pytest.param("<div/><b><i>a</b></i></span>", id="misnested"),
        pytest.param('<div class="a"">b</div>', id="a-quote-too-many"),
        pytest.param('<a data-a="b > c" x-on:click="d = e < f">g</a>', id="brackets-in-attributes"),
        pytest.param("<svg viewBox='0 0 1 1'><path d='M0 0'/></svg><math><mi>x</mi></math>", id="svg-and-math"),
        pytest.param("<table><tr><td>a</table>", id="cells-left-open"),
        pytest.param("<script>\nconst a = '</body>';\nif (a < 1 && b) { c(); }\n</script>", id="script"),
        pytest.param('<script type="module">import a from "b"; export default await a();</script>', id="module"),
        pytest.param('<script type="text/babel">const a = <p>b</p>;</script>', id="babel"),
        pytest.param('<script type="importmap">{"imports": {}}</script>', id="import-map"),
        pytest.param('<script type="x-shader/x-vertex">void main() {{</script>', id="another-language"),
        pytest.param('<script src="https://example.com/a.js">{{</script>', id="script-of-another-file"),
        pytest.param("<style>@container a (width > 1px) { b { c: d } }</style>", id="style"),
        pytest.param("<p>a</p><!-- the rest of the cards -->", id="comment"),
        pytest.param("<template><li>{{ a }}</li></template>", id="template"),
    ],
)
def test_what_browsers_render_is_accepted(inside: str) -> None:
    assert problems(Source(page(inside))) == []


@pytest.mark.parametrize(
    ("code", "rule", "line", "column", "said"),
    [
        pytest.param("", Rule.CONTENT, 1, 1, "whole document", id="nothing"),
        pytest.param("<div>a</div>", Rule.CONTENT, 1, 1, "whole document", id="a-fragment"),
        pytest.param("<!doctype html>\n<p>a</p>\n", Rule.SYNTAX, 2, 9, "`</html>`", id="cut-between-elements"),
        pytest.param("<html>\n<div>a", Rule.SYNTAX, 2, 7, "all elements", id="cut-in-an-element"),
        pytest.param("<html>\n<div", Rule.SYNTAX, 2, 5, "inside a tag", id="cut-in-a-tag"),
        pytest.param('<html>\n<p id="a', Rule.SYNTAX, 2, 9, "inside an attribute", id="cut-in-an-attribute"),
        pytest.param(page("<!-- a"), Rule.SYNTAX, 4, 15, "`-->`", id="comment-left-open"),
        pytest.param(page("<script>a()"), Rule.SYNTAX, 4, 15, "`</script>`", id="script-left-open"),
        pytest.param(page("<style>a {}"), Rule.SYNTAX, 4, 15, "`</style>`", id="style-left-open"),
        pytest.param(page("<textarea>"), Rule.SYNTAX, 4, 15, "all elements", id="textarea-left-open"),
        pytest.param(
            '<html><script>a("</body>")</script>\n', Rule.SYNTAX, 1, 36, "`</html>`", id="cut-behind-a-script"
        ),
        pytest.param(
            page('<p class="a>\n<b id="c">d</b></p>'), Rule.SYNTAX, 4, 11, "attribute `class`", id="quote-left-open"
        ),
        pytest.param(page("<div <p>a</p></div>"), Rule.SYNTAX, 3, 9, "`<div>`", id="tag-left-open"),
        pytest.param(page("<!-- ... rest of the code -->"), Rule.ELIDED, 3, 1, "in full", id="elided"),
    ],
)
def test_a_page_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int, said: str) -> None:
    found = problems(Source(code))

    assert [(problem.rule, problem.line, problem.column) for problem in found] == [(rule, line, column)]
    assert said in found[0].message


@pytest.mark.parametrize(
    ("inside", "rule", "line", "column"),
    [
        pytest.param("<script>let a = {;</script>", Rule.SYNTAX, 3, 18, id="on-its-first-line"),
        pytest.param("<script>a()</script>\n<script>\n  let b = {;</script>", Rule.SYNTAX, 5, 12, id="on-another-line"),
        pytest.param("<script>a()</script>\n  <script>let a = {;</script>", Rule.SYNTAX, 4, 20, id="behind-another"),
        pytest.param("<script>\n // ... existing code\n</script>", Rule.ELIDED, 4, 2, id="elided"),
        pytest.param('<script type="importmap">\n{"a": }</script>', Rule.SYNTAX, 4, 7, id="import-map"),
    ],
)
def test_a_script_is_read_and_its_places_are_the_page_s(inside: str, rule: Rule, line: int, column: int) -> None:
    found = problems(Source(page(inside)))

    assert [(problem.rule, problem.line, problem.column) for problem in found] == [(rule, line, column)]
    assert found[0].snippet == page(inside).split("\n")[line - 1]


def test_a_page_with_windows_line_ends_keeps_its_places() -> None:
    found = problems(Source(page("<p>\n<script>\nlet a = {;\n</script>").replace("\n", "\r\n")))

    assert [(problem.line, problem.column) for problem in found] == [(5, 10)]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        pytest.param("<div>" * 501, "nested more than 500", id="depth"),
        pytest.param("<a " + " ".join(f"b{n}" for n in range(5001)) + ">", "5000 attributes", id="attributes"),
        pytest.param("</p>" * 10_001, "10000 faults", id="faults"),
    ],
)
def test_what_would_take_for_ever_is_refused_instead(inside: str, said: str) -> None:
    found = problems(Source(page(inside)))

    assert len(found) == 1
    assert said in found[0].message


def test_elements_may_be_nested_deeply() -> None:
    assert problems(Source(page("<div>" * 400 + "</div>" * 400))) == []


@pytest.mark.parametrize(
    "part", ["<", "<div>", "<a ", "<script>", "<!--", "\0", "\ud800", "<table>x", "<script>a</script>"]
)
def test_hostile_lengths_are_read_to_their_end(part: str) -> None:
    problems(Source(page(part * 5000)))


@settings(deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from(["<", ">", "/", "script", "div", " ", "=", '"', "!--", "\r", "\0", "\ud800"])).map(
        "".join
    )
)
def test_no_text_raises(text: str) -> None:
    for problem in [*problems(Source(page(text))), *fragment_problems(Source(text))]:
        assert problem.line >= 1
