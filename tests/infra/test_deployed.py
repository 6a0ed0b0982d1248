"""What CloudFormation is given: the template as SAM's own transform turns it out."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.deployed import FUNCTIONS, ROOT, SECRET, deployed, holds, of_type
from tests.infra.observed import nested

GRADUAL = "ShiftsGradually"


def statements() -> Iterator[dict[str, Any]]:
    """Every statement of every policy of the functions, either branch of a condition."""
    roles = of_type("AWS::IAM::Role")
    policies = [policy for name in FUNCTIONS for policy in roles[f"{name}Role"]["Policies"]]
    for policy in [*policies, *of_type("AWS::IAM::ManagedPolicy").values()]:
        for statement in policy["PolicyDocument"]["Statement"]:
            branches = statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
            yield from (branch for branch in branches if "Ref" not in branch)


def test_nothing_is_deployed_that_is_not_meant_to_be() -> None:
    inner: Any = nested().section("Resources")
    conditional = {name: each for name, each in deployed()["Resources"].items() if each.get("Condition") == GRADUAL}

    assert Counter(each["Type"] for name, each in deployed()["Resources"].items() if name not in conditional) == {
        "AWS::Lambda::LayerVersion": 2, "AWS::DynamoDB::Table": 1, "AWS::IAM::ManagedPolicy": 1,
        "AWS::Lambda::Function": 3, "AWS::Lambda::Url": 3, "AWS::Logs::LogGroup": 3, "AWS::IAM::Role": 3,
        "AWS::Lambda::Permission": 6, "AWS::Lambda::Version": 3, "AWS::Lambda::Alias": 3,
        "AWS::CloudFormation::Stack": 1,
    }  # fmt: skip
    assert Counter(each["Type"] for each in conditional.values()) == {
        "AWS::CloudWatch::Alarm": 6, "AWS::Logs::MetricFilter": 3, "AWS::IAM::Role": 1,
    }  # fmt: skip
    assert Counter(each["Type"] for each in inner.values()) == {
        "AWS::Logs::QueryDefinition": 21, "AWS::CloudWatch::Dashboard": 1, "AWS::CloudWatch::Alarm": 9,
        "AWS::Logs::MetricFilter": 3, "AWS::SNS::Topic": 1, "AWS::SNS::Subscription": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function(name: str) -> None:
    function = of_type("AWS::Lambda::Function")[f"{name}Function"]

    assert (function["Runtime"], function["Timeout"], function["MemorySize"]) == ("python3.13", 900, 512)
    assert function["Architectures"] == [{"Ref": "Architecture"}]
    assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    assert function["LoggingConfig"] == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "INFO",
        "LogGroup": {"Ref": f"{name}Logs"},
    }
    assert function["ReservedConcurrentExecutions"] == {
        "Fn::If": ["HasReservedConcurrency", {"Ref": "ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]
    }


@pytest.mark.parametrize("mode", ["iam", "jwt", "key", "none"])
def test_what_checks_tokens_is_there_where_tokens_are_checked(mode: str) -> None:
    """A layer that is attached but not made, or needed but not attached, fails at the first request."""
    checks_tokens = mode == "jwt"
    layers = of_type("AWS::Lambda::LayerVersion")
    shared, tokens = (next(name for name in layers if name.startswith(of)) for of in ("SharedLayer", "TokenLayer"))

    made = deployed()["Resources"][tokens]
    assert holds({"Condition": made["Condition"]}, {"AuthMode": mode}) == checks_tokens
    for function in of_type("AWS::Lambda::Function").values():
        condition, with_tokens, without = function["Layers"]["Fn::If"]
        attached = with_tokens if holds({"Condition": condition}, {"AuthMode": mode}) else without
        assert attached == [{"Ref": shared}, *([{"Ref": tokens}] if checks_tokens else [])]


def test_urls_have_the_same_cors_and_one_has_more() -> None:
    """SAM joins the lists of one function with those of all."""
    cors = {name: url["Cors"] for name, url in of_type("AWS::Lambda::Url").items()}

    of_all, of_chat = cors["GenerateArtifactFunctionUrl"], cors["ChatCompletionsFunctionUrl"]
    assert cors["GenerateArtifactFixFunctionUrl"] == of_all
    assert of_chat["AllowMethods"] == ["POST", "GET"]
    for name in ("AllowHeaders", "ExposeHeaders"):
        assert of_chat[name][: len(of_all[name])] == of_all[name]
        assert len(of_chat[name]) > len(of_all[name])
    assert of_chat["AllowOrigins"] == of_all["AllowOrigins"]


@pytest.mark.parametrize(
    ("mode", "auth_type"), [("iam", "AWS_IAM"), ("jwt", "NONE"), ("key", "NONE"), ("none", "NONE")]
)
def test_a_url_is_public_only_where_the_code_judges(mode: str, auth_type: str) -> None:
    """Each public URL has both permissions on its alias, for itself and through itself alone; each other has none."""
    for name, url in of_type("AWS::Lambda::Url").items():
        ((condition, public, signed),) = url["AuthType"].values()
        is_public = holds({"Condition": condition}, {"AuthMode": mode})
        assert (public if is_public else signed) == auth_type
        alias = {"Ref": f"{name.removesuffix('Url')}Aliaslive"}
        assert url["TargetFunctionArn"] == alias
        permissions = [
            each
            for each in deployed()["Resources"].values()
            if each["Type"] == "AWS::Lambda::Permission"
            and each["Properties"]["FunctionName"] == alias
            and holds({"Condition": each["Condition"]}, {"AuthMode": mode})
        ]
        common = {"FunctionName": alias, "Principal": "*"}
        expected = [
            {**common, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
            {**common, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
        ]
        assert [each["Properties"] for each in permissions] == (expected if is_public else [])


@pytest.mark.parametrize("mode", ["buffered", "stream"])
def test_a_url_streams_with_the_runtime_that_can(mode: str) -> None:
    """A URL that streams before a runtime that cannot, or the other way round, gives callers what they cannot read."""
    for url in of_type("AWS::Lambda::Url").values():
        condition, streaming, buffered = url["InvokeMode"]["Fn::If"]
        streams = holds({"Condition": condition}, {"ResponseMode": mode})
        assert (streaming if streams else buffered) == ("RESPONSE_STREAM" if mode == "stream" else "BUFFERED")
    for function in of_type("AWS::Lambda::Function").values():
        condition, wrapper, without = function["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"]["Fn::If"]
        assert holds({"Condition": condition}, {"ResponseMode": mode}) is (mode == "stream")
        assert without == {"Ref": "AWS::NoValue"}
        assert os.access(ROOT / Path(wrapper).relative_to("/opt/python"), os.X_OK)


def test_the_code_is_told_the_same_as_the_url() -> None:
    """No public URL without auth in the code: both follow `AuthMode`."""
    for function in of_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        assert variables["AUTH_MODE"] == {"Ref": "AuthMode"}
        assert variables["ALLOW_UNAUTHENTICATED"] == {"Ref": "AllowUnauthenticated"}
    assert deployed()["Parameters"]["AuthMode"]["AllowedValues"] == ["iam", "jwt", "key", "none"]


SECRETS = ["OpenrouterSecretArn", "MoonshotSecretArn", "KimiSecretArn", "CustomHostSecretArn"]
NO_SECRET = dict.fromkeys(SECRETS, "")
GOOD = NO_SECRET | {
    "OpenrouterSecretArn": SECRET,
    "CustomHostUrl": "",
    "AuthMode": "iam",
    "JwtIssuer": "",
    "JwtAudience": "",
    "ApiKeysSecretArn": "",
    "AllowGuests": "false",
    "AllowUnauthenticated": "false",
    "EnableGuard": "true",
}
JWT = {"AuthMode": "jwt", "JwtIssuer": "https://issuer.example", "JwtAudience": "artifacts"}


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ({}, True),
        ({"AllowUnauthenticated": "true"}, True),
        (JWT, True),
        (JWT | {"JwtIssuer": ""}, False),
        (JWT | {"JwtAudience": ""}, False),
        ({"AuthMode": "key"}, False),
        ({"AuthMode": "key", "ApiKeysSecretArn": SECRET}, True),
        ({"AuthMode": "none"}, False),
        ({"AuthMode": "none", "AllowUnauthenticated": "true"}, True),
        (JWT | {"AllowGuests": "true"}, True),
        (JWT | {"EnableGuard": "false"}, True),
        (JWT | {"AllowGuests": "true", "EnableGuard": "false"}, False),
        (JWT | {"AllowGuests": "true", "EnableGuard": "false", "AllowUnauthenticated": "true"}, True),
        (NO_SECRET, False),
        (NO_SECRET | {"MoonshotSecretArn": SECRET}, True),
        (NO_SECRET | {"CustomHostSecretArn": SECRET}, False),
        (NO_SECRET | {"CustomHostSecretArn": SECRET, "CustomHostUrl": "https://models.example/v1"}, True),
    ],
)
def test_cloudformation_refuses_what_does_not_make_sense(given: dict[str, str], accepted: bool) -> None:
    parameters = GOOD | given

    rules = [
        rule
        for rule in deployed()["Rules"].values()
        if "RuleCondition" not in rule or holds(rule["RuleCondition"], parameters)
    ]
    assert all(holds(each["Assert"], parameters) for rule in rules for each in rule["Assertions"]) is accepted


def test_a_role_reads_the_key_counts_and_writes_its_own_log_and_nothing_else() -> None:
    for name in FUNCTIONS:
        role = of_type("AWS::IAM::Role")[f"{name}Role"]
        assert role["ManagedPolicyArns"] == [{"Ref": "FunctionPolicy"}]
        (policy,) = role["Policies"]
        assert policy["PolicyDocument"]["Statement"][0]["Resource"] == {"Fn::GetAtt": [f"{name}Logs", "Arn"]}
    actions = [(json.dumps(each["Action"]), json.dumps(each["Resource"])) for each in statements()]
    assert len(actions) == 6
    assert {action for action, _ in actions} == {
        '"secretsmanager:GetSecretValue"',
        '["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]',
        '"ssm:GetParameter"',
        '["logs:CreateLogStream", "logs:PutLogEvents"]',
    }
    assert not [statement for statement in actions if "*" in "".join(statement)]


def test_a_role_reads_the_secrets_that_are_set_and_no_other() -> None:
    (statement,) = [each for each in statements() if each["Action"] == "secretsmanager:GetSecretValue"]
    branches = [each["Fn::If"] for each in statement["Resource"]]

    def read(given: dict[str, str]) -> list[str]:
        return [secret["Ref"] for condition, secret, _ in branches if holds({"Condition": condition}, given)]

    for one in SECRETS:
        given = NO_SECRET | {one: SECRET, "ApiKeysSecretArn": ""}
        assert read(given) == [one]
        assert read(given | {"ApiKeysSecretArn": SECRET}) == [one, "ApiKeysSecretArn"]
        assert holds({"Condition": "HasSecret"}, given)
    assert all(nothing == {"Ref": "AWS::NoValue"} for _, _, nothing in branches)
    assert not holds({"Condition": "HasSecret"}, NO_SECRET)


def test_a_role_reads_the_one_parameter_that_is_named_and_none_if_none_is() -> None:
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${CatalogParameter}"
    statement = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": {"Fn::Sub": arn}}

    shared = of_type("AWS::IAM::ManagedPolicy")["FunctionPolicy"]["PolicyDocument"]["Statement"]
    assert shared[2] == {"Fn::If": ["HasCatalogParameter", statement, {"Ref": "AWS::NoValue"}]}
    assert holds({"Condition": "HasCatalogParameter"}, {"CatalogParameter": "/kimi/catalog"})
    assert not holds({"Condition": "HasCatalogParameter"}, {"CatalogParameter": ""})
    allowed = re.compile(deployed()["Parameters"]["CatalogParameter"]["AllowedPattern"])
    assert [bool(allowed.search(name)) for name in ("", "/kimi/catalog", "/*", "kimi")] == [True, True, False, False]


def test_a_role_may_do_with_the_table_what_the_guard_does_and_only_where_there_is_one() -> None:
    code = "".join(file.read_text() for file in (ROOT / "shared/guard").glob("*.py"))
    used = re.findall(r'_(?:store|table)\.call\(\s*"(\w+)"', code)
    actions = sorted({f"dynamodb:{name}" for name in used})
    statement = {"Effect": "Allow", "Action": actions, "Resource": {"Fn::GetAtt": ["GuardTable", "Arn"]}}

    shared = of_type("AWS::IAM::ManagedPolicy")["FunctionPolicy"]["PolicyDocument"]["Statement"]
    assert shared[1] == {"Fn::If": ["HasGuard", statement, {"Ref": "AWS::NoValue"}]}


def test_the_table_is_encrypted_backed_up_and_clears_itself() -> None:
    """It is paid for by the request, and goes with the stack: it holds nothing that lasts."""
    table = deployed()["Resources"]["GuardTable"]

    assert (table["Condition"], table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("HasGuard", *["Delete"] * 2)
    assert table["Properties"] == {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
    }
    assert deployed()["Conditions"]["HasGuard"] == {"Fn::Equals": [{"Ref": "EnableGuard"}, "true"]}


def test_no_secret_is_in_an_environment() -> None:
    """The variables of the keys are there only without any secret, which a rule refuses, and then they are empty."""
    for function in of_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        for key in ("OPENROUTER_K2T_KEY", "MOONSHOT_KEY", "KIMI_KEY", "CUSTOM_HOST_KEY", "API_KEYS"):
            assert variables.pop(key) == {"Fn::If": ["HasSecret", {"Ref": "AWS::NoValue"}, ""]}
        assert not [name for name in variables if name.endswith(("KEY", "KEYS", "TOKEN", "PASSWORD", "SECRET"))]


def test_logs_are_kept_for_a_time_and_found_by_the_request() -> None:
    """Longer than the stack, because they are the record of what was spent; a new stack of its name has others.

    A first deployment that fails leaves none behind.
    """
    groups = [each for each in deployed()["Resources"].values() if each["Type"] == "AWS::Logs::LogGroup"]

    assert len(groups) == 3
    for group in groups:
        assert group == {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "RetentionInDays": {"Ref": "LogRetentionDays"},
                "FieldIndexPolicies": [{"Fields": ["request_id"]}],
            },
        }


def test_a_layer_is_for_the_processor_of_the_functions_and_goes_with_its_release() -> None:
    """Lambda keeps a copy of a deleted one for the versions that use it."""
    layers = [each for each in deployed()["Resources"].values() if each["Type"] == "AWS::Lambda::LayerVersion"]

    assert layers
    for layer in layers:
        assert layer["Properties"]["CompatibleArchitectures"] == [{"Ref": "Architecture"}]
        assert layer["DeletionPolicy"] == "Delete"
