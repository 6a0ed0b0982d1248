"""What calls are paid from: reserved before each, settled after it, and the end where nothing can be reserved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import httpx
import pytest

from shared.catalog import built_in
from shared.costs.ledger import Ledger
from shared.costs.usage import Cost, CostSource
from shared.costs.worst_case import Stage, WorstCase
from shared.errors import Failure
from shared.model_host import Client, Completion, Question
from shared.model_host.errors import Overloaded
from shared.model_host.openrouter import OpenRouterDialect
from shared.model_host.request import ModelRequest
from shared.settings import Settings
from tests.support.runs import a_run

KEYS = {"openrouter_k2t_key": "k", "moonshot_key": "k"}
GOOD = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "usage": {"cost": 0.25}}


class EmptyError(Failure):
    pass


@dataclass
class Limit:
    """A limit for so many attempts, which notes what happens to it."""

    calls: int
    reserved: list[WorstCase] = field(default_factory=list)
    settled: list[Cost] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    generations: list[str | None] = field(default_factory=list)
    closed: int = 0

    def reserve(self, worst: WorstCase) -> "Limit":
        if len(self.reserved) == self.calls:
            raise EmptyError
        self.reserved.append(worst)
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
    settings = Settings.model_validate(KEYS | {"models": models, "max_attempts": 2})
    host = Client.of(settings, http=http, sleep=lambda _seconds: None)
    question = Question([{"role": "user", "content": "four"}], extra_output_tokens=8)
    run = a_run(spending=limit)
    return host.complete(question, run), run.ledger


def test_every_call_is_reserved_and_settled() -> None:
    limit = Limit(9)

    asked(limit, httpx.Response(503), httpx.Response(200, json=GOOD))

    unlisted = built_in()
    worst = WorstCase.of(unlisted.ceiling("a/b"), unlisted.tokens_per_second("a/b"), SIZE, 32_008)
    assert limit.reserved == [worst] * 2
    assert limit.settled == [Cost(Decimal(0), CostSource.NONE), Cost(Decimal("0.25"), CostSource.REPORTED)]


SIZE = len("four") + 16
"""Of a message with this text, and what is around it."""
K2, MOONSHOT = "moonshotai/kimi-k2-thinking", "moonshot/kimi-k2.6"


@pytest.mark.parametrize(
    ("model", "limit", "prompt", "output"),
    [
        (K2, None, "0.6", "2.5"),
        (f"{K2}-20251106", None, "0.6", "2.5"),
        ("some/model", None, "4", "20"),
        ("some/model", "1,4.5", "1", "4.5"),
        (K2, "0.1,1", "0.1", "1"),
        (MOONSHOT, None, "0.95", "4"),
        (MOONSHOT, "0.1,1", "0.95", "4"),
    ],
    ids=["listed", "dated", "unlisted-is-the-dearest", "set", "set-below-the-list", "elsewhere", "set-is-openrouters"],
)
def test_the_reserve_is_by_the_highest_price_of_the_model_that_is_asked(
    model: str, limit: str | None, prompt: str, output: str
) -> None:
    """At OpenRouter no provider may ask for more; elsewhere it is the list price, whatever is set for its providers."""
    guarded = Settings.model_validate(KEYS | {"guard_table": "t", "models": (model,), "provider_max_price": limit})
    spending, bodies = Limit(9), []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.read()))
        return httpx.Response(200, json=GOOD)

    client = Client.of(guarded, http=httpx.Client(transport=httpx.MockTransport(answer)))
    client.complete(Question([{"role": "user", "content": "four"}]), a_run(spending=spending))

    prices = Decimal(prompt), Decimal(output)
    (worst,), (body,) = spending.reserved, bodies
    assert worst.reserve == (SIZE + 100) * 1000 * prices[0] + 32_000 * 1000 * prices[1]
    sent = body.get("provider", {}).get("max_price")
    assert sent == (None if model == MOONSHOT else {"prompt": float(prompt), "completion": float(output)})


def test_each_model_is_reserved_for_at_its_own_price_and_for_what_it_can_write() -> None:
    limit, models = Limit(9), ("moonshotai/kimi-k2.5", MOONSHOT)

    asked(limit, httpx.Response(402), httpx.Response(200, json=GOOD), models=models)

    known = built_in()
    prices = [(Decimal("0.41"), Decimal("2.06")), (Decimal("0.95"), Decimal(4))]
    assert limit.reserved == [
        WorstCase.of(price, known.tokens_per_second(model), SIZE, most)
        for price, model, most in zip(prices, models, (4096, 32_008), strict=True)
    ]


def test_without_a_guard_only_a_price_that_is_set_is_sent() -> None:
    request = ModelRequest("some/model", None, built_in().ceiling("some/model"), Question([]), 32_000)
    free, priced = (
        OpenRouterDialect.of(Settings.model_validate({"enable_guard": False, "provider_max_price": limit}))
        for limit in (None, "1,4.5")
    )

    assert "max_price" not in free.body(request)["provider"]
    assert "max_price" in priced.body(request)["provider"]


@pytest.mark.parametrize(("model", "kept"), [(K2, "gen-1"), (MOONSHOT, None)])
def test_an_id_is_kept_where_the_host_can_be_asked_for_it(model: str, kept: str | None) -> None:
    """What is counted for an unknown cost is replaced by the figure of the host that has it, and of no other."""
    limit = Limit(9)

    asked(
        limit,
        httpx.Response(504, headers={"X-Generation-Id": "gen-1"}),
        httpx.Response(200, json=GOOD),
        models=(model,),
    )

    assert limit.generations[0] == kept


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
