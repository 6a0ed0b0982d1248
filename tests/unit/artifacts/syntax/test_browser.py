"""Scripts of a page are JavaScript, as browsers read it."""

import pytest

from shared.artifacts.syntax.html import problems
from shared.artifacts.syntax.problem import Rule, Source


def told(script: str, kind: str = "") -> list[tuple[str, int, int, str]]:
    page = f"<!DOCTYPE html><html><body>\n<script{f' type={kind}' if kind else ''}>\n{script}\n</script></body></html>"
    return [(each.rule, each.line - 2, each.column, each.message) for each in problems(Source(page))]


@pytest.mark.parametrize("kind", ["", "text/javascript", "module"])
@pytest.mark.parametrize(
    ("script", "column", "said"),
    [
        pytest.param("const a = <p>b</p>;", 11, "JSX", id="jsx"),
        pytest.param("const a = <B/>;", 11, "JSX", id="jsx-alone"),
        pytest.param("let a: number = 1;", 6, "TypeScript", id="variable"),
        pytest.param("function f(a: string) {}", 13, "TypeScript", id="parameter"),
        pytest.param("function f(): void {}", 13, "TypeScript", id="result"),
        pytest.param("interface A { b: c }", 1, "TypeScript", id="interface"),
        pytest.param("type A = B | C;", 1, "TypeScript", id="alias"),
        pytest.param("enum A { B }", 1, "TypeScript", id="enum"),
        pytest.param("const a = b as C;", 11, "TypeScript", id="as"),
        pytest.param("const a = b satisfies C;", 11, "TypeScript", id="satisfies"),
        pytest.param("const a = b!;", 11, "TypeScript", id="not-null"),
        pytest.param("const a = f<string>(b);", 12, "TypeScript", id="type-argument"),
        pytest.param("const a = new Map<A, B>();", 18, "TypeScript", id="type-arguments"),
        pytest.param("function f<T>(a) {}", 11, "TypeScript", id="type-parameters"),
        pytest.param("abstract class A {}", 1, "TypeScript", id="abstract"),
        pytest.param("class A { private b = 1 }", 11, "TypeScript", id="private"),
        pytest.param("class A { readonly b = 1 }", 11, "TypeScript", id="readonly"),
        pytest.param("class A implements B {}", 9, "TypeScript", id="implements"),
        pytest.param("declare const a: b;", 1, "TypeScript", id="declare"),
    ],
)
def test_what_no_browser_reads_is_refused(script: str, kind: str, column: int, said: str) -> None:
    found = told(script, kind)

    assert [each[:3] for each in found] == [(Rule.SYNTAX, 1, column)]
    assert said in found[0][3]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("f(a < b, c > (d)); if (a < b > (c)) {}", id="comparisons"),
        pytest.param("const as = 1, type = 2, is = as; type\n!as", id="names"),
        pytest.param("const f = a ? (b) : c => d;", id="an-arrow-in-a-choice"),
        pytest.param("class A { static #b = 1; static { this.readonly = 1 } get private() { return 1 } }", id="class"),
        pytest.param("a: for (;;) break a; var eval2 = `<p>${'</p>'}`;", id="label-and-template"),
        pytest.param("const { a: b = 1, ...c } = d ?? {}; e?.f; g ||= 1n;", id="patterns"),
        pytest.param("async () => { await a; for await (const b of c) {} }; await (1);", id="await"),
        pytest.param("import('./a.js').then(b);", id="import-called"),
    ],
)
def test_javascript_is_accepted(script: str) -> None:
    assert told(script) == []


@pytest.mark.parametrize("kind", ["text/babel", "text/tsx", "text/typescript"])
def test_what_a_library_compiles_may_be_more(kind: str) -> None:
    assert told("const a: B = <p>c</p>;", kind) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param("import a from 'b';", "type", id="import"),
        pytest.param("export const a = 1;", "type", id="export"),
        pytest.param("const a = await b();", "await", id="await"),
        pytest.param("for await (const a of b) {}", "await", id="for-await"),
    ],
)
def test_what_is_for_modules_is_refused_in_a_classic_script(script: str, said: str) -> None:
    (found,) = told(script)

    assert said in found[3]
    assert told(script, "module") == []


def test_a_module_is_strict_and_a_classic_script_is_not() -> None:
    assert told("var arguments = 1;") == []
    assert [each[0] for each in told("var arguments = 1;", "module")] == [Rule.NAME]


@pytest.mark.parametrize(
    ("page", "drawn"),
    [
        pytest.param("<html><head><style>body {}</style></head><body>\n</body></html>", False, id="nothing"),
        pytest.param("<html><body><!-- a --></body></html>", False, id="comment"),
        pytest.param("<html><body>a</body></html>", True, id="text"),
        pytest.param("<html><body><!-- a --> b</body></html>", True, id="text-behind-a-comment"),
        pytest.param("<html><body><canvas></canvas></body></html>", True, id="element"),
        pytest.param("<html><body><script>a()</script></body></html>", True, id="script"),
        pytest.param("<html><head><script src='a.js'></script></head><body></body></html>", True, id="script-in-head"),
    ],
)
def test_a_page_draws_something(page: str, drawn: bool) -> None:
    found = [(each.rule, each.snippet[each.column - 1 :][:5]) for each in problems(Source(page))]

    assert found == ([] if drawn else [(Rule.CONTENT, "<body")])
