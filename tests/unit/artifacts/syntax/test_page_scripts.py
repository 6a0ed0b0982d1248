"""Scripts of a page are read as browsers read them: each in its own way, and with the names of the others."""

import pytest

from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.html.check import problems

MODES = ["", "text/javascript", "module"]


def in_page(inside: str) -> list[Problem]:
    """Problems of a page; what is inside begins on line 2."""
    return problems(Source(f"<!DOCTYPE html><html><body>\n{inside}\n</body></html>"))


def told(script: str, kind: str = "") -> list[Problem]:
    """Problems of a page with this script, which begins on line 3."""
    return in_page(f"<script{f' type={kind}' if kind else ''}>\n{script}\n</script>")


def failures(found: list[Problem]) -> list[tuple[str, int, int]]:
    return [(each.rule, each.line, each.column) for each in found if not each.is_warning]


@pytest.mark.parametrize("kind", MODES)
@pytest.mark.parametrize(
    ("script", "column", "said"),
    [
        pytest.param("const a = <p>b</p>;", 11, "JSX", id="jsx"),
        pytest.param("const a = <B/>;", 11, "JSX", id="jsx-alone"),
        pytest.param("let a: number = 1;", 6, "TypeScript", id="variable"),
        pytest.param("function f(a: string) {}", 13, "TypeScript", id="parameter"),
        pytest.param("function f(): void {}", 13, "TypeScript", id="result"),
        pytest.param("type A = B | C;", 5, "TypeScript", id="alias"),
        pytest.param("enum A { B }", 1, "TypeScript", id="enum"),
        pytest.param("const b = 1, a = b as C;", 19, "TypeScript", id="as"),
        pytest.param("const b = 1, a = b satisfies C;", 19, "TypeScript", id="satisfies"),
        pytest.param("const b = 1, a = b!;", 19, "TypeScript", id="not-null"),
        pytest.param("const a = new Map<A, B>();", 23, "TypeScript", id="type-arguments"),
        pytest.param("function f<T>(a) {}", 11, "TypeScript", id="type-parameters"),
        pytest.param("abstract class A {}", 9, "TypeScript", id="abstract"),
        pytest.param("class A { private b = 1 }", 19, "TypeScript", id="private"),
        pytest.param("class A { readonly b = 1 }", 20, "TypeScript", id="readonly"),
        pytest.param("class A implements B {}", 9, "TypeScript", id="implements"),
        pytest.param("declare const a: b;", 8, "TypeScript", id="declare"),
        pytest.param("let a = {;", 10, "Unexpected token", id="broken"),
        pytest.param("const a = 1; const a = 2;", 20, "already been declared", id="const-twice"),
        pytest.param("const a = /(/;", 11, "regular expression", id="regular-expression"),
        pytest.param("return 1;", 1, "return", id="return"),
        pytest.param("const a = 20 (3 % 2);", 11, "an operator or a comma is missing", id="a-number-called"),
        pytest.param("const a = [['b'] (1)];", 12, "an operator or a comma is missing", id="a-list-called"),
    ],
)
def test_what_no_browser_reads_is_refused(script: str, kind: str, column: int, said: str) -> None:
    found = told(script, kind)[0]

    assert (found.rule, found.line, found.column) == (Rule.SYNTAX, 3, column)
    assert said in found.message


