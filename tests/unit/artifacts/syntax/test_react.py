"""A component is refused when it cannot be rendered, and not for anything else."""

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.elision import phrases as elision
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax import examine
from shared.artifacts.syntax.react import problems

MOST_PROBLEMS = 10

IMPORTS = AllowedImports(["react", "lucide-react", "a", "b"])
APP = "export default function App() { return null }"
STATE = 'import { useState, useEffect, useRef, useMemo } from "react";\n'


def told(code: str) -> list[Problem]:
    return problems(Source(code), IMPORTS)


def places(code: str) -> list[tuple[str, int, int]]:
    return [(each.rule, each.line, each.column) for each in told(code)]


def component(body: str, parameters: str = "") -> str:
    """A component whose body begins on line 3."""
    return f"{STATE}export default function App({parameters}) {{\n{body}\n}}"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(APP, id="function"),
        pytest.param("const a = () => {\n}\na()\n" + APP, id="no-semicolons"),
        pytest.param("export default function A(){ const r = /[(]/; return r.source; }", id="bracket-in-a-regex"),
        pytest.param("export default function A(){ return <p>Don't (worry</p>; }", id="apostrophe-in-text"),
        pytest.param("export default () => <p>R&D, Q & A && more; 50% &amp; &copy; &nope</p>", id="ampersands-in-text"),
        pytest.param('export default () => <img src="/p?a=1&b=2&auto=format" />', id="ampersands-in-an-attribute"),
        pytest.param('export default () => <p title="two\nlines">a</p>', id="attribute-in-two-lines"),
        pytest.param("const a = 'x\\\ny';\n" + APP, id="string-in-two-lines-by-backslash"),
        pytest.param(
            "import styled from 'a';\nconst x = 1; const A = styled('a')<{ b?: C }>`\n${x}\n`;\n" + APP,
            id="template-behind-type-arguments",
        ),
        pytest.param("type A = & { a: 1 } & B; let x = 1; x &&= x & 1;\n" + APP, id="ampersands-in-code"),
        pytest.param(
            "import * as A from 'a';\nexport default () => <><A.B c-d='1' {...A.e} f={<g/>} />{/* h */}</>", id="jsx"
        ),
        pytest.param("export default () => <p><var>a</var></p>", id="a-tag-named-like-a-word"),
        pytest.param("const f = (): any => 1; f<typeof import('x')>();\n" + APP, id="type-of-an-import"),
        pytest.param("import { A } from 'a';\nexport default () => <A extends='b' />", id="attribute-like-a-word"),
        pytest.param("let a, b: unknown; [a, b as unknown] = [1, 2];\n" + APP, id="cast-in-a-pattern"),
        pytest.param("const x = 1; const y = x?.7:1;\n" + APP, id="choice-with-a-decimal"),
        pytest.param("import { useState } from 'react';\n" + APP, id="import"),
        pytest.param("const y: unknown = 1; const x = y as T;\n" + APP, id="typescript"),
        pytest.param("const C = ({ interface: i }) => i;\n" + APP, id="rename-of-a-word"),
        pytest.param("const score = 42; // eval was replaced\n" + APP, id="eval-in-a-comment"),
        pytest.param("localStorage.setItem('k','v'); window.sessionStorage['k'] = 1;\n" + APP, id="storage"),
        pytest.param("const o = { eval: 1, arguments: 2 }; o.eval; eval('1');\n" + APP, id="eval-not-declared"),
        pytest.param("type F = (arguments: string[]) => void;\n" + APP, id="arguments-of-a-type"),
        pytest.param("const App = () => null;\nexport { App as default };", id="export-list"),
        pytest.param("export default function A(): void;\n" + APP.replace("App", "A"), id="export-overload"),
        pytest.param("'use client';\nimport React from 'react';\nReact;\n" + APP, id="declared-word-alone"),
        pytest.param("outer: for (;;) { break outer }\n" + APP, id="label"),
        pytest.param("declare const a: number; declare global { const b: 1 }\n" + APP, id="declared-without-value"),
        pytest.param("const f = <T,>(a: T) => <U extends B>(c: U) => a;\n" + APP, id="type-parameters"),
        pytest.param(
            "import { b, F } from 'a';\nclass A extends b(1)<D> {} class E extends F.G<H> {}\n" + APP, id="extends"
        ),
        pytest.param("const r = await fetch('x');\n" + APP, id="await-at-the-top"),
        pytest.param("class A { accessor = 1; b() { this.accessor = 2 } }\n" + APP, id="field-named-accessor"),
        pytest.param("class A { accessor() {} b = 1 }\n" + APP, id="method-named-accessor"),
        pytest.param("export type * from './b';\nexport type * as C from './c';\n" + APP, id="export-of-all-types"),
        pytest.param("const f = async () => { await (async function () { await 1 })() };\n" + APP, id="await"),
        pytest.param("// Keep the rest of the day free.\n" + APP, id="comment"),
        pytest.param("// names are kept so that the links of the site are\n// unchanged.\n" + APP, id="wrapped"),
        pytest.param("/**\n * @example\n * ...\n */\n" + APP, id="documentation"),
        pytest.param("const a = '\ud800';\n" + APP, id="half-a-surrogate-pair"),
        pytest.param("class A { b = a(); #c = 1; static { this.d = 1 } }\nfunction a() {}\n" + APP, id="class"),
        pytest.param("enum A { B, C = B } namespace D { export const e = A.C }\n" + APP, id="enum-and-namespace"),
        pytest.param("if (false) { let a = 1; } else { let a = 2; } const a = 3;\n" + APP, id="blocks"),
    ],
)
def test_what_can_be_rendered_is_accepted(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    ("code", "line", "column", "said"),
    [
        pytest.param("const a = {\n  b: 1\n  c: 2\n};", 3, 3, 'expected ","', id="comma"),
        pytest.param("const a = {\n  b]  // c\n};", 2, 4, 'expected ","', id="closes-nothing"),
        pytest.param("const a = `b ${c}\n// d", 1, 18, "Unterminated template", id="template"),
        pytest.param("const a = f(1;\nb();", 1, 14, 'expected ","', id="parenthesis"),
        pytest.param("function f() {\n  if (a) {\n}", 3, 2, "Unexpected token", id="brace"),
        pytest.param("import { a from 'react';", 1, 12, 'expected ","', id="import-brace"),
        pytest.param("import { a } from React;", 1, 19, "Unexpected token", id="unquoted"),
        pytest.param("const a = <p>\n<b>c</p>;", 2, 9, "Unterminated JSX", id="tags-and-one-unclosed"),
        pytest.param("const a = <A.B>c</A.C>;", 1, 17, "closing tag for <A.B>", id="tags"),
        pytest.param("const a = <></b>;", 1, 13, "closing tag for <>", id="fragment"),
        pytest.param("const a = <p>a }</p>;", 1, 16, "Unexpected token", id="brace-in-text"),
        pytest.param("const a = <p>a -> b</p>;", 1, 17, "Unexpected token", id="bracket-in-text"),
        pytest.param("function A() {\n  return <p>{b</p>;\n}", 2, 17, "close the `{`", id="unclosed-braces"),
        pytest.param("const a = <p b='c>d</p>;\n", 1, 16, "Unterminated string", id="attribute"),
        pytest.param("const a = <p {b}/>;", 1, 15, 'expected "..."', id="braces-among-attributes"),
        pytest.param(APP + "\n```\n", 2, 4, "A Markdown fence stands in the code", id="fence"),
        pytest.param(APP + "\n</artifact>", 2, 2, "An artifact's tag", id="artifact"),
        pytest.param(APP + "\nThis shows a list.", 2, 5, "Missing semicolon", id="prose"),
        pytest.param(APP + "\nEnjoy!", 2, 1, "This is not code", id="word-with-a-mark"),
        pytest.param(APP + "\nDone", 2, 1, "This is not code", id="word"),
        pytest.param(APP + "\nThanks, bye", 2, 1, "This is not code", id="words"),
        pytest.param(APP + "\nNote: this", 2, 1, "This is not code", id="label-of-nothing"),
        pytest.param("const a = /(b/;", 1, 11, "regular expression", id="regular-expression"),
        pytest.param("const a = /b/gg;", 1, 16, "flag", id="flags-of-a-regular-expression"),
        pytest.param("const a = '\\u{110000}';", 1, 22, "Code point", id="escape"),
        pytest.param("const a = 0_1;", 1, 11, "octal", id="number"),
        pytest.param("const a = 010;", 1, 11, "octal", id="octal-number"),
        pytest.param("with (a) {}", 1, 1, "'with'", id="with"),
        pytest.param("delete a;", 1, 1, "Deleting", id="delete-of-a-name"),
        pytest.param("a: a: b();", 1, 4, "already declared", id="label-twice"),
        pytest.param("function f() { break; }", 1, 16, "break", id="break-outside"),
        pytest.param("for (;;) { () => { continue } }", 1, 20, "continue", id="continue-outside"),
        pytest.param("class A { constructor() {} constructor() {} }", 1, 28, "one constructor", id="constructors"),
        pytest.param("class A { constructor() { super() } }", 1, 27, "super", id="super-without-a-class-above"),
        pytest.param("class A { b() { this.#c } }", 1, 22, "#c", id="private-name"),
        pytest.param("class A { #b; #b }", 1, 15, "#b", id="private-name-twice"),
        pytest.param("function f(a, a) {}", 1, 15, "Argument name clash", id="parameter-twice"),
        pytest.param("function f(a = 1) { 'use strict' }", 1, 1, "use strict", id="strict-behind-a-default"),
        pytest.param("new.target", 1, 1, "new.target", id="new-target"),
        pytest.param("({ a = 1 });", 1, 6, "", id="default-in-an-object"),
        pytest.param("export { nothing };", 1, 10, "nothing", id="export-of-nothing"),
        pytest.param("export const b = 1; export { b };", 1, 30, "`b` is exported twice", id="export-twice"),
    ],
)
def test_what_cannot_be_read_is_told_where_and_why(code: str, line: int, column: int, said: str) -> None:
    found = {(each.rule, each.line, each.column): each.message for each in told(code)}

    assert (Rule.SYNTAX, line, column) in found
    assert said in found[Rule.SYNTAX, line, column]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("const eval = 1;", id="const-eval"),
        pytest.param("let arguments = 1;", id="let-arguments"),
        pytest.param("function f() { const eval = 1; }", id="in-a-function"),
        pytest.param("function eval() {}", id="function"),
        pytest.param("const f = (a, eval) => a;", id="parameter"),
        pytest.param("const f = arguments => 1;", id="lone-parameter"),
        pytest.param("const { a: eval } = {};", id="destructured"),
        pytest.param("const { arguments } = {};", id="destructured-shorthand"),
        pytest.param("const [a, ...eval] = [];", id="rest"),
        pytest.param("const { a: eval = 1 } = {};", id="destructured-with-a-default"),
        pytest.param("import { eval } from 'react';", id="import"),
        pytest.param("import { a as eval } from 'react';", id="import-renamed"),
        pytest.param("import eval from 'react';", id="import-default"),
        pytest.param("class eval {}", id="class"),
        pytest.param("try {} catch (arguments) {}", id="catch"),
        pytest.param("for (const eval of []) {}", id="loop"),
        pytest.param("eval = 1;", id="assigned"),
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
        pytest.param("const f = <T = string>(a: T) => a;", id="type-parameter-with-a-default"),
        pytest.param("class A extends B<C {}", id="type-arguments-not-closed"),
        pytest.param("a?.b = 1;", id="assigned-to-an-optional"),
        pytest.param("function f() { await a }", id="await-without-async"),
        pytest.param("async () => { a.map(b => { await b }) };", id="await-in-a-callback"),
        pytest.param("return 1;", id="return-outside"),
        pytest.param("const class = 1;", id="a-word-as-a-name"),
        pytest.param("const a = { if };", id="a-word-as-a-shorthand"),
        pytest.param('const a = "b\n";', id="string-in-two-lines"),
        pytest.param("const a = 1; let a = 2;", id="const-let"),
        pytest.param("const { a, b: [c] } = {}; const c = 1;", id="patterns"),
        pytest.param("function a() {} function a() {}", id="functions"),
        pytest.param("var a; function a() {}", id="var-function"),
        pytest.param("class a {} const a = 1;", id="class-const"),
        pytest.param("import a from 'a'; import { a } from 'b';", id="imports"),
        pytest.param("import { b, c as b } from 'a';", id="one-import"),
        pytest.param("import * as a from 'a'; const a = 1;", id="import-const"),
        pytest.param("export const a = 1; function a() {}", id="exported"),
        pytest.param("enum a { B } const a = 1;", id="enum-const"),
        pytest.param("function f(a) { let a = 1 }", id="parameter-let"),
        pytest.param("try {} catch (a) { let a = 1 }", id="catch-let"),
        pytest.param("switch (1) { case 1: let a = 1; case 2: let a = 2 }", id="cases-of-a-switch"),
    ],
)
def test_early_errors_are_refused(code: str) -> None:
    """Every one of these stops every JavaScript parser."""
    assert Rule.SYNTAX in {each.rule for each in told(f"{code}\n{APP}")}


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("var a = 1; var a = 2;", id="var-twice"),
        pytest.param("function a(): void; function a(b?: 1) {}", id="overloads"),
        pytest.param("interface a {} interface a {}", id="interfaces"),
        pytest.param("namespace a {} namespace a {}", id="namespaces"),
        pytest.param("class a {} interface a {} namespace a {}", id="class-interface-namespace"),
        pytest.param("function a() {} namespace a {}", id="function-namespace"),
        pytest.param("enum a { B } enum a { C = 1 }", id="enums"),
        pytest.param("type a = 1; const a = 1;", id="type-and-value"),
        pytest.param("import type { a } from 'a'; const a = 1;", id="imported-type-and-value"),
        pytest.param("import { type a } from 'a'; const a = 1;", id="imported-type-by-name-and-value"),
        pytest.param("declare const a: 1; declare function b(): void; function b() {}", id="declare"),
        pytest.param("const a = 1; { const a = 2; } function f(a) {}", id="other-scopes"),
        pytest.param("import { a as b } from 'a'; const a = 1;", id="renamed"),
        pytest.param("const { a: b } = {}; const a = 1;", id="key-of-a-pattern"),
        pytest.param("function f(a) { var a = 1; }", id="parameter-and-var"),
        pytest.param("export function a(): void; export function a(b?: 1) {}", id="overloads-exported"),
        pytest.param("export enum a { B } export enum a { C = 1 } export namespace a {}", id="enums-exported"),
        pytest.param("export interface a {} export const a = 1;", id="type-and-value-exported"),
        pytest.param("interface a {} export { a }; export const b = 1;", id="type-in-a-list"),
        pytest.param("class a { constructor(); constructor(b?: 1) {} }", id="overloads-of-a-constructor"),
    ],
)
def test_a_name_may_be_declared_twice_where_the_languages_allow_it(code: str) -> None:
    assert told(f"{code}\n{APP}") == []


