"""What a reviewed request may use: calls of all its steps together, and the budget of the day, step by step."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from shared.costs.usage import Cost
from shared.costs.worst_case import Stage, WorstCase
from shared.errors import Failure
from shared.guard.budget import Budget, BudgetRules
from shared.guard.errors import BudgetExhausted, StoreRefused
from shared.guard.reservation import RequestReserve
from shared.run import Run
from tests.support.reviewed import BETTER, BUILT, GOOD, LATE, Said, Status, Studio, review, tagged
from tests.support.service import Guard
from tests.support.table import amounts, forget, items, table

LONG = 900_000
"""Milliseconds in which every call that is allowed can be made."""
STEPS = ["plan", "build", "review", "changes", "rebuild"]
BROKEN, FAILS = Said(tagged(BUILT[:-1])), Status(503, retry_after=0)


def limits(max_calls: int, reviewed: int, attempts: int = 10) -> dict[str, str]:
    return {"MAX_CALLS": str(max_calls), "REVIEWED_MAX_CALLS": str(reviewed), "MAX_ATTEMPTS": str(attempts)}


@pytest.mark.parametrize(
    ("max_calls", "reviewed", "plans"), [(6, 10, 4), (2, 10, 8), (9, 10, 1), (10, 10, 1), (20, 10, 1), (3, 4, 1)]
)
def test_a_plan_leaves_the_build_its_calls(
    max_calls: int, reviewed: int, plans: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And may always make one itself: then the build has one less where both limits are alike."""
    ours = Studio({**GOOD, "plan": FAILS, "build": FAILS}, monkeypatch, limits(max_calls, reviewed), milliseconds=LONG)

    answer = ours.ask()

    assert answer.json["code"] == "upstream_overloaded"
    builds = min(max_calls, reviewed - plans)
    assert answer.purposes == ["plan"] * plans + ["build"] * builds


