"""Code is checked by the language it is in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax import examine
from shared.artifacts.syntax.code.check import problems
from shared.artifacts.syntax.languages import canonical

XMLNS = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize(
    ("code", "language"),
    [
        pytest.param("def a() -> int:\n    return 1", "python", id="python"),
        pytest.param("print('\\d')  # a\nassert (1, 2)\nx is 1", "PY", id="python-that-warns"),
        pytest.param('{"a": [1, null, "\\u00e4"]}', "json", id="json"),
        pytest.param("export const a = <T,>(b: T): T => b;", "ts", id="typescript"),
        pytest.param("const a = <string>b;", "typescript", id="an-assertion-of-typescript"),
        pytest.param("const a = <p>b</p>;", " JSX ", id="jsx"),
        pytest.param("const a: B = <p>{b}</p>;", "typescript", id="typescript-with-jsx"),
        pytest.param("const a = <string>b; // <p/>", "typescript", id="an-assertion-and-a-tag"),
        pytest.param("module.exports = { a: 1 };", "cjs", id="javascript"),
        pytest.param("const a = require('b'); nobody(a);", "js", id="names-that-are-elsewhere"),
        pytest.param("with (a) { b = 010 } var eval = 1;", "js", id="sloppy-javascript"),
        pytest.param("import a from './b.js'; await a;", "js", id="module"),
        pytest.param("const a: B = 1;", "js", id="javascript-with-types"),
        pytest.param("const a = <T = string>(x: T) => x;", "ts", id="type-parameter-with-a-default"),
        pytest.param("let a, b; [a, b as unknown] = [1, 2]; f<typeof import('x')>();", "ts", id="typescript-rare"),
        pytest.param("@container a (width > 1px) { b { c: url(d;e) } }", "css", id="css"),
        pytest.param("@keyframes a { 6.5% { b: 'c}' } } /* { */", "css", id="css-in-quotes-and-comments"),
        pytest.param("<p>a", "html", id="a-part-of-a-page"),
        pytest.param(f"<svg {XMLNS}><circle r='1'/></svg>", "svg", id="svg"),
        pytest.param("graph TD\n  A --> B", "mermaid", id="mermaid"),
        pytest.param("fn main() {", "rust", id="a-language-without-a-check"),
        pytest.param("a (", None, id="no-language"),
        pytest.param("a { b: url(c d\n) }", "css", id="css-address-over-lines"),
        pytest.param("# ... rest of the code unchanged", "text", id="a-text"),
        pytest.param("#[derive(A)]\n// Same logic as above\nlet a = &b[1..];", "rust", id="comments-of-rust"),
        pytest.param("# a\n- b\n...\n", "yaml", id="the-end-of-yaml"),
        pytest.param("// a\n{ b: [1,], }", "jsonc", id="json-with-comments"),
        pytest.param("{ a: +1 }", "json5", id="json5"),
    ],
)
def test_code_is_accepted(code: str, language: str | None) -> None:
    assert problems(Source(code), language) == []


@pytest.mark.parametrize(
    ("code", "language", "rule", "line", "column"),
    [
        pytest.param(" \n", "rust", Rule.CONTENT, 1, 1, id="blank"),
        pytest.param("", None, Rule.CONTENT, 1, 1, id="nothing"),
        pytest.param("ä = 1\nb = = 2", "py", Rule.SYNTAX, 2, 5, id="python"),
        pytest.param("a = 1\n  # ... existing code\n", "python", Rule.ELIDED, 2, 3, id="python-elided"),
        pytest.param('{\n  "a": }', "json", Rule.SYNTAX, 2, 8, id="json"),
        pytest.param("[NaN]", "json", Rule.SYNTAX, 1, 1, id="json-without-its-numbers"),
        pytest.param("let a = 1;\nlet b = {;", "js", Rule.SYNTAX, 2, 10, id="javascript"),
        pytest.param("const a = 1;\nconst a = 2;", "js", Rule.SYNTAX, 2, 7, id="javascript-declared-twice"),
        pytest.param("import 'a';\nvar eval = 1;", "js", Rule.SYNTAX, 2, 5, id="javascript-of-a-module"),
        pytest.param("const a: b = 1;\nbreak;", "ts", Rule.SYNTAX, 2, 1, id="typescript-early-error"),
        pytest.param(
            "const a = <p>{b}</p>;\nconst c = <p>\n  d }</p>;", "ts", Rule.SYNTAX, 3, 5, id="typescript-jsx-broken"
        ),
        pytest.param(
            "const a = <A>b;\nconst c = '</p>';\nlet d = {;", "ts", Rule.SYNTAX, 3, 10, id="typescript-broken"
        ),
        pytest.param("const a = <p>{/* ... */}</p>;", "ts", Rule.ELIDED, 1, 15, id="typescript-jsx-elided"),
        pytest.param("a();\n// ... rest of the code", "ts", Rule.ELIDED, 2, 1, id="typescript-elided"),
        pytest.param("a {\n  b: c", "css", Rule.SYNTAX, 1, 3, id="css-open"),
        pytest.param("a { b: c }\n}", "css", Rule.SYNTAX, 2, 1, id="css-closed-twice"),
        pytest.param("a { b: calc(1px }", "css", Rule.SYNTAX, 1, 17, id="css-closed-by-another"),
        pytest.param("a { b: 'c }", "css", Rule.SYNTAX, 1, 8, id="css-quote"),
        pytest.param("a { }\n/* b", "css", Rule.SYNTAX, 2, 1, id="css-comment"),
        pytest.param("a { }\n/* ... rest of the styles unchanged */", "css", Rule.ELIDED, 2, 1, id="css-elided"),
        pytest.param("a { b: url(c }\n", "css", Rule.SYNTAX, 1, 8, id="css-address"),
        pytest.param("a()\n  // ... rest of the code unchanged", "go", Rule.ELIDED, 2, 3, id="go-elided"),
        pytest.param("/* ... rest of the code */", "c", Rule.ELIDED, 1, 1, id="c-elided"),
        pytest.param("a;\n-- ... rest of the code unchanged", "sql", Rule.ELIDED, 2, 1, id="sql-elided"),
        pytest.param("a\n# ... rest of the code unchanged", "bash", Rule.ELIDED, 2, 1, id="bash-elided"),
        pytest.param("; ... rest of the code unchanged", "asm", Rule.ELIDED, 1, 1, id="asm-elided"),
        pytest.param("% ... rest of the code unchanged", "latex", Rule.ELIDED, 1, 1, id="latex-elided"),
        pytest.param("<!-- ... rest of the code unchanged -->", "xml", Rule.ELIDED, 1, 1, id="xml-elided"),
        pytest.param("<p>\n<b class='", "htm", Rule.SYNTAX, 2, 11, id="html"),
        pytest.param("<svg></svg>", "svg", Rule.CONTENT, 1, 1, id="svg"),
    ],
)
def test_code_is_refused_with_its_place(code: str, language: str | None, rule: Rule, line: int, column: int) -> None:
    found = problems(Source(code), language)

    assert [(problem.rule, problem.line, problem.column) for problem in found] == [(rule, line, column)]


@pytest.mark.parametrize("language", ["python", "json"])
def test_a_number_of_thousands_of_digits_is_told_without_the_interpreter_s_advice(language: str) -> None:
    (found,) = problems(Source("1" * 5000), language)

    assert found.message == "A number here has thousands of digits, more than can be read; write it shorter."


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        pytest.param(
            [
                "python",
                "Py",
                " py3 ",
                "python3",
                "Python 3.11",
                "python3.12",
                "ipython",
                "text/x-python",
                ".py",
                "x-python",
            ],
            "python",
            id="python",
        ),
        pytest.param(
            [
                "js",
                "JavaScript",
                "javascript (ES6)",
                "es6",
                "es2022",
                "ecmascript",
                "node",
                "nodejs",
                "Node.js",
                "node.js 20",
                "application/javascript",
                "cjs",
                "mjs",
            ],
            "javascript",
            id="javascript",
        ),
        pytest.param(["ts", "mts", "cts", "TypeScript 5", "application/typescript"], "typescript", id="typescript"),
        pytest.param(["jsx", "javascriptreact", "React", "react 18"], "jsx", id="jsx"),
        pytest.param(["tsx", "typescriptreact"], "tsx", id="tsx"),
        pytest.param(["json", "application/json"], "json", id="json"),
        pytest.param(["css", "CSS3", "text/css"], "css", id="css"),
        pytest.param(["html", "HTML5", "htm", "text/html"], "html", id="html"),
        pytest.param(["svg", "image/svg+xml"], "svg", id="svg"),
        pytest.param(["md", "text/markdown"], "markdown", id="markdown"),
        pytest.param(["C++", "c++"], "c++", id="another"),
        pytest.param(["H2"], "h2", id="another-with-a-digit"),
        pytest.param(["jsonc"], "jsonc", id="jsonc"),
        pytest.param([None, "", " ", "(none)"], None, id="none"),
    ],
)
def test_a_language_has_one_name(labels: list[str | None], name: str | None) -> None:
    assert {label: canonical(label) for label in labels} == dict.fromkeys(labels, name)


def test_style_sheets_take_time_in_proportion() -> None:
    start = time.perf_counter()

    assert problems(Source("url(" * 50_000), "css")
    assert time.perf_counter() - start < 1


LANGUAGES = ["python", "json", "js", "ts", "css", "html", "svg", "mermaid", "markdown", "rust"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["(", "[", "{", "<", "\0", "\ud800", "'", '{"a":'])
def test_hostile_lengths_are_answered(part: str, language: str) -> None:
    """With the bounds of a check: what takes a parser too much is answered without it."""
    examine(part * 20_000, Kind.CODE, language, AllowedImports(()))


@given(st.text(), st.sampled_from(LANGUAGES))
def test_no_text_raises(text: str, language: str) -> None:
    problems(Source(text), language)