@pytest.mark.parametrize(
    ("code", "line", "column", "said"),
    [
        pytest.param("export default () => <p>{count}</p>;", 1, 26, "`count`", id="read"),
        pytest.param("export default () => <div><Crad /></div>;", 1, 28, "import this component", id="tag"),
        pytest.param("export default () => <UI.Card />;", 1, 23, "`UI`", id="tag-with-a-dot"),
        pytest.param("function Foo() { return null }\nexport default Fooo;", 2, 16, "`Fooo`", id="export"),
        pytest.param("export default () => { const [a] = useState(0); return a };", 1, 36, 'from "react"', id="hook"),
        pytest.param("const a = require('react');\n" + APP, 1, 11, "CommonJS", id="require"),
        pytest.param("const a = process.env.B;\n" + APP, 1, 11, "`process`", id="process"),
        pytest.param("module.exports = 1;\n" + APP, 1, 1, "`module`", id="commonjs"),
        pytest.param("interface A {}\nconst a = A;\n" + APP, 2, 11, "a type only", id="type"),
        pytest.param("import type { A } from 'a';\nconst a = A;\n" + APP, 2, 11, "a type only", id="imported-type"),
        pytest.param("total = 1;\n" + APP, 1, 1, "`total`", id="assigned"),
        pytest.param("const f = ({ a = b }) => a;\n" + APP, 1, 18, "`b`", id="default"),
        pytest.param("{ let a = 1; }\nconst b = a;\n" + APP, 2, 11, "`a`", id="out-of-its-block"),
        pytest.param("class A { b = c; d() { return 1 } }\n" + APP, 1, 15, "`c`", id="field"),
        pytest.param("const a = b; const b = 1;\n" + APP, 1, 11, "before it is declared on line 1", id="too-early"),
        pytest.param("const a = 1; a = 2;\n" + APP, 1, 14, "a constant", id="constant"),
        pytest.param("const a = 1; a++;\n" + APP, 1, 14, "a constant", id="constant-counted-up"),
        pytest.param("import { a } from 'a'; a = 2;\n" + APP, 1, 24, "a constant", id="import-assigned"),
        pytest.param(
            "import { useState } from 'react'; const a = React.memo(useState);\n" + APP,
            1,
            45,
            "import React",
            id="react-beside-an-import",
        ),
    ],
)
def test_a_name_that_nobody_declares_is_refused(code: str, line: int, column: int, said: str) -> None:
    (found,) = told(code)

    assert (found.rule, found.line, found.column) == (Rule.NAME, line, column)
    assert said in found.message


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("const a = [fetch, URL, Intl, structuredClone, queueMicrotask, Promise]; window", id="globals"),
        pytest.param("const f = () => later; const later = 1;", id="used-later"),
        pytest.param("f(); function f() {}", id="hoisted"),
        pytest.param("if (true) { var a = 1 } const b = a;", id="var-out-of-a-block"),
        pytest.param("const f = function g() { return g }; const A = class B { c = B };", id="name-of-an-expression"),
        pytest.param("function f() { return arguments.length }", id="arguments"),
        pytest.param("if (typeof process !== 'undefined') { process.exit }", id="asked-for"),
        pytest.param("const a: Nobody<Knows> = 1; const f = (b: This): That => b as Other;", id="types"),
        pytest.param("class A implements B { declare c: D; constructor(private e: F) {} }", id="types-of-a-class"),
        pytest.param("declare const a: number; const b = a;", id="declared-elsewhere"),
        pytest.param("const { a, ...b } = { a: 1 }; const [c, , ...d] = [b, a]; const e = [c, d];", id="patterns"),
        pytest.param("for (const a of []) { a } for (let i = 0; i < 1; i++) {}", id="loops"),
        pytest.param("a: for (;;) { break a }", id="label"),
        pytest.param("const a = { b: 1, c() { return 1 } }; a.b; a?.d;", id="keys"),
        pytest.param("try { a() } catch (error) { error }", id="caught"),
        pytest.param("const a = <my-element b='c'><p/></my-element>;", id="custom-element"),
        pytest.param("let a = 1; a = 2; a++; [a] = [3];", id="let"),
        pytest.param("enum A { B } const c = A.B;", id="enum"),
        pytest.param("window.a = 1; const b = a;", id="of-the-global-object"),
    ],
)
def test_a_name_that_is_there_is_accepted(code: str) -> None:
    assert [each for each in told(f"{code}\n{APP}") if not each.is_warning] == []


