"""The benchmark of the clients says what is so: its rows, its judge, its prepared answers and its figures."""

import io
import json
import time
from http.client import HTTPResponse
from typing import Any, cast

import pytest

from benchmarks.client.answers import SHAPES
from benchmarks.client.figures import Ratio, paired_ratio, percentile
from benchmarks.client.judge import Said, Verdict, judged
from benchmarks.client.report import Report
from benchmarks.client.rows import ROWS, Right, Row
from benchmarks.client.worker import Worker
from local.standin.directives import Directive, Spoken
from local.standin.faults import FAULTS, checked
from local.text_table import table
from tests.support.standin import standin

REFERENCE = "A whole answer."


@pytest.mark.parametrize("row", [row for row in ROWS if row.fault], ids=lambda row: row.fault)
def test_a_row_names_a_fault_that_the_stand_in_has(row: Row) -> None:
    (inside,) = Spoken.read(row.prompt).faults

    assert checked(Directive.parse(inside)).name in FAULTS


def test_no_row_is_there_twice_and_one_has_no_fault() -> None:
    faults = [row.fault for row in ROWS]

    assert len(set(faults)) == len(faults)
    assert "" in faults


def test_a_fault_that_passes_is_no_part_of_the_reference() -> None:
    """A dialect is: it may change the content."""
    assert "[[" not in Row("cut times=1", Right("answer", 2)).reference_prompt
    assert "[[fault u2028]]" in Row("u2028", Right("answer", 1)).reference_prompt


ANSWER, REFUSED, IN_TIME = Right("answer", 2), Right("error", 1, at_once=True), Right("error")


@pytest.mark.parametrize(
    ("right", "said", "calls", "got", "is_right"),
    [
        (ANSWER, Said(0.1, content=REFERENCE), 1, "answer", True),
        (ANSWER, Said(0.1, content=REFERENCE), 2, "answer", True),
        (ANSWER, Said(0.1, content=REFERENCE), 3, "answer", False),
        (ANSWER, Said(3.6, content=REFERENCE), 2, "answer", False),
        (ANSWER, Said(0.1, content=REFERENCE[:8]), 1, "cut answer as success", False),
        (ANSWER, Said(0.1, content=""), 1, "empty answer as success", False),
        (ANSWER, Said(0.1, content=REFERENCE.upper()), 1, "wrong answer as success", False),
        (ANSWER, Said(0.1, error="RateLimitError"), 1, "RateLimitError", False),
        (ANSWER, None, 1, "hung > 6 s", False),
        (REFUSED, Said(0.1, error="RateLimitError"), 1, "RateLimitError", True),
        (REFUSED, Said(0.1, error="RateLimitError"), 3, "RateLimitError", False),
        (REFUSED, Said(1.1, error="RateLimitError"), 1, "RateLimitError", False),
        (IN_TIME, Said(3.1, error="Timeout"), 9, "Timeout", True),
        (IN_TIME, Said(3.6, error="Timeout"), 1, "Timeout", False),
        (IN_TIME, Said(3.0, content=REFERENCE[:8]), 1, "cut answer as success", False),
        (IN_TIME, None, 1, "hung > 6 s", False),
    ],
)
def test_what_is_right(right: Right, said: Said | None, calls: int, got: str, is_right: bool) -> None:
    verdict = judged(right, said, calls=calls, reference=REFERENCE, timeout=3.0, patience=6.0)

    assert (verdict.got, verdict.calls, verdict.right) == (got, calls, is_right)


class Wire:
    """As much of a socket as the standard library's HTTP reader needs."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._sent)


@pytest.mark.parametrize("name", SHAPES)
def test_a_prepared_answer_holds_its_content(name: str) -> None:
    """Read by another HTTP reader than the clients', whichever way it is framed."""
    shape = SHAPES[name]
    response = HTTPResponse(cast("Any", Wire(shape.response())))
    response.begin()
    lines = response.read().decode().split("\n\n")

    *events, done, end = [line for line in lines if not line.startswith(":")]
    assert (done, end) == ("data: [DONE]", "")
    chunks = [json.loads(event.removeprefix("data: ")) for event in events]
    assert "".join(chunk["choices"][0]["delta"]["content"] for chunk in chunks) == shape.content
    assert len(shape.content) == shape.pieces * shape.characters
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[-3:]] == [None, "stop", "stop"]
    assert [chunk["usage"]["cost"] > 0 for chunk in chunks if "usage" in chunk] == [True]


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (50, 10.0), (95, 19.0), (96, 20.0), (100, 20.0)])
def test_a_percentile_is_one_of_the_values(percent: float, value: float) -> None:
    assert percentile([float(each) for each in range(20, 0, -1)], percent) == value


def test_ratios_are_paired_by_round() -> None:
    assert paired_ratio([2.0, 30.0, 400.0], [1.0, 10.0, 100.0]) == Ratio(3.0, 2.5, 3.5)
    assert paired_ratio([3.0], [2.0]) == Ratio(1.5, 1.5, 1.5)


def test_a_table_is_aligned() -> None:
    assert table(["a", "b"], [["long", "1"]]) == "| a    | b |\n| ---- | - |\n| long | 1 |"


def test_the_report_counts_what_is_right() -> None:
    good, bad = Verdict("answer", 1, 0.1, right=True), Verdict("hung > 6 s", 1, None, right=False)
    report = Report("1.0", faults={"one": [good] * len(ROWS), "two": [good, *[bad] * (len(ROWS) - 1)]})

    assert report.text().endswith(f"right: one {len(ROWS)} of {len(ROWS)}, two 1 of {len(ROWS)}")
    assert [row["two"]["right"] for row in report.data()["faults"]] == [True, *[False] * (len(ROWS) - 1)]


@pytest.mark.alone
def test_a_client_that_hangs_is_stopped() -> None:
    with standin() as host, Worker("httpx", host.url, timeout=0.3, patience=0.8) as worker:
        began = time.monotonic()
        hung = worker.ask("Notes [[fault keepalive]]")
        took = time.monotonic() - began
        worker.restart()
        answered = worker.ask("Notes")

    assert hung is None
    assert 0.7 < took < 2.0
    assert answered is not None
    assert answered.content
