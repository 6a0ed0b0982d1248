"""What is wrong with a page, and what browsers render all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax import Verdict, examine
from shared.artifacts.syntax.html.check import fragment_problems, problems


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
        pytest.param("<template><tr><td>a</td></tr></template>", id="cells-of-a-template"),
        pytest.param("<figure><caption>a</caption></figure>", id="a-caption-of-no-table"),
        pytest.param("<a href=/a?b=1 title='17\"'>a</a>", id="a-quote-in-quotes"),
        pytest.param('<p>a</p class=a"b><a title="the dogs\'">b</a>', id="a-quote-in-an-end-tag"),
        pytest.param("<script>\nconst a = '</body>';\nif (a < 1 && name) { alert(a); }\n</script>", id="script"),
        pytest.param('<script type="module">import a from "b"; export default await a();</script>', id="module"),
        pytest.param('<script type="text/babel">const a = <p>b</p>;</script>', id="babel"),
        pytest.param('<script type="importmap">{"imports": {}}</script>', id="import-map"),
        pytest.param('<script type="x-shader/x-vertex">void main() {{</script>', id="another-language"),
        pytest.param('<script src="https://example.com/a.js">{{</script>', id="script-of-another-file"),
        pytest.param("<style>@container a (width > 1px) { b { c: d } }</style>", id="style"),
        pytest.param("<p>a</p><!-- the rest of the cards -->", id="comment"),
        pytest.param("<template><li>{{ a }}</li></template>", id="template"),
        pytest.param("<canvas></canvas><video>b</video><object data=a></object><noscript>c</noscript>", id="closed"),
        pytest.param("<div><canvas></div><p>a</p>", id="canvas-ended-by-the-element-around-it"),
        pytest.param('<p title="<template>">a</p><textarea><noscript></textarea>', id="tags-in-texts"),
        pytest.param("<script>const a = '<template>';</script><!-- <noscript> -->", id="tags-in-a-script"),
        pytest.param("<svg><path d='M0 0h1'/><p>a</p>", id="an-svg-that-a-paragraph-ends"),
        pytest.param("<svg><foreignObject><div>a</div></foreignObject></svg>", id="html-in-a-drawing"),
        pytest.param("<style>a { b: c } d { e: f</style>", id="the-last-brace-of-a-style"),
        pytest.param("<style>a { b: c }}</style>", id="a-brace-too-many-at-the-end-of-a-style"),
    ],
)
def test_what_browsers_render_is_accepted(inside: str) -> None:
    assert problems(Source(page(inside))) == []


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("</body></html>", id="both"),
        pytest.param("</body>", id="no-html"),
        pytest.param("</html>", id="no-body"),
        pytest.param("</BODY >\n</HTML\n>\n", id="capitals-and-spaces"),
        pytest.param("</body></html>\n<!-- a -->", id="a-comment-behind"),
        pytest.param("</body></html>\n<script>let b = 1;</script>", id="a-script-behind"),
        pytest.param("<script>const a = '</html>';</script></body>", id="an-end-in-a-script"),
    ],
)
def test_a_page_may_end_as_browsers_let_it(end: str) -> None:
    assert problems(Source(f"<!DOCTYPE html>\n<html><body><p>a</p>{end}")) == []


def test_a_type_of_document_without_its_name_is_a_page_still() -> None:
    assert problems(Source("<!DOCTYPE>\n<html><body><p>a</p></body></html>")) == []


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<p id=a>b</p><p id=a>c</p>", id="an-id-twice"),
        pytest.param('<p id=a" class="b">c</p>', id="first-quote-lost"),
        pytest.param("<p id=a>b</p><script>document.getElementById('missing').hidden = true</script>", id="no-target"),
        pytest.param("<p id=a>b</p><script>const c = document.getElementById('c'); c.x = 1</script>", id="no-target-c"),
    ],
)
def test_what_may_fail_is_a_warning(inside: str) -> None:
    verdict = examine(page(inside), Kind.HTML, None, AllowedImports(()))

    assert verdict == Verdict((), ("may_fail",))


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<p id=a>b</p><p id=c>d</p><script>document.getElementById('a').hidden = true</script>", id="is"),
        pytest.param(
            "<script>document.body.innerHTML = '<p id=a>b</p>'; document.getElementById('a').x = 1</script>", id="made"
        ),
    ],
)
def test_ids_that_are_there_are_no_warning(inside: str) -> None:
    assert examine(page(inside), Kind.HTML, None, AllowedImports(())) == Verdict(())


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
            '<html><script>alert("</body>")</script>\n', Rule.SYNTAX, 1, 40, "`</html>`", id="cut-behind-a-script"
        ),
        pytest.param(
            page('<p class="a>\n<b id="c">d</b></p>'), Rule.SYNTAX, 4, 11, "attribute `class`", id="quote-left-open"
        ),
        pytest.param(page("<div <p>a</p></div>"), Rule.SYNTAX, 3, 9, "`<div>`", id="tag-left-open"),
        pytest.param(page("<!-- ... rest of the code -->"), Rule.ELIDED, 3, 1, "in full", id="elided"),
        pytest.param(page("<p>a</p>\n<canvas id=b><p>c</p>"), Rule.SYNTAX, 4, 6, "`</canvas>`", id="canvas-left-open"),
        pytest.param(page("<video><p>a</p>"), Rule.SYNTAX, 3, 1, "`</video>`", id="video-left-open"),
        pytest.param(page("<audio><p>a</p>"), Rule.SYNTAX, 3, 1, "`</audio>`", id="audio-left-open"),
        pytest.param(page("<div><object></div>"), Rule.SYNTAX, 3, 6, "`</object>`", id="object-left-open"),
        pytest.param(page("<p>a</p><template><p>b</p>"), Rule.SYNTAX, 3, 9, "`</template>`", id="template-left-open"),
        pytest.param(page("<div><noscript></div>"), Rule.SYNTAX, 3, 6, "`</noscript>`", id="noscript-left-open"),
        pytest.param(page("<tr><td>a</td></tr></table>"), Rule.SYNTAX, 3, 5, "in no table", id="table-tag-lost"),
        pytest.param(
            page("<select><option>a</option><p>b</p><input>"),
            Rule.SYNTAX,
            3,
            42,
            "`</select>` is missing",
            id="select-not-closed",
        ),
        pytest.param(
            '<html lang="en>\n<head><meta charset="utf-8"></head><body><p>a</p></body></html>',
            Rule.SYNTAX,
            1,
            1,
            "attribute `lang`",
            id="quote-lost-of-html",
        ),
        pytest.param(
            page("<pre<code>a</code></pre>"), Rule.SYNTAX, 3, 11, "between `pre` and `<code`", id="tag-joined"
        ),
        pytest.param(page("<div>a</div<div>b</div>"), Rule.SYNTAX, 3, 17, "between `div` and", id="end-tag-joined"),
        pytest.param(page("<b>a</b\n<i class='c'>d</i>"), Rule.SYNTAX, 4, 14, "its `>`", id="end-tag-left-open"),
        pytest.param(
            page('<p =id"a">b</p><script>document.getElementById("a").x = 1</script>'),
            Rule.CONTENT,
            3,
            33,
            "has lost a quote",
            id="id-lost-with-its-quote",
        ),
        pytest.param(page("<select><option>a"), Rule.SYNTAX, 4, 15, "`<select>`", id="select-left-open"),
        pytest.param(page("<svg><card>a</card></svg>"), Rule.CONTENT, 3, 1, "`<card>`", id="unknown-in-a-drawing"),
        pytest.param(
            page("<style>\na { b: c;\nd { e: f }</style>"), Rule.SYNTAX, 4, 3, "not closed", id="style-brace-open"
        ),
        pytest.param(
            page("<style>a {}} b { c: d }</style>"), Rule.SYNTAX, 3, 12, "closes nothing", id="style-brace-twice"
        ),
        pytest.param(f"{page('a')}\nI hope it helps.", Rule.CONTENT, 5, 1, "behind `</html>`", id="prose-behind"),
        pytest.param(f"{page('a')}\n```", Rule.CONTENT, 5, 1, "behind `</html>`", id="fence-behind"),
        pytest.param(page('<script src="a.js"/><p>b</p>'), Rule.SYNTAX, 4, 15, "`</script>`", id="script-self-closed"),
        pytest.param(page(""), Rule.CONTENT, 2, 36, "draws nothing", id="nothing-drawn"),
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
        pytest.param(
            "<script>alert()</script>\n<script>\n  let b = {;</script>", Rule.SYNTAX, 5, 12, id="on-another-line"
        ),
        pytest.param(
            "<script>alert()</script>\n  <script>let a = {;</script>", Rule.SYNTAX, 4, 20, id="behind-another"
        ),
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


@given(
    st.text()
    | st.lists(st.sampled_from(["<", ">", "/", "script", "div", " ", "=", '"', "!--", "\r", "\0", "\ud800"])).map(
        "".join
    )
)
def test_no_text_raises(text: str) -> None:
    for problem in [*problems(Source(page(text))), *fragment_problems(Source(text))]:
        assert problem.line >= 1
