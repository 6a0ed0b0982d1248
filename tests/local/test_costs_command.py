"""`make costs` itself: what it takes, what it prints, and what it says when it cannot."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import matplotlib.image as mpl_image
import pytest

from benchmarks.costs import write
from local.costs.__main__ import main
from local.costs.log import Log
from local.costs.plot import costs_per_day
from local.costs.queries import saved_queries
from local.costs.report import as_text
from local.insights import Table, parse
from shared.logs import Logs
from tests.local.emulator import ROOT
from tests.support.cloudwatch import CloudWatch, cloudwatch
from tests.support.logged import logged_to


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """30 requests, of which every third one needed two calls."""
    path, logs = tmp_path / "functions.log", Logs("a-stack")
    with path.open("w", encoding="utf-8") as stream, logged_to(logs, stream):
        write(30, logs)
    return path


def test_tables_for_a_person(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(log)]) == 0

    out, err = capsys.readouterr()
    names = [line.removeprefix("## ") for line in out.splitlines() if line.startswith("## ")]
    assert names == [query.name for query in saved_queries(ROOT / "template.yaml") if not query.parameters]
    assert re.search(r"^\| generate_artifact_fix \| 0\.\d{6} +\| 8 +\| \d+ +\| [\d,.]+ +\|", out, re.MULTILINE)
    assert "## Failures\n\nnothing" in out
    assert not err


def test_json_for_a_program(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(log), "--json", "--only", "Cost today", "--only", "Failures"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["Cost today", "Failures"]
    (today,) = found["Cost today"]
    assert (today["requests"], today["calls"], today["repeated"]) == (30, 40, 10)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert round(today["cost_usd"] * 1e9) == sum(line["cost_nano_usd"] for line in lines if line["message"] == "cost")
    assert found["Failures"] == []


def test_one_request(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(log), "--request", "request-3", "--json"]) == 0

    (rows,) = json.loads(capsys.readouterr().out).values()
    assert [row["message"] for row in rows] == [*["attempt_started", "attempt"] * 2, "cost"]


def test_a_log_from_standard_input(log: Path) -> None:
    """With what `aws logs tail --format short` puts before each line, and lines of the platform's own."""
    lines = [f"2026-11-21T10:00:0{number % 10} {line}" for number, line in enumerate(log.read_text().splitlines())]
    text = "\n".join(["START RequestId: x", *lines, "REPORT RequestId: x\tDuration: 3 ms", ""])
    done = subprocess.run(
        [sys.executable, "-m", "local.costs", "--json", "--only", "Cost per function"],
        cwd=ROOT, input=text, capture_output=True, text=True, check=True)  # fmt: skip

    assert json.loads(done.stdout)["Cost per function"][0]["requests"] == 22
    assert not done.stderr


def test_a_line_that_is_no_text_spoils_no_other(log: Path) -> None:
    log.write_bytes(b"\xff\xfe{\n" + log.read_bytes().replace(b"\n", b"\r\n"))
    text = log.read_bytes()

    done = subprocess.run(
        [sys.executable, "-m", "local.costs", "--only", "Cost today"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        check=True,
    )
    assert b"| 30 " in done.stdout
    assert len(Log.read(log).events.rows) == 1 + 30 + 2 * 40


def test_a_value_ends_no_cell() -> None:
    table = Table(("day", "caller", "share"), (("2026-11-21 00:00:00.000", "a|b", Decimal("0.25")), (None, "c", 1)))

    assert as_text({"Q": table}).splitlines()[2:] == [
        "| day        | caller | share |",
        "| ---------- | ------ | ----- |",
        "| 2026-11-21 | a\\|b   | 0.2   |",
        "|            | c      | 1     |",
    ]


def test_the_lines_of_the_metrics_change_nothing(log: Path) -> None:
    """They are left out to be quick: every saved query must come to the same with them."""
    with log.open() as text:
        whole = Log.read(log).events.read(text)
    for query in saved_queries(ROOT / "template.yaml"):
        ready = parse(query.filled({"request_id": "request-3"}))
        assert ready.run(whole) == ready.run(Log.read(log).events), query.name


def test_a_damaged_line_is_named(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = log.read_text().splitlines()
    place = next(at for at, line in enumerate(lines) if '"message":"cost"' in line)
    lines[place] = lines[place][:-20]
    log.write_text("\n".join([*lines[:1], "", *lines[1:]]))

    assert main([str(log), "--only", "Cost today"]) == 1
    out, err = capsys.readouterr()
    assert "| 29 " in out
    assert err == f"make costs: these lines are damaged, and left out: {place + 2}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.log"], "nowhere.log cannot be read: No such file or directory"),
        (
            ["{log}", "--only", "Cost per moon"],
            "no query is called 'Cost per moon'; there are: One request, Cost today",
        ),
        (["{log}", "--only", "One request"], "'One request' is about one request: say which with --request"),
        (["{log}", "--template", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["{log}", "--plot", "picture.xyz"], "picture.xyz cannot be drawn"),
        (["/dev/null", "--plot", "picture.png"], "there is nothing to draw"),
    ],
)
def test_what_cannot_be_had_is_said(
    log: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([each.format(log=log) for each in arguments]) == 2
    assert said in capsys.readouterr().err


def test_what_no_request_id_is_changes_no_query(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(log), "--request", '" or message = "cost'])

    assert ended.value.code == 2
    assert "is no request id" in capsys.readouterr().err