def test_react_without_any_import_may_be_there() -> None:
    """Many frames have it as a global; those that have none fail, so it is a warning."""
    (found,) = told("export default function App() { const [a] = React.useState(1); return <p>{a}</p> }")

    assert (found.rule, found.line, found.column) == (Rule.MAY_FAIL, 1, 45)
    assert 'import React from "react"' in found.message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("", "Nothing is exported", id="nothing"),
        pytest.param("function App() {}", "Nothing is exported", id="none"),
        pytest.param("export const App = 1;", "Nothing is exported", id="named-only"),
        pytest.param("export default interface A {}", "Nothing is exported", id="interface"),
        pytest.param("interface A {}\nexport default A;", "a type only", id="type"),
        pytest.param("export default class {}", "extends React.Component", id="class"),
        pytest.param("const App = { a: 1 }; export default App;", "no component", id="object"),
        pytest.param("const App = <p/>; export { App as default };", "no component", id="element-by-a-list"),
        pytest.param("enum A { B } export default A;", "no component", id="enum"),
        *(
            pytest.param(f"export default {value};", "no component", id=value)
            for value in [
                "5",
                "'a'",
                "`a`",
                "{ a: 1 }",
                "[1]",
                "null",
                "true",
                "/a/",
                "<p/>",
                "<></>",
                "undefined",
                "1n",
            ]
        ),
    ],
)
def test_a_default_export_is_there_and_a_component(code: str, said: str) -> None:
    found = next(each for each in told(code) if not each.is_warning)

    assert found.rule is Rule.EXPORT
    assert said in found.message


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("function App() { return null } export default App;", id="name"),
        pytest.param("import App from 'a'; export default App;", id="imported"),
        pytest.param("export { App as default } from 'a';", id="passed-on"),
        pytest.param("import { Component } from 'react'; export default class A extends Component {}", id="class"),
        pytest.param(
            "import * as R from 'react'; class A extends R.Component {} export default A;", id="class-by-name"
        ),
        pytest.param("import { memo } from 'react'; export default memo(() => null);", id="memo"),
        pytest.param("import { forwardRef } from 'react'; export default forwardRef((props, ref) => null);", id="ref"),
        pytest.param("import { lazy } from 'react'; export default lazy(() => import('a'));", id="lazy"),
        pytest.param("import { connect } from 'a'; const A = () => null; export default connect(1)(A);", id="hoc"),
        pytest.param("import s from 'a'; export default s.div`color: red`;", id="tagged-template"),
        pytest.param("const A = (() => null) as any; export default A satisfies unknown;", id="cast"),
        pytest.param("let A = () => null; export default A;", id="let"),
        pytest.param("export default true ? () => null : () => 1;", id="choice"),
        pytest.param("const A = () => null; export { A as default, A as b };", id="list"),
    ],
)
def test_what_may_be_a_component_is_exported(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(f"{APP}\nexport default () => null;", id="two"),
        pytest.param(f"{APP}\nexport {{ App as default }};", id="by-a-list"),
    ],
)
def test_there_is_one_default_export(code: str) -> None:
    (found,) = told(code)

    assert (found.rule, found.line) == (Rule.SYNTAX, 2)
    assert "second default export" in found.message


