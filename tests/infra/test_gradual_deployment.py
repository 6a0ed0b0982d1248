"""Gradual deployments: CodeDeploy moves the alias step by step, and back when the new version itself fails."""

import io
import json
import re
from typing import Any

import pytest

from shared.logs import Logs
from tests.infra.deployed import FUNCTIONS, SHIFTS, deployed, holds, of_type
from tests.support.logged import logged_to
from tests.support.runs import a_ledger, cost_line

RELEASE = "c" * 64
CANARY = {"ReleaseId": RELEASE, "DeploymentShift": "Canary10Percent30Minutes"}
GRADUAL = [shift for shift in SHIFTS if shift != "AllAtOnce"]
NAMES = {name: re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in FUNCTIONS}
TIMEOUT = 900


def new_version(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [f"{name}FunctionVersion{RELEASE[:10]}", "Version"]}


def alarms_of(name: str) -> dict[str, dict[str, Any]]:
    """The alarms that a function's deployment ends with, by their metrics."""
    group = of_type("AWS::CodeDeploy::DeploymentGroup", **CANARY)[f"{name}FunctionDeploymentGroup"]
    condition, watched, otherwise = group["AlarmConfiguration"]["Fn::If"]
    assert (condition, watched["Enabled"], otherwise) == ("ShiftsGradually", True, {})
    alarms = of_type("AWS::CloudWatch::Alarm", **CANARY)
    found = [alarms[each["Name"]["Ref"]] for each in watched["Alarms"]]
    return {alarm["MetricName"]: alarm for alarm in found}


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {each["Name"]: each["Value"] for each in alarm["Dimensions"]}


@pytest.mark.parametrize("shift", SHIFTS)
def test_codedeploy_moves_the_alias_where_that_is_gradual_and_nowhere_else(shift: str) -> None:
    """At once there would be nothing to watch, and an alarm that is still on would keep the next release back."""
    parameters = {"DeploymentShift": shift}
    resources = deployed(**parameters)["Resources"]
    gradual = shift in GRADUAL

    assert holds({"Condition": "ShiftsGradually"}, parameters) is gradual
    for name in FUNCTIONS:
        assert ("UpdatePolicy" in resources[f"{name}FunctionAliaslive"]) is gradual
    groups = of_type("AWS::CodeDeploy::DeploymentGroup", **parameters)
    assert set(groups) == ({f"{name}FunctionDeploymentGroup" for name in FUNCTIONS} if gradual else set())
    for group in groups.values():
        assert group["DeploymentConfigName"]["Fn::Sub"] == [
            "CodeDeployDefault.Lambda${ConfigName}",
            {"ConfigName": shift},
        ]
        assert {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(group["AutoRollbackConfiguration"]["Events"])
    assert ("ServerlessDeploymentApplication" in resources) is gradual


def test_all_at_once_is_the_default_and_needs_nothing_of_codedeploy() -> None:
    assert SHIFTS[0] == deployed()["Parameters"]["DeploymentShift"]["Default"] == "AllAtOnce"
    assert not [name for name, each in deployed()["Resources"].items() if each["Type"].startswith("AWS::CodeDeploy")]
    assert not holds({"Condition": "ShiftsGradually"}, {"DeploymentShift": "AllAtOnce"})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_deployment_ends_with_what_the_new_version_does_and_with_nothing_else(name: str) -> None:
    """No alarm on hosts, deadlines or cost is among them: these are no fault of a release."""
    alarms = alarms_of(name)

    assert set(alarms) == {"Errors", "InternalErrors"}
    assert (alarms["Errors"]["Namespace"], dimensions(alarms["Errors"])) == (
        "AWS/Lambda",
        {
            "FunctionName": {"Ref": f"{name}Function"},
            "Resource": {"Fn::Sub": f"${{{name}Function}}:live"},
            "ExecutedVersion": new_version(name),
        },
    )
    assert (alarms["InternalErrors"]["Namespace"], dimensions(alarms["InternalErrors"])) == (
        "KimiArtifacts",
        {"service": {"Ref": "AWS::StackName"}, "function": NAMES[name], "function_version": new_version(name)},
    )
    for alarm in alarms.values():
        assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 1)
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["TreatMissingData"] == "notBreaching"
        assert "AlarmActions" not in alarm


def test_an_error_is_seen_though_lambda_dates_it_back_to_the_beginning_of_its_request() -> None:
    for name in FUNCTIONS:
        for alarm in alarms_of(name).values():
            assert alarm["DatapointsToAlarm"] == 1
            assert alarm["Period"] * alarm["EvaluationPeriods"] >= TIMEOUT + 600
    assert {each["Timeout"] for each in of_type("AWS::Lambda::Function").values()} == {TIMEOUT}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_internal_errors_are_counted_by_version_from_the_cost_lines(name: str) -> None:
    """Each field that the filter asks for and counts by is one that the line has."""
    counted = of_type("AWS::Logs::MetricFilter")[f"{name}InternalErrors"]
    (metric,) = counted["MetricTransformations"]
    alarm = alarms_of(name)["InternalErrors"]
    written = io.StringIO()
    logs = Logs("stack")
    with logged_to(logs, written):
        logs.emit("cost", cost_line(a_ledger(function=NAMES[name]), "internal_error", 500)._asdict())
    line = json.loads(written.getvalue())

    assert counted["LogGroupName"] == {"Ref": f"{name}Logs"}
    asked = dict(re.findall(r'\$\.(\w+) = "(\w+)"', counted["FilterPattern"]))
    assert counted["FilterPattern"] == "{ " + " && ".join(f'$.{key} = "{asked[key]}"' for key in asked) + " }"
    assert asked == {"message": "cost", "outcome": "internal_error"} == {key: line[key] for key in asked}
    assert (metric["MetricNamespace"], metric["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])
    assert {each["Key"]: each["Value"] for each in metric["Dimensions"]} == {
        key: f"$.{key}" for key in dimensions(alarm)
    }
    assert dimensions(alarm).keys() <= line.keys()
    assert "DefaultValue" not in metric  # CloudWatch takes none beside dimensions


def test_codedeploy_may_move_these_aliases_and_look_at_alarms_and_nothing_else() -> None:
    role = of_type("AWS::IAM::Role", **CANARY)["DeploymentRole"]
    (policy,) = role["Policies"]
    look, move = policy["PolicyDocument"]["Statement"]

    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "codedeploy.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
    assert "ManagedPolicyArns" not in role
    assert look == {"Effect": "Allow", "Action": "cloudwatch:DescribeAlarms", "Resource": "*"}
    assert move["Action"] == ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"]
    functions = {json.dumps({"Fn::GetAtt": [f"{name}Function", "Arn"]}) for name in FUNCTIONS}
    aliases = {json.dumps({"Fn::Sub": f"${{{name}Function.Arn}}:live"}) for name in FUNCTIONS}
    assert {json.dumps(each) for each in move["Resource"]} == functions | aliases
    for group in of_type("AWS::CodeDeploy::DeploymentGroup", **CANARY).values():
        assert group["ServiceRoleArn"]["Fn::If"][:2] == ["ShiftsGradually", {"Fn::GetAtt": ["DeploymentRole", "Arn"]}]
    assert "CodeDeployServiceRole" not in deployed(**CANARY)["Resources"]
