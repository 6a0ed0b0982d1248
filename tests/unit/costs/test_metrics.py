"""The metrics of a request: what the alarms and the dashboard read, in the form that CloudWatch reads."""

from decimal import Decimal
from typing import Any

import pytest

from shared.costs import metrics
from shared.costs.cost_line import CostLine, WorkFacts
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource, Usage
from tests.support.runs import a_ledger, cost_line

K2, K26 = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6"
NOW = 1_800_000_000.5


def reported(usd: str) -> Cost:
    return Cost(Decimal(usd), CostSource.REPORTED)


def attempt(model: str, cost: Cost, *tokens: int, outcome: str = "ok", **more: Any) -> AttemptRecord:
    names = ("input_tokens", "output_tokens", "reasoning_tokens")
    given: dict[str, Any] = dict(zip(names, tokens, strict=False))
    usage = Usage(**given)
    return AttemptRecord(model, f"{model}-20251106", outcome, outcome != "ok", cost, usage, 2.0, **more)


def measured(*attempts: AttemptRecord, outcome: str = "ok", status: int = 200) -> list[dict[str, Any]]:
    ledger = a_ledger()
    for each in attempts:
        ledger.attempt_ended("first", each)
    line = CostLine.of(
        ledger,
        WorkFacts(),
        outcome=outcome,
        status=status,
        caller="jwt:1234",
        requested_model=K2,
        replayed=False,
        seconds=3.5,
    )
    return list(metrics.lines(line, ledger.attempts, lambda: NOW))


def test_a_request_in_figures() -> None:
    failed = attempt(K2, NOTHING, outcome="upstream_overloaded")
    good = attempt(K26, reported("0.0213"), 500, 9000, 7000, first_token=0.75)

    whole, first, second = measured(failed, good)

    (metric,) = [metric for each in whole["_aws"]["CloudWatchMetrics"] for metric in each["Metrics"]
                 if metric["Name"] == "Duration"]  # fmt: skip
    assert metric["Unit"] == "Milliseconds"
    assert {metric["Name"]: metric["Unit"] for metric in first["_aws"]["CloudWatchMetrics"][0]["Metrics"]} == {
        "CostUsd": "None",
        "InputTokens": "Count",
        "OutputTokens": "Count",
        "ReasoningTokens": "Count",
    }
    assert whole.pop("_aws")["Timestamp"] == 1_800_000_000_500
    assert whole == {
        "function": "generate_artifact",
        "outcome": "ok",
        "CostUsd": Decimal("0.0213"),
        "InputTokens": 500,
        "OutputTokens": 9000,
        "ReasoningTokens": 7000,
        "Duration": 3500,
        "TimeToFirstToken": 750,
        "Attempts": 2,
        "Failures": 0,
        "UnknownCosts": 0,
        "Requests": 1,
    }
    assert (first["model"], first["CostUsd"], first["OutputTokens"]) == (K2, 0, 0)
    assert (second["model"], second["CostUsd"], second["OutputTokens"]) == (K26, Decimal("0.0213"), 9000)


def test_the_models_together_are_the_request() -> None:
    whole, *models = measured(attempt(K2, reported("0.1"), 1, 2, 3), attempt(K26, reported("0.2"), 10, 20, 30))

    for name in metrics.OF_MODELS.units:
        assert sum(model[name] for model in models) == whole[name]


def test_what_nobody_knows_is_not_nothing() -> None:
    lost = attempt(K2, UNKNOWN, outcome="upstream_error")

    whole, model = measured(lost, outcome="upstream_error", status=502)
    assert (whole["UnknownCosts"], whole["Failures"]) == (1, 1)
    assert "CostUsd" not in whole.keys() | model.keys()
    assert "TimeToFirstToken" not in whole

    whole, _ = measured(lost, attempt(K2, reported("0.1")))
    assert (whole["UnknownCosts"], whole["CostUsd"]) == (1, Decimal("0.1"))


@pytest.mark.parametrize(("status", "failures"), [(200, 0), (400, 0), (429, 0), (499, 0), (500, 1), (504, 1)])
def test_a_callers_mistake_is_no_failure_of_ours(status: int, failures: int) -> None:
    (whole,) = measured(status=status)

    assert whole["Failures"] == failures
    assert whole["CostUsd"] == 0
    assert "Duration" not in whole, "a host that was not called is not quick"


def test_a_failure_that_is_told_again_is_no_further_one() -> None:
    line = cost_line(a_ledger(), "internal_error", 500)._replace(replayed=True)

    (whole,) = metrics.lines(line, [])

    assert (whole["Failures"], whole["Requests"]) == (0, 1)


def test_every_line_is_one_that_cloudwatch_can_read() -> None:
    """By its specification (2026): dimensions are texts and metrics numbers at the root, in bounded number."""
    for line in measured(attempt(K2, reported("0.1")), attempt(K26, UNKNOWN)):
        line["service"] = "a-stack"  # as every log line has it
        for directive in line["_aws"]["CloudWatchMetrics"]:
            assert directive["Namespace"] == "KimiArtifacts"
            names = [metric["Name"] for metric in directive["Metrics"]]
            assert 0 < len(names) == len(set(names)) <= 100
            assert all(isinstance(line[name], int | Decimal) for name in names)
            assert {metric["Unit"] for metric in directive["Metrics"]} <= {"None", "Count", "Milliseconds"}
            for dimensions in directive["Dimensions"]:
                assert len(dimensions) <= 30
                assert all(isinstance(line[name], str) and 0 < len(line[name]) <= 1024 for name in dimensions)


def test_no_request_and_no_caller_is_a_dimension() -> None:
    """Each combination is billed as a metric of its own."""
    lines = measured(attempt(K2, reported("0.1"), provider="P", generation_id="gen-1"))

    dimensions = {
        name
        for line in lines
        for each in line["_aws"]["CloudWatchMetrics"]
        for names in each["Dimensions"]
        for name in names
    }
    assert dimensions == {"service", "function", "outcome", "model"}
    assert {"model": K2}.items() <= lines[1].items(), "as it is called here, not as the host makes it up"
