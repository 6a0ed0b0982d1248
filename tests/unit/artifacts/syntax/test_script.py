"""A script is read in its dialect and mode, and places are told in characters."""

import pytest

from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax.parsers import without_parsers
from shared.artifacts.syntax.script.check import Checked, Dialect, Mode, Rules, check_script

TSX, TS, JSX, JS = Dialect.TSX, Dialect.TYPESCRIPT, Dialect.JSX, Dialect.JAVASCRIPT
EMOJI = "\N{GRINNING FACE}"


def checked(code: str, dialect: Dialect = TSX, mode: Mode = Mode.MODULE, rules: Rules = Rules()) -> Checked:  # noqa: B008
    return check_script(Source(code), dialect, mode, rules)


@pytest.mark.parametrize(
    ("code", "dialects"),
    [
        pytest.param("const a = 1;", {TSX, TS, JSX, JS}, id="javascript"),
        pytest.param("const a = <p/>;", {TSX, JSX}, id="jsx"),
        pytest.param("const a: b = 1;", {TSX, TS}, id="type"),
        pytest.param("const a = <b>c;", {TS}, id="assertion"),
        pytest.param("const a = <T = string>(b: T) => b;", {TS}, id="type-parameter"),
        pytest.param("const a = <T,>(b: T) => <p/>;", {TSX}, id="type-parameter-and-jsx"),
        pytest.param("class A { @b c }", {TSX, TS, JSX, JS}, id="decorator"),
        pytest.param("a = {", set(), id="cut"),
    ],
)
def test_a_dialect_is_what_it_says(code: str, dialects: set[Dialect]) -> None:
    assert {each for each in Dialect if not checked(code, each).problems} == dialects


@pytest.mark.parametrize(
    ("code", "modes"),
    [
        pytest.param("import 'a'; export const b = 1;", {Mode.MODULE, Mode.EITHER}, id="module"),
        pytest.param("await 1;", {Mode.MODULE, Mode.EITHER}, id="await"),
        pytest.param("var arguments = 1; var eval = 2;", {Mode.SCRIPT, Mode.EITHER}, id="sloppy-names"),
        pytest.param("function a() {} function a() {} var a;", {Mode.SCRIPT, Mode.EITHER}, id="functions-twice"),
        pytest.param("with (a) {}", {Mode.SCRIPT, Mode.EITHER}, id="with"),
        pytest.param("import 'a'; var eval = 2;", set(), id="sloppy-name-of-a-module"),
        pytest.param("const a = 1; const a = 2;", set(), id="const-twice"),
        pytest.param("document.title", set(Mode), id="expression"),
    ],
)
def test_a_mode_is_what_it_says(code: str, modes: set[Mode]) -> None:
    assert {each for each in Mode if not checked(code, JS, each).problems} == modes


def test_a_script_is_checked_without_the_rules_of_a_component() -> None:
    assert checked("nobody(); import a from './a'; export const b = a;").problems == ()
    assert [each.rule for each in checked("nobody();", rules=Rules(names=True)).problems] == [Rule.NAME]
    assert checked("nobody();", rules=Rules(names=True, declared=["nobody"])).problems == ()
    assert [each.rule for each in checked("1;", rules=Rules(react=True)).problems] == [Rule.EXPORT]


def test_a_handler_may_return() -> None:
    assert checked("return 1", JS, Mode.SCRIPT, Rules(handler=True)).problems == ()
    assert [each.rule for each in checked("return 1", JS, Mode.SCRIPT).problems] == [Rule.SYNTAX]


@pytest.mark.parametrize(
    ("code", "line", "column"),
    [
        pytest.param("const a = '\N{GRINNING FACE}\N{GRINNING FACE}'; const a = 1;", 1, 23, id="syntax"),
        pytest.param("'\N{GRINNING FACE}';\n'\N{GRINNING FACE}'; nobody()", 2, 6, id="name"),
        pytest.param("'é'; nobody()", 1, 6, id="letter"),
    ],
)
def test_columns_are_characters(code: str, line: int, column: int) -> None:
    (found,) = checked(code, rules=Rules(names=True)).problems

    assert (found.line, found.column) == (line, column)