@pytest.mark.parametrize("kind", MODES)
def test_a_type_alone_is_refused_by_its_language(kind: str) -> None:
    assert {"TypeScript" in each.message for each in told("interface A { b: c }", kind)} == {True}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("const [a, b, c, d] = [1]; [a < b, c > (d)]; if (a < b > (c)) {}", id="comparisons"),
        pytest.param("const as = 1, type = 2, is = as; type\n!as", id="names"),
        pytest.param("const a = 1, b = 2, d = 3; const f = a ? (b) : c => d;", id="an-arrow-in-a-choice"),
        pytest.param("class A { static #b = 1; static { this.readonly = 1 } get private() { return 1 } }", id="class"),
        pytest.param("a: for (;;) break a; var eval2 = `<p>${'</p>'}`;", id="label-and-template"),
        pytest.param("let d, e, g; const { a: b = 1, ...c } = d ?? {}; e?.f; g ||= 1n;", id="patterns"),
        pytest.param("async () => { await 1; for await (const b of []) {} };", id="await"),
        pytest.param("import('./a.js').then(console.log);", id="import-called"),
        pytest.param("document.title = location.href; alert(1); addEventListener('load', () => {});", id="globals"),
    ],
)
@pytest.mark.parametrize("kind", MODES)
def test_javascript_is_accepted(script: str, kind: str) -> None:
    assert told(script, kind) == []


@pytest.mark.parametrize("kind", ["text/babel", "text/jsx", "text/tsx", "text/typescript"])
def test_what_a_library_compiles_may_be_more(kind: str) -> None:
    assert told("const a: B = <C>c</C>;", kind) == []
    assert failures(told("const a: B = <C>c</D>;", kind)) == [(Rule.SYNTAX, 3, 18)]


@pytest.mark.parametrize(
    ("script", "column"),
    [
        pytest.param("import a from 'b';", 1, id="import"),
        pytest.param("export const a = 1;", 1, id="export"),
        pytest.param("const a = await 1;", 11, id="await"),
        pytest.param("for await (const a of []) {}", 5, id="for-await"),
    ],
)
def test_what_is_for_modules_is_refused_in_a_classic_script(script: str, column: int) -> None:
    assert failures(told(script))[:1] == [(Rule.SYNTAX, 3, column)]
    assert told(script, "module") == []


