"""The benchmark of the syntax check says what is so: its breakage, its judge and its figures."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.syntax.corpus import File
from benchmarks.syntax.damage import WAYS
from benchmarks.syntax.refusals import Case, Found, check
from benchmarks.syntax.report import Report
from benchmarks.syntax.times import Timing, run
from shared.artifacts.syntax import parsers
from shared.artifacts.syntax.parsers import Parser

SCRIPT = Path(parsers.__file__).with_name("script.js")
CODE = "import a from 'b';\nexport default () => (\n  <p>{f(a, 1)}</p>\n);\n"
CASE = Case("a/b.tsx", "1:2", "syntax: no", "line")


@pytest.mark.parametrize("way", WAYS)
def test_breakage_changes_the_code_and_is_the_same_for_one_seed(way: str) -> None:
    first, second = (WAYS[way](CODE, random.Random(3)) for _ in range(2))  # noqa: S311 -- it is to be repeatable

    assert first == second != CODE


@pytest.mark.parametrize("way", WAYS)
def test_code_without_anything_to_break_is_no_error(way: str) -> None:
    assert len(WAYS[way]("abcdef", random.Random(3))) > 0  # noqa: S311 -- it is to be repeatable


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        pytest.param(CODE, False, id="good"),
        pytest.param("import './a';\n" * 20, False, id="imports-and-exports-are-set-aside"),
        pytest.param("import './a';\n" * 20 + "const a = (;", True, id="and-hide-nothing"),
    ],
)
def test_what_holds_for_an_artifact_only_is_set_aside(code: str, refused: bool) -> None:
    assert (check(code) is not None) is refused


@pytest.mark.parametrize(
    ("of", "wrong", "percent"),
    [pytest.param(0, 0, 100.0, id="none"), pytest.param(4, 1, 75.0, id="some"), pytest.param(1, 1, 0.0, id="all")],
)
def test_right_is_what_is_not_wrong(of: int, wrong: int, percent: float) -> None:
    assert Found(of, [CASE] * wrong).right_percent == percent


def test_the_report_names_each_disagreement_and_whether_the_aim_is_met() -> None:
    report = Report("v", Found(1000, [CASE]), Found(9, []), {"one": Found(50, [CASE]), "two": Found(50, [CASE])}, [])
    text = report.text()

    assert "999 of 1000, 99.90 %; at least 99.5 %: met" in text
    assert "98 of 100, 98.00 %; at least 99.0 %: missed" in text
    assert len(re.findall("a/b.tsx:1:2", text)) == 3


TIMING = Timing(size=9_990, check=2.5, bare=1.0, times=(2.0, 2.5, 3.5), answered=9.0)


def test_the_report_says_whether_a_check_takes_too_much_longer_than_the_parser() -> None:
    def said(ratio: float) -> str:
        return Report("v", Found(1, []), Found(1, []), {}, [replace(TIMING, times=(2.0, ratio, 3.5))]).text()

    assert "9,990 characters: 2.90 times Babel alone (2.00 to 3.50); at most 3: met" in said(2.9)
    assert "at most 3: missed" in said(3.1)


_PARSE = """
globalThis.parseBare = (code) => {
  const request = { code, dialect: "tsx", source: "module", react: false, names: true, globals: [] };
  const [problem] = JSON.parse(checkScript(JSON.stringify(request))).problems;
  if (problem) throw new SyntaxError(problem.message);
  return "{}";
};
"""


def test_modules_are_put_into_one_component_that_the_parser_reads(tmp_path: Path) -> None:
    (tmp_path / "bundle.js").write_text(SCRIPT.read_text("utf-8") + _PARSE, "utf-8")
    bare = Parser(tmp_path / "bundle.js", "parseBare", "setGlobals")
    module = "import a, { b as c, type D } from 'x';\nimport 'y';\nexport const e: D = c(a);\nexport default e;\n"
    files = [File("one", module), File("two", f"{module}// larger\n"), File("three", "export default {a: 1, b: 2}")]

    (timing, *_) = run(files, bare, lambda _: None, rounds=2)

    assert timing.size > 2 * len(module)
    assert timing.check > 0 < timing.bare


def test_the_report_is_data_too() -> None:
    report = Report("v", Found(1, []), Found(1, []), {}, [TIMING])

    assert report.data()["times"][0]["size"] == TIMING.size