@pytest.mark.parametrize("reviewed", [4, 5, 6, 10, 20])
def test_a_review_leaves_the_rebuild_a_call(reviewed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it succeeds with its last one, there is none for the plan of the changes."""
    failures = reviewed - 4
    ours = Studio(
        {**GOOD, "review": [*[FAILS] * failures, GOOD["review"]]},
        monkeypatch,
        limits(2, reviewed),
        milliseconds=LONG,
    )

    answer = ours.ask()

    assert answer.purposes == ["plan", "build", *["review"] * (failures + 1), "rebuild"]
    assert (answer.json["artifact"]["code"], answer.json["warnings"]) == (BETTER, ["plan_skipped"])


def test_a_review_that_fails_to_the_end_of_its_calls_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio({**GOOD, "review": FAILS}, monkeypatch, limits(2, 8), milliseconds=LONG)

    answer = ours.ask()

    assert answer.purposes == ["plan", "build", *["review"] * 5]
    assert (answer.json["artifact"]["code"], answer.json["warnings"]) == (BUILT, ["review_skipped"])


def test_the_plan_of_the_changes_leaves_the_rebuild_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio(
        {**GOOD, "changes": FAILS, "rebuild": [BROKEN, GOOD["rebuild"]]},
        monkeypatch,
        limits(2, 8),
        milliseconds=LONG,
    )

    answer = ours.ask()

    assert answer.purposes == ["plan", "build", "review", *["plan"] * 4, "rebuild"]
    assert answer.json["warnings"] == ["plan_skipped", "rebuild_skipped"], "there is no call for its repair"


@pytest.mark.parametrize(("reviewed", "repairs"), [(5, 0), (6, 1), (10, 1)])
def test_a_rebuild_may_use_what_is_left(reviewed: int, repairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Studio({**GOOD, "rebuild": [BROKEN, GOOD["rebuild"]]}, monkeypatch, limits(3, reviewed), milliseconds=LONG)

    answer = ours.ask()

    assert answer.purposes == ["plan", "build", "review", "plan", "rebuild", *["repair"] * repairs]
    assert answer.json["artifact"]["code"] == (BETTER if repairs else BUILT)


@pytest.mark.parametrize("built", [1, 2, 3])
def test_a_build_that_used_all_calls_is_given_without_a_review(built: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the last call spent on one: nothing could come of it."""
    settings = limits(3, 4)
    ours = Studio({**GOOD, "build": [*[FAILS] * (built - 1), GOOD["build"]]}, monkeypatch, settings, milliseconds=LONG)

    answer = ours.ask()

    purposes = ["plan", *["build"] * built]
    reviewed = {1: ["review", "rebuild"], 2: [], 3: []}[built]
    assert answer.purposes == purposes + reviewed
    assert answer.json["warnings"] == (["plan_skipped"] if reviewed else ["review_skipped"])


@pytest.mark.parametrize(
    ("max_calls", "reviewed", "failing"), list(product([1, 2, 6, 12], [4, 5, 10], [["plan"], ["review"], STEPS]))
)
def test_no_order_of_failures_makes_more_calls_than_are_allowed(
    max_calls: int, reviewed: int, failing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Studio(
        {**GOOD, **{step: [FAILS, FAILS, GOOD[step]] for step in failing}},
        monkeypatch,
        limits(max_calls, reviewed),
        milliseconds=LONG,
    )

    answer = ours.ask()

    assert answer.cost["attempts"] == len(ours.calls) <= reviewed
    assert sum(call.step == "build" for call in ours.calls) <= max_calls


def test_a_direct_request_has_its_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after a reviewed one: they share the client, and not what it is limited to."""
    ours = Studio({**GOOD, "review": Said(review())}, monkeypatch, limits(2, 9), milliseconds=LONG)
    ours.ask()
    ours._script["build"] = [FAILS]

    answer = ours.ask(workflow="direct")

    assert answer.purposes == ["first"] * 2


@dataclass
class Limit:
    """A budget that ends with a certain reservation, which notes what is set aside and settled."""

    ends_at: int = 99
    failure: Failure = field(default_factory=BudgetExhausted)
    open: int = 0
    log: list[str] = field(default_factory=list)
    closed: int = 0

    def reserve(self, worst: WorstCase) -> "Limit":
        assert worst.reserve > 0
        if len(self.log) // 2 + 1 >= self.ends_at:
            raise self.failure
        assert self.open == 0, "one attempt at a time"
        self.open += 1
        self.log.append("reserve")
        return self

    def settle(self, _cost: Cost, _stage: Stage = Stage.CONTENT, _generation_id: str | None = None) -> None:
        self.open -= 1
        self.log.append("settle")

    def close(self) -> None:
        self.closed += 1


class LimitedGuard(Guard):
    """A guard whose budget is that of the test."""

    def __init__(self, limit: Any) -> None:
        super().__init__()
        self.spending_limit = limit if callable(limit) else lambda _run: limit


@pytest.mark.parametrize("step", STEPS)
def test_a_budget_that_ends_at_a_step_leaves_that_out(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build is not left out: there is nothing to give without it. Each attempt is reserved and settled alone."""
    limit = Limit(ends_at=STEPS.index(step) + 1)
    ours = Studio(GOOD, monkeypatch, guard=LimitedGuard(limit))

    answer = ours.ask()

    made = STEPS.index(step)
    assert (len(ours.calls), limit.log, limit.open) == (made, ["reserve", "settle"] * made, 0)
    assert limit.closed == 1
    if made < 2:
        assert (answer.status, answer.json["code"]) == (429, "budget_exhausted")
        return
    skipped = {
        "review": ["review_skipped"],
        "changes": ["plan_skipped", "rebuild_skipped"],
        "rebuild": ["rebuild_skipped"],
    }
    assert (answer.status, answer.json["warnings"]) == (200, skipped[step])
    assert answer.json["artifact"]["code"] == BUILT
    assert "rebuild" not in answer.json.get("review", {}), "none was made that could have been discarded"
    assert answer.cost["rebuild"] is None


@pytest.mark.parametrize("step", ["review", "changes", "rebuild"])
def test_the_operator_is_told_of_a_store_that_refuses_us_though_the_artifact_is_given(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = StoreRefused("it does not exist")
    limit = Limit(ends_at=STEPS.index(step) + 1, failure=refused)
    ours = Studio(GOOD, monkeypatch, guard=LimitedGuard(limit))

    answer = ours.ask()

    assert (answer.status, answer.json["artifact"]["code"]) == (200, BUILT)
    assert [line["problem"] for line in answer.named("operator_must_act")] == [refused.problem]


@pytest.fixture
def address(dynamodb_url: str) -> str:
    """The address of an empty table."""
    forget(dynamodb_url)
    return dynamodb_url


def test_what_a_step_set_aside_is_given_back_before_the_next(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the counters of the day stands what was spent, and while a step goes on also what that may cost at most."""
    seen: dict[str, list[int]] = {}

    def reserve(run: Run) -> RequestReserve:
        return RequestReserve(Budget(BudgetRules(Decimal(50), Decimal(5)), table(address)), run)

    def note(step: str) -> Any:
        def reply() -> Any:
            seen[step] = sorted(amounts(address).values())
            return GOOD[step]

        return reply

    ours = Studio({step: note(step) for step in GOOD}, monkeypatch, guard=LimitedGuard(reserve))

    answer = ours.ask()

    spent = [0, *(sum(range(1, count + 1)) * 1_000_000 for count in range(1, 6))]
    assert answer.purposes == ["plan", "build", "review", "plan", "rebuild"]
    for step, before in zip(STEPS, spent, strict=False):
        overall, own = seen[step]
        assert overall == own > before, step
    reserved = {step: seen[step][0] - before for step, before in zip(STEPS, spent, strict=False)}
    assert reserved["plan"] < reserved["review"] < reserved["rebuild"], "each by what it may write at most"
    assert sorted(amounts(address).values()) == [spent[5]] * 2 == [answer.cost["cost_nano_usd"]] * 2
    assert {int(item.get("open", 0)) for item in items(address).values()} == {0}


def test_steps_of_unknown_cost_stay_counted(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that is silent may have worked: the dearest of them is counted until the host's figures are there."""

    def reserve(run: Run) -> RequestReserve:
        return RequestReserve(Budget(BudgetRules(Decimal(50), Decimal(5)), table(address)), run)

    ours = Studio({**GOOD, "plan": LATE, "review": LATE}, monkeypatch, guard=LimitedGuard(reserve))

    answer = ours.ask()

    assert (answer.json["warnings"], answer.cost["cost_source"]) == (["plan_skipped", "review_skipped"], "unknown")
    assert all(amount > answer.cost["cost_nano_usd"] for amount in amounts(address).values())
