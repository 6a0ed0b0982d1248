"""A component imports what is at hand, and is the one default export."""

import pytest

from shared.artifacts.syntax.imports import Imports
from shared.artifacts.syntax.problem import Rule, Source
from shared.artifacts.syntax.react import problems

IMPORTS = Imports(["react", "lucide-react", "@radix-ui/*"])
APP = "export default function App() { return null }"


def messages(code: str, rule: Rule) -> list[str]:
    found = problems(Source(code), IMPORTS)
    assert {each.rule for each in found} <= {rule}
    return [each.message for each in found]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import React, { useState } from 'react';", id="named"),
        pytest.param("import { createRoot } from 'react/client';", id="inside-a-package"),
        pytest.param("import type { A } from './types';", id="import-type"),
        pytest.param("import type A from './types';", id="import-type-default"),
        pytest.param("import { type A, type B } from './types';", id="only-types-named"),
        pytest.param("export type { A } from './types';", id="export-type"),
        pytest.param("const m = import('react'); const n = require('react');", id="called"),
        pytest.param("const m = import(name); const n = a.require('./b');", id="not-a-literal"),
    ],
)
def test_what_is_at_hand_or_erased_may_be_imported(code: str) -> None:
    assert messages(f"{code}\n{APP}", Rule.IMPORT) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("import { Button } from '@/ui/button'", "is a file of its own", id="alias"),
        pytest.param("import './x.css'", "is a file of its own", id="relative"),
        pytest.param("import a from '../a'", "is a file of its own", id="above"),
        pytest.param("import a from '~/a'", "is a file of its own", id="home"),
        pytest.param("import a from '/a.js'", "is a file of its own", id="absolute"),
        pytest.param("import a from 'https://cdn.example/a.js'", "is an address", id="address"),
        pytest.param("import a from 'axios'", "`axios` is not at hand; what can be imported is react,", id="package"),
        pytest.param("import a, { type B } from 'axios'", "is not at hand", id="default-and-a-type"),
        pytest.param("import { type A, b } from 'axios'", "is not at hand", id="a-type-and-a-value"),
        pytest.param("import * as a from 'axios'", "is not at hand", id="namespace"),
        pytest.param("export * from 'axios'", "is not at hand", id="export-all"),
        pytest.param("export { a } from 'axios'", "is not at hand", id="export-named"),
        pytest.param("const a = import('axios')", "is not at hand", id="dynamic"),
        pytest.param("const a = import(`axios`)", "is not at hand", id="dynamic-template"),
        pytest.param("const a = require('axios')", "is not at hand", id="require"),
        pytest.param("import a = require('axios')", "is not at hand", id="import-require"),
        pytest.param("import a from 'react-dom'", "is not at hand", id="longer-name"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(code: str, said: str) -> None:
    (message,) = messages(f"{code}\n{APP}", Rule.IMPORT)

    assert said in message


@pytest.mark.parametrize(
    ("code", "count"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("function App() {}", 1, id="none"),
        pytest.param("export const App = 1;", 1, id="named-only"),
        pytest.param("module.exports = 1;", 1, id="commonjs"),
        pytest.param("export default interface A {}", 1, id="a-type"),
        pytest.param(f"{APP}\nexport default 1;", 1, id="two"),
        pytest.param(f"{APP}\nexport {{ App as default }};\nexport default 1;", 2, id="three"),
        pytest.param("export default class extends A {}", 0, id="class"),
        pytest.param("const A = 1; export { A as default, A as b };", 0, id="list"),
        pytest.param("export default memo(function A() {});", 0, id="expression"),
    ],
)
def test_there_is_exactly_one_default_export(code: str, count: int) -> None:
    assert len(messages(code, Rule.EXPORT)) == count


def test_a_missing_export_is_told_at_the_component() -> None:
    (found,) = problems(Source("const a = 1;\nfunction App() {}\nApp();"), IMPORTS)

    assert (found.rule, found.line) == (Rule.EXPORT, 2)
