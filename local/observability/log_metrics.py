"""Metrics that CloudWatch itself counts: how many lines of one name the functions log."""

from collections.abc import Iterator, Sequence

from local.observability.functions import WatchedFunction
from local.sam_template import Tree
from shared.costs.metrics import NAMESPACE


def metric_name(line: str) -> str:
    """Return the name of the metric that counts a line."""
    return "".join(map(str.capitalize, line.split("_")))


def metric_filters(line: str, functions: Sequence[WatchedFunction]) -> Iterator[tuple[str, Tree]]:
    """Yield a filter for the log of each function, by its logical id; together they make one metric."""
    for each in functions:
        yield f"{metric_name(line)}In{each.logs}", _filter(line, each.logs)


def _filter(line: str, logs: str) -> Tree:
    return {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": {"Ref": logs},
            "FilterPattern": f'{{ $.message = "{line}" }}',
            "MetricTransformations": [
                {
                    "MetricNamespace": NAMESPACE,
                    "MetricName": metric_name(line),
                    "MetricValue": "1",
                    "Unit": "Count",
                    "Dimensions": [{"Key": "service", "Value": "$.service"}],
                }
            ],
        },
    }
