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
from local.costs.events import Events, decoded
from local.costs.insights import Query, Table
from local.costs.log import Log
from local.costs.plot import costs_per_day, draw
from local.costs.queries import QUERIES, saved_queries
from local.costs.report import as_text
from shared.costs.ledger import AttemptRecord, Ledger
from shared.costs.usage import Cost, CostSource, Usage
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


def every_event(log: Log) -> list[tuple[object, ...]]:
    return log.events.answer("SELECT * FROM events")


def test_tables_for_a_person(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(log)]) == 0

    out, err = capsys.readouterr()
    names = [line.removeprefix("## ") for line in out.splitlines() if line.startswith("## ")]
    assert names == [query.name for query in saved_queries() if not query.parameters]
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


def test_other_groups(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One table, by the fields that are named, in their order."""
    assert main([str(log), "--by", "caller", "--by", "feature", "--by", "caller", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main([str(log), "--by", "function"]) == 0
    out = capsys.readouterr().out

    assert list(found) == ["Cost per caller and feature"]
    rows = found["Cost per caller and feature"]
    assert list(rows[0])[:3] == ["caller_name", "feature_name", "cost_usd"]
    assert {row["feature_name"] for row in rows} == {"none"}
    assert sum(row["requests"] for row in rows) == 30
    assert out.startswith("## Cost per function\n\n| function_name ")
    assert re.search(r"^\| generate_artifact_fix \| 0\.\d{6} +\| 8 +\|", out, re.MULTILINE)


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
    assert len(every_event(Log.read(log, set()))) == 1 + 30 + 2 * 40


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
    for saved in saved_queries():
        query = Query(saved.filled({"request_id": "request-3"}))
        with log.open() as lines:
            whole = Events(map(decoded, lines), query.reads)
        assert query.run(whole) == query.run(Log.read(log, query.reads).events), saved.name


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
        (["{log}", "--queries", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["{log}", "--plot", "nowhere/picture.png"], "nowhere/picture.png cannot be drawn"),
        (["/dev/null", "--plot", "picture.png"], "there is nothing to draw"),
    ],
)
def test_what_cannot_be_had_is_said(
    log: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([each.format(log=log) for each in arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--request", '" or message = "cost'], "is no request id"),
        (["--log-group", "one"], "a log file and --log-group exclude each other"),
        (["--plot", "picture.xyz"], "--plot draws .pdf, .png, .svg, and not 'picture.xyz'"),
        (["--by", "moon"], "argument --by: invalid choice: 'moon' (choose from"),
        (["--by", "feature", "--only", "Failures"], "--by is a query of its own, without --only and --request"),
        (["--by", "feature", "--request", "request-3"], "--by is a query of its own, without --only and --request"),
        (["--days", "0"], "'0' is no number of days from 1 to 3653"),
        (["--days", "nan"], "'nan' is no number of days"),
        (["--days", "1e9"], "'1e9' is no number of days"),
    ],
)
def test_what_makes_no_sense_is_refused(
    log: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(log), *arguments])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_request_that_is_killed_after_a_call_that_was_paid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its money is in every sum by day, model and function, and the request in a list of its own."""
    path, logs = tmp_path / "functions.log", Logs("a-stack")
    with path.open("w", encoding="utf-8") as stream, logged_to(logs, stream):
        ledger = Ledger("generate_artifact", "request-killed", logs.emit)
        ledger.attempt_starts("first", "m", "openrouter")
        cost = Cost(Decimal("0.0125"), CostSource.REPORTED)
        ledger.attempt_ended(
            "first", AttemptRecord("m", "m", "ok", retryable=False, cost=cost, usage=Usage(3), duration=1.0)
        )
        ledger.attempt_starts("repair", "m", "openrouter")

    assert main([str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for name in ("Cost today", "Cost per day", "Cost per day and model", "Cost per function", "Killed requests"):
        assert found[name][0]["cost_usd"] == 0.0125, name
    assert (found["Cost today"][0]["requests"], found["Cost today"][0]["calls"]) == (0, 1)
    assert found["Killed requests"][0]["calls"] == 2
    assert [(row["attempt"], row["ended"]) for row in found["Unknown cost"]] == [(2, 0)]
    assert found["Failures"] == []


def test_lines_that_are_there_twice_count_once(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(log)])
    once = capsys.readouterr().out
    log.write_text(log.read_text() * 2)

    assert main([str(log)]) == 0
    assert capsys.readouterr().out == once


def test_the_order_of_the_lines_changes_no_sum(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(log), "--json"])
    straight = json.loads(capsys.readouterr().out)
    log.write_text("".join(sorted(log.read_text().splitlines(keepends=True))))

    assert main([str(log), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: len(rows) for name, rows in found.items()} == {name: len(rows) for name, rows in straight.items()}
    assert found["Cost today"] == straight["Cost today"]


def test_a_log_without_any_cost_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.log"
    other.write_bytes("hello".encode("utf-16"))

    assert main([str(other)]) == 0
    assert "the log holds no line of the functions' costs" in capsys.readouterr().err


def test_who_reads_may_have_had_enough(log: Path) -> None:
    """As `make costs | head -1`."""
    command = [sys.executable, "-m", "local.costs", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_saved_query_that_is_not_known_here_is_named(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = QUERIES.read_text().replace("| sort day desc", "| anomaly day")
    other = tmp_path / "queries.toml"
    other.write_text(text)

    assert main([str(log), "--queries", str(other), "--only", "Cost today"]) == 2
    assert "make costs: Cost today: anomaly" in capsys.readouterr().err
    assert main([str(log), "--queries", str(other)]) == 1, "the others are there"
    assert "## Cost per day\n" in capsys.readouterr().out


def test_a_picture_that_fails_takes_no_table_with_it(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = QUERIES.read_text().replace("| sort day asc, cost_usd desc", "| anomaly day")
    other = tmp_path / "queries.toml"
    other.write_text(text)

    assert main([str(log), "--queries", str(other), "--only", "Cost today", "--plot", str(tmp_path / "a.png")]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("## Cost today")
    assert "make costs: Cost per day and model: anomaly is no command that is known here" in err
    assert not (tmp_path / "a.png").exists()


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


def test_many_models_share_a_colour(tmp_path: Path) -> None:
    rows = tuple(("2026-11-01 00:00:00.000", f"model-{number}", number) for number in range(20))

    draw(Table(("day", "model", "cost_usd"), rows), tmp_path / "costs.svg")

    drawn = (tmp_path / "costs.svg").read_text()
    assert "model-19 ($19.00)" in drawn
    assert "others ($66.00)" in drawn
    assert "model-11" not in drawn


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

    def answer(text: str) -> Table:
        query = Query(text)
        return query.run(Log.read(log, query.reads).events)

    with cloudwatch(answer) as fake:
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
    queries = [query.name for query in saved_queries() if not query.parameters]
    assert err.splitlines()[0] == f"1 of {len(queries)}: {queries[0]}"
    for asked in cloud.asked:
        assert asked["logGroupNames"] == ["one", "two"]
        assert asked["limit"] == 10_000


def test_one_request_in_cloudwatch(cloud: CloudWatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--log-group", "one", "--request", "request-3", "--json"]) == 0

    (rows,) = json.loads(capsys.readouterr().out).values()
    assert [row["message"] for row in rows].count("attempt") == 2
    assert 'request_id = "request-3"' in cloud.asked[0]["queryString"]


@pytest.mark.parametrize(("days", "whole"), [((), 6), (("--days", "1"), 0), (("--days", "30"), 29)])
def test_cloudwatch_looks_at_whole_days(cloud: CloudWatch, days: tuple[str, ...], whole: int) -> None:
    """And at what there is of today."""
    assert main(["--log-group", "one", "--only", "Failures", *days]) == 0

    start, end = cloud.asked[0]["startTime"], cloud.asked[0]["endTime"]
    assert start % 86_400 == 0
    assert whole * 86_400 <= end - start < (whole + 1) * 86_400


@pytest.mark.parametrize("refusal", ["ResourceNotFoundException", "MalformedQueryException", "AccessDeniedException"])
def test_what_cloudwatch_refuses_is_an_error(
    cloud: CloudWatch, refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.refusal = refusal

    assert main(["--log-group", "one"]) == 2
    assert refusal in capsys.readouterr().err


def test_a_query_that_cloudwatch_gives_up_is_an_error(cloud: CloudWatch, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.statuses = ["Running", "Failed"]

    assert main(["--log-group", "one", "--only", "Cost today"]) == 2
    assert "Cost today: CloudWatch gave the query up (Failed)" in capsys.readouterr().err
    cloud.statuses = ["Failed"]
    assert main(["--log-group", "one"]) == 1, "the others are there"


@pytest.mark.usefixtures("cloud")
def test_without_credentials_or_region_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    assert main(["--log-group", "one"]) == 2
    assert "no AWS region is set: set AWS_REGION" in capsys.readouterr().err
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert main(["--log-group", "one", "--only", "Cost today"]) == 0


def test_help_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    assert all(option in said for option in ("--json", "--plot", "--log-group", "--request", "--only", "--days"))


def test_standard_input_that_is_no_file(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(log.read_text()))

    assert len(every_event(Log.read(Path("-"), set()))) == 30 + 2 * 40
