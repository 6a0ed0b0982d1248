"""The renderer's compiler against the check: one parser, so that they read the same, but for what is listed here."""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from local.standin.cases import cases
from local.standin.kinds import Kind
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.script import Dialect, Mode, Rules, check_script
from tests.browser.handwritten import handwritten
from tests.browser.rendering import errors, show
from tests.support.chromium import Page

COMPILES: Final = """(async () => {
  const { Compiler } = await import("/client/renderer/compiler.js");
  const { Libraries } = await import("/client/renderer/libraries.js");
  const own = (name) => fetch("/client/renderer/" + name);
  const libraries = new Libraries("/npm/", () => own("libraries.json").then((file) => file.json()));
  const worker = () => own("compiler-worker.js").then((file) => file.text());
  const compiler = new Compiler(() => libraries.tool("babel"), worker);
  const said = (code) => compiler.compile(code).then(() => null, ({ message, line }) => ({ message, line }));
  return Promise.all(%s.map(said));
})()"""
"""What the compiler says of each code: its error, or null."""


def compiled(page: Page, codes: list[str]) -> list[dict[str, Any] | None]:
    told: list[dict[str, Any] | None] = page.evaluate(COMPILES % json.dumps(codes), seconds=60)
    return told


def problems(code: str) -> tuple[Problem, ...]:
    """What the check says of how a component is written."""
    return check_script(Source(code), Dialect.TSX, Mode.MODULE, Rules(react=True, names=True)).problems


def refused(code: str) -> bool:
    """Whether the check refuses to read it."""
    return any(each.rule is Rule.SYNTAX and not each.is_warning for each in problems(code))


def corpus() -> dict[str, str]:
    """Components that are right and wrong, by name; more of them where ARTIFACT_CASES names a folder."""
    found = {each.file: each.code for each in handwritten() if each.kind == "react"}
    for name, case in cases().items():
        if case.broken.kind is Kind.REACT:
            found |= {f"{name} broken": case.broken.code, f"{name} corrected": case.corrected.code}
    if folder := os.environ.get("ARTIFACT_CASES"):
        more = json.loads(Path(folder, "renders.json").read_text())["cases"]
        found |= {each["id"]: each["code"] for each in more if each["kind"] == "react"}
    return found


def test_what_the_check_reads_is_compiled_and_nothing_else(rendering: Page) -> None:
    found = corpus()
    for (name, code), error in zip(found.items(), compiled(rendering, list(found.values())), strict=True):
        if refused(code) and error is None:
            assert show(rendering, code) is False, f"{name}: refused by the check, compiled and drawn"
        if not refused(code) and error is not None:
            assert problems(code), f"{name}: {error}, and the check says nothing"


COMPONENT: Final = "\nexport default function App() { return <p>x</p>; }"
ONLY_WARNED_OF: Final = {
    "a decorator": "const seen = (of) => of;\n@seen class A {}" + COMPONENT,
    "accessor": "class A { accessor a = 1; }" + COMPONENT,
    "children that are spread": "const all = [1];\nexport default () => <p>{...all}</p>;",
    "import = require": "import React = require('react');" + COMPONENT,
    "export =": "const a = 1;\nexport = a;" + COMPONENT,
    "a variable that a namespace exports": "namespace A { export let a = 1; }" + COMPONENT,
    "a comment about JSX": "/** @jsx h */\nconst h = () => null;" + COMPONENT,
}
"""What other compilers take, so that the check only warns of it, and the renderer's does not."""


@pytest.mark.parametrize("name", ONLY_WARNED_OF)
def test_what_the_renderer_cannot_compile_is_warned_of(rendering: Page, name: str) -> None:
    (error,) = compiled(rendering, [ONLY_WARNED_OF[name]])

    assert error is not None
    assert [each.is_warning for each in problems(ONLY_WARNED_OF[name])] == [True]


FOUND_BY_THE_BROWSER: Final = {
    "an expression that is none": "const a = /(/;" + COMPONENT,
    "two of one name": "export const a = 1;\nconst b = 2;\nexport { b as a };" + COMPONENT,
    "two defaults": "export default 1;" + COMPONENT,
}
"""What the check refuses, the compiler takes, and the browser refuses then."""


@pytest.mark.parametrize("name", FOUND_BY_THE_BROWSER)
def test_what_only_the_browser_refuses_is_refused_by_the_check(rendering: Page, name: str) -> None:
    code = FOUND_BY_THE_BROWSER[name]

    assert refused(code)
    assert compiled(rendering, [code]) == [None]
    assert show(rendering, code) is False
    assert "SyntaxError" in errors(rendering)[0]["message"]
