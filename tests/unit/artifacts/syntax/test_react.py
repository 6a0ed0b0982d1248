"""A component is refused when it cannot be rendered, and not for anything else."""

import time

import pytest

from shared.artifacts.syntax import elision
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Problem, Rule, Source
from shared.artifacts.syntax.react import problems
MOST_PROBLEMS = 10

IMPORTS = Imports(["react", "lucide-react", "@radix-ui/*"])
APP = "export default function App() { return null }"


def check(code: str) -> list[Problem]:
    return problems(Source(code), IMPORTS)


def places(code: str) -> list[tuple[str, int, int]]:
    return [(each.rule, each.line, each.column) for each in check(code)]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(APP, id="function"),
        pytest.param("const a = () => {\n}\na()\n" + APP, id="no-semicolons"),
        pytest.param("export default function A(){ const r = /[(]/; return r; }", id="bracket-in-a-regex"),
        pytest.param("export default function A(){ return <p>Don't (worry</p>; }", id="apostrophe-in-text"),
        pytest.param("export default () => <p>R&D, Q & A && more; 50% &amp; &copy; &nope</p>", id="ampersands-in-text"),
        pytest.param('export default () => <img src="/p?a=1&b=2&auto=format" />', id="ampersands-in-an-attribute"),
        pytest.param('export default () => <p title="two\nlines">a</p>', id="attribute-in-two-lines"),
        pytest.param("const a = 'x\\\ny';\n" + APP, id="string-in-two-lines-by-backslash"),
        pytest.param("const A = styled('a')<{ b?: C }>`\n${x}\n`;\n" + APP, id="template-behind-type-arguments"),
        pytest.param("type A = & { a: 1 } & B; x &&= y & z;\n" + APP, id="ampersands-in-code"),
        pytest.param("export default <><A.B c:d='1' {...e} f={<g/>} />{/* h */}{...i}</>", id="jsx"),
        pytest.param("export default () => <p><var>a</var></p>", id="a-tag-named-like-a-word"),
        pytest.param("import { useState } from 'react';\n" + APP, id="import"),
        pytest.param("import * as D from '@radix-ui/react-dialog'; const x = y as T;\n" + APP, id="typescript"),
        pytest.param("const C = ({ interface: i }) => i;\n" + APP, id="rename-of-a-word"),
        pytest.param("const score = 42; // eval was replaced\n" + APP, id="eval-in-a-comment"),
        pytest.param("localStorage.setItem('k','v'); window.sessionStorage['k'] = 1;\n" + APP, id="storage"),
        pytest.param("const o = { eval: 1, arguments: 2 }; o.eval; eval('1');\n" + APP, id="eval-not-declared"),
        pytest.param("type F = (arguments: string[]) => void;\n" + APP, id="arguments-of-a-type"),
        pytest.param("const App = 1;\nexport { App as default };", id="export-list"),
        pytest.param("export default function A(): void;\n" + APP.replace("App", "A"), id="export-overload"),
        pytest.param("'use client';\nimport React from 'react';\nReact;\n" + APP, id="declared-word-alone"),
        pytest.param("outer: for (;;) { break outer }\n" + APP, id="label"),
        pytest.param("declare const a: number; declare global { const b: 1 }\n" + APP, id="declared-without-value"),
        pytest.param("const f = <T,>(a: T) => <U extends B>(c: U) => a;\n" + APP, id="type-parameters"),
        pytest.param("class A extends b(C)<D> {} class E extends F.G<H> {}\n" + APP, id="extends"),
        pytest.param("const r = await fetch('x');\n" + APP, id="await-at-the-top"),
        pytest.param("class A { accessor = 1; b() { this.accessor = 2 } }\n" + APP, id="field-named-accessor"),
        pytest.param("class A { accessor() {} b = 1 }\n" + APP, id="method-named-accessor"),
        pytest.param("export type * from './b';\nexport type * as C from './c';\n" + APP, id="export-of-all-types"),
        pytest.param("export default memo(() => null);", id="export-of-a-call"),
        pytest.param("export default class A extends B {}", id="export-of-a-class"),
        pytest.param("const f = async () => { await (async function () { await 1 })() };\n" + APP, id="await"),
        pytest.param("// Keep the rest of the day free.\n" + APP, id="comment"),
        pytest.param("// names are kept so that the links of the site are\n// unchanged.\n" + APP, id="wrapped"),
        pytest.param("/**\n * @example\n * ...\n */\n" + APP, id="documentation"),
        pytest.param("const a = '\ud800';\n" + APP, id="half-a-surrogate-pair"),
    ],
)
def test_what_can_be_rendered_is_accepted(code: str) -> None:
    assert check(code) == []


