"""What CloudFormation is given: the template as SAM's own transform turns it out, and what its conditions say."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader  # type: ignore[import-untyped]
from samtranslator.translator.transform import transform  # type: ignore[import-untyped]

from local.sam_template import Template

ROOT = Path(__file__).parents[2]
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:openrouter-AbCdEf"
FUNCTIONS = ["GenerateArtifactFix", "GenerateArtifact", "ChatCompletions"]
_SECTIONS = ("Parameters", "Rules", "Mappings", "Conditions", "Globals", "Resources", "Outputs")
_ALLOWED: Any = Template.read(ROOT / "template.yaml", {}).section("Parameters")["DeploymentShift"]
SHIFTS: list[str] = _ALLOWED["AllowedValues"]


@cache
def deployed(**parameters: str) -> dict[str, Any]:
    """The transformed template, intrinsic functions as they are; code stands in a bucket, as after packaging."""
    read = Template.read(ROOT / "template.yaml", {})
    sections = {name: read.section(name) for name in _SECTIONS}
    template: dict[str, Any] = {"Transform": "AWS::Serverless-2016-10-31"} | json.loads(json.dumps(sections))
    for resource in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource["Properties"]:
                resource["Properties"][name] = "s3://bucket/code.zip"
    loader = ManagedPolicyLoader(None)
    loader._policy_map = {}
    with patch.dict(os.environ, AWS_DEFAULT_REGION="eu-central-1"):  # the transform wants to know where it is
        result: dict[str, Any] = transform(template, {"OpenrouterSecretArn": SECRET, **parameters}, loader)
    return result


def of_type(kind: str, **parameters: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of a kind, by their logical ids."""
    resources = deployed(**parameters)["Resources"]
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}


def holds(condition: Any, parameters: dict[str, str]) -> bool:
    """Whether a condition of the template holds with these parameters: as far as those of this template go."""
    ((function, argument),) = condition.items()
    if function == "Condition":
        return holds(deployed()["Conditions"][argument], parameters)
    if function == "Fn::Not":
        return not holds(argument[0], parameters)
    if function in {"Fn::And", "Fn::Or"}:
        return (all if function == "Fn::And" else any)(holds(each, parameters) for each in argument)
    assert function == "Fn::Equals"
    one, other = (parameters[each["Ref"]] if isinstance(each, dict) else each for each in argument)
    return bool(one == other)
