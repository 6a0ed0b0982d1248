"""A name is declared twice only where JavaScript or TypeScript allows it."""

import pytest

from shared.artifacts.syntax import script
from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Rule, Source
from shared.artifacts.syntax.react import problems

APP = "export default () => null;"


def module(code: str) -> list[str]:
    return [each.rule for each in problems(Source(f"{code}\n{APP}"), Imports(["a", "b"]))]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("const a = 1; let a = 2;", id="const-let"),
        pytest.param("const { a, b: [c] } = d; const c = 1;", id="patterns"),
        pytest.param("function a() {} function a() {}", id="functions"),
        pytest.param("var a; function a() {}", id="var-function"),
        pytest.param("class a {} const a = 1;", id="class"),
        pytest.param("import a from 'a'; import { a } from 'b';", id="imports"),
        pytest.param("import { b, c as b } from 'a';", id="one-import"),
        pytest.param("import * as a from 'a'; const a = 1;", id="import-const"),
        pytest.param("export const a = 1; function a() {}", id="exported"),
        pytest.param("enum a { B } const a = 1;", id="enum-const"),
    ],
)
def test_a_second_declaration_is_refused(code: str) -> None:
    assert module(code) == [Rule.DUPLICATE]


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
        pytest.param("const { a: b } = c; const a = 1;", id="key-of-a-pattern"),
    ],
)
def test_what_the_languages_allow_is_accepted(code: str) -> None:
    assert module(code) == []


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        pytest.param("function a() {} function a() {} var a;", [], id="functions-of-a-classic-script"),
        pytest.param("var arguments = 1; var eval = 2;", [], id="names-of-a-classic-script"),
        pytest.param("import 'a'; var eval = 2;", [Rule.NAME], id="names-of-a-module"),
        pytest.param("import './a'; export const b = 1;", [], id="imports-and-exports"),
        pytest.param("const a = 1; const a = 2;", [Rule.DUPLICATE], id="const-twice"),
        pytest.param("document.title", [], id="expression"),
        pytest.param("a = {", [Rule.SYNTAX], id="cut"),
        pytest.param("// ... rest of the script", [Rule.ELIDED], id="elided"),
    ],
)
def test_a_script_is_checked_without_the_rules_of_a_component(code: str, rules: list[Rule]) -> None:
    assert [each.rule for each in script.problems(Source(code))] == rules
