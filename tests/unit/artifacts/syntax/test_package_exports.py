"""A component imports packages that are at hand, and names that they export."""

import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.react import problems

IMPORTS = AllowedImports(["react", "lucide-react", "recharts", "lodash", "date-fns", "zustand", "own", "@own/*"])
APP = "export default function App() { return null }"


def told(code: str, imports: AllowedImports = IMPORTS) -> list[Problem]:
    return problems(Source(f"{code}\n{APP}"), imports)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import React, { useState } from 'react'; React.memo(useState);", id="named"),
        pytest.param("import { jsx } from 'react/jsx-runtime'; jsx();", id="inside-a-package"),
        pytest.param("import debounce from 'lodash/debounce'; debounce();", id="file-of-a-package"),
        pytest.param("import * as R from 'recharts'; R.LineChart; R['Anything']; R;", id="namespace"),
        pytest.param("import _, { map as m } from 'lodash'; _.anything(m);", id="default-and-renamed"),
        pytest.param("import { Anything } from 'own'; Anything();", id="package-without-a-table"),
        pytest.param("import a from '@own/any/thing'; a();", id="scope-without-a-table"),
        pytest.param("import type { A } from './types';", id="import-type"),
        pytest.param("import type A from './types';", id="import-type-default"),
        pytest.param("import { type A, type B } from './types';", id="only-types-named"),
        pytest.param("import { A } from './types'; const a: A = 1;", id="used-as-a-type-only"),
        pytest.param("import { type Nothing, useState } from 'react'; useState;", id="type-that-is-not-a-value"),
        pytest.param("export type { A } from './types';", id="export-type"),
        pytest.param("export { useRef } from 'react'; export * from 'lodash';", id="export-from"),
        pytest.param("const m = import('react'); const n = import(`lodash`);", id="called"),
        pytest.param("const name = 'x'; const m = import(name); const n = m.require('./b');", id="not-a-literal"),
    ],
)
def test_what_is_at_hand_or_erased_may_be_imported(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    ("code", "column", "said"),
    [
        pytest.param("import { B } from '@/ui/button'; B();", 19, "is a file of its own", id="alias"),
        pytest.param("import './x.css'", 8, "is a file of its own", id="relative"),
        pytest.param("import a from '../a'; a();", 15, "is a file of its own", id="above"),
        pytest.param("import a from '..'; a();", 15, "is a file of its own", id="folder-above"),
        pytest.param("import a from '~/a'; a();", 15, "is a file of its own", id="home"),
        pytest.param("import a from '/a.js'; a();", 15, "is a file of its own", id="absolute"),
        pytest.param("import a from 'https://cdn.example/a.js'; a();", 15, "is an address", id="address"),
        pytest.param("import a from '//cdn.example/a.js'; a();", 15, "is an address", id="address-without-a-scheme"),
        pytest.param(
            "import a from 'axios'; a();", 15, "`axios` is not at hand; what can be imported is react,", id="package"
        ),
        pytest.param("import a, { type B } from 'axios'; a();", 27, "is not at hand", id="default-and-a-type"),
        pytest.param("import { type A, b } from 'axios'; b();", 27, "is not at hand", id="a-type-and-a-value"),
        pytest.param("import * as a from 'axios'; a.b();", 20, "is not at hand", id="namespace"),
        pytest.param("import axios from 'axios';", 19, "is not at hand", id="for-nothing"),
        pytest.param("import 'axios';", 8, "is not at hand", id="for-its-effects"),
        pytest.param("export * from 'axios'", 15, "is not at hand", id="export-all"),
        pytest.param("export { a } from 'axios'", 19, "is not at hand", id="export-named"),
        pytest.param("const a = import('axios')", 18, "is not at hand", id="dynamic"),
        pytest.param("const a = import(`axios`)", 18, "is not at hand", id="dynamic-template"),
        pytest.param("import a = require('axios')", 20, "is not at hand", id="import-require"),
        pytest.param("import a from 'react-dom'; a();", 15, "is not at hand", id="longer-name"),
        pytest.param("import a from 'rea'; a();", 15, "is not at hand", id="shorter-name"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(code: str, column: int, said: str) -> None:
    (found,) = (each for each in told(code) if not each.is_warning)

    assert (found.rule, found.line, found.column) == (Rule.IMPORT, 1, column)
    assert said in found.message


def test_a_list_of_many_packages_is_cut() -> None:
    (found,) = told("import a from 'axios'; a();", AllowedImports([f"package-{number}" for number in range(40)]))

    assert found.message.endswith("package-11, ….")


@pytest.mark.parametrize(
    ("code", "line", "column", "said"),
    [
        pytest.param("import { useStat } from 'react'; useStat();", 1, 10, "`useState`", id="close-name"),
        pytest.param(
            "import {\n  Search,\n  Github,\n} from 'lucide-react'; Search; Github;",
            3,
            3,
            "`Github` is not exported by lucide-react 1.",
            id="icon",
        ),
        pytest.param("import { qqqqqqqqqq } from 'recharts'; qqqqqqqqqq();", 1, 10, "take another", id="nothing-close"),
        pytest.param("import { useStat as useState } from 'react'; useState();", 1, 10, "`useStat`", id="renamed"),
        pytest.param("export { useStat } from 'react';", 1, 10, "`useStat`", id="export-from"),
        pytest.param(
            "import L from 'lucide-react'; L();", 1, 8, 'write `import { … } from "lucide-react"`', id="default"
        ),
        pytest.param("import create from 'zustand'; create();", 1, 8, "no default export", id="default-of-zustand"),
        pytest.param(
            "import { default as L } from 'lucide-react'; L();", 1, 10, "no default", id="default-by-its-name"
        ),
        pytest.param("import * as R from 'recharts';\nR.LineChar;", 2, 3, "`LineChart`", id="member-of-a-namespace"),
        pytest.param(
            "import * as R from 'recharts';\n<R.Lin />;", 2, 4, "`Lin` is not exported", id="tag-of-a-namespace"
        ),
        pytest.param(
            "import { a } from 'lodash/nothing'; a();", 1, 19, "has no `lodash/nothing`", id="file-that-is-not"
        ),
        pytest.param("import a from 'react/client'; a();", 1, 15, "has no `react/client`", id="path-that-is-closed"),
        pytest.param("import { Locale } from 'date-fns'; Locale();", 1, 10, "`Locale`", id="type-used-as-a-value"),
    ],
)
def test_a_name_that_a_package_does_not_export_is_refused(code: str, line: int, column: int, said: str) -> None:
    (found,) = told(code)

    assert (found.rule, found.line, found.column) == (Rule.IMPORT, line, column)
    assert said in found.message


def test_what_a_component_may_import_unasked_is_in_the_table() -> None:
    """Of a package without a table any name passes; so each of these is told by name."""
    names = [name for name in AllowedImports.default().names if "*" not in name]
    found = [name for name in names if not told(f"import {{ qqq }} from '{name}'; qqq();", AllowedImports(names))]

    assert set(found) <= {"plotly.js", "plotly.js-dist-min"}  # no names can be listed without a browser
