"""What reviewed requests cost when their steps fail: every fault in every step, and a hundred mixed requests."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest

from local.standin.examples import examples
from local.standin.faults import FAULTS
from local.standin.flaws import flaw_of
from local.standin.steps import Step
from tests.local.bundle import at, check_bill, generate, lines, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.local.reviewed_requests import SETTINGS, TODO, Made, logged, prompt_for
from tests.support.standin import StandIn, standin

LEFT_OUT = {"never", "silence", "keepalive", "slow-json", "garbage", "trickle", "stall", "ids"}
"""Those of `test_reviewed_deadlines.py`, and the one whose id is another than that in the ledger."""
EVERY = [
    (name, step)
    for name, fault in FAULTS.items()
    for step in fault.steps
    if name not in LEFT_OUT and "openrouter" in fault.hosts and not (fault.needs_edits and step is Step.BUILD)
]
OF_THE_ACCOUNT = {"credit", "forbidden", "key", "quota"}
"""After one of these the host is asked no more, and there is no other."""
FLAWED = flaw_of(TODO).flawed.code


@pytest.fixture(scope="module")
def host() -> Iterator[StandIn]:
    """A host of its own, so that its ledger holds nothing else."""
    with standin() as running:
        yield running


@pytest.fixture(scope="module")
def every(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, Step], Made]]:
    """What comes of each fault that ends, in each step that it can happen in."""

    def ask(running: Emulator, where: tuple[str, Step]) -> httpx.Response:
        name, step = where
        return generate(running, prompt_for(TODO, f"{name} step={step}"), artifactType="react", workflow="reviewed")

    host.forget()
    with running_bundle(tmp_path_factory.mktemp("run"), **at(host), **SETTINGS) as running:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda where: ask(running, where), EVERY))
        wait_for(lambda: sum(line["message"] == "cost" for line in lines(running)) >= len(EVERY))
        written, calls = [line for line in lines(running) if "request_id" in line], host.ledger()["calls"]
        yield {where: logged(answer, written, calls) for where, answer in zip(EVERY, answers, strict=True)}


def of(every: dict[tuple[str, Step], Made], step: Step) -> dict[str, Made]:
    """What comes of the faults in one step, by their names."""
    return {name: it for (name, where), it in every.items() if where is step}


def warned(it: Made, warning: str) -> bool:
    return warning in it.body["warnings"]


def test_every_fault_has_happened(every: dict[tuple[str, Step], Made], host: StandIn) -> None:
    assert {row["fault"] for row in host.ledger()["calls"]} - {None} == {name for name, _ in every}
    assert {step for _, step in every} == set(Step)


def test_a_fault_in_the_plan_leaves_it_out_or_does_no_harm(every: dict[tuple[str, Step], Made]) -> None:
    """But where the account or the key is at fault, which no step can do without."""
    found = of(every, Step.PLAN)
    failed = {name for name, it in found.items() if not it.body["success"]}
    given = {name: it for name, it in found.items() if it.body["success"]}

    assert failed == OF_THE_ACCOUNT
    assert all(warned(it, "plan_skipped") == ("plan" not in it.body) for it in given.values())
    assert {it.code for it in given.values()} == {TODO.code}
    assert {it.review["verdict"] for it in given.values() if "plan" not in it.body} == {"approved"}
    assert {it.review["rebuild"] for it in given.values() if "plan" in it.body} == {"kept"}
    assert len({"plan" in it.body for it in given.values()}) == 2


def test_a_fault_in_the_build_is_an_answer_or_a_failure(every: dict[tuple[str, Step], Made]) -> None:
    found = of(every, Step.BUILD)

    assert {it.status for it in found.values()} <= {200, 400, 422, 429, 500, 502, 503, 504}
    assert all((it.status == 200) == it.body["success"] for it in found.values())
    assert all(it.body["code"] for it in found.values() if not it.body["success"])
    assert not [name for name, it in found.items() if not it.body["success"] and "review" in it.steps]
    assert len({it.body["success"] for it in found.values()}) == 2


def test_a_fault_in_the_review_leaves_what_was_built(every: dict[tuple[str, Step], Made]) -> None:
    found = of(every, Step.REVIEW)

    assert {it.status for it in found.values()} == {200}
    assert all(warned(it, "review_skipped") == ("review" not in it.body) for it in found.values())
    assert {it.code for it in found.values() if "review" not in it.body} == {FLAWED}
    assert {name for name, it in found.items() if "review" in it.body and it.code == FLAWED} == {"review-misses"}


def test_a_fault_in_the_changes_leaves_the_rebuild_to_the_findings(every: dict[tuple[str, Step], Made]) -> None:
    """But where the host cannot be asked any more."""
    found = of(every, Step.CHANGES)

    assert {it.status for it in found.values()} == {200}
    assert all(warned(it, "plan_skipped") == ("changes" not in it.review) for it in found.values())
    assert {name for name, it in found.items() if it.code != TODO.code} == OF_THE_ACCOUNT
    assert {it.code for it in found.values()} == {TODO.code, FLAWED}


def test_a_fault_in_the_rebuild_leaves_what_was_built(every: dict[tuple[str, Step], Made]) -> None:
    """Where the rebuild is kept, the flaw is gone."""
    found = of(every, Step.REBUILD)

    assert {it.status for it in found.values()} == {200}
    assert all(warned(it, "rebuild_skipped") == (it.review["rebuild"] == "discarded") for it in found.values())
    assert {it.code for it in found.values() if it.review["rebuild"] == "discarded"} == {FLAWED}
    assert not [it for it in found.values() if it.review["rebuild"] == "kept" and flaw_of(TODO).is_in(it.code)]
    assert {it.review["rebuild"] for it in found.values()} == {"kept", "discarded"}


# A hundred mixed requests.

REQUESTS = 100
ANYWHERE = ["status code=503 hint=0 times=1", "cut times=1", "no-usage", "no-cost", "prose", "truncated", "length"]
BY_STEP = {
    "plan": ["json-shape", "json-endless", "json-code", "refusal", "reset times=1", "mid-error", "context"],
    "build": ["invalid times=1", "invalid", "elided times=1", "mid-error times=1", "reset times=1", "policy", "credit"],
    "review": ["review-severity", "review-invents", "review-approves", "json-fenced", "mid-usage-reset", "cut", "free"],
    "changes": ["json-shape form=names", "error-200", "choice-error", "empty", "byok"],
    "rebuild": ["rebuild-guts", "rebuild-same", "invalid", "reset", "rate-limit retry_after=3600", "refusal"],
}


def mixed(dice: random.Random, number: int) -> dict[str, Any]:
    """A request: direct or reviewed, new or a change, of any kind, with a fault in some of its steps."""
    artifact = dice.choice(examples()).artifact
    steps = dice.sample([*BY_STEP], dice.choice([0, 0, 1, 1, 2, 3]))
    directives = [f"{dice.choice([*ANYWHERE, *BY_STEP[step]])} step={step}" for step in steps]
    order = {"prompt": f"{prompt_for(artifact, *directives)} (number {number})", "artifactType": artifact.kind}
    if number % 4:
        order["workflow"] = "reviewed"
    return order | ({"content": artifact.code} if number % 5 == 0 else {})


@dataclass(frozen=True)
class Books:
    """The answers to all requests, what was logged, and the ledger."""

    orders: list[dict[str, Any]]
    answers: list[httpx.Response]
    written: list[dict[str, Any]]
    ledger: dict[str, Any]

    def of(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.written if line["message"] == message]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    dice = random.Random(22)  # noqa: S311 - no secret
    orders = [mixed(dice, number) for number in range(REQUESTS)]
    with standin() as own, running_bundle(tmp_path_factory.mktemp("run"), **at(own), **SETTINGS) as running:
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda order: running.call(order, "generate-artifact"), orders))
        wait_for(lambda: sum(line["message"] == "cost" for line in lines(running)) >= REQUESTS)
        return Books(orders, answers, lines(running), own.ledger())


def test_all_that_can_happen_has_happened(books: Books) -> None:
    """Directly made and reviewed, changed and new; every step has failed, and every step has gone well."""
    outcomes = defaultdict(set)
    for line in books.of("attempt"):
        outcomes[line["purpose"]].add(line["outcome"] == "ok")
    costs = books.of("cost")

    assert Counter(cost["workflow"] for cost in costs) == {"direct": 25, "reviewed": 75}
    assert all(outcomes[purpose] == {True, False} for purpose in ("plan", "build", "review", "rebuild"))
    assert {cost["rebuild"] for cost in costs} == {"kept", "discarded", None}
    assert {cost["applied"] for cost in costs} == {"edits", "rewrite", None}
    assert {cost["cost_source"] for cost in costs} >= {"reported", "unknown"}


def test_every_request_has_an_answer_and_one_cost_line(books: Books) -> None:
    """Which says what the answer says."""
    answers = {answer.json()["requestId"]: answer for answer in books.answers}
    costs = books.of("cost")

    assert len(answers) == REQUESTS
    assert Counter(cost["request_id"] for cost in costs) == dict.fromkeys(answers, 1)
    for cost in costs:
        answer = answers[cost["request_id"]]
        body = answer.json()
        assert (cost["status"], cost["outcome"]) == (answer.status_code, body.get("code", "ok"))
        assert (answer.status_code == 200) == body["success"]
        assert cost["attempts"] == body.get("attempts", 0)


def test_the_steps_add_up_to_the_cost_line_and_to_the_ledger(books: Books) -> None:
    """To the nano-dollar, but for attempts of unknown cost, which are told apart."""
    check_bill(books.written, books.ledger)
    answers = {answer.json()["requestId"]: answer.json() for answer in books.answers}
    made = defaultdict(list)
    for line in books.of("attempt"):
        made[line["request_id"]].append(line)
    for cost in books.of("cost"):
        amounts = [line["cost_nano_usd"] for line in made[cost["request_id"]] if line["cost_nano_usd"] is not None]
        total = sum(amounts) if amounts else None
        assert cost["cost_nano_usd"] == nano(cost["cost_usd"]) == total
        assert nano(answers[cost["request_id"]]["costUsd"]) == total
        assert cost["attempts"] == len(made[cost["request_id"]])


def nano(usd: float | None) -> Decimal | None:
    """Return an amount in nano-dollars, to the last digit of what was written."""
    return None if usd is None else Decimal(str(usd)) * 10**9
