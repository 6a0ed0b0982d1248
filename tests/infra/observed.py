"""What the operator sees, as it is deployed."""

from pathlib import Path
from typing import Any

from local.template import Template

PATH = Path(__file__).parents[2] / "template.yaml"
STACK = "local"  # what the reader of the template calls it
LOGS = ["GenerateArtifactLogs", "GenerateArtifactFixLogs"]


def resources(kind: str, **environment: str) -> dict[str, dict[str, Any]]:
    """The properties of what is deployed of a kind with these parameters, every reference worked out."""
    template = Template.read(PATH, environment)
    found = {}
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
