"""What a request's ledger writes."""

from decimal import Decimal
from typing import Any

from shared.costs.ledger import AttemptRecord, Ledger
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource, Usage
from tests.support.runs import cost_line

K2 = "moonshotai/kimi-k2-thinking"


class Page:
    """Keeps the lines that are written."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def write(self, name: str, line: dict[str, Any]) -> None:
        self.lines.append((name, line))

    @property
    def last(self) -> dict[str, Any]:
        return self.lines[-1][1]


def attempt(outcome: str = "ok", cost: Cost = NOTHING, usage: Usage | None = None, **more: Any) -> AttemptRecord:
    return AttemptRecord(K2, K2, outcome, outcome != "ok", cost, usage or Usage(), 2.0, **more)


def test_a_request_that_never_called_the_host_costs_nothing() -> None:
    page = Page()

    page.write("cost", cost_line(Ledger("generate_artifact", "r-1", page.write), "invalid_json", 400)._asdict())

    assert [name for name, _ in page.lines] == ["cost"]
    assert page.last["outcome"] == "invalid_json"
    assert (page.last["attempts"], page.last["cost_usd"], page.last["cost_source"]) == (0, 0, "none")


def test_every_attempt_is_written_before_and_after_and_summed_up() -> None:
    page = Page()
    ledger = Ledger("generate_artifact", "r-1", page.write)
    lost = attempt("upstream_error", UNKNOWN, status=200, generation_id="gen-1")
    good = attempt(
        cost=Cost(Decimal("0.02"), CostSource.REPORTED),
        usage=Usage(10, 20, 5, 4),
        generation_id="gen-2",
        first_token=0.5,
        finish_reason="stop",
        cache_saved_usd=Decimal("0.0000018"),
    )

    for number, done in enumerate([lost, good]):
        ledger.attempt_starts("first", K2, "openrouter")
        ledger.attempt_ended("first", done, waited=float(number))
    page.write("cost", cost_line(ledger)._asdict())

    assert [name for name, _ in page.lines] == ["attempt_started", "attempt", "attempt_started", "attempt", "cost"]
    first, second = page.lines[1][1], page.lines[3][1]
    assert (first["attempt"], first["cost_usd"], first["cost_source"]) == (1, None, "unknown")
    assert (second["attempt"], second["wait_ms"], second["first_token_ms"]) == (2, 1000, 500)
    assert second["cost_nano_usd"] == 20_000_000
    cost = page.last
    assert (cost["attempts"], cost["retries"], cost["upstream_ms"]) == (2, 1, 4000)
    assert (cost["cost_usd"], cost["cost_source"]) == (Decimal("0.02"), "unknown")
    assert cost["generation_ids"] == ["gen-1", "gen-2"]
    assert (cost["input_tokens"], cost["output_tokens"], cost["reasoning_tokens"], cost["cached_tokens"]) == (
        10,
        20,
        5,
        4,
    )
    assert cost["cache_saved_usd"] == Decimal("0.0000018")


def test_what_a_repair_costs_is_on_the_line_and_is_no_retry() -> None:
    page = Page()
    ledger = Ledger("generate_artifact", "r-1", page.write)

    ledger.attempt_ended("first", attempt(cost=Cost(Decimal(1), CostSource.REPORTED)))
    ledger.attempt_ended("repair", attempt(cost=Cost(Decimal(2), CostSource.REPORTED)))
    page.write("cost", cost_line(ledger)._asdict())

    assert (page.last["attempts"], page.last["retries"], page.last["cost_usd"]) == (2, 0, Decimal(3))
