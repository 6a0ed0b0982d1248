"""What calls are paid from: reserved before each, settled after it, and the end where nothing can be reserved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.catalog import built_in
from shared.costs.ledger import Ledger
from shared.costs.usage import Cost, CostSource
from shared.costs.worst_case import Stage
from shared.errors import Failure
from shared.guard.budget import Budget, BudgetRules
from shared.guard.dynamodb import Store
from shared.guard.table import Table
from shared.model_host import Client, Completion, Question
from shared.model_host.errors import Overloaded
from shared.model_host.openrouter import OpenRouterDialect
from shared.model_host.request import ModelRequest
from shared.settings import Settings
from tests.support.runs import a_run

GOOD = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "usage": {"cost": 0.25}}


class EmptyError(Failure):
    pass


@dataclass
class Limit:
    """A limit for so many attempts, which notes what happens to it."""

    calls: int
    reserved: list[tuple[str, int, int]] = field(default_factory=list)
    settled: list[Cost] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    generations: list[str | None] = field(default_factory=list)
    closed: int = 0

    def reserve(self, model: str, prompt_bytes: int, output_tokens: int) -> "Limit":
        if len(self.reserved) == self.calls:
            raise EmptyError
        self.reserved.append((model, prompt_bytes, output_tokens))
        return self

    def settle(self, cost: Cost, stage: Stage = Stage.CONTENT, generation_id: str | None = None) -> None:
        self.settled.append(cost)
        self.stages.append(stage)
        self.generations.append(generation_id)

    def close(self) -> None:
        self.closed += 1


def asked(limit: Limit, *answers: httpx.Response, models: tuple[str, ...] = ("a/b",)) -> tuple[Completion, Ledger]:
    script = list(answers)
    http = httpx.Client(transport=httpx.MockTransport(lambda _: script.pop(0)))
    settings = Settings.model_validate({"openrouter_k2t_key": "k", "models": models, "max_attempts": 2})
    host = Client.of(settings, http=http, sleep=lambda _seconds: None)
    question = Question([{"role": "user", "content": "four"}], extra_output_tokens=8)
    run = a_run(spending=limit)
    return host.complete(question, run), run.ledger


def test_every_call_is_reserved_and_settled() -> None:
    limit = Limit(9)

    asked(limit, httpx.Response(503), httpx.Response(200, json=GOOD))

    assert limit.reserved == [("a/b", 4, 32_008)] * 2
    assert limit.settled == [Cost(Decimal(0), CostSource.NONE), Cost(Decimal("0.25"), CostSource.REPORTED)]


@pytest.mark.parametrize(
    ("settings", "ceiling"),
    [
        ({"models": ("moonshotai/kimi-k2-thinking",)}, {"prompt": 0.6, "completion": 2.5}),
        ({"models": ("some/model",)}, {"prompt": 4.0, "completion": 20.0}),
        ({"models": ("some/model",), "provider_max_price": "1,4.5"}, {"prompt": 1.0, "completion": 4.5}),
    ],
    ids=["listed", "unlisted-is-the-dearest", "set"],
)
def test_no_provider_may_ask_more_than_was_set_aside_for(settings: dict[str, Any], ceiling: dict[str, float]) -> None:
    """What is reserved is worked out from these prices, so a dearer provider must not be picked."""
    guarded = Settings.model_validate({"guard_table": "t"} | settings)
    free = Settings.model_validate({"enable_guard": False} | settings)
    ceiling_price = built_in().ceiling(guarded.models[0])
    request = ModelRequest(guarded.models[0], None, ceiling_price, Question([]), 32_000)
    bodies = [OpenRouterDialect.of(each).body(request) for each in (guarded, free)]
    budget = Budget(BudgetRules(Decimal(50), None, guarded.provider_max_price), Table("t", Store()))
    prices = tuple(Decimal(str(price)) for price in ceiling.values())

    assert bodies[0]["provider"]["max_price"] == ceiling
    assert ("max_price" in bodies[1]["provider"]) is ("provider_max_price" in settings)
    worst = budget.worst_case(built_in(), guarded.models[0], 100, 32_000)
    assert worst.reserve == 200 * 1000 * prices[0] + 32_000 * 1000 * prices[1]


def test_what_an_unknown_cost_is_worth_and_found_by_is_said() -> None:
    limit = Limit(9)
    lost = {"X-Generation-Id": "gen-1"}

    asked(limit, httpx.Response(504, headers=lost), httpx.Response(200, json=GOOD))

    assert limit.stages == [Stage.NO_CONTENT, Stage.CONTENT]
    assert limit.generations == ["gen-1", None]


def test_without_a_reserve_there_is_no_call() -> None:
    limit = Limit(0)

    with pytest.raises(EmptyError):
        asked(limit)

    assert limit.settled == []


@pytest.mark.parametrize("models", [("a/b",), ("a/b", "c/d")])
def test_a_request_ends_with_what_it_has_where_no_further_call_can_be_paid(models: tuple[str, ...]) -> None:
    """The host's failure says more than that the retry could not be paid."""
    limit = Limit(1)

    with pytest.raises(Overloaded):
        asked(limit, httpx.Response(503), models=models)

    assert len(limit.settled) == 1


def stream(*chunks: Mapping[str, object]) -> httpx.Response:
    text = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks)
    return httpx.Response(200, text=text, headers={"content-type": "text/event-stream"})


TEXT = {"choices": [{"delta": {"content": "hi"}}]}
TOOL = {"choices": [{"delta": {"role": "assistant", "content": "", "tool_calls": [{"index": 0}]}}]}
ROLE = {"choices": [{"delta": {"role": "assistant", "content": ""}}]}
USED = {"choices": [], "usage": {"cost": 0, "completion_tokens": 1}}
BROKE = {"error": {"code": 502, "message": "no"}, "choices": [{"delta": {}, "finish_reason": "error"}]}
BILLED = {"usage": {"cost": 0.5}}


@pytest.mark.parametrize(
    ("chunks", "cost"),
    [
        ([TEXT, USED, BROKE], Cost(None, CostSource.UNKNOWN)),
        ([USED, BROKE], Cost(None, CostSource.UNKNOWN)),
        ([TEXT, BROKE | BILLED], Cost(Decimal("0.5"), CostSource.REPORTED)),
        ([TOOL, BROKE], Cost(None, CostSource.UNKNOWN)),
        ([ROLE, BROKE], Cost(Decimal(0), CostSource.NONE)),
    ],
    ids=["said before", "said before any text", "said with the error", "a call of a tool", "only begun"],
)
def test_what_an_answer_costs_that_ends_in_an_error(chunks: list[dict[str, object]], cost: Cost) -> None:
    limit = Limit(9)

    asked(limit, stream(*chunks), httpx.Response(200, json=GOOD))

    assert limit.settled[0] == cost


def test_what_is_said_of_the_cost_before_an_answer_breaks_off_is_not_believed() -> None:
    """The host may go on, and bill what it wrote: the reserve stays booked."""
    limit = Limit(9)
    chunk = {"choices": [{"delta": {"content": "hi"}}], "usage": {"cost": 0, "completion_tokens": 1}}

    asked(limit, stream(chunk), httpx.Response(200, json=GOOD))

    assert limit.settled[0] == Cost(None, CostSource.UNKNOWN)
