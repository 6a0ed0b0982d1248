"""The benchmark of rendering says what is so: its artifacts, its breakage, its judge and its figures."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.renders import __main__ as command
from benchmarks.renders.artifact import Artifact, Verdict
from benchmarks.renders.mutants import MUTATIONS, mutants
from benchmarks.renders.renderer import Renderer
from benchmarks.renders.report import Report
from benchmarks.renders.run import Judged
from benchmarks.renders.templates import Writer, generated
from shared.artifacts.kinds import Kind
from tests.support.chromium import executable

FOLDER = Path(command.__file__).parent
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'
HTML = "<!DOCTYPE html><html><head><title>t</title></head><body>{}</body></html>"


def write(template: str, *, typed: bool = False, seed: int = 1) -> str:
    return Writer(random.Random(seed), typed=typed).write(template)  # noqa: S311 -- it is to be repeatable


@pytest.mark.parametrize(
    ("template", "texts"),
    [
        pytest.param("«a¦b»c", {"ac", "bc"}, id="one-of"),
        pytest.param("«a«1¦2»¦»", {"a1", "a2", ""}, id="one-of-in-one-of"),
        pytest.param("«3..5»", {"3", "4", "5"}, id="a-number"),
        pytest.param("«*1..2 x»", {"x", "xx"}, id="repeated"),
        pytest.param("«#»-«#»", {"1-2"}, id="counted"),
        pytest.param("a⟦: number⟧", {"a"}, id="types-left-out"),
    ],
)
def test_a_mark_is_decided_in_each_of_its_ways_and_in_no_other(template: str, texts: set[str]) -> None:
    assert {write(template, seed=seed) for seed in range(100)} == texts


def test_types_are_written_where_they_are_wanted() -> None:
    assert write("a⟦: «X¦X»⟧", typed=True) == "a: X"


def test_a_word_is_the_same_in_all_its_forms() -> None:
    one, many, loud = write("§thing §Things §THING").split()

    assert (many, loud) == (f"{one.capitalize()}s", one.upper())


@pytest.mark.parametrize("template", ["«a", "a»", "«a⟦b»"])
def test_a_mark_that_is_not_closed_is_an_error(template: str) -> None:
    with pytest.raises(ValueError, match="not closed"):
        write(template)


@pytest.mark.parametrize("kind", Kind)
def test_generated_artifacts_are_many_and_the_same_for_one_seed(kind: Kind) -> None:
    once, again, other = (list(generated(kind, 60, seed)) for seed in (1, 1, 2))

    assert once == again
    assert len({each.name for each in once}) == 60
    assert len({each.code for each in once} | {each.code for each in other}) > 60
    assert not [each.name for each in once if set(each.code) & set("«»¦⟦⟧§")]


@pytest.mark.parametrize(("kind", "way"), [(kind, way) for kind, ways in MUTATIONS.items() for way in ways])
def test_every_way_of_breaking_breaks_something(kind: Kind, way: str) -> None:
    originals = [each.code for each in generated(kind, 60, 1)]
    chance = random.Random(3)  # noqa: S311 -- it is to be repeatable

    assert any(MUTATIONS[kind][way](code, chance) != code for code in originals)


def test_mutants_differ_from_their_originals_and_are_the_same_for_one_seed() -> None:
    originals = {each.name: each for each in generated(Kind.REACT, 20, 1)}
    once, again = (list(mutants(list(originals.values()), 50, 7)) for _ in range(2))

    assert once == again
    assert len({each.code for each in once}) == 50
    assert all(originals[each.origin or ""].code != each.code for each in once)


def judged(name: str, *, ok: bool, refused: bool, mutant: bool = False, alike: bool = True) -> Judged:
    artifact = Artifact(f"{name}~cut:1" if mutant else name, Kind.SVG, "<code>", origin=name if mutant else None)
    return Judged(
        artifact, Verdict(ok, "render", "fell over"), "1:1 content: no" if refused else None, not refused, alike
    )


def test_the_report_counts_both_ways_of_being_wrong_and_lists_each() -> None:
    report = Report(
        7,
        [
            judged("good", ok=True, refused=False),
            judged("alarm", ok=True, refused=True),
            judged("harmless", ok=True, refused=True, mutant=True),
            judged("changed", ok=True, refused=True, mutant=True, alike=False),
            judged("caught", ok=False, refused=True, mutant=True),
            judged("missed", ok=False, refused=False, mutant=True),
            judged("missed too", ok=False, refused=False),
        ],
    )
    shares = report.data()["shares"]["svg"]
    listed = {(each["name"], each["check"], each["renderer"]) for each in report.disagreements()}

    assert [(share["right"], share["of"]) for share in shares.values()] == [(1, 2), (0, 1), (1, 3), (3, 3), (1, 1)]
    assert report.data()["shares"]["all"] == shares
    assert report.data()["shares"]["html"]["broken, refused"]["percent"] is None
    assert "1 of 3, 33.3 %" in report.text()
    assert listed == {
        ("alarm", "1:1 content: no", None),
        ("harmless~cut:1", "1:1 content: no", None),
        ("missed~cut:1", None, "render: fell over"),
        ("missed too", None, "render: fell over"),
    }


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["--size", "0"], "--size"), (["--size", "many"], "--size"), (["--kinds", "pdf"], "--kinds")],
)
def test_a_bad_option_is_named(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)

    assert f"argument {named}" in capsys.readouterr().err


def test_what_components_import_is_in_the_versions_of_the_table_of_names() -> None:
    parsers = FOLDER.parents[1] / "local/parsers"
    rendered, named, made = (
        json.loads((folder / "package.json").read_text("utf-8")) for folder in (FOLDER, parsers / "frame", parsers)
    )
    of_frame = named["dependencies"] | {
        "@babel/standalone": made["devDependencies"]["@babel/parser"],
        "mermaid": made["devDependencies"]["mermaid"],
    }

    assert {name: of_frame.get(name, version) for name, version in rendered["dependencies"].items()} == rendered[
        "dependencies"
    ]


def test_the_lock_file_has_versions_and_hashes_only() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}

    assert not [name for name, each in packages.items() if "resolved" in each or not each.get("integrity")]
    assert (
        lock["packages"][""]["dependencies"] == json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    )


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """The judge without the packages of npm, which HTML and SVG do without."""
    if executable() is None:
        pytest.skip("there is no Chromium")
    home = tmp_path_factory.mktemp("renders")
    (home / "importmap.json").write_text("{}", "utf-8")
    with Renderer(home, seconds=10.0) as made:
        yield made


@pytest.mark.parametrize(
    ("kind", "code", "stage"),
    [
        pytest.param(Kind.SVG, SVG.format('<path d="M0 0h5v5z"/>'), None, id="svg"),
        pytest.param(Kind.SVG, SVG.format('<path d="M0 0h5v5zx"/>'), "log", id="svg-complained-of"),
        pytest.param(Kind.SVG, SVG.format('<path d="M20 20h5v5z"/>'), "image", id="svg-outside"),
        pytest.param(Kind.SVG, SVG.format("<g>"), "image", id="svg-not-closed"),
        pytest.param(Kind.SVG, "<p>none</p>", "inline", id="svg-without-svg"),
        pytest.param(Kind.HTML, HTML.format("<p id=a>a</p><script>a.append(1 < 2)</script>"), None, id="html"),
        pytest.param(Kind.HTML, HTML.format("<script>b()</script>"), "script", id="html-throws"),
        pytest.param(Kind.HTML, HTML.format("<button onclick='b()'>b</button>"), "script", id="html-throws-when-used"),
        pytest.param(Kind.HTML, HTML.format("<form><button>reloads</button></form>"), None, id="html-reloads"),
        pytest.param(Kind.HTML, HTML.format("<style>p {}<p>lost</p>"), "lost", id="html-swallowed-by-a-style-sheet"),
        pytest.param(
            Kind.HTML, HTML.format('<p class="a>a</p><p id="b">b</p>'), "lost", id="html-swallowed-by-a-quote"
        ),
        pytest.param(Kind.HTML, HTML.format("<select><option>1<div><p>2</p></div>"), "lost", id="html-in-a-select"),
    ],
)
def test_the_judge_says_what_fails_and_where(renderer: Renderer, kind: Kind, code: str, stage: str | None) -> None:
    verdict = renderer.judge([Artifact("it", kind, code)], lambda _: None)["it"]

    assert (verdict.ok, None if verdict.ok else verdict.stage) == (stage is None, stage)


def test_what_hangs_takes_nothing_else_along(renderer: Renderer) -> None:
    codes = {
        "before": HTML.format("<p>1</p>"),
        "endless": HTML.format("<script>for (;;);</script>"),
        "behind": HTML.format("<script>b()</script>"),
    }
    said = renderer.judge([Artifact(name, Kind.HTML, code) for name, code in codes.items()], lambda _: None)

    assert {name: (each.ok, each.stage) for name, each in said.items()} == {
        "before": (True, "script"),
        "endless": (False, "hang"),
        "behind": (False, "script"),
    }


def test_drawings_are_told_apart_by_their_looks(renderer: Renderer) -> None:
    shapes = {
        "one": '<rect width="5" height="5"/>',
        "same": '<rect height="5" width="5"/>',
        "other": '<rect width="5" height="6"/>',
    }
    said = renderer.judge(
        [Artifact(name, Kind.SVG, SVG.format(shape)) for name, shape in shapes.items()], lambda _: None
    )

    assert said["one"].looks == said["same"].looks != said["other"].looks