def test_columns_of_imports_are_units_until_they_are_problems() -> None:
    (imported,) = checked(f"'{EMOJI}'; import {{ a }} from 'b'; a();").imports

    assert (imported.module, imported.line, imported.column) == ("b", 1, 25)
    assert [each["name"] for each in imported.names] == ["a"]


@pytest.mark.parametrize(
    ("code", "places"),
    [
        pytest.param(f"const a = '{EMOJI}';\n  // ... rest of the code", [(2, 3)], id="line"),
        pytest.param(f"const a = {{ b: '{EMOJI}{EMOJI}',\n/* ... existing code */ }};", [(2, 1)], id="block"),
        pytest.param("const a = <p>{/* ... */}</p>;", [(1, 15)], id="jsx"),
        pytest.param("const a = '// ... rest of the code';", [], id="string"),
        pytest.param("const a = <p>// ... rest of the code</p>;", [], id="text"),
        pytest.param("const a = `${b}\n// ... rest of the code`;", [], id="template"),
        pytest.param("interface A {\n  b: c;\n  // ...\n}", [], id="dots-in-an-interface"),
        pytest.param("type A = {\n  b: c;\n  // ...\n};", [], id="dots-in-a-type"),
        pytest.param("class A {\n  b = 1;\n  // ...\n}", [(3, 3)], id="dots-in-a-class"),
        pytest.param(f"type A = {{\n  b: '{EMOJI}';\n  // ...\n}};\nf();\n// ...", [(6, 1)], id="dots-in-both"),
    ],
)
def test_elisions_are_the_comments_that_the_parser_found(code: str, places: list[tuple[int, int]]) -> None:
    assert [(each.line, each.column) for each in checked(code).elisions] == places


def test_what_a_classic_script_declares_is_given_on() -> None:
    found = checked("var a; let b; const c = 1; class D {} function e() {} f = 1; { let g; var h; }", JS, Mode.SCRIPT)

    assert set(found.declared) == {"a", "b", "c", "D", "e", "f", "h"}
    assert found.lexical == {"b", "c", "D"}
    assert checked("const a = 1;", JS).declared == ()


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        pytest.param("const a = <p>b</p>;", [Rule.NOT_FULLY_CHECKED], id="right"),
        pytest.param("const a = 1; const a = 2;", [Rule.NOT_FULLY_CHECKED], id="what-the-grammar-does-not-know"),
        pytest.param("const a = {;", [Rule.SYNTAX, Rule.NOT_FULLY_CHECKED], id="wrong"),
        pytest.param("[" * 2500, [Rule.SYNTAX, Rule.NOT_FULLY_CHECKED], id="too-complex"),
    ],
)
def test_without_a_verdict_the_grammar_decides_and_says_so(code: str, rules: list[Rule]) -> None:
    with without_parsers():
        found = checked(code).problems

    assert [each.rule for each in found] == rules
    assert "gave up" in found[-1].message
    assert [each.rule for each in checked("const a = 1; const a = 2;").problems] == [Rule.SYNTAX]


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        pytest.param("const A = () => null; export  default A;", [], id="exported"),
        pytest.param("const A = () => null; export { A as default };", [], id="exported-as"),
        pytest.param("export const A = () => null;", [Rule.EXPORT], id="by-its-name-only"),
    ],
)
def test_without_a_verdict_a_component_is_exported_still(code: str, rules: list[Rule]) -> None:
    with without_parsers():
        found = check_script(Source(code), Dialect.TSX, Mode.MODULE, Rules(react=True)).problems

    assert [each.rule for each in found] == [*rules, Rule.NOT_FULLY_CHECKED]
