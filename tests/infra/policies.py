"""Security policies for what is deployed: each rule names the resources of a template that are not as it asks.

What is accepted in spite of a rule stands with its reason in docs/threat-model.md.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

Resource = dict[str, Any]
Rule = Callable[[Resource], bool]

_SERVICES = {"lambda.amazonaws.com", "codedeploy.amazonaws.com"}


def findings(template: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each rule that finds a resource, with that resource's logical id; an unknown kind is a finding, too."""
    for name, resource in template["Resources"].items():
        if resource["Type"] not in RULES.keys() | _HARMLESS:
            yield "unknown-kind", name
        for rule, found in RULES.get(resource["Type"], {}).items():
            if found(resource.get("Properties", {})):
                yield rule, name


def _lacks(*path: str) -> Rule:
    """A rule that finds resources without a property; `path` leads to it."""

    def found(properties: Resource) -> bool:
        value: Any = properties
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value in (None, False, "")

    return found


def _statements(properties: Resource) -> Iterator[Resource]:
    """Every statement of a role's or policy's documents, in every branch of a condition."""
    documents = [each["PolicyDocument"] for each in properties.get("Policies", [])]
    for document in [*documents, properties.get("PolicyDocument", {"Statement": []})]:
        for statement in document["Statement"]:
            branches = statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
            yield from (branch for branch in branches if "Effect" in branch)


def _is_wide(properties: Resource) -> bool:
    return any(
        "*" in json.dumps(statement.get(part, "*"))
        for statement in _statements(properties)
        if statement["Effect"] == "Allow"
        for part in ("Action", "Resource")
    )


def _has_a_policy_of_aws(properties: Resource) -> bool:
    return ":aws:policy" in json.dumps(properties.get("ManagedPolicyArns", []))


def _trusts_others(properties: Resource) -> bool:
    trusted = [each["Principal"] for each in properties["AssumeRolePolicyDocument"]["Statement"]]
    return any(each.keys() != {"Service"} or each["Service"] not in _SERVICES for each in trusted)


def _may_be_open(properties: Resource) -> bool:
    return "NONE" in json.dumps(properties.get("AuthType", "NONE"))


RULES: dict[str, dict[str, Rule]] = {
    "AWS::IAM::Role": {
        "wildcard-in-permission": _is_wide,
        "policy-of-aws": _has_a_policy_of_aws,
        "trusts-others": _trusts_others,
    },
    "AWS::IAM::ManagedPolicy": {"wildcard-in-permission": _is_wide},
    "AWS::Lambda::Function": {
        "no-log-of-its-own": _lacks("LoggingConfig", "LogGroup"),
        "no-concurrency-limit": _lacks("ReservedConcurrentExecutions"),
        "no-key-of-its-own": _lacks("KmsKeyArn"),
        "no-dead-letter-queue": _lacks("DeadLetterConfig"),
        "no-vpc": _lacks("VpcConfig"),
        "no-tracing": _lacks("TracingConfig"),
        "no-code-signing": _lacks("CodeSigningConfigArn"),
    },
    "AWS::Lambda::Url": {"open-to-all": _may_be_open},
    "AWS::Lambda::Permission": {"open-to-all": lambda each: each.get("Principal") in ("*", {"AWS": "*"})},
    "AWS::DynamoDB::Table": {
        "unencrypted": _lacks("SSESpecification", "SSEEnabled"),
        "no-key-of-its-own": _lacks("SSESpecification", "KMSMasterKeyId"),
        "no-backup": _lacks("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
    },
    "AWS::Logs::LogGroup": {"no-retention": _lacks("RetentionInDays"), "no-key-of-its-own": _lacks("KmsKeyId")},
    "AWS::SNS::Topic": {"no-key-of-its-own": _lacks("KmsMasterKeyId")},
}
"""The rules for each kind of resource, by their names in docs/threat-model.md."""

_HARMLESS = {
    "AWS::CloudFormation::Stack",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Lambda::Alias",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Version",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::SNS::Subscription",
}
"""Kinds that need no rules, because they hold and expose nothing by themselves."""
