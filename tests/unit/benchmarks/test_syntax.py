"""The benchmark of the syntax check says what is so: its breakage, its judge and its figures."""

import random
import re

import pytest

from benchmarks.syntax.damage import WAYS
from benchmarks.syntax.refusals import Case, Found, check
from benchmarks.syntax.report import Report
from benchmarks.syntax.times import LARGE, Timing

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


def test_the_report_says_whether_a_large_component_is_checked_in_time() -> None:
    def said(milliseconds: float) -> str:
        return Report("v", Found(1, []), Found(1, []), {}, [Timing(LARGE, 10, milliseconds, milliseconds)]).text()

    assert "99.0 ms; less than 100 ms: met" in said(99)
    assert "101.0 ms; less than 100 ms: missed" in said(101)


def test_the_report_is_data_too() -> None:
    report = Report("v", Found(1, []), Found(1, []), {}, [Timing("case", 10, 1.0, 2.0)])

    assert report.data()["times"] == [{"case": "case", "size": 10, "median": 1.0, "slowest": 2.0}]