def test_a_missing_export_is_told_at_the_component() -> None:
    (found,) = told("const a = 1;\nfunction App() {}\nApp();")

    assert (found.rule, found.line) == (Rule.EXPORT, 2)


FIRST = "const [a, setA] = useState(0);"
COUNTER = (
    'import { Component } from "react";\nexport default class App extends Component {\n'
    "  tick() { this.setState({ a: 1 }) }\n"
)


@pytest.mark.parametrize(
    ("code", "line", "column", "said"),
    [
        pytest.param(
            component(f"{FIRST}\nif (a) {{ useEffect(() => {{}}) }}\nreturn <p onClick={{() => setA(1)}}/>"),
            4,
            10,
            "`useEffect` does not run in every rendering",
            id="hook-on-state",
        ),
        pytest.param(
            component(f"{FIRST}\nif (a) return null;\nuseMemo(() => 1, []);\nreturn <p onClick={{() => setA(1)}}/>"),
            5,
            1,
            "`useMemo` does not run",
            id="hook-behind-a-return",
        ),
        pytest.param(
            component(f"{FIRST}\nfor (let i = 0; i < a; i++) useRef(i);\nreturn <p onClick={{() => setA(1)}}/>"),
            4,
            29,
            "`useRef` does not run",
            id="hook-in-a-loop",
        ),
        pytest.param(
            component(f"{FIRST}\nconst b = a && useRef(1);\nreturn <p onClick={{() => setA(1)}}/>"),
            4,
            16,
            "`useRef` does not run",
            id="hook-behind-an-operator",
        ),
        pytest.param(
            component(f"{FIRST}\nconst b = a ? useRef(1) : null;\nreturn <p onClick={{() => setA(1)}}/>"),
            4,
            15,
            "`useRef` does not run",
            id="hook-in-a-choice",
        ),
        pytest.param(
            f"{STATE}const B = ({{ b }}) => {{ useRef(1);\nif (b) return null;\nuseState(0); return <p/> }};\n"
            "export default () => <B b={1}/>;",
            4,
            1,
            "`useState` does not run",
            id="hook-on-props",
        ),
        pytest.param(
            component(f"{FIRST}\nconst useB = () => useRef(1);\nif (a) useB();\nreturn <p onClick={{() => setA(1)}}/>"),
            5,
            8,
            "`useB` does not run",
            id="own-hook",
        ),
        pytest.param(
            component(f"{FIRST}\nreturn <button onClick={{setA(a + 1)}}>{{a}}</button>"),
            4,
            16,
            "write `onClick={() => …}`",
            id="setter-called",
        ),
        pytest.param(
            component(f"{FIRST}\nconst add = () => {{ setA(1) }};\nreturn <button onClick={{add()}}>{{a}}</button>"),
            5,
            16,
            "write `onClick={() => …}`",
            id="handler-called",
        ),
        pytest.param(
            component(
                f"{FIRST}\nconst b = (c) => {{ if (c) setA(1); else {{ setA(c) }} }};\nreturn <p onClick={{b(1)}}/>"
            ),
            5,
            11,
            "write `onClick={() => …}`",
            id="handler-that-sets-one-or-the-other",
        ),
        pytest.param(
            f"{COUNTER}  render() {{ return <p onClick={{this.tick()}}/> }}\n}}",
            4,
            24,
            "write `onClick={() => …}`",
            id="method-called",
        ),
        pytest.param(
            f"{COUNTER}  render() {{ return <p onClick={{this.setState({{}})}}/> }}\n}}",
            4,
            24,
            "write `onClick={() => …}`",
            id="set-state-called",
        ),
        pytest.param(
            component(f"{FIRST}\nreturn [1].map((b) => <b><i onClick={{setA(b)}}/></b>)"),
            4,
            29,
            "write `onClick={() => …}`",
            id="setter-called-for-each",
        ),
        pytest.param(
            component(f"{FIRST}return <>{{L.map((b) => {{ return <b onClick={{setA(b)}}/> }})}}</>")
            + "\nconst L = [1];",
            3,
            66,
            "write `onClick={() => …}`",
            id="setter-called-for-each-of-a-constant",
        ),
        pytest.param(component("return [1].map((b) => <p key>{b}</p>)"), 3, 26, "`key` needs a value", id="bare-key"),
        pytest.param(
            component(f"{FIRST}\nsetA(a + 1);\nreturn <p>{{a}}</p>"),
            4,
            1,
            "sets state while rendering",
            id="state-set",
        ),
        pytest.param(
            component(f"{FIRST}\nuseEffect(() => {{ setA(a + 1) }}, [a]);\nreturn <p>{{a}}</p>"),
            4,
            19,
            "run again without end",
            id="effect",
        ),
        pytest.param(
            component('return <p style="color: red">b</p>'),
            3,
            11,
            '`style={{ color: "red" }}`',
            id="style",
        ),
        pytest.param(component("return <p style={`color: red`}>b</p>"), 3, 11, "takes an object", id="style-template"),
        pytest.param(component("return <p>{{ b: 1 }}</p>"), 3, 11, "cannot render an object", id="object"),
        pytest.param(component("const b = { c: 1 };\nreturn <>{b}</>"), 4, 10, "an object", id="object-by-its-name"),
        pytest.param(component("return <p>{new Date()}</p>"), 3, 11, "an object", id="date"),
        pytest.param(component("return <img>b</img>"), 3, 13, "`<img>` can hold nothing", id="void-element"),
        pytest.param(component("<p>b</p>"), 3, 1, "never returns what it draws", id="nothing-returned"),
        pytest.param(
            component("return\n<p>b</p>"),
            4,
            1,
            "never returns what it draws",
            id="return-on-a-line-of-its-own",
        ),
        pytest.param(component("return <p>{b.length}</p>", "{ b }"), 3, 12, "`b` is a prop", id="prop"),
        pytest.param(component("return <p>{p.b.length}</p>", "p"), 3, 12, "`p.b` is a prop", id="prop-of-props"),
    ],
)
def test_what_react_always_fails_on_is_refused(code: str, line: int, column: int, said: str) -> None:
    (found,) = (each for each in told(code) if not each.is_warning)

    assert (found.rule, found.line, found.column) == (Rule.REACT, line, column)
    assert said in found.message


