"""What the operator sees, as it is deployed, and the metrics that the code writes for it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from local.sam_template import Template, words
from shared.costs.metrics import NAMESPACE, OF_ALL, OF_MODELS, OF_OUTCOMES

PATH = Path(__file__).parents[2] / "template.yaml"
NESTED = PATH.with_name("observability.yaml")
STACK, REGION = "local", "us-east-1"  # what the reader of the template calls them
LOGS = ["GenerateArtifactLogs", "GenerateArtifactFixLogs", "ChatCompletionsLogs"]

METRICS = {
    frozenset(dimensions): {name for each in (OF_ALL, OF_OUTCOMES, OF_MODELS) if dimensions in each.dimensions
                            for name in each.units}
    for dimensions in (*OF_ALL.dimensions, *OF_OUTCOMES.dimensions, *OF_MODELS.dimensions)
}  # fmt: skip
"""The metrics that the code writes, by their dimensions."""
VALUES = {
    "service": {STACK},
    "function": {"generate_artifact", "generate_artifact_fix", "chat_completions"},
    "outcome": {"service_misconfigured"},
}
SEARCH = re.compile(
    rf"""SEARCH\('\{{{NAMESPACE},(?P<names>[a-z,]+)\}} service="{STACK}" MetricName="(?P<metric>\w+)"',"""
    r""" 'Sum', \d+\)"""
)


class Metric(NamedTuple):
    namespace: str
    name: str
    dimensions: Mapping[str, str]


def nested(**environment: str) -> Template:
    """The stack of queries, dashboard and alarms, with what the template gives it under these parameters."""
    template = Template.read(PATH, environment)
    stack: Any = template.section("Resources")["Observability"]
    given: Any = template.resolve(stack["Properties"]["Parameters"])
    return Template.read(NESTED, {words(name, "_").upper(): str(value) for name, value in given.items()})


def resources(kind: str, **environment: str) -> dict[str, dict[str, Any]]:
    """The properties of what is deployed of a kind with these parameters, every reference worked out."""
    found = {}
    for template in (Template.read(PATH, environment), nested(**environment)):
        for name, each in template.section("Resources").items():
            assert isinstance(each, dict)
            is_there = "Condition" not in each or template.resolve({"Condition": each["Condition"]})
            if each["Type"] == kind and is_there:
                found[name] = template.resolve(each["Properties"])
    return found  # type: ignore[return-value] # as CloudFormation gets them


def queries() -> dict[str, str]:
    """The saved queries' texts by their names in the stack's folder."""
    saved = resources("AWS::Logs::QueryDefinition").values()
    return {each["Name"].removeprefix(f"{STACK}/"): each["QueryString"] for each in saved}


def filtered() -> dict[str, dict[str, Any]]:
    """The filters that make a metric of log lines, by their logical ids."""
    return resources("AWS::Logs::MetricFilter")


def dashboard() -> dict[str, Any]:
    (board,) = resources("AWS::CloudWatch::Dashboard").values()
    body: dict[str, Any] = json.loads(board["DashboardBody"])
    return body


def widgets(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the dashboard's widgets of a kind, by their titles."""
    found = [each["properties"] for each in dashboard()["widgets"] if each["type"] == kind]
    return {each["title"]: each for each in found}


def metrics_of(widget: dict[str, Any]) -> Iterator[Metric]:
    """The metrics of a widget; what it calculates of them refers to them by their ids and to nothing else."""
    lines = [(line[:-1], line[-1]) if isinstance(line[-1], dict) else (line, {}) for line in widget["metrics"]]
    ids = {options.get("id") for _, options in lines}
    for names, options in lines:
        if names:
            namespace, name, *dimensions = names
            yield Metric(namespace, name, dict(zip(dimensions[::2], dimensions[1::2], strict=True)))
        elif search := SEARCH.fullmatch(options["expression"]):
            found = dict.fromkeys(search["names"].split(","), "")
            yield Metric(NAMESPACE, search["metric"], {**found, "service": STACK})
            label = re.fullmatch(r"\$\{PROP\('Dim\.(\w+)'\)\}", options["label"])
            assert label
            assert label[1] in found
        else:
            assert set(re.findall(r"\b[a-z]\w*", options["expression"])) <= ids - {options["id"]}


def is_written(metric: Metric) -> bool:
    """Whether the metric is one that the code writes, a filter counts, or Lambda itself writes for our functions."""
    counted = {each["MetricTransformations"][0]["MetricName"] for each in filtered().values()}
    if metric.name in counted:
        return (metric.namespace, metric.dimensions) == (NAMESPACE, {"service": STACK})
    if metric.namespace == "AWS/Lambda":
        functions = [{"FunctionName": name} for name in resources("AWS::Serverless::Function")]
        return metric.name in {"Errors", "Throttles"} and metric.dimensions in functions
    known = metric.name in METRICS.get(frozenset(metric.dimensions), set())
    values = all(not value or value in VALUES[name] for name, value in metric.dimensions.items())
    return metric.namespace == NAMESPACE and known and values
