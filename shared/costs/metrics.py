"""The CloudWatch metrics of a request, as log lines from which CloudWatch extracts them (embedded metric format).

No API is called. Each combination of dimensions is billed as a metric of its own, so no request id, caller or name
that the host chooses is a dimension.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from shared.costs.cost_line import CostLine
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import CostSource

NAMESPACE = "KimiArtifacts"


class MetricSet(NamedTuple):
    """Metrics with their units, written together for each of some combinations of dimensions.

    `service` is a dimension of all; every log line has it as a field.
    """

    units: Mapping[str, str]
    dimensions: tuple[tuple[str, ...], ...]


_AMOUNTS = {"CostUsd": "None", "InputTokens": "Count", "OutputTokens": "Count", "ReasoningTokens": "Count"}
OF_ALL = MetricSet(
    _AMOUNTS
    | {
        "Duration": "Milliseconds",
        "TimeToFirstToken": "Milliseconds",
        "Attempts": "Count",
        "Failures": "Count",
        "UnknownCosts": "Count",
    },
    (("service",), ("service", "function")),
)
"""`Failures` are answers with a status of 500 or more, but for replays; `UnknownCosts` attempts of unknown cost."""
OF_OUTCOMES = MetricSet({"Requests": "Count"}, (("service",), ("service", "outcome")))
OF_MODELS = MetricSet(_AMOUNTS, (("service", "model"),))

_MIN_FAILURE_STATUS = 500


def lines(
    cost: CostLine, attempts: Sequence[AttemptRecord], now: Callable[[], float] = time.time
) -> Iterator[dict[str, Any]]:
    """Yield the fields of the lines with a request's metrics: one for the request, and one for each model called."""
    moment = int(now() * 1000)
    values = _amounts(attempts) | {
        # Requests that are refused at once would hide the slow ones.
        "Duration": cost.duration_ms if attempts else None,
        "TimeToFirstToken": cost.first_token_ms,
        "Attempts": cost.attempts,
        "Failures": int(cost.status >= _MIN_FAILURE_STATUS and not cost.replayed),
        "UnknownCosts": sum(attempt.cost.source is CostSource.UNKNOWN for attempt in attempts),
        "Requests": 1,
    }
    names = {"function": cost.function, "outcome": cost.outcome}
    yield _line((OF_ALL, OF_OUTCOMES), names, values, moment)
    for model in dict.fromkeys(attempt.requested_model for attempt in attempts):
        own = [attempt for attempt in attempts if attempt.requested_model == model]
        yield _line((OF_MODELS,), {"model": model}, _amounts(own), moment)


def _amounts(attempts: Sequence[AttemptRecord]) -> dict[str, Any]:
    costs = [attempt.cost.usd for attempt in attempts if attempt.cost.usd is not None]
    return {
        # An unknown cost is left out, not counted as 0.
        "CostUsd": sum(costs, Decimal(0)) if costs or not attempts else None,
        "InputTokens": sum(attempt.usage.input_tokens or 0 for attempt in attempts),
        "OutputTokens": sum(attempt.usage.output_tokens or 0 for attempt in attempts),
        "ReasoningTokens": sum(attempt.usage.reasoning_tokens or 0 for attempt in attempts),
    }


def _line(
    sets: tuple[MetricSet, ...], names: Mapping[str, str], values: Mapping[str, Any], moment: int
) -> dict[str, Any]:
    known = {name: value for name, value in values.items() if value is not None}
    directives = [
        {
            "Namespace": NAMESPACE,
            "Dimensions": each.dimensions,
            "Metrics": [{"Name": name, "Unit": unit} for name, unit in each.units.items() if name in known],
        }
        for each in sets
    ]
    return {**names, **known, "_aws": {"Timestamp": moment, "CloudWatchMetrics": directives}}