def test_a_module_is_strict_and_a_classic_script_is_not() -> None:
    sloppy = "var arguments = 1; total = 2; with (Math) { sin(1) } function f(a, a) {}"

    assert failures(told(sloppy)) == []
    assert {each.rule for each in told(sloppy, "module")} == {Rule.SYNTAX}
    assert {each.rule for each in told("total = 2;", "module")} == {Rule.NAME}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("importmap", '{"imports": {}}', [], id="import-map"),
        pytest.param("importmap", '{"imports": }', [(Rule.SYNTAX, 3, 13)], id="import-map-broken"),
        pytest.param("application/json", "[1,]", [(Rule.SYNTAX, 3, 4)], id="json"),
        pytest.param("application/ld+json", "{", [(Rule.SYNTAX, 4, 1)], id="linked-data"),
        pytest.param("x-shader/x-vertex", "void main() {{", [], id="another-language"),
        pytest.param("text/template", "<p>{{ a }}</p>", [], id="template"),
    ],
)
def test_data_is_read_as_what_it_says(kind: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    found = failures(told(text, kind))

    # Where a JSON text ends too early, older interpreters say one place and newer ones the next.
    assert [each[0] for each in found] == [each[0] for each in expected]
    assert all(abs(one[1] - other[1]) <= 1 for one, other in zip(found, expected, strict=True))


def test_an_element_s_id_and_other_scripts_declare_names() -> None:
    page = (
        "<p id=title></p><script>const a = 1; function b() {} var c; d = 2; class E {}</script>\n"
        "<script>title.hidden = a; b(c, d, E);</script><script type=module>b(a)</script>"
    )

    assert in_page(page) == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param("<script>\nstart();</script>", (Rule.NAME, 3, 1), id="nobody"),
        pytest.param(
            "<script type=module>const a = 1</script>\n<script>a;</script>", (Rule.NAME, 3, 9), id="of-a-module"
        ),
        pytest.param("<script>\nturn = turn === 'X' ? 'O' : 'X';</script>", (Rule.NAME, 3, 1), id="read-first"),
        pytest.param("<script>{ let a }</script>\n<script>a;</script>", (Rule.NAME, 3, 9), id="of-a-block"),
        pytest.param("<script>let a;</script>\n<script>let a;</script>", (Rule.DUPLICATE, 3, 13), id="let-twice"),
        pytest.param("<script>var a;</script>\n<script>const a = 1;</script>", (Rule.DUPLICATE, 3, 15), id="var-const"),
        pytest.param("<script>class a {}</script>\n<script>var a;</script>", (Rule.DUPLICATE, 3, 13), id="class-var"),
    ],
)
def test_names_of_other_scripts_are_refused_where_they_are_not(page: str, expected: tuple[str, int, int]) -> None:
    assert failures(in_page(page)) == [expected]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<script>var a;</script><script>var a; function a() {}</script>", id="var-twice"),
        pytest.param("<script>{ const a = 1 }</script><script>const a = 1</script>", id="of-a-block"),
        pytest.param("<script type=module>const a = 1</script><script>const a = 1</script>", id="of-a-module"),
        pytest.param("<script src='https://cdn.example/d3.js'></script><script>d3.select(1)</script>", id="library"),
        pytest.param("<script>if (typeof d3 !== 'undefined') d3.select(1)</script>", id="asked-for"),
        pytest.param("<script>try { a() } catch {}</script>", id="tried"),
        pytest.param("<script>a = 1; a = a + 1;</script>", id="assigned-before"),
        pytest.param("<script>window.a = 1; a = a + 1; this.b = 1; b++;</script>", id="of-the-global-object"),
        pytest.param("<script>a = typeof a === 'undefined' ? 1 : a;</script>", id="read-if-it-is-there"),
    ],
)
def test_names_of_other_scripts_are_accepted_where_they_may_be(page: str) -> None:
    assert failures(in_page(page)) == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param("<p onclick='go()'>a</p><script>function go() {}</script>", None, id="declared"),
        pytest.param("<p onclick='return event.type === this.id'>a</p>", None, id="body-of-a-function"),
        pytest.param(
            "<p onclick='go()'>a</p><script type=module>window.go = () => {}</script>", None, id="by-a-module"
        ),
        pytest.param("<p onclick='a.b('>a</p>", Rule.SYNTAX, id="broken"),
        pytest.param("<p onclick='go()'>a</p>", Rule.NAME, id="undeclared"),
    ],
)
def test_a_handler_is_the_body_of_a_function(page: str, expected: Rule | None) -> None:
    found = failures(in_page(page))

    assert [(each[0], each[1]) for each in found] == ([(expected, 2)] if expected else [])


@pytest.mark.parametrize(
    ("page", "said"),
    [
        pytest.param("<p id=a></p><p id=a></p>", "`a` stands twice", id="twice"),
        pytest.param("<p id=a></p><script>document.getElementById('b')</script>", "the id `b`", id="missing"),
        pytest.param("<p id=a></p><script>document.querySelector('#b').id</script>", "the id `b`", id="selected"),
        pytest.param("<p id=a></p><script>document.querySelector('#b p')</script>", None, id="a-longer-selector"),
        pytest.param("<p id=a></p><script>document.getElementById('a')</script>", None, id="there"),
        pytest.param("<script>add(document.getElementById('dd')); function add() {}</script>", "`dd`", id="in-a-name"),
        pytest.param(
            "<script>document.body.innerHTML = '<p id=b>'; document.getElementById('b')</script>", None, id="written"
        ),
    ],
)
def test_ids_that_may_be_wrong_are_warnings(page: str, said: str | None) -> None:
    found = in_page(page)

    assert [each.rule for each in found] == ([Rule.MAY_FAIL] if said else [])
    assert all(said in each.message for each in found if said)


SELECTORS = {
    "": False, "#": False, "items#": False, "# #add": False, ".a.": False, "data-a]": False, "a:not(.b": False,
    "a >": False, "a, ": False, "#a": True, "[data-a]": True, ".a > .b ~ p + [c='#]']": True, "a:not(.b)::before": True,
    "#\\\\31 0": True, ".\u00fc": True, ".a\\\\:b": True, "> a": True, "*": True, ".-a": True, "a[href$='.png']": True,
}  # fmt: skip
"""Whether a browser reads it; one that is only seen to be wrong by more than its marks is let pass."""