@pytest.mark.parametrize(
    ("code", "line", "column", "said"),
    [
        pytest.param("const a = {\n  b: 1\n  c: 2\n};", 3, 3, "A comma is missing before `c: 2`.", id="comma"),
        pytest.param("const a = {\n  b]  // c\n};", 2, 4, "This `]` closes nothing.", id="closes-nothing"),
        pytest.param("const a = `b ${c}\n// d", 1, 11, "This template string is never closed.", id="template"),
        pytest.param("const a = f(1;\nb();", 1, 14, "`)` is missing here: the `(` of line 1", id="parenthesis"),
        pytest.param("function f() {\n  if (a) {\n}", 3, 2, "`}` is missing here: the `{` of line 1", id="brace"),
        pytest.param("import { a from 'react';", 1, 1, "The `{` of this import is never closed", id="import-brace"),
        pytest.param("import { a } from React;", 1, 1, "after `from` must stand in quotes", id="unquoted"),
        pytest.param("const a = <p>\n<b>c</p>;", 2, 5, "`</p>` closes `<b>` of line 2", id="tags-and-one-unclosed"),
        pytest.param("const a = <A.B>c</A.C>;", 1, 17, "`</A.C>` closes `<A.B>` of line 1", id="tags"),
        pytest.param("const a = <></b>;", 1, 13, "`</b>` closes `<>` of line 1", id="fragment"),
        pytest.param(
            "function A() {\n  return <p>{b</p>;\n}", 2, 10, "The tag `<p>` is never closed.", id="unclosed-tag"
        ),
        pytest.param("const a = <p b='c>d</p>;\n", 1, 16, "This string is never closed.", id="attribute"),
        pytest.param(APP + "\n```\n", 2, 1, "A Markdown fence stands in the code", id="fence"),
        pytest.param("```jsx\n" + APP + "\n```", 1, 1, "A Markdown fence stands in the code", id="fences"),
        pytest.param(APP + "\n</artifact>", 2, 1, "An artifact's tag stands in the code", id="artifact"),
        pytest.param(APP + "\nThis shows a list.", 2, 1, "This line is prose, not code.", id="prose"),
        pytest.param(APP + "\nEnjoy!", 2, 1, "This is not code", id="word-with-a-mark"),
        pytest.param(APP + "\nDone", 2, 1, "This is not code", id="word"),
        pytest.param(APP + "\nThanks, bye", 2, 1, "This is not code", id="words"),
        pytest.param(APP + "\nNote: this", 2, 1, "This is not code", id="label-of-nothing"),
    ],
)
def test_what_cannot_be_read_is_told_where_and_why(code: str, line: int, column: int, said: str) -> None:
    """The model mends what it is told: so the likeliest reason is named at its place."""
    told = {(each.rule, each.line, each.column): each.message for each in check(code)}

    assert said in told[Rule.SYNTAX, line, column]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        pytest.param("const eval = minimax(board, depth);", Rule.NAME, id="const-eval"),
        pytest.param("let arguments = process();", Rule.NAME, id="let-arguments"),
        pytest.param("function f() { const eval = 1; }", Rule.NAME, id="in-a-function"),
        pytest.param("function eval() {}", Rule.NAME, id="function"),
        pytest.param("const f = (a, eval) => a;", Rule.NAME, id="parameter"),
        pytest.param("const f = arguments => 1;", Rule.NAME, id="lone-parameter"),
        pytest.param("const { a: eval } = b;", Rule.NAME, id="destructured"),
        pytest.param("const { arguments } = b;", Rule.NAME, id="destructured-shorthand"),
        pytest.param("const [a, ...eval] = b;", Rule.NAME, id="rest"),
        pytest.param("const { a: eval = 1 } = b;", Rule.NAME, id="destructured-with-a-default"),
        pytest.param("import { eval } from 'react';", Rule.NAME, id="import"),
        pytest.param("import { a as eval } from 'react';", Rule.NAME, id="import-renamed"),
        pytest.param("import eval from 'react';", Rule.NAME, id="import-default"),
        pytest.param("class eval {}", Rule.NAME, id="class"),
        pytest.param("try {} catch (arguments) {}", Rule.NAME, id="catch"),
        pytest.param("for (const eval of a) {}", Rule.NAME, id="loop"),
        pytest.param("eval = 1;", Rule.NAME, id="assigned"),
        pytest.param("const a = 1; const a = 2;", Rule.DUPLICATE, id="duplicate"),
        pytest.param("// ... rest of the code", Rule.ELIDED, id="elision"),
        pytest.param("const a = <p>{/* ... */}</p>", Rule.ELIDED, id="elision-in-jsx"),
    ],
)
def test_each_rule_is_the_problems_own(code: str, rule: Rule) -> None:
    assert [each.rule for each in check(f"{code}\n{APP}")] == [rule]


