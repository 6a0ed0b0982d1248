"""No reviewed request outlives its deadline: a host that is silent or endlessly slow, in each step in turn."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from local.standin.flaws import flaw_of
from local.standin.steps import ALL_STEPS, Step
from tests.local.bundle import at, generate, lines, lines_of, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.local.reviewed_requests import TODO, prompt_for
from tests.local.streams import read_stream
from tests.support.standin import standin

SECONDS = "12"
"""Of the platform, which is three for a step: none needs more than a moment."""
SETTINGS = {"FUNCTION_TIMEOUT_SECONDS": SECONDS, "STEP_SHARES": "0.25,0.25,0.25,0.25", "LOCAL_CONCURRENCY": "12"}
FAULTS = ["never", "silence", "keepalive", "slow-json", "garbage", "trickle", "stall"]
EVERY = sorted(((fault, step) for step in ALL_STEPS for fault in FAULTS), key=lambda each: each[1] is Step.BUILD)
"""The longest last: while the platform is still starting processes, an answer waits for those before it."""
FLAWED = flaw_of(TODO).flawed.code


@dataclass(frozen=True)
class Ended:
    """How one request ended: its status, its body, and what was logged of it."""

    status: int
    body: dict[str, Any]
    logged: list[dict[str, Any]]

    def all(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.logged if line["message"] == message]


@dataclass(frozen=True)
class Day:
    """All of them, what the platform has said, and the faults that the host has met."""

    ended: dict[tuple[str, Step], Ended]
    streamed: dict[Step, dict[str, Any]]
    said: str
    faults: list[str]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    def ask(running: Emulator, where: tuple[str, Step]) -> Ended:
        fault, step = where
        answer = generate(running, prompt_for(TODO, f"{fault} step={step}"), artifactType="react", workflow="reviewed")
        body = answer.json()
        return Ended(answer.status_code, body, lines_of(running, body["requestId"]))

    def stream(running: Emulator, step: Step) -> dict[str, Any]:
        order = {"prompt": prompt_for(TODO, f"stall step={step}"), "artifactType": "react", "workflow": "reviewed"}
        return read_stream(running, order).came[-1][1]

    with standin() as host, running_bundle(tmp_path_factory.mktemp("run"), **at(host), **SETTINGS) as running:
        with ThreadPoolExecutor(12) as threads:
            ended = threads.map(lambda where: ask(running, where), EVERY)
            streamed = threads.map(lambda step: stream(running, step), ALL_STEPS)
            found = dict(zip(EVERY, ended, strict=True)), dict(zip(ALL_STEPS, streamed, strict=True))
        wait_for(lambda: sum(line["message"] == "cost" for line in lines(running)) >= len(EVERY) + len(ALL_STEPS))
        yield Day(*found, running.stderr, [row["fault"] for row in host.ledger()["calls"]])


def test_every_step_has_been_without_end(day: Day) -> None:
    assert [fault for fault in FAULTS if day.faults.count(fault) < len(ALL_STEPS)] == []


def test_the_platform_has_killed_nobody(day: Day) -> None:
    """Every answer came from the function itself, before its time-out, with one cost line."""
    assert "was killed" not in day.said
    assert all("success" in ended.body for ended in day.ended.values())
    assert {len(ended.all("cost")) for ended in day.ended.values()} == {1}


@pytest.mark.parametrize(("fault", "step"), EVERY, ids=[" ".join(each) for each in EVERY])
def test_what_was_built_is_given_back(day: Day, fault: str, step: Step) -> None:
    """Only what never came to an end in the build itself is a failure."""
    ended = day.ended[fault, step]
    built = [line for line in ended.all("attempt") if line["purpose"] == "build" and line["outcome"] == "ok"]

    assert bool(built) == ended.body["success"] == (step is not Step.BUILD)
    if not built:
        late = (504, "deadline_exceeded")
        assert (ended.status, ended.body["code"]) == ((502, "upstream_error") if fault == "garbage" else late)
        return
    warnings = {
        Step.PLAN: ["plan_skipped"],
        Step.REVIEW: ["review_skipped"],
        Step.CHANGES: ["plan_skipped"],
        Step.REBUILD: ["rebuild_skipped"],
    }
    code = TODO.code if step in {Step.PLAN, Step.CHANGES} else FLAWED
    assert (ended.body["warnings"], ended.body["artifact"]["code"]) == (warnings[step], code)


def test_a_stream_ends_with_what_was_built_too(day: Day) -> None:
    given = {step: body.get("artifact", {}).get("code") for step, body in day.streamed.items()}

    assert given == {
        Step.PLAN: TODO.code,
        Step.BUILD: None,
        Step.REVIEW: FLAWED,
        Step.CHANGES: TODO.code,
        Step.REBUILD: FLAWED,
    }
