"""What a request's ledger writes."""

from decimal import Decimal
from typing import Any

import pytest

from shared.costs.attempt_lines import Purpose
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


def ledger_of(*attempts: tuple[Purpose, str, str]) -> Ledger:
    """A ledger of these attempts: what for, of which model, and how they ended."""
    ledger = Ledger("generate_artifact", "r-1", Page().write)
    for purpose, model, outcome in attempts:
        record = attempt(outcome, finish_reason=f"by {model}", first_token=1.0, provider=f"P {model}")
        ledger.attempt_ended(purpose, record._replace(model=model, host=f"host of {model}"))
    return ledger


@pytest.mark.parametrize(
    ("attempts", "author"),
    [
        ([], None),
        ([("plan", "p", "ok")], "p"),
        ([("plan", "p", "upstream_error"), ("build", "b", "upstream_error")], "b"),
        ([("plan", "p", "ok"), ("build", "b", "ok"), ("repair", "r", "ok"), ("review", "v", "ok")], "r"),
        ([("build", "b", "ok"), ("review", "v", "ok"), ("plan", "p", "ok"), ("rebuild", "c", "refused")], "c"),
        ([("build", "b", "ok"), ("extended", "e", "ok"), ("review", "v", "ok"), ("plan", "p", "ok")], "e"),
        ([("first", "f", "ok"), ("repair", "r", "refused")], "r"),
        ([("chat", "a", "upstream_error"), ("chat", "b", "ok")], "b"),
    ],
    ids=["none", "advice", "failed", "repaired", "rebuilt", "extended", "direct", "chat"],
)
def test_the_author_is_who_was_asked_last_to_write_it(
    attempts: list[tuple[Purpose, str, str]], author: str | None
) -> None:
    """As long as nobody is noted; one that gave advice only where nobody was asked to write."""
    ledger = ledger_of(*attempts)

    line = cost_line(ledger)

    assert (line.model, line.finish_reason) == (author, author and f"by {author}")
    assert (line.host, line.provider) == (author and f"host of {author}", author and f"P {author}")


@pytest.mark.parametrize("noted", range(4))
def test_the_author_that_is_noted_stays_whoever_is_asked_after_it(noted: int) -> None:
    ledger = ledger_of(("plan", "p", "ok"), ("build", "b", "ok"), ("repair", "r", "ok"), ("rebuild", "c", "ok"))

    ledger.note_author(ledger.attempts[noted])
    ledger.attempt_ended("rebuild", attempt())

    line = cost_line(ledger)
    assert (line.model, line.first_token_ms) == ("pbrc"[noted], 1000)
    assert line.attempts == 5


@pytest.mark.parametrize(
    ("attempts", "retries"),
    [
        ([("plan", "failed"), ("plan", "ok")], 1),
        ([("plan", "failed"), ("build", "ok")], 0),
        ([("build", "ok"), ("review", "failed"), ("plan", "failed"), ("rebuild", "failed")], 0),
        ([("build", "failed"), ("build", "failed"), ("build", "ok"), ("repair", "failed"), ("repair", "ok")], 3),
        ([("build", "ok"), ("repair", "ok"), ("repair", "ok")], 0),
        ([("review", "failed"), ("review", "ok"), ("rebuild", "failed"), ("rebuild", "ok")], 2),
        ([("plan", "failed"), ("build", "ok"), ("plan", "ok")], 0),
    ],
    ids=["plan", "next-step", "steps-that-fail", "two-steps", "repairs", "two-retries", "apart"],
)
def test_a_retry_follows_a_failure_of_the_same_step(attempts: list[tuple[Purpose, str]], retries: int) -> None:
    """The next step would have been asked in any case."""
    ledger = ledger_of(*((purpose, "m", outcome) for purpose, outcome in attempts))

    assert (ledger.retries, cost_line(ledger).retries) == (retries, retries)