def test_an_elision_says_what_to_do() -> None:
    assert [each.message for each in check(f"{APP}\n// ... existing code ...")] == [elision.MESSAGE]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("const a;", id="const-without-value"),
        pytest.param("let { a };", id="pattern-without-value"),
        pytest.param("const a = { b, , c };", id="two-commas"),
        pytest.param("f(a, , b);", id="two-commas-in-a-call"),
        pytest.param("class A { b: 1, c: 2 }", id="comma-in-a-class"),
        pytest.param("function () {}", id="nameless-function"),
        pytest.param("export default const a = 1;", id="default-const"),
        pytest.param("const a = -b ** c;", id="power"),
        pytest.param("try { a() }", id="try-alone"),
        pytest.param("for (const a of b, c) {}", id="of-several"),
        pytest.param("useEffect(() => {} [a]);", id="comma-before-dependencies"),
        pytest.param("const f = ({ a }: B) = a;", id="arrow-without-its-head"),
        pytest.param("const f = <T>(a: T) => a;", id="type-parameter-like-a-tag"),
        pytest.param("class A extends B<C {}", id="type-arguments-not-closed"),
        pytest.param("a?.b = 1;", id="assigned-to-an-optional"),
        pytest.param("function f() { await a }", id="await-without-async"),
        pytest.param("async () => { a.map(b => { await b }) };", id="await-in-a-callback"),
        pytest.param("return 1;", id="return-outside"),
        pytest.param("const class = 1;", id="a-word-as-a-name"),
        pytest.param("const a = { if };", id="a-word-as-a-shorthand"),
        pytest.param('const a = "b\n";', id="string-in-two-lines"),
        pytest.param("const a = <p {b}/>;", id="braces-among-attributes"),
    ],
)
def test_what_the_grammar_lets_pass_is_refused_all_the_same(code: str) -> None:
    """Every one of these stops every JavaScript parser, and none of them is an error to the grammar."""
    assert Rule.SYNTAX in {each.rule for each in check(f"{code}\n{APP}")}


@pytest.mark.parametrize("value", ["5", "'a'", "`a`", "{ a: 1 }", "[A]", "null", "true", "/a/"])
def test_a_default_export_may_be_a_component(value: str) -> None:
    assert places(f"const A = 1;\nexport default {value};") == [(Rule.EXPORT, 2, 1)]


def test_problems_are_few_and_in_the_order_of_the_code() -> None:
    found = places("import a from './a';\n" * 30 + "const eval = 1;")

    assert found == sorted(found, key=lambda each: each[1:])
    assert len(found) == MOST_PROBLEMS


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("(" * 100_000, id="brackets"),
        pytest.param("{" * 100_000, id="braces"),
        pytest.param("<a>" * 30_000, id="tags"),
        pytest.param("if(a)" * 30_000, id="ifs"),
        pytest.param("a." * 90_000, id="dots"),
        pytest.param("[" + "," * 100_000 + "]", id="holes"),
        pytest.param("x=" + "<a>" * 30_000 + "</a>" * 30_000, id="nested-tags"),
        pytest.param("\0" * 100_000, id="nul"),
    ],
)
def test_hostile_code_is_refused_in_good_time(code: str) -> None:
    """Neither nesting nor length makes it crash or hang."""
    start = time.perf_counter()

    assert check(code)
    assert time.perf_counter() - start < 5
