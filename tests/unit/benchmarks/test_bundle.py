"""The parts of `make bench`: its figures, its answers, and real processes of the handlers that it measures."""

import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.bundle import __main__ as bench
from benchmarks.bundle import sizes, starts
from benchmarks.bundle.answers import SIZES, answer, component, event
from benchmarks.bundle.builds import BEFORE, HTTPX, OPENAI, OURS, ROOT, Builds, Bundle, _pinned, weigh
from benchmarks.bundle.cloud import Cloud, cloud
from benchmarks.bundle.criteria import criteria
from benchmarks.bundle.function_process import FunctionFailedError, FunctionProcess
from benchmarks.bundle.report import Report
from benchmarks.bundle.rows import Row, Spread
from benchmarks.bundle.settings import Way, environment
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.extraction import extract
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import check

HANDLERS = ROOT / "benchmarks" / "bundle" / "handlers"
INIT = Row("start", starts.INIT, "CPU ms", 0, {OURS: [100, 110, 120], HTTPX: [100, 100, 100], OPENAI: [200, 220, 400]})


def test_a_ratio_is_taken_in_each_round() -> None:
    ratio = Row("start", "a row", "ms", 1, {OURS: [1, 20, 300], HTTPX: [2, 10, 300]}).ratio(HTTPX)

    assert ratio == Spread(0.75, 1.0, 1.5)


def test_a_row_without_the_other_bundle_has_no_ratio() -> None:
    assert INIT.ratio(BEFORE) is None


@pytest.mark.parametrize(("megabytes", "met"), [(6.3, True), (6.4, False)])
def test_a_criterion_is_met_up_to_its_limit(megabytes: float, met: bool) -> None:
    rows = [INIT, Row("size", sizes.WITHOUT_CHECKERS, "MB", 2, {OURS: [megabytes]})]

    found = {each.name: each.met for each in criteria(rows)}
    assert found == {
        "init, CPU time against httpx + pydantic + Logger": True,
        "init, CPU time against openai SDK": False,
        sizes.WITHOUT_CHECKERS: met,
    }


def test_the_table_has_a_column_for_each_bundle_that_was_measured() -> None:
    heads, _, row = Report(3, [INIT])._table().splitlines()

    assert [cell.strip() for cell in heads.split("|")[1:-1]] == [
        "", "unit", "ours", "openai SDK", "ours ÷ it", "httpx + pydantic + Logger", "ours ÷ it",
    ]  # fmt: skip
    assert "110 (105 to 115)" in row
    assert "1.10 (1.05 to 1.15)" in row


def test_the_page_has_a_place_for_the_table() -> None:
    assert "<!-- begin: make bench -->\n" in bench.DOCUMENT.read_text()


@pytest.mark.parametrize(
    "arguments",
    [["--rounds", "2"], ["--rows", "start", "--write"], ["--against", "nowhere"]],
    ids=["too few rounds", "a part of the table", "no checkout"],
)
def test_what_makes_no_sense_is_refused_before_anything_is_built(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize("size", ["2 KB", "20 KB"])
def test_an_answer_of_the_host_is_a_component_that_renders(size: str) -> None:
    found = extract(answer(SIZES[size]), requested=Kind.REACT).artifact

    assert found
    assert found.code == component(SIZES[size]).strip()
    assert SIZES[size] * 0.8 < len(found.code) <= SIZES[size]
    assert not check(found.code, Kind.REACT, None, AllowedImports.default())


def test_a_handler_is_built_with_what_it_needs_in_turn() -> None:
    names = {line.partition("==")[0] for line in _pinned(("openai",)).splitlines() if "==" in line}

    assert {"openai", "pydantic", "pydantic-core", "jiter", "anyio", "idna"} <= names
    assert not {"aiohttp", "boto3", "moto"} & names


def test_the_probe_is_no_part_of_what_is_uploaded(tmp_path: Path) -> None:
    for name in ("app.py", "probe.py"):
        (tmp_path / name).write_text("# a file\n")

    assert set(weigh(tmp_path)) == {"app.py"}


@pytest.fixture(scope="module")
def functions_call() -> Iterator[Cloud]:
    with cloud() as running:
        yield running


def built(folder: Path, handler: str) -> tuple[Builds, Bundle]:
    """A handler as the benchmark builds it, on this environment's libraries."""
    for source in (HANDLERS / handler / "app.py", HANDLERS / "common.py", HANDLERS.parent / "probe.py"):
        shutil.copy(source, folder)
    bundle = Bundle(handler, folder, folder)
    return Builds(sys.executable, Path(sysconfig.get_path("purelib")), {handler: bundle}, bundle), bundle


@pytest.mark.skipif(sys.platform != "linux", reason="clocks of other processes are Linux's")
@pytest.mark.parametrize("guarded", [False, True], ids=["unguarded", "guarded"])
@pytest.mark.parametrize("handler", ["httpx_pydantic", "bare_urllib"])
def test_a_handler_answers_with_the_artifact_and_is_measured(
    functions_call: Cloud, tmp_path: Path, handler: str, guarded: bool
) -> None:
    builds, bundle = built(tmp_path, handler)
    settings = environment(functions_call, "2 KB", Way(handler, checks=True), guarded=guarded)
    with FunctionProcess(builds, bundle, settings) as process:
        init, first, second = process.init(), process.serve(event()), process.serve(event())

        assert 0 < init.cpu < 30
        assert 0 < second.cpu < first.cpu + 1
        assert second.wall > 0
        assert process.peak_kb > 10_000
        assert process.artifact == component(SIZES["2 KB"]).strip()


@pytest.mark.skipif(sys.platform != "linux", reason="clocks of other processes are Linux's")
def test_an_answer_without_an_artifact_is_no_measurement(functions_call: Cloud, tmp_path: Path) -> None:
    builds, bundle = built(tmp_path, "bare_urllib")
    settings = environment(functions_call, "2 KB", Way("urllib", checks=True), guarded=False)
    with FunctionProcess(builds, bundle, settings | {"OPENROUTER_BASE_URL": f"{functions_call.url}/none"}) as process:
        process.init()
        with pytest.raises(FunctionFailedError, match="upstream_error"):
            process.serve(event())
