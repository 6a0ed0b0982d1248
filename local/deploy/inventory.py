"""What a deployment creates: the resources that SAM's own transform makes of the template, and of the nested stack."""

import json
import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader  # type: ignore[import-untyped]
from samtranslator.translator.transform import transform  # type: ignore[import-untyped]

from local.sam_template import Template, Tree, words

_NAMES = {
    "AWS::Lambda::Function": "function",
    "AWS::Lambda::Url": "function URL",
    "AWS::Lambda::Alias": "alias|aliases",
    "AWS::Lambda::Version": "version",
    "AWS::Lambda::LayerVersion": "layer",
    "AWS::Lambda::Permission": "permission|permissions",
    "AWS::Logs::LogGroup": "log group",
    "AWS::Logs::QueryDefinition": "saved query|saved queries",
    "AWS::Logs::MetricFilter": "metric filter",
    "AWS::DynamoDB::Table": "table",
    "AWS::IAM::Role": "role",
    "AWS::IAM::ManagedPolicy": "policy|policies",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::CloudFormation::Stack": "nested stack",
    "AWS::SNS::Topic": "topic",
    "AWS::SNS::Subscription": "e-mail subscription",
    "AWS::CodeDeploy::Application": "CodeDeploy application",
    "AWS::CodeDeploy::DeploymentGroup": "CodeDeploy deployment group",
}
_SECTIONS = ("Parameters", "Mappings", "Conditions", "Globals", "Resources")


@dataclass(frozen=True)
class Resource:
    """A resource that is created, with its logical id."""

    id: str
    kind: str
    properties: Mapping[str, Any]


def resources(template: Path, values: Mapping[str, str]) -> list[Resource]:
    """Return what is created with these values, what a nested stack creates included."""
    return list(_created(template, values))


def _created(template: Path, values: Mapping[str, str]) -> Iterator[Resource]:
    filled = _transformed(template, values)
    for logical_id, each in filled.section("Resources").items():
        resource = cast("dict[str, Any]", each)
        if "Condition" in resource and not filled.resolve({"Condition": resource["Condition"]}):
            continue
        properties = resource.get("Properties", {})
        yield Resource(logical_id, resource["Type"], properties)
        if resource["Type"] == "AWS::CloudFormation::Stack":
            nested = template.parent / str(properties["TemplateURL"])
            if not nested.is_file():
                continue  # it is at an address, and cannot be looked into
            given = cast("dict[str, Tree]", filled.resolve(properties.get("Parameters", {})))
            yield from _created(nested, {name: str(value) for name, value in given.items()})


def _transformed(template: Path, values: Mapping[str, str]) -> Template:
    environment = {words(name, "_").upper(): value for name, value in values.items()}
    read = Template.read(template, environment)
    tree: dict[str, Any] = json.loads(json.dumps({name: read.section(name) for name in _SECTIONS}))
    tree["Transform"] = "AWS::Serverless-2016-10-31"
    for resource in tree["Resources"].values():
        # SAM takes code that is in a bucket, as after packaging.
        for name in {"CodeUri", "ContentUri"} & set(resource.get("Properties", {})):
            resource["Properties"][name] = "s3://bucket/code.zip"
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it warns of metrics that it does not send
    loader = ManagedPolicyLoader(None)
    loader._policy_map = {}  # noqa: SLF001 - else it asks AWS for them
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # it wants to know where it is
    return Template(transform(tree, dict(values), loader), environment)


def counted(created: list[Resource]) -> str:
    """Return how many there are of each kind, as one sentence's list."""
    counts = Counter(each.kind for each in created)
    order = [kind for kind in _NAMES if kind in counts] + sorted(set(counts) - set(_NAMES))
    return ", ".join(number(counts[kind], _NAMES.get(kind, kind)) for kind in order)


def number(count: int, name: str) -> str:
    """Return a count with the name of what is counted, whose plural stands behind a bar if it is not regular."""
    one, _, many = name.partition("|")
    return f"{count} {one if count == 1 else many or f'{one}s'}"
