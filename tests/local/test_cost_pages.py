"""The costs that `make run` shows in its page: the tables and the picture of `make costs`, of the log so far."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.costs.__main__ import main
from local.costs.queries import saved_queries
from local.emulator.cost_log import CostLog
from local.emulator.cost_pages import CostPages
from tests.local.bundle import generate, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.routes import get


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A bundle that has written, been retried, and failed."""
    with running_bundle(tmp_path_factory.mktemp("run"), STANDIN_PACE="instant") as running:
        check_nothing_is_shown(running)
        prompts = ["A todo list", "A clock [[fault cut times=1]]", "A chart [[fault key]]"]
        answers = [generate(running, prompt) for prompt in prompts]
        assert [answer.status_code for answer in answers] == [200, 200, 503]
        for answer in answers:
            lines_of(running, answer.headers["x-request-id"])
        yield running


def check_nothing_is_shown(running: Emulator) -> None:
    """Before the first request there are tables without rows, and no picture but a sentence."""
    costs, picture = show(running, "/costs").json(), show(running, "/costs.svg")

    assert (costs["requests"], costs["droppedLines"], costs["problems"]) == (0, 0, [])
    assert [table["name"] for table in costs["tables"]] == [
        each.name for each in saved_queries() if not each.parameters
    ]
    assert all(table["columns"] and table["rows"] == [] for table in costs["tables"])
    assert picture.status_code == 404
    assert picture.json()["error"] == "there is nothing to draw: the log holds no call to the model host"


def show(running: Emulator, path: str) -> httpx.Response:
    """Ask for what the page shows; the emulator's own client is for what callers send and get."""
    return httpx.get(running.url + path, timeout=60, trust_env=False)


def test_tables_are_those_of_make_costs(used: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "functions.log"
    log.write_text(used.stdout)
    assert main([str(log), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)

    costs = show(used, "/costs").json()

    shown = {table["name"]: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
             for table in costs["tables"]}  # fmt: skip
    assert {name: ordered(rows) for name, rows in shown.items()} == {
        name: ordered([row | {"day": row["day"][:10]} if "day" in row else row for row in rows])
        for name, rows in printed.items()
    }
    (today,) = shown["Cost today"]
    assert (today["requests"], costs["requests"]) == (3, 3)
    assert today["cost_usd"] > 0
    assert [row["requests"] for row in shown["Failures"]] == [1]
    (problem,) = shown["Operator must act"]
    assert problem["requests"] == 1
    assert "key" in problem["problem"]
    assert all(table["title"] and table["title"] != table["name"] for table in costs["tables"])


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that sort as equal come in any order."""
    return sorted(rows, key=repr)


@pytest.mark.parametrize(
    ("path", "media_type", "begins"),
    [("/costs.svg", "image/svg+xml", b"<?xml"), ("/costs.png", "image/png", b"\x89PNG")],
)
def test_picture_is_the_one_of_make_costs(
    used: Emulator, tmp_path: Path, path: str, media_type: str, begins: bytes
) -> None:
    log, drawn = tmp_path / "functions.log", tmp_path / path.removeprefix("/")
    log.write_text(used.stdout)
    assert main([str(log), "--only", "Cost today", "--plot", str(drawn)]) == 0

    picture = show(used, path)

    assert picture.headers["content-type"] == media_type
    assert picture.content.startswith(begins)
    assert picture.content == drawn.read_bytes()


def test_functions_are_served_while_the_picture_is_drawn(used: Emulator) -> None:
    generate(used, "A timetable")  # so that it has to be drawn anew

    with ThreadPoolExecutor() as threads:
        drawing = threads.submit(show, used, "/costs.png")
        served = 0
        while not drawing.done():
            served += show(used, "/config").status_code == 200

    assert drawing.result().status_code == 200
    assert served > 1, "if the picture held up the rest, the first request would end after it"


# --- the log that is kept ---


def line(message: str, **fields: Any) -> bytes:
    """A line as the functions write it."""
    event = {"timestamp": "2026-04-01T12:00:00.000Z", "message": message, "outcome": "ok", "request_id": "r"}
    return json.dumps(event | fields, separators=(",", ":")).encode() + b"\n"


def test_only_lines_that_a_query_reads_are_kept_and_cost_lines_counted() -> None:
    kept = ["attempt_started", "attempt", "operator_must_act", "cost"]
    log = CostLog()
    for each in [b"printed\n", line("metrics"), line("internal_error"), *map(line, kept), b"\xff\n"]:
        log.add(each)

    assert [json.loads(each)["message"] for each in log.lines()] == kept
    assert (log.requests, log.written, log.dropped) == (1, 4, 0)


def test_oldest_lines_are_forgotten_beyond_the_bound() -> None:
    by_number, by_size = CostLog(max_lines=3), CostLog(max_characters=3 * len(line("cost", number=0)))
    for log in (by_number, by_size):
        for number in range(5):
            log.add(line("cost", number=number))

        assert [json.loads(each)["number"] for each in log.lines()] == [2, 3, 4]
        assert (log.requests, log.written, log.dropped) == (5, 5, 2)


def test_lines_that_were_forgotten_are_told() -> None:
    log = CostLog(max_lines=2)
    for number in range(5):
        log.add(line("cost", request_id=str(number), cost_nano_usd=1))

    costs = get(CostPages(log).routes, "/costs").json

    assert (costs["requests"], costs["droppedLines"]) == (5, 3)
    (today,) = [table for table in costs["tables"] if table["name"] == "Cost today"]
    assert dict(zip(today["columns"], today["rows"][0], strict=True))["requests"] == 2


def test_query_that_has_no_answer_is_told_and_the_others_are_shown() -> None:
    log = CostLog()
    log.add(line("cost", cost_nano_usd="a lot"))

    costs = get(CostPages(log).routes, "/costs").json

    assert any("Cost per caller: cost_nano_usd holds 'a lot'" in each for each in costs["problems"])
    names = {table["name"] for table in costs["tables"]}
    assert "Cost per caller" not in names
    assert "Retries" in names


class CountingLog(CostLog):
    """Counts how often it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def lines(self) -> tuple[str, ...]:
        self.reads += 1
        return super().lines()


def test_tables_are_made_anew_only_when_the_log_has_grown() -> None:
    log = CountingLog()
    pages = CostPages(log)

    reads = []
    for grows in (False, False, True, False):
        if grows:
            log.add(line("cost"))
        get(pages.routes, "/costs")
        reads.append(log.reads)

    assert reads == [1, 1, 2, 2]
