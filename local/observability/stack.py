"""The nested stack as a template: what it is given, and what it makes of the data files."""

from pathlib import Path

from local.costs.queries import SavedQuery, saved_queries
from local.observability.alarms import read_alarms
from local.observability.dashboard import dashboard
from local.observability.functions import WatchedFunction, watched_functions
from local.observability.log_metrics import metric_filters
from local.sam_template import Tree

_DASHBOARDS = "https://console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}#dashboards/dashboard"


def stack(template: Path) -> dict[str, Tree]:
    """Return the stack that watches the functions of a template."""
    functions, queries, alarms = watched_functions(template), saved_queries(), read_alarms()
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Saved queries, dashboard and alarms of Kimi Artifacts: the nested stack of template.yaml.",
        "Parameters": _parameters(functions),
        "Conditions": {"HasAlarmEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}},
        "Resources": {
            **{_id(each.name): _query(each, functions) for each in queries},
            "Dashboard": dashboard([each.id for each in alarms], queries, functions),
            **_TOPIC,
            **{each.id: each.resource(functions) for each in alarms},
            **{
                name: made
                for each in alarms
                if each.log_line
                for name, made in metric_filters(each.log_line, functions)
            },
        },
        "Outputs": {
            "DashboardUrl": {
                "Description": "What is spent, and how requests fare.",
                "Value": {"Fn::Sub": f"{_DASHBOARDS}/${{Dashboard}}"},
            }
        },
    }


def _parameters(functions: list[WatchedFunction]) -> dict[str, Tree]:
    given = {
        "ServiceName": ("String", "Name of the stack that this one is nested in: what metrics and log lines call it."),
        "AlarmEmail": ("String", "Where alarms are sent. Empty sends none."),
        "DailyCostWarningUsd": ("Number", "Spending in 24 hours that gives a warning, in USD."),
        "DailyCostAlarmUsd": ("Number", "Spending in 24 hours that gives an alarm, in USD."),
    }
    for each in functions:
        given[each.resource] = ("String", f"Name of the function {each.name}.")
        given[each.logs] = ("String", f"Name of the log group of {each.name}.")
    return {name: {"Type": kind, "Description": about} for name, (kind, about) in given.items()}


# The topic is not encrypted with AWS's own key, which would keep CloudWatch out.
_TOPIC: dict[str, Tree] = {
    "AlarmTopic": {
        "Type": "AWS::SNS::Topic",
        "Condition": "HasAlarmEmail",
        "Properties": {"DisplayName": {"Ref": "ServiceName"}},
    },
    "AlarmSubscription": {
        "Type": "AWS::SNS::Subscription",
        "Condition": "HasAlarmEmail",
        "Properties": {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}},
    },
}


def _id(name: str) -> str:
    return "".join(map(str.capitalize, name.split())) + "Query"


def _query(query: SavedQuery, functions: list[WatchedFunction]) -> Tree:
    declared: list[Tree] = [{"Name": name, "Description": about} for name, about in query.parameters.items()]
    return {
        "Type": "AWS::Logs::QueryDefinition",
        "Properties": {
            "Name": {"Fn::Sub": f"${{ServiceName}}/{query.name}"},
            "LogGroupNames": [{"Ref": each.logs} for each in functions],
            **({"Parameters": declared} if declared else {}),
            "QueryString": query.text,
        },
    }