@pytest.mark.parametrize(("selector", "is_read"), SELECTORS.items())
def test_a_selector_can_be_read(selector: str, is_read: bool) -> None:
    found = failures(told(f'document.querySelectorAll("{selector}")'))

    assert found == ([] if is_read else [(Rule.SYNTAX, 3, 27)])
    assert failures(told(f'try {{ document.querySelector("{selector}") }} catch {{}}')) == []


@pytest.mark.parametrize(
    ("inside", "line", "column", "said"),
    [
        pytest.param("<script>Math.flor(1)</script>", 2, 14, "`Math` has no `flor`: write `floor`", id="misspelt"),
        pytest.param("<script>Math.clamp(1)</script>", 2, 14, "write a function", id="made-up"),
        pytest.param("<script>Array.fom(Array(3))</script>", 2, 15, "`Array` has no `fom`", id="called-too"),
        pytest.param("<b onclick='document.getElementByID(1)'>a</b>", 2, 22, "`getElementById`", id="in-a-handler"),
        pytest.param(
            "<canvas id=b></canvas><script>b.fillRect(0, 0, 1, 1)</script>",
            2, 33, "the `<canvas>` with this id, which has no `fillRect`", id="an-element-by-its-id",
        ),
        pytest.param(
            "<p id=b></p>\n<script>b.show()</script>", 3, 11, "the `<p>` with this id, which", id="a-paragraph"
        ),
    ],
)  # fmt: skip
def test_what_an_object_has_not_cannot_be_called(inside: str, line: int, column: int, said: str) -> None:
    (found,) = in_page(inside)

    assert (found.rule, found.line, found.column) == (Rule.NAME, line, column)
    assert said in found.message


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<script>Math.clamp ??= (a) => a; Math.clamp(1)</script>", id="given-to-it"),
        pytest.param("<script>Math.clamp = (a) => a;</script><script>Math.clamp(1)</script>", id="by-another-script"),
        pytest.param("<script>Object.assign(Math, { clamp() {} }); Math.clamp(1)</script>", id="by-a-call"),
        pytest.param("<script>if (document.mystery) document.mystery()</script>", id="asked-for"),
        pytest.param("<script>Math.clamp?.(1); try { Math.clamp(1) } catch {}</script>", id="tried"),
        pytest.param("<script>document.mozCancelFullScreen()</script>", id="a-maker-s-own"),
        pytest.param("<script>function f(Math) { Math.clamp(1) }</script>", id="another-of-the-name"),
        pytest.param("<canvas id=b></canvas><script>b.getContext('2d'); b.remove()</script>", id="an-element-s-own"),
        pytest.param("<p id=b></p><script>b = new Map(); b.set(1, 2)</script>", id="a-global-of-the-name"),
        pytest.param("<p id=b></p><p id=b></p><script>b.item(0)</script>", id="many-elements"),
        pytest.param("<p id=b></p><script>b.go = () => 1; b.go()</script>", id="given-to-an-element"),
        pytest.param("<p id=b></p><script>Element.prototype.go = () => 1; b.go()</script>", id="given-to-all-elements"),
        pytest.param("<my-b id=b></my-b><script>b.go()</script>", id="an-element-of-its-own"),
        pytest.param("<svg><g id=b></g></svg><script>b.getBBox()</script>", id="an-element-of-a-drawing"),
        pytest.param("<p id=status>a</p><script>status.trim()</script>", id="a-global-before-an-id"),
        pytest.param("<p id=b></p><script>((w) => { w.b = [] })(window); b.at(0)</script>", id="given-to-the-window"),
        pytest.param("<script>(function (w) { w.made = [] })(window); made.at(0)</script>", id="given-in-a-function"),
        pytest.param("<p id=b></p><script>window['b'] = []; b.at(0)</script>", id="given-by-a-string"),
        pytest.param("<p id=b></p><script>Object.assign(window, { b: [] }); b.at(0)</script>", id="given-with-others"),
        pytest.param(
            "<p id=b></p><script type=module>window.b = []</script><script type=module>b.at(0)</script>", id="module"
        ),
        pytest.param(
            "<p id=b></p><script>document.getElementById('b').go = () => 1; b.go()</script>", id="found-first"
        ),
        pytest.param("<iframe id=b></iframe><script>b.postMessage(1)</script>", id="a-frame-s-window"),
        pytest.param("<p id=b></p><img name=b><script>b.item(0)</script>", id="a-name-as-well"),
        pytest.param("<i id=value></i><input oninput='value.trim()'>", id="what-a-handler-finds-first"),
        pytest.param("<script>Math['clamp'] = 1</script><script>Math.clamp(1)</script>", id="by-another-s-string"),
        pytest.param("<script>if (window.document.old) document.old()</script>", id="asked-for-in-another-way"),
        pytest.param("<script>if (1) f(); else document.attachEvent(1); function f() {}</script>", id="in-a-branch"),
        pytest.param("<script>try { (123)() } catch {}</script>", id="a-number-called-and-caught"),
        pytest.param("<script>document.__defineGetter__('a', () => 1)</script>", id="what-is-not-listed"),
        pytest.param(
            "<p class=b style=\"font-family: 'b'\">a</p><script>var c = document.createElement('p'); c.id = 'b'; "
            "document.body.append(c); document.getElementById('b').x = 1</script>",
            id="an-id-that-is-made",
        ),
        pytest.param("<form><select><option>a<input></form>", id="a-select-that-ends-by-itself"),
        pytest.param("<div><b>a</b </div>", id="an-end-tag-that-takes-an-end-tag"),
        pytest.param("<div><b>a</b<></div>", id="an-end-tag-with-a-stray-mark"),
        pytest.param("<b is=my-b id=b></b><script>b.go()</script>", id="an-element-that-is-more"),
    ],
)
def test_what_an_object_may_have_can_be_called(inside: str) -> None:
    assert failures(in_page(inside)) == []


