"""How the time of a reviewed request is shared out: what a step may take, and what it leaves to those behind it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.reviewed import (
    BETTER,
    BUILT,
    CHANGES,
    LATE,
    PLAN,
    SECONDS,
    Answered,
    Said,
    Status,
    Studio,
    review,
    tagged,
)

STEPS = ["plan", "build", "review", "changes", "rebuild"]
SHARES = {"plan": 0.1, "build": 0.55, "review": 0.15, "rebuild": 0.2}
"""The defaults of the settings."""


def script(seconds: Mapping[str, float], **other: Any) -> dict[str, Any]:
    """Models that take so long; none of the others takes any time."""
    texts = {
        "plan": json.dumps(PLAN),
        "build": tagged(BUILT),
        "review": review("major"),
        "changes": json.dumps({"changes": CHANGES}),
        "rebuild": tagged(BETTER),
    }
    return {step: Said(text, seconds=seconds.get(step, 0.0)) for step, text in texts.items()} | other


def timed(
    monkeypatch: pytest.MonkeyPatch, seconds: Mapping[str, float], **other: Any
) -> tuple[dict[str, float], Answered]:
    """The seconds that each step has when its first model is asked, and the answer."""
    left: dict[str, float] = {}
    replies = script(seconds, **other)

    def noting(step: str, reply: Any) -> Any:
        def note() -> Any:
            left.setdefault(step, ours.runs[-1].deadline.remaining())
            return reply

        return note

    ours = Studio({step: noting(step, reply) for step, reply in replies.items()}, monkeypatch)
    return left, ours.ask()


def test_a_step_has_its_share_of_what_is_left_and_the_build_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    left, answer = timed(monkeypatch, {})

    assert left == {
        "plan": pytest.approx(SECONDS * 0.1),
        "build": pytest.approx(SECONDS),
        "review": pytest.approx(SECONDS * 0.15 / 0.35),
        "changes": pytest.approx(SECONDS * 0.1 / 0.3),
        "rebuild": pytest.approx(SECONDS),
    }
    assert answer.json["warnings"] == []


def test_time_that_is_used_is_shared_by_all_behind_it_and_what_is_not_used_passes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, _ = timed(monkeypatch, {"plan": 4, "build": 20, "review": 5, "changes": 3})

    assert left == {
        "plan": pytest.approx(SECONDS * 0.1),
        "build": pytest.approx(SECONDS - 4),
        "review": pytest.approx((SECONDS - 24) * 0.15 / 0.35),
        "changes": pytest.approx((SECONDS - 29) * 0.1 / 0.3),
        "rebuild": pytest.approx(SECONDS - 32),
    }


def test_steps_that_take_what_they_are_given_leave_each_other_their_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """A late plan and a build that takes its share leave the review its own, and that the rebuild its own."""
    left, answer = timed(monkeypatch, {"build": SECONDS * 0.55, "review": SECONDS * 0.15}, plan=LATE)

    assert {step: left[step] for step in ("review", "rebuild")} == {
        "review": pytest.approx(SECONDS * 0.15),
        "rebuild": pytest.approx(SECONDS * 0.2),
    }
    assert answer.json["warnings"] == ["plan_skipped"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_hangs_ends_with_its_share(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the request before its own deadline, in which the answer is written."""
    left: dict[str, float] = {}

    def hang() -> Any:
        left[step] = ours.runs[-1].deadline.remaining()
        return LATE

    ours = Studio(script({}, **{step: hang}), monkeypatch)

    answer = ours.ask()

    assert ours.now <= SECONDS + 1e-6
    (waited,) = [call.seconds for call in ours.calls if call.step == step]
    assert waited == left[step]
    assert answer.cost["outcome"] == ("deadline_exceeded" if step == "build" else "ok")


