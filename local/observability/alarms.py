"""The alarms of alarms.toml, as CloudFormation makes them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.observability.functions import WatchedFunction
from local.observability.log_metrics import metric_name
from local.sam_template import Tree
from shared.costs.metrics import NAMESPACE

_DATA = Path(__file__).parent / "alarms.toml"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """An alarm, as its data file describes it: its metric, expression or line is what it watches."""

    id: str
    name: str
    description: str
    period: int
    periods: int = 1
    above: int | str | None = None
    at_least: int | str | None = None
    statistic: str = "Sum"
    metric: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None
    expression: str | None = None
    metrics: Mapping[str, str] = field(default_factory=dict)
    lambda_metric: str | None = None
    log_line: str | None = None

    def resource(self, functions: Sequence[WatchedFunction]) -> Tree:
        """Return the resource that CloudFormation makes of it."""
        description = " ".join(self.description.split())
        return {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": {"Fn::Sub": f"${{ServiceName}} {self.name}"},
                "AlarmDescription": {"Fn::Sub": description} if "${" in description else description,
                **self._watched(functions),
                **self._threshold(),
                "EvaluationPeriods": self.periods,
                **({"DatapointsToAlarm": 1} if self.periods > 1 else {}),
                "TreatMissingData": "notBreaching",
                "AlarmActions": {"Fn::If": ["HasAlarmEmail", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]},
            },
        }

    def _watched(self, functions: Sequence[WatchedFunction]) -> dict[str, Tree]:
        if metric := metric_name(self.log_line) if self.log_line else self.metric:
            kind = "ExtendedStatistic" if self.statistic.startswith("p") else "Statistic"
            return {**_own(metric, self.dimensions), kind: self.statistic, "Period": self.period}
        if self.lambda_metric:
            parts = {each.name: _lambda(self.lambda_metric, each) for each in functions}
            return self._expression("total", " + ".join(parts), parts)
        return self._expression("share", self.expression, {key: _own(name) for key, name in self.metrics.items()})

    def _expression(self, name: str, expression: str | None, parts: Mapping[str, dict[str, Tree]]) -> dict[str, Tree]:
        metrics: list[Tree] = [
            {"Id": key, "ReturnData": False, "MetricStat": {"Metric": metric, "Stat": "Sum", "Period": self.period}}
            for key, metric in parts.items()
        ]
        return {"Metrics": [{"Id": name, "Label": self.label, "Expression": expression}, *metrics]}

    def _threshold(self) -> dict[str, Tree]:
        comparison = "GreaterThanThreshold" if self.at_least is None else "GreaterThanOrEqualToThreshold"
        value = self.above if self.at_least is None else self.at_least
        return {
            "ComparisonOperator": comparison,
            "Threshold": {"Ref": value} if isinstance(value, str) else value,
        }


def read_alarms() -> list[Alarm]:
    """Return the alarms of the data file, in its order."""
    return [Alarm(**each) for each in tomllib.loads(_DATA.read_text("utf-8"))["alarm"]]


def _own(name: str, dimensions: Mapping[str, str] | None = None) -> dict[str, Tree]:
    named: list[Tree] = [{"Name": key, "Value": value} for key, value in (dimensions or {}).items()]
    service: Tree = {"Name": "service", "Value": {"Ref": "ServiceName"}}
    return {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": [service, *named]}


def _lambda(name: str, function: WatchedFunction) -> dict[str, Tree]:
    dimension: Tree = {"Name": "FunctionName", "Value": {"Ref": function.resource}}
    return {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": [dimension]}
