"""What is deployed keeps to the policies, but for what docs/threat-model.md accepts, each with its reason."""

import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.infra.deployed import ROOT, deployed
from tests.infra.observed import nested
from tests.infra.policies import RULES, findings

_ROW = re.compile(r"^\| `(?P<rule>[a-z-]+)` \| (?P<names>[^|]+) \| (?P<reason>[^|]+) \|$", re.MULTILINE)
ALL_OF_S3 = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a"}]}


def accepted() -> list[tuple[str, str]]:
    """The rules and the names, with wildcards, in the table of accepted findings."""
    text = (ROOT / "docs/threat-model.md").read_text("utf-8")
    rows = list(_ROW.finditer(text[text.index("## Policies") :]))
    assert all(len(row["reason"]) > 40 for row in rows)
    return [(row["rule"], name.replace("…", "*")) for row in rows for name in re.findall(r"`([^`]+)`", row["names"])]


def found() -> set[tuple[str, str]]:
    """The findings in all that may be deployed, whatever the parameters."""
    inner: dict[str, Any] = {"Resources": nested().section("Resources")}
    at_once, gradual = deployed(), deployed(DeploymentShift="Canary10Percent5Minutes")
    return {finding for template in (at_once, gradual, inner) for finding in findings(template)}


def is_accepted(finding: tuple[str, str], row: tuple[str, str]) -> bool:
    return finding[0] == row[0] and fnmatchcase(finding[1], row[1])


def test_every_finding_is_accepted_with_a_reason() -> None:
    known = accepted()

    unlisted = [each for each in found() if not any(is_accepted(each, one) for one in known)]
    assert not unlisted, "mend it, or accept it with a reason in docs/threat-model.md, Policies"


def test_nothing_is_accepted_that_is_not_found() -> None:
    everything = found()

    assert accepted()
    assert not [one for one in accepted() if not any(is_accepted(each, one) for each in everything)]


@pytest.mark.parametrize(
    ("kind", "properties", "rules"),
    [
        ("AWS::S3::Bucket", {}, {"unknown-kind"}),
        ("AWS::IAM::ManagedPolicy", {"PolicyDocument": ALL_OF_S3}, {"wildcard-in-permission"}),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": {"Statement": [{"Fn::If": ["A", ALL_OF_S3["Statement"][0], {"Ref": "AWS::NoValue"}]}]}},
            {"wildcard-in-permission"},
        ),
        (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}}]},
                "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}],
                "Policies": [{"PolicyDocument": ALL_OF_S3}],
            },
            {"wildcard-in-permission", "policy-of-aws", "trusts-others"},
        ),
        ("AWS::Lambda::Function", {}, set(RULES["AWS::Lambda::Function"])),
        ("AWS::Lambda::Url", {}, {"open-to-all"}),
        ("AWS::Lambda::Url", {"AuthType": "AWS_IAM"}, set()),
        ("AWS::Lambda::Permission", {"Principal": "*"}, {"open-to-all"}),
        ("AWS::Lambda::Permission", {"Principal": "events.amazonaws.com"}, set()),
        ("AWS::DynamoDB::Table", {"SSESpecification": {"SSEEnabled": False}}, set(RULES["AWS::DynamoDB::Table"])),
        ("AWS::Logs::LogGroup", {}, {"no-retention", "no-key-of-its-own"}),
        ("AWS::SNS::Topic", {"KmsMasterKeyId": "alias/own"}, set()),
    ],
)
def test_a_rule_finds_what_is_not_as_it_asks(kind: str, properties: dict[str, Any], rules: set[str]) -> None:
    template = {"Resources": {"Bad": {"Type": kind, "Properties": properties}}}

    assert {rule for rule, _ in findings(template)} == rules