@pytest.mark.parametrize("step", ["plan", "changes", "review"])
def test_the_retries_of_an_adviser_end_with_its_share(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its host asks for waits that would take the time of the others."""
    began: list[float] = []

    def ask_again() -> Status:
        began.append(ours.now)
        return Status(429, retry_after=2)

    many = {"MAX_ATTEMPTS": "10", "REVIEWED_MAX_CALLS": "50"}
    ours = Studio(script({}, **{step: ask_again}), monkeypatch, many)

    answer = ours.ask()

    share = {"plan": 0.1, "review": 0.15 / 0.35, "changes": 0.1 / 0.3}[step]
    assert len(began) > 1
    assert ours.now - began[0] <= SECONDS * share
    assert answer.status == 200


def test_the_next_planner_has_what_is_left_of_the_share(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[float] = []

    def note() -> Any:
        left.append(ours.runs[-1].deadline.remaining())
        return Status(500) if len(left) == 1 else Said(json.dumps(PLAN), seconds=1)

    ours = Studio(script({}, plan=note), monkeypatch)

    answer = ours.ask()

    assert left == [pytest.approx(SECONDS * 0.1), pytest.approx(SECONDS * 0.1 - ours.calls[0].seconds)]
    assert answer.json["plan"] == PLAN


@pytest.mark.parametrize("over", [False, True], ids=["a-quarter", "less"])
@pytest.mark.parametrize("step", ["review", "changes", "rebuild"])
def test_a_step_is_not_begun_with_less_than_a_quarter_of_its_share(
    step: str, over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be paid for and not finish."""
    little = 0.01 if over else -0.01
    taken = {
        "review": {"build": SECONDS * (1 - 0.35 / 4) + little},
        "changes": {"build": SECONDS * 0.9, "review": SECONDS * (0.1 - 0.3 / 4) + little},
        "rebuild": {"build": SECONDS * 0.9, "review": SECONDS * 0.02, "changes": SECONDS * (0.08 - 0.2 / 4) + little},
    }
    ours = Studio(script(taken[step]), monkeypatch)

    answer = ours.ask()

    asked = {call.step for call in ours.calls}
    assert (step in asked) != over
    skipped = {"review": "review_skipped", "changes": "plan_skipped", "rebuild": "rebuild_skipped"}[step]
    assert (skipped in answer.json["warnings"]) == over
    assert answer.status == 200
    if over and step == "rebuild":
        assert "rebuild" not in answer.json["review"]


@pytest.mark.parametrize(
    ("shares", "steps", "warnings"),
    [
        ("0,0.65,0.15,0.2", ["build", "review", "rebuild"], ["plan_skipped"]),
        ("0.1,0.7,0,0.2", ["plan", "build"], ["review_skipped"]),
        ("0.1,0.7,0.2,0", ["plan", "build", "review"], ["rebuild_skipped"]),
        ("0,1,0,0", ["build"], ["plan_skipped", "review_skipped"]),
        ("0.5,0,0.25,0.25", STEPS, []),
    ],
    ids=["no-plan", "no-review", "no-rebuild", "build-alone", "no-share-of-the-build"],
)
def test_a_step_without_a_share_is_left_out(
    shares: str, steps: list[str], warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But the build, which may use all that is left."""
    ours = Studio(script({}), monkeypatch, {"STEP_SHARES": shares})

    answer = ours.ask()

    assert ([call.step for call in ours.calls], answer.json["warnings"]) == (steps, warnings)


@pytest.mark.parametrize("milliseconds", [300, 1_000, 5_000, 30_000, 900_000])
def test_no_request_outlives_its_deadline_whichever_steps_hang(
    milliseconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any time-out that a function may have."""
    for hanging in ({"plan"}, {"plan", "review"}, {"changes", "rebuild"}, {"rebuild"}, {"build"}, set(STEPS)):
        ours = Studio(script({}, **dict.fromkeys(hanging, LATE)), monkeypatch, milliseconds=milliseconds)

        answer = ours.ask()

        assert ours.now <= milliseconds / 1000 - 0.1
        assert len(answer.named("cost")) == 1