@pytest.mark.parametrize(
    ("code", "line", "column", "said"),
    [
        pytest.param(
            component("if (window.b) useRef(1);\nreturn <p/>"), 3, 15, "`useRef` does not run", id="hook-on-a-constant"
        ),
        pytest.param(
            component("useRef(1);\nif (b) useState(0);\nreturn <p/>", "{ b }"), 4, 8, "`useState` does", id="own-props"
        ),
        pytest.param(
            component("return <p>{[1].map((b) => { useRef(b); return b })}</p>"), 3, 29, "in a callback", id="callback"
        ),
        pytest.param(component('return <p class="b"/>'), 3, 11, "`className`", id="class"),
        pytest.param(component("useRef(1);"), 2, 16, "never returns anything", id="nothing-drawn"),
        pytest.param(f"let a; try {{ a = b }} catch {{ a = b }}\n{APP}", 1, 34, "`b`", id="tried-and-not-tried"),
        pytest.param(
            component(f"{FIRST}\nreturn <p>{{a > 1 && <b onClick={{setA(1)}}/>}}</p>"),
            4,
            24,
            "`onClick` calls",
            id="drawn-later",
        ),
        pytest.param(
            component(f"{FIRST}\nreturn a.map(() => <b onClick={{setA(1)}}/>)"),
            4,
            23,
            "`onClick` calls",
            id="drawn-perhaps",
        ),
        pytest.param(component("return <p {...window.b} key/>"), 3, 25, "`key` needs a value", id="key-that-one-takes"),
        # What Babel's presets refuse and esbuild takes
        pytest.param(component("return <svg xlink:href='#b'/>"), 3, 13, "write `xlinkHref`", id="namespace"),
        pytest.param(component("return <p>{...[1]}</p>"), 3, 11, "not spread", id="spread-children"),
        pytest.param("import c = require('a');\nexport default () => <p>{c}</p>", 1, 1, "CommonJS", id="required"),
        pytest.param(f"/** @jsx h */\n{APP}", 1, 1, "leave this comment out", id="pragma"),
        pytest.param(f"namespace N {{ export let c = 1 }}\n{APP}", 1, 15, "has to be `const`", id="namespace-let"),
        pytest.param(f"import {{ c }} from 'a';\n@c class D {{}}\n{APP}", 2, 1, "no decorators", id="decorator"),
        pytest.param(f"class D {{ accessor c = 1 }}\n{APP}", 1, 11, "plain property", id="accessor"),
    ],
)
def test_what_may_fail_is_a_warning(code: str, line: int, column: int, said: str) -> None:
    (found,) = told(code)

    assert (found.rule, found.line, found.column) == (Rule.MAY_FAIL, line, column)
    assert said in found.message


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(component(f"{FIRST}\nuseEffect(() => {{ setA(1) }}, []);\nreturn <p>{{a}}</p>"), id="effect"),
        pytest.param(
            component(f"{FIRST}\nuseEffect(() => {{ setA(2) }}, [a]);\nreturn <p/>"), id="effect-that-settles"
        ),
        pytest.param(
            component(f"{FIRST}\nuseEffect(() => {{ if (a < 5) setA(a + 1) }}, [a]);\nreturn <p/>"),
            id="effect-on-a-condition",
        ),
        pytest.param(component(f"{FIRST}\nif (a > 1) setA(1);\nreturn <p/>"), id="state-set-on-a-condition"),
        pytest.param(component(f"{FIRST}\nreturn <p onClick={{() => setA(a + 1)}}/>"), id="handler"),
        pytest.param(
            f"{COUNTER}  render() {{ return <p onClick={{() => this.tick()}}/> }}\n}}", id="method-as-handler"
        ),
        pytest.param(
            f"{COUNTER}  on() {{ return 1 }}\n  render() {{ return <p onClick={{this.on()}}/> }}\n}}", id="method"
        ),
        pytest.param(
            component(f"{FIRST}\nconst b = () => {{ if (a) return; setA(1) }};\nreturn <p onClick={{b()}}/>"),
            id="handler-that-may-set",
        ),
        pytest.param("/** @jsxRuntime automatic */\n" + APP, id="pragma-as-it-is"),
        pytest.param("/** @jsxImportSource c */\n" + APP, id="import-source-without-jsx"),
        pytest.param(
            "class C { setState() {} render() { return <p onClick={this.setState({})}/> } }\n" + APP, id="no-component"
        ),
        pytest.param(
            f"{COUNTER}  render() {{ return <>{{this.state && <p onClick={{this.tick()}}/>}}</> }}\n}}",
            id="method-perhaps",
        ),
        pytest.param(
            f"{COUNTER}  render() {{ const C = () => <p onClick={{this.tick()}}/>; return <C/> }}\n}}",
            id="method-elsewhere",
        ),
        pytest.param(
            f"{COUNTER.replace('Component', 'PureComponent')}  render() {{ return <p onClick={{this.tick()}}/> }}\n}}",
            id="pure",
        ),
        pytest.param(
            component(
                f"{FIRST}\nconst f = () => {{ {{ const setA = () => {{}}; setA(1) }} }};\nreturn <p onClick={{f()}}/>"
            ),
            id="another-setter",
        ),
        pytest.param(
            component("b = b || [];\nreturn <p>{b.map((c) => c)}</p>", "{ b }"), id="prop-with-a-late-default"
        ),
        pytest.param(component("b ||= [];\nreturn <p>{b.map((c) => c)}</p>", "{ b }"), id="prop-that-is-filled"),
        pytest.param(component("const f = () => () => 1;\nreturn <p onClick={f()}/>"), id="call-that-gives-a-handler"),
        pytest.param(
            component(f"{FIRST}\nconst f = (b) => () => setA(b);\nreturn <p onClick={{f(1)}}/>"), id="curried-setter"
        ),
        pytest.param(component("const b = useRef(1);\nif (b.current) return null;\nreturn <p/>"), id="return-last"),
        pytest.param(
            component(f"{FIRST}\nif (a) {{ setTimeout(() => setA(1)) }}\nuseRef(1);\nreturn <p/>"), id="condition"
        ),
        pytest.param(component("for (;;) { break }\nuseRef(1);\nreturn <p/>"), id="loop-that-is-left"),
        pytest.param(
            component("switch (window.b) { case 1: break; default: }\nuseRef(1);\nreturn <p/>"),
            id="switch-that-is-left",
        ),
        pytest.param(
            component("const b = { c() { return 1 } };\nuseRef(1);\nreturn <p>{b.c()}</p>"), id="method-that-returns"
        ),
        pytest.param(component("if (window.b) throw new Error();\nuseRef(1);\nreturn <p/>"), id="throw"),
        pytest.param(component("return <p style={{ color: 'red' }} className='b'/>"), id="style"),
        pytest.param(component("const s = 'a';\nreturn <my-tag style={s} class='b'/>"), id="custom-element"),
        pytest.param(
            component("const C = ({ style }) => <p>{style}</p>;\nreturn <C style='b' class='c'/>"), id="props"
        ),
        pytest.param(component("const b = { c: 1 };\nreturn <p>{b.c}{String(b)}{[1]}</p>"), id="field-of-an-object"),
        pytest.param(
            component("const C = ({ children }) => children.b;\nreturn <C>{{ b: 1 }}</C>"), id="object-for-a-component"
        ),
        pytest.param(component("return <><br/><img alt=''></img><input>{/* b */}</input></>"), id="void-elements"),
        pytest.param(component("return <p>{b.length}{c?.d.e}</p>", "{ b = [], c }"), id="props-with-defaults"),
        pytest.param(component("return <p>{b && b.length}{p.b}</p>", "p, b"), id="props-on-a-condition"),
        pytest.param(component("const add = () => { <p/> };\nreturn <p onClick={add}/>"), id="jsx-in-a-handler"),
        pytest.param(
            component("useRef(1); useMemo(() => useless(), []);\nfunction useless() {}\nreturn <p/>"),
            id="named-like-a-hook",
        ),
        pytest.param("const helper = () => { const b = [].map((c) => c) };\n" + APP, id="function-that-draws-nothing"),
    ],
)
def test_what_react_can_do_is_accepted(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    "code",
    [pytest.param("// ... rest of the code", id="line"), pytest.param("const a = <p>{/* ... */}</p>", id="in-jsx")],
)
def test_an_elision_says_what_to_do(code: str) -> None:
    assert [(each.rule, each.message) for each in told(f"{code}\n{APP}")] == [(Rule.ELIDED, elision.MESSAGE)]


def test_problems_are_few_and_in_the_order_of_the_code() -> None:
    found = places("".join(f"import a{number} from './a'; a{number}();\n" for number in range(30)) + "b();")

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
def test_hostile_code_is_answered(code: str) -> None:
    """Neither nesting nor length makes it crash or hang; what is accepted all the same says that nobody knows."""
    found = examine(code, Kind.REACT, None, IMPORTS)

    assert found.problems or found.warnings == ("not_fully_checked",)