@pytest.mark.parametrize("tag", ['<p id=a">', '<p id=""a>', '<p =id"a">'])
def test_an_id_that_has_lost_a_quote_is_not_found(tag: str) -> None:
    script = "<script>document.getElementById('a').hidden = true</script>"

    assert failures(in_page(f"{tag}b</p>\n{script}")) == [(Rule.CONTENT, 3, 18)]
    assert failures(in_page(f"{tag}b</p>\n{script.replace('hidden', 'append')} <p id=a></p>")) == []


def test_a_script_without_an_end_of_code_is_an_elision() -> None:
    assert failures(told(" // ... existing code")) == [(Rule.ELIDED, 3, 2)]


@pytest.mark.parametrize(
    ("page", "drawn"),
    [
        pytest.param("<html><head><style>body {}</style></head><body>\n</body></html>", False, id="nothing"),
        pytest.param("<html><body><!-- a --></body></html>", False, id="comment"),
        pytest.param("<html><body>a</body></html>", True, id="text"),
        pytest.param("<html><body><!-- a --> b</body></html>", True, id="text-behind-a-comment"),
        pytest.param("<html><body><canvas></canvas></body></html>", True, id="element"),
        pytest.param("<html><body><script>alert(1)</script></body></html>", True, id="script"),
        pytest.param("<html><head><script src='a.js'></script></head><body></body></html>", True, id="script-in-head"),
    ],
)
def test_a_page_draws_something(page: str, drawn: bool) -> None:
    found = [(each.rule, each.snippet[each.column - 1 :][:5]) for each in problems(Source(page))]

    assert found == ([] if drawn else [(Rule.CONTENT, "<body")])
