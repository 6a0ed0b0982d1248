"""The parts of `make bench-edits`: its codes, its changes as blocks, its arithmetic and its report."""

import json
import random
import shutil
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.edits import __main__ as bench
from benchmarks.edits import figures
from benchmarks.edits import measure as measuring
from benchmarks.edits.changes import blocks_for, changed, random_changes
from benchmarks.edits.content import KINDS, content
from benchmarks.edits.costs import Sample
from benchmarks.edits.figures import border, content_ratio, criteria, yardsticks
from benchmarks.edits.measure import Cell, sample_of
from benchmarks.edits.report import Report
from local.standin.blocks import as_text
from shared.artifacts.edits import apply_edits, read_edits
from shared.artifacts.kinds import Kind
from shared.catalog import Price, built_in

CODE = ["one", "same", "two", "", "same", "three", "four"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_has_its_lines_and_is_the_same_for_one_seed(kind: Kind) -> None:
    first, second, other = content(kind, 150, 1), content(kind, 150, 1), content(kind, 150, 2)

    assert first == second != other
    assert len(first) == 150
    assert first[0].strip()
    assert first[-1].strip()


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_that_comes_back_has_other_words(kind: Kind) -> None:
    """Else every block would need a screen of lines to stand in the code once."""
    lines = content(kind, 600, 1)

    assert sum(lines.count(line) == 1 for line in lines) > 0.45 * len(lines)


@pytest.mark.parametrize("kind", KINDS)
def test_random_changes_are_made_by_their_blocks(kind: Kind) -> None:
    code, donor = content(kind, 120, 1), content(kind, 200, 2)
    for seed in range(60):
        changes = random_changes(code, 10, random.Random(seed), donor)  # noqa: S311 - it is to be repeatable
        assert changes
        assert len(changes) == 10
        assert all(0 < each.start <= each.end < len(code) for each in changes)
        assert all(one.end < other.start for one, other in pairwise(changes))
        edits = read_edits(as_text(blocks_for(code, changes))).edits
        assert apply_edits("\n".join(code), edits) == changed(code, changes) != "\n".join(code)


def test_a_code_without_room_for_the_places_is_left_out() -> None:
    assert sample_of(Kind.CODE, CODE, 10, content(Kind.CODE, 200, 1), random.Random(1)) is None  # noqa: S311 - see above


def test_blocks_that_make_another_change_end_the_benchmark(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measuring, "apply_edits", lambda code, _: code)

    assert bench.main(["--seeds", "1"]) == 1
    assert "other code than the changed one" in capsys.readouterr().err


def test_a_run_that_misses_the_aim_ends_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "AIM", 0.001)

    assert bench.main(["--seeds", "1"]) == 1


def test_a_failure_pays_for_a_second_edit_and_for_the_whole() -> None:
    sample = Sample(code=1_000, edit=100, rewrite=1_000)

    assert sample.ratio == pytest.approx(0.1)
    assert sample.expected_ratio == pytest.approx((100 + 0.07 * (100 + 1_000)) / 1_000)


def test_dollars_count_prompts_and_reasoning_of_every_call() -> None:
    """Prices of 1 and 2 a token make sums that can be followed."""
    price = Price(Decimal(1), Decimal(1), Decimal(2), "made up", built_in().day)
    sample = Sample(code=3_000, edit=300, rewrite=3_000)

    whole = 1_500 + 2 * (1_000 + 50)
    edit, second = 1_500 + 2 * (100 + 50), 1_500 + 100 + 500 + 2 * (100 + 50)
    assert sample.dollar_ratio(price, 50) == pytest.approx((edit + 0.07 * (second + whole)) / whole)


def samples(ratios: dict[int, float]) -> measuring.Samples:
    """Samples of three places with these ratios by lines."""
    return {Cell(lines, 3): {Kind.CODE: [Sample(1_000, int(1_000 * ratio), 1_000)]} for lines, ratio in ratios.items()}


@pytest.mark.parametrize(
    ("ratios", "lines"),
    [
        ({10: 2, 50: 0.9, 100: 0.5}, 50),
        ({10: 0.9, 50: 1.1, 100: 0.5}, 100),
        ({10: 0.5, 50: 0.5}, 10),
        ({10: 2, 50: 1}, None),
    ],
    ids=["from there on", "not before it holds for good", "the fewest", "nowhere"],
)
def test_the_border_is_where_an_edit_costs_less_from_there_on(ratios: dict[int, float], lines: int | None) -> None:
    assert border(samples(ratios), 3, content_ratio) == lines


@pytest.mark.parametrize(("ratio", "met"), [(0.3, True), (0.301, False)])
def test_the_aim_is_for_200_lines_and_more(ratio: float, met: bool) -> None:
    found = list(criteria(samples({100: 0.9, 200: ratio})))

    assert [each.cell for each in found] == [Cell(200, 3)]
    assert found[0].met is met
    assert Report(1, samples({200: ratio}), {}).met is met


def test_the_aim_is_for_every_kind() -> None:
    of_two = {Cell(200, 1): {Kind.CODE: [Sample(10, 1, 10)] * 9, Kind.SVG: [Sample(10, 4, 10)]}}

    (found,) = criteria(of_two)
    assert (found.kind, found.met) == ("svg", False)


def test_the_report_has_ratios_and_borders() -> None:
    text = Report(1, samples({10: 0.5, 200: 0.25}), yardsticks(built_in(), 8_000)).text()

    assert "| 0.250 " in text
    assert "| 10 or fewer " in text


def test_the_page_has_a_place_for_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, picture = tmp_path / "page.md", tmp_path / "picture.svg"
    shutil.copy(bench.DOCUMENT, page)
    monkeypatch.setattr(bench, "DOCUMENT", page)
    monkeypatch.setattr(bench, "PICTURE", picture)

    assert bench.main(["--seeds", "1", "--write"]) == 0
    assert "; 1 codes of each length and kind." in page.read_text("utf-8")
    assert picture.read_text("utf-8").startswith("<?xml")


def test_a_run_as_json_has_every_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--seeds", "1", "--json"]) == 0

    report = json.loads(capsys.readouterr().out)
    cells = {(cell["lines"], cell["places"]): cell["samples"] for cell in report["cells"]}
    assert set(cells[2_000, 10]) == set(KINDS)
    assert all(each["met"] for each in report["criteria"])


@pytest.mark.parametrize("arguments", [["--seeds", "0"], ["--reasoning", "-1"]])
def test_what_makes_no_sense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(arguments)
    assert ended.value.code == 2
