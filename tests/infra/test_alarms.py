"""The alarms: each watches what the code writes, says what to do, and is sent where an address is given."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local.sam_template import Template
from shared.logs import Logs
from tests.infra.observed import LOGS, PATH, STACK, Metric, filtered, is_written, queries, resources
from tests.support.logged import logged_to

ALARMS = list(resources("AWS::CloudWatch::Alarm"))


def watched(alarm: dict[str, Any]) -> Iterator[tuple[Metric, int]]:
    """The metrics that an alarm looks at, with their periods."""
    parts = [each["MetricStat"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    for part in parts or [{"Metric": alarm, "Period": alarm["Period"]}]:
        metric = part["Metric"]
        dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
        yield Metric(metric["Namespace"], metric["MetricName"], dimensions), int(part["Period"])


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_the_code_writes(name: str) -> None:
    alarm = resources("AWS::CloudWatch::Alarm")[name]

    for metric, period in watched(alarm):
        assert is_written(metric)
        longest = 86_400 if period < 3_600 else 604_800  # CloudWatch refuses to look further back
        assert period * int(alarm["EvaluationPeriods"]) <= longest
    ids = {each["Id"] for each in alarm.get("Metrics", [])}
    results = [each for each in alarm.get("Metrics", []) if each.get("ReturnData", True)]
    assert len(results) == (1 if ids else 0)
    assert all(set(re.findall(r"\b[a-z]\w*", each["Expression"])) <= ids for each in results)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_rests_without_data_and_says_what_to_do(name: str) -> None:
    alarm = resources("AWS::CloudWatch::Alarm")[name]

    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmName"].startswith(f"{STACK} ")
    asked = re.findall(rf"{STACK}/([A-Z][a-z ]+[a-z])", alarm["AlarmDescription"])
    assert set(asked) <= set(queries())
    assert asked or re.search(r"operator_must_act|ReservedConcurrency", alarm["AlarmDescription"])
    assert len(alarm["AlarmDescription"]) <= 1024


@pytest.mark.parametrize(
    ("name", "metric", "dimensions", "period", "statistic", "comparison", "threshold"),
    [
        ("DailyCostWarning", "CostUsd", {}, 86_400, "Sum", "GreaterThanThreshold", 10),
        ("DailyCostAlarm", "CostUsd", {}, 86_400, "Sum", "GreaterThanThreshold", 50),
        ("UnknownCostAlarm", "UnknownCosts", {}, 3_600, "Sum", "GreaterThanOrEqualToThreshold", 1),
        (
            "MisconfiguredAlarm", "Requests", {"outcome": "service_misconfigured"}, 300, "Sum",
            "GreaterThanOrEqualToThreshold", 1,
        ),
        ("OperatorMustActAlarm", "OperatorMustAct", {}, 3_600, "Sum", "GreaterThanOrEqualToThreshold", 1),
        ("SlowAlarm", "Duration", {}, 900, "p99", "GreaterThanThreshold", 720_000),
    ],
)  # fmt: skip
def test_an_alarm_of_one_metric(
    name: str,
    metric: str,
    dimensions: dict[str, str],
    period: int,
    statistic: str,
    comparison: str,
    threshold: int,
) -> None:
    alarm = resources("AWS::CloudWatch::Alarm")[name]

    assert list(watched(alarm)) == [(Metric("KimiArtifacts", metric, {"service": STACK, **dimensions}), period)]
    assert alarm.get("Statistic", alarm.get("ExtendedStatistic")) == statistic
    assert (alarm["ComparisonOperator"], float(alarm["Threshold"])) == (comparison, threshold)


@pytest.mark.parametrize(
    ("name", "expression", "metrics", "period", "comparison", "threshold"),
    [
        (
            "FailureShareAlarm", "IF(requests >= 5, 100 * failures / requests, 0)",
            {"failures": "Failures", "requests": "Requests"}, 900, "GreaterThanThreshold", 10,
        ),
        (
            "ThrottledAlarm", "generate_artifact + generate_artifact_fix + chat_completions",
            dict.fromkeys(("generate_artifact", "generate_artifact_fix", "chat_completions"), "Throttles"), 300,
            "GreaterThanOrEqualToThreshold", 1,
        ),
        (
            "KilledAlarm", "generate_artifact + generate_artifact_fix + chat_completions",
            dict.fromkeys(("generate_artifact", "generate_artifact_fix", "chat_completions"), "Errors"), 300,
            "GreaterThanOrEqualToThreshold", 1,
        ),
    ],
)  # fmt: skip
def test_an_alarm_of_several_metrics(
    name: str, expression: str, metrics: dict[str, str], period: int, comparison: str, threshold: int
) -> None:
    """Where one of them has no value, CloudWatch takes it for 0: a function that nobody calls hides nothing."""
    alarm = resources("AWS::CloudWatch::Alarm")[name]
    result, *parts = alarm["Metrics"]

    assert result["Expression"] == expression
    assert {each["Id"]: each["MetricStat"]["Metric"]["MetricName"] for each in parts} == metrics
    assert all((each["MetricStat"]["Stat"], each["MetricStat"]["Period"]) == ("Sum", period) for each in parts)
    assert len(set(map(str, watched(alarm)))) == len(metrics)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == (comparison, threshold)


def test_what_the_operator_must_mend_is_counted_in_the_log_of_each_function() -> None:
    """By one metric: a name of its own, no default, which excludes dimensions, and `service` from the line."""
    filters = filtered().values()
    written = io.StringIO()
    logs = Logs(STACK)
    with logged_to(logs, written):
        logs.operator_must_act("r-1", "there is no credit")
    line = json.loads(written.getvalue())

    assert sorted(each["LogGroupName"] for each in filters) == sorted(LOGS)
    (pattern,) = {each["FilterPattern"] for each in filters}
    assert pattern == f'{{ $.message = "{line["message"]}" }}'
    metric = {"MetricNamespace": "KimiArtifacts", "MetricName": "OperatorMustAct", "MetricValue": "1", "Unit": "Count",
              "Dimensions": [{"Key": "service", "Value": "$.service"}]}  # fmt: skip
    assert all(each["MetricTransformations"] == [metric] for each in filters)
    assert line["service"] == STACK


def test_a_killed_request_is_found_though_its_metric_comes_late() -> None:
    """Lambda dates an error back to the beginning of its request, which may be the whole time-out ago."""
    alarm = resources("AWS::CloudWatch::Alarm")["KilledAlarm"]
    functions: Any = Template.read(PATH, {}).section("Globals")["Function"]

    (period,) = {period for _, period in watched(alarm)}
    assert alarm["DatapointsToAlarm"] == 1
    assert alarm["EvaluationPeriods"] * period >= functions["Timeout"] + 600


def test_slow_is_four_fifths_of_the_time_that_there_is() -> None:
    functions: Any = Template.read(PATH, {}).section("Globals")["Function"]

    threshold = resources("AWS::CloudWatch::Alarm")["SlowAlarm"]["Threshold"]
    assert threshold == functions["Timeout"] * 1000 * 4 / 5


def test_the_thresholds_of_the_cost_are_parameters() -> None:
    given = {"DAILY_COST_WARNING_USD": "1.5", "DAILY_COST_ALARM_USD": "3"}

    alarms = resources("AWS::CloudWatch::Alarm", **given)
    (board,) = resources("AWS::CloudWatch::Dashboard", **given).values()
    assert (alarms["DailyCostWarning"]["Threshold"], alarms["DailyCostAlarm"]["Threshold"]) == ("1.5", "3")
    assert '"value": 1.5}' in board["DashboardBody"]
    assert '"value": 3}' in board["DashboardBody"]


def test_alarms_are_sent_where_an_address_is_given_and_nowhere_else() -> None:
    sent = {"ALARM_EMAIL": "operator@example.com"}

    assert not resources("AWS::SNS::Topic")
    assert not resources("AWS::SNS::Subscription")
    assert all("AlarmActions" not in each for each in resources("AWS::CloudWatch::Alarm").values())
    assert list(resources("AWS::SNS::Topic", **sent)) == ["AlarmTopic"]
    (subscription,) = resources("AWS::SNS::Subscription", **sent).values()
    assert subscription == {"TopicArn": "AlarmTopic", "Protocol": "email", "Endpoint": "operator@example.com"}
    for alarm in resources("AWS::CloudWatch::Alarm", **sent).values():
        assert alarm["AlarmActions"] == ["AlarmTopic"]


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("", True),
        ("operator@example.com", True),
        ("operator@example", False),
        ("operator", False),
        ("a@b@example.com", False),
        ("a b@example.com", False),
    ],
)
def test_an_address_looks_like_one(given: str, accepted: bool) -> None:
    parameter: Any = Template.read(PATH, {}).section("Parameters")["AlarmEmail"]

    assert bool(re.fullmatch(parameter["AllowedPattern"], given)) is accepted
