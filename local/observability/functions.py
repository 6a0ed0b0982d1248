"""The functions that are watched: those of the template, whose names and logs the nested stack is given."""

from dataclasses import dataclass
from pathlib import Path

from local.sam_template import Template, words


@dataclass(frozen=True)
class WatchedFunction:
    """A function of the template, as the nested stack refers to it.

    Attributes:
        name: what log lines and metrics call it.
        resource: its logical id, and the parameter of the nested stack that holds its name.
        logs: the same of its log group.
    """

    name: str
    resource: str
    logs: str


def watched_functions(template: Path) -> list[WatchedFunction]:
    """Return the functions of a template, in its order."""
    resources = Template.read(template, {}).section("Resources")
    return [
        _function(name)
        for name, resource in resources.items()
        if isinstance(resource, dict) and resource["Type"] == "AWS::Serverless::Function"
    ]


def _function(resource: str) -> WatchedFunction:
    stem = resource.removesuffix("Function")
    return WatchedFunction(words(stem, "_"), resource, f"{stem}Logs")
