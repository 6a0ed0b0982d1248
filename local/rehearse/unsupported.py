"""What the emulator cannot take, or takes and does not act on: the one place where that is listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from local.sam_template import Tree


@dataclass(frozen=True)
class UnsupportedResource:
    """A kind of resource that the emulator refuses, and with it the whole stack.

    Args:
        type: its type in CloudFormation.
        reason: what the emulator lacks.
        probe: the properties of a small one, which is refused as long as this entry is right.
        with_property: only those that have this property.
    """

    type: str
    reason: str
    probe: Mapping[str, Tree]
    with_property: str | None = None

    @property
    def name(self) -> str:
        """Return what such resources are called."""
        return self.type + (f" with {self.with_property}" if self.with_property else "")

    def matches(self, resource: Mapping[str, Tree]) -> bool:
        """Return whether this resource of a template is one of them."""
        properties = resource.get("Properties")
        has_property = isinstance(properties, dict) and self.with_property in properties
        return resource.get("Type") == self.type and (self.with_property is None or has_property)


_METRIC: Final[dict[str, Tree]] = {"MetricName": "Errors", "Namespace": "AWS/Lambda"}

UNSUPPORTED_RESOURCES: Final = (
    UnsupportedResource(
        "AWS::Logs::QueryDefinition",
        "saved queries are not known",
        {"Name": "probe", "QueryString": "fields @message"},
    ),
    UnsupportedResource(
        "AWS::CloudWatch::Alarm",
        "metric math is not known",
        {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "Metrics": [
                {"Id": "m", "MetricStat": {"Metric": dict(_METRIC), "Period": 60, "Stat": "Sum"}, "ReturnData": False},
                {"Id": "e", "Expression": "m * 2"},
            ],
        },
        with_property="Metrics",
    ),
)


@dataclass(frozen=True)
class UnsupportedProperty:
    """A property of functions that SAM would turn into what the emulator refuses."""

    name: str
    reason: str
    type: str = field(default="AWS::Serverless::Function", kw_only=True)


UNSUPPORTED_PROPERTIES: Final = (UnsupportedProperty("DeploymentPreference", "CodeDeploy is not known"),)

WITHOUT_EFFECT: Final = (
    "ResponseMode=stream: the wrapper that starts our own runtime is not called, so answers are buffered here",
    "permissions on a function URL: whoever is not known gets through to the code, as AuthMode=key needs",
    "a weighted shift of the alias: all calls go to its first version",
    "metrics of log lines (EMF): they stay log lines, so no alarm on them fires",
    "an update of an alarm: it loses its Arn there, so the nested stack is created and deleted only",
    "function URLs that end in on.aws: they are called by their path on the emulator",
)
"""What the emulator takes and does not act on, as far as it concerns the bundle. Only AWS shows these."""