def test_a_query_of_the_template_that_is_not_known_here_is_named(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "template.yaml").read_text().replace("| sort day desc", "| anomaly day")
    other = tmp_path / "template.yaml"
    other.write_text(text)

    assert main([str(log), "--template", str(other), "--only", "Cost today"]) == 2
    assert "anomaly" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["costs.png", "costs.svg", "costs.pdf"])
def test_a_picture(log: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / name

    assert main([str(log), "--only", "Cost today", "--plot", str(picture)]) == 0
    assert "Cost per day and model" not in capsys.readouterr().out
    drawn = picture.read_bytes()
    assert len(drawn) > 5000
    main([str(log), "--only", "Cost today", "--plot", str(picture)])
    assert picture.read_bytes() == drawn, "the same costs, the same picture"
    if name.endswith(".png"):
        colours = {tuple(pixel) for row in mpl_image.imread(picture)[::20] for pixel in row[::20].round(2).tolist()}
        assert len(colours) > 1
    if name.endswith(".svg"):
        assert b"<svg" in drawn


def test_a_day_without_cost_is_a_gap_in_the_picture() -> None:
    rows = (("2026-11-03 00:00:00.000", "b", Decimal("0.5")), ("2026-11-01 00:00:00.000", "a", 1),
            ("2026-11-01 00:00:00.000", "b", None))  # fmt: skip

    days = costs_per_day(Table(("day", "model", "cost_usd"), rows))

    assert {day.isoformat(): costs for day, costs in days.items()} == {
        "2026-11-01": {"a": Decimal(1), "b": Decimal(0)},
        "2026-11-02": {},
        "2026-11-03": {"b": Decimal("0.5")},
    }


@pytest.fixture
def cloud(log: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudWatch]:
    """CloudWatch, with this log in it."""
    events = Log.read(log).events
    with cloudwatch(lambda query: parse(query).run(events)) as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", fake.url)
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.setenv(name, "us-east-1")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "loopback")
        yield fake


def test_in_cloudwatch_the_tables_are_the_same(
    log: Path, cloud: CloudWatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.statuses = ["Scheduled", "Running"]
    assert main([str(log)]) == 0
    local = capsys.readouterr().out

    assert main(["--log-group", "one", "--log-group", "two", "--days", "30"]) == 0
    out, err = capsys.readouterr()
    assert out == local
    assert err.splitlines()[0] == "1 of 13: Cost today"
    for asked in cloud.asked:
        assert asked["logGroupNames"] == ["one", "two"]
        assert asked["endTime"] - asked["startTime"] == 30 * 86_400
        assert asked["limit"] == 10_000


def test_one_request_in_cloudwatch(cloud: CloudWatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--log-group", "one", "--request", "request-3", "--json"]) == 0

    (rows,) = json.loads(capsys.readouterr().out).values()
    assert [row["message"] for row in rows].count("attempt") == 2
    assert 'request_id = "request-3"' in cloud.asked[0]["queryString"]


@pytest.mark.parametrize(("days", "seconds"), [((), 7 * 86_400), (("--days", "0.5"), 43_200)])
def test_how_far_back_cloudwatch_looks(cloud: CloudWatch, days: tuple[str, ...], seconds: int) -> None:
    assert main(["--log-group", "one", "--only", "Failures", *days]) == 0

    assert cloud.asked[0]["endTime"] - cloud.asked[0]["startTime"] == seconds


@pytest.mark.parametrize("refusal", ["ResourceNotFoundException", "MalformedQueryException", "AccessDeniedException"])
def test_what_cloudwatch_refuses_is_an_error(
    cloud: CloudWatch, refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.refusal = refusal

    assert main(["--log-group", "one"]) == 2
    assert refusal in capsys.readouterr().err


def test_a_query_that_cloudwatch_gives_up_is_an_error(cloud: CloudWatch, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.statuses = ["Running", "Failed"]

    assert main(["--log-group", "one"]) == 2
    assert "CloudWatch gave the query up (Failed)" in capsys.readouterr().err


@pytest.mark.usefixtures("cloud")
def test_without_credentials_or_region_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    assert main(["--log-group", "one"]) == 2
    assert "region" in capsys.readouterr().err


def test_help_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    assert all(option in said for option in ("--json", "--plot", "--log-group", "--request", "--only", "--days"))


def test_standard_input_that_is_no_file(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(log.read_text()))

    assert len(Log.read(Path("-")).events.rows) == 30 + 2 * 40
