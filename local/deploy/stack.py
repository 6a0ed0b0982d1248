"""The deployed stack as CloudFormation knows it: its state, its parameters, its outputs and its functions."""

from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from local.deploy.aws import Aws, code_of, explained
from local.deploy.errors import RefusedError


def deletion(name: str, region: str) -> str:
    """Return the command that deletes a stack."""
    return f".venv-sam/bin/sam delete --stack-name {name} --region {region}"


_DELETE = f"`{deletion('{name}', '{region}')}`"
_FIRST_FAILED = f"its first deployment failed, and such a stack can only be deleted: {_DELETE}, then deploy again"
_UNUSABLE = {
    "ROLLBACK_COMPLETE": _FIRST_FAILED,
    "ROLLBACK_FAILED": _FIRST_FAILED,
    "CREATE_FAILED": _FIRST_FAILED,
    "DELETE_FAILED": f"see in the CloudFormation console what keeps it, then delete it again: {_DELETE}",
    "UPDATE_ROLLBACK_FAILED": (
        "first run `aws cloudformation continue-update-rollback --stack-name {name} --region {region}`"
    ),
}
_PARAMETER = "OpenrouterSecretArn"
"""Has been in this bundle's template from the beginning."""
_OTHER = (
    "The stack {name} in {region} is of another template: deploying would delete what is in it. Name a stack of this"
    " bundle with --stack-name, or a new one."
)


@dataclass(frozen=True)
class Stack:
    """A stack that exists.

    Attributes:
        parameters: all of them, as they were deployed last.
    """

    name: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    region: str

    @classmethod
    def find(cls, aws: Aws, name: str) -> "Stack | None":
        """Return the stack of this name, or None if there is none that was ever deployed.

        Raises:
            RefusedError: it is a stack of something else.
        """
        with explained():
            try:
                found = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
            except ClientError as error:
                if code_of(error) == "ValidationError" and "does not exist" in str(error):
                    return None
                raise
        # In review: a change set was made for a stack that is not there yet.
        if found["StackStatus"] in {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}:
            return None
        parameters = {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}
        region = str(aws.region)
        if _PARAMETER not in parameters:
            raise RefusedError([_OTHER.format(name=name, region=region)])
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
        return cls(name, found["StackStatus"], parameters, outputs, region)

    @property
    def busy(self) -> str | None:
        """Return what to wait for before anything else is changed, or None."""
        if not self.status.endswith("_IN_PROGRESS"):
            return None
        return (
            f"The stack {self.name} is {self.status}: wait for that, or stop it and what it shifts with "
            f"`aws cloudformation cancel-update-stack --stack-name {self.name} --region {self.region}`."
        )

    @property
    def problem(self) -> str | None:
        """Return why the stack cannot be deployed to now, or None."""
        if self.status in _UNUSABLE:
            what = _UNUSABLE[self.status].format(name=self.name, region=self.region)
            return f"The stack {self.name} is {self.status}: {what}."
        return self.busy

    def resources(self, aws: Aws, kind: str) -> dict[str, str]:
        """Return the names in AWS of the resources of a type, by their logical ids."""
        with explained():
            pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
            return {
                each["LogicalResourceId"]: each["PhysicalResourceId"]
                for page in pages
                for each in page["StackResourceSummaries"]
                if each["ResourceType"] == kind and each["ResourceStatus"] != "DELETE_COMPLETE"
            }

    def functions(self, aws: Aws) -> dict[str, str]:
        """Return the functions' names by their logical ids, in the order of these."""
        return dict(sorted(self.resources(aws, "AWS::Lambda::Function").items()))
