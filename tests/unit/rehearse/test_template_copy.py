"""The copy of a template for the emulator: what is left out, and what becomes of those that refer to it."""

import json
from pathlib import Path

import pytest
import yaml

from local.rehearse.template_copy import LeftOut, copy_template, derive, describe
from local.rehearse.unsupported import UnsupportedProperty, UnsupportedResource
from local.sam_template import Tree

REFUSED = UnsupportedResource("AWS::X::Refused", "it is not known", {})
HALF = UnsupportedResource("AWS::X::Half", "half of it is not known", {}, with_property="Hard")
PREFERENCE = UnsupportedProperty("DeploymentPreference", "CodeDeploy is not known")


def derived(tree: dict[str, Tree], **defaults: str) -> tuple[dict[str, Tree], list[LeftOut]]:
    return derive(tree, defaults, (REFUSED, HALF), (PREFERENCE,))


def test_what_is_not_supported_is_left_out_and_named() -> None:
    kept: dict[str, Tree] = {"Type": "AWS::X::Half", "Properties": {"Easy": 1}}
    hard: dict[str, Tree] = {"Type": "AWS::X::Half", "Properties": {"Hard": 1}}
    gone: dict[str, Tree] = {"Type": "AWS::X::Refused"}

    tree, left_out = derived({"Resources": {"Gone": gone, "Kept": kept, "Hard": hard, "Other": gone}})

    assert tree == {"Resources": {"Kept": kept}}
    assert describe(left_out) == [
        "AWS::X::Refused, it is not known: Gone, Other",
        "AWS::X::Half with Hard, half of it is not known: Hard",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Ref": "Gone"}, "Gone"),
        ({"Fn::GetAtt": ["Gone", "Arn"]}, "Gone"),
        ({"Fn::Sub": "${Gone.Arn} ${Gone} ${!Gone} ${GoneToo} ${AWS::Region}"}, None),
        ({"Fn::Sub": ["${Gone} ${A}", {"A": {"Ref": "Gone"}}]}, {"Fn::Sub": ["Gone ${A}", {"A": "Gone"}]}),
        ({"Fn::If": ["C", [{"Ref": "Gone"}], {"Ref": "Kept"}]}, {"Fn::If": ["C", ["Gone"], {"Ref": "Kept"}]}),
        ({"Ref": "GoneToo"}, {"Ref": "GoneToo"}),
    ],
)
def test_its_id_stands_where_something_refers_to_it(given: Tree, expected: Tree) -> None:
    """So that nothing else has to go with it."""
    tree, _ = derived(
        {
            "Resources": {"Gone": {"Type": "AWS::X::Refused"}, "Kept": {"Type": "T", "Properties": {"P": given}}},
            "Outputs": {"O": {"Value": given}},
        }
    )

    expected = expected or {"Fn::Sub": "Gone Gone ${!Gone} ${GoneToo} ${AWS::Region}"}
    assert tree["Resources"] == {"Kept": {"Type": "T", "Properties": {"P": expected}}}
    assert tree["Outputs"] == {"O": {"Value": expected}}


@pytest.mark.parametrize(("needed", "left"), [("Gone", []), (["Gone", "Other"], ["Other"])])
def test_nothing_waits_for_it(needed: Tree, left: Tree) -> None:
    tree, _ = derived(
        {
            "Resources": {"Gone": {"Type": "AWS::X::Refused"}, "Kept": {"Type": "T", "DependsOn": needed}},
        }
    )

    assert tree["Resources"] == {"Kept": {"Type": "T", "DependsOn": left}}


def test_a_property_is_left_out_of_functions_and_of_what_all_have() -> None:
    function: dict[str, Tree] = {"DeploymentPreference": {"Type": "AllAtOnce"}, "Timeout": 9}

    tree, left_out = derived(
        {
            "Globals": {"Function": function},
            "Resources": {
                "F": {"Type": "AWS::Serverless::Function", "Properties": function},
                "Other": {"Type": "T", "Properties": function},
            },
        }
    )

    assert tree["Globals"] == {"Function": {"Timeout": 9}}
    assert tree["Resources"] == {
        "F": {"Type": "AWS::Serverless::Function", "Properties": {"Timeout": 9}},
        "Other": {"Type": "T", "Properties": function},
    }
    assert [each.logical_id for each in left_out] == ["F", "Globals"]


def test_a_log_group_is_named_for_its_own_stack() -> None:
    """As CloudFormation does: a stack of the same name later has another log."""
    named: dict[str, Tree] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "mine"}}

    tree, _ = derived({"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}, "Named": named}})

    text = json.dumps(tree["Resources"])
    assert "${AWS::StackName}-Logs-${New}" in text
    assert "AWS::StackId" in text
    assert json.dumps(named) in text


def test_a_parameter_gets_its_default_and_what_is_not_declared_none() -> None:
    tree, _ = derived({"Parameters": {"ReleaseId": {"Type": "String", "Default": ""}}}, ReleaseId="1", Other="2")

    assert tree["Parameters"] == {"ReleaseId": {"Type": "String", "Default": "1"}}


def test_a_nested_template_is_derived_and_stored_too(tmp_path: Path) -> None:
    (tmp_path / "Nested").mkdir()
    nested = {"Resources": {"Q": {"Type": "AWS::Logs::QueryDefinition"}, "T": {"Type": "AWS::SNS::Topic"}}}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "Nested/template.yaml"}}
    (tmp_path / "Nested/template.yaml").write_text(yaml.safe_dump(nested))
    (tmp_path / "template.yaml").write_text(yaml.safe_dump({"Resources": {"Nested": stack}}))
    stored = []

    left_out = copy_template(
        tmp_path / "template.yaml",
        {},
        lambda path: stored.append(path.read_text()) or "https://s3/x",  # type: ignore[func-returns-value]
    )

    assert [each.logical_id for each in left_out] == ["Q"]
    assert yaml.safe_load(stored[0]) == {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}
    root = yaml.safe_load((tmp_path / "template.yaml").read_text())
    assert root["Resources"]["Nested"]["Properties"]["TemplateURL"] == "https://s3/x"
