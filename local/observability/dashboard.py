"""The dashboard: the state of the alarms, the widgets of dashboard.toml, and the saved queries' tables."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.costs.queries import SavedQuery
from local.observability.functions import WatchedFunction
from local.sam_template import Tree
from shared.costs.metrics import NAMESPACE

_DATA = Path(__file__).parent / "dashboard.toml"
_COLUMNS = 24
_HEIGHT = 6
_ALARMS_HEIGHT = 3
_SERVICE = ("service", "${ServiceName}")


@dataclass(frozen=True, kw_only=True)
class Widget:
    """A widget of metrics, as the data file describes it."""

    title: str
    metrics: Sequence[Mapping[str, Any]]
    width: int = 8
    view: str = "timeSeries"
    stacked: bool = False
    statistic: str = "Sum"
    period: int = 3600
    axis: str | None = None
    annotations: Mapping[str, int | str] = field(default_factory=dict)

    def properties(self, functions: Sequence[WatchedFunction]) -> dict[str, Any]:
        """Return what CloudWatch wants to know of it."""
        properties: dict[str, Any] = {"view": self.view}
        if self.view == "timeSeries":
            properties["stacked"] = self.stacked
        properties |= {"stat": self.statistic, "period": self.period}
        properties["metrics"] = [row for each in self.metrics for row in _rows(each, functions)]
        if self.axis:
            properties["yAxis"] = {"left": {"min": 0, "label": self.axis, "showUnits": False}}
        if self.annotations:
            lines = [{"label": label, "value": _number(value)} for label, value in self.annotations.items()]
            properties["annotations"] = {"horizontal": lines}
        return properties


def read_widgets() -> list[Widget]:
    """Return the widgets of the data file, in its order."""
    return [Widget(**each) for each in tomllib.loads(_DATA.read_text("utf-8"))["widget"]]


def dashboard(alarms: Sequence[str], queries: Sequence[SavedQuery], functions: Sequence[WatchedFunction]) -> Tree:
    """Return the dashboard with these alarms (logical ids) and with the queries that have a width."""
    metrics = [("metric", each.title, each.width, each.properties(functions)) for each in read_widgets()]
    tables = [("log", each.name, each.width, _table(each, functions)) for each in queries if each.width]
    return {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {
            # The region is in its name because dashboards have one name for all regions.
            "DashboardName": {"Fn::Sub": "${ServiceName}-${AWS::Region}"},
            "DashboardBody": {"Fn::Sub": _body(_states(alarms), *_placed(metrics + tables))},
        },
    }


def _states(alarms: Sequence[str]) -> dict[str, Any]:
    properties = {"title": "Alarms", "alarms": [f"${{{name}.Arn}}" for name in alarms]}
    return {"type": "alarm", "x": 0, "y": 0, "width": _COLUMNS, "height": _ALARMS_HEIGHT, "properties": properties}


def _body(*widgets: dict[str, Any]) -> str:
    """Return the body as JSON with a widget a line, in which parameters are still to be put."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in widgets)
    # A parameter that stands for a number is a text only until its value is put in.
    lines = re.sub(r'("value": )"(\$\{\w+\})"', r"\1\2", lines)
    return f'{{"start": "-P7D", "periodOverride": "inherit", "widgets": [\n{lines}\n]}}\n'


def _placed(widgets: Sequence[tuple[str, str, int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield the widgets from left to right, each row as wide as the dashboard."""
    x, y = 0, _ALARMS_HEIGHT
    for kind, title, width, properties in widgets:
        if x + width > _COLUMNS:
            x, y = 0, y + _HEIGHT
        named = {"title": title, "region": "${AWS::Region}", **properties}
        yield {"type": kind, "x": x, "y": y, "width": width, "height": _HEIGHT, "properties": named}
        x += width


def _table(query: SavedQuery, functions: Sequence[WatchedFunction]) -> dict[str, Any]:
    """Return the table of a query, whose text is repeated because a dashboard cannot refer to a saved query."""
    sources = [f"SOURCE '${{{each.logs}}}'" for each in functions]
    return {"view": "table", "query": " | ".join([*sources, " ".join(query.text.split())])}


def _rows(metric: Mapping[str, Any], functions: Sequence[WatchedFunction]) -> Iterator[list[Any]]:
    options = {key: value for key, value in metric.items() if key not in {"metric", "by_function", "lambda_metric"}}
    if "lambda_metric" in metric:
        for each in functions:
            label = {"label": f"{each.name} {metric['label']}"}
            yield ["AWS/Lambda", metric["lambda_metric"], "FunctionName", f"${{{each.resource}}}", options | label]
    elif metric.get("by_function"):
        for each in functions:
            yield [NAMESPACE, metric["metric"], *_SERVICE, "function", each.name, {"label": each.name}]
    else:
        yield [NAMESPACE, metric["metric"], *_SERVICE, options] if "metric" in metric else [options]


def _number(value: int | str) -> int | str:
    return f"${{{value}}}" if isinstance(value, str) else value
