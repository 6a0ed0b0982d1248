"""The stack in the emulator: changed by the commands that change a real one, looked at through AWS's own API."""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError, WaiterError  # type: ignore[import-untyped]

from local.deploy.versions import ALIAS
from local.rehearse.aws_emulator import REGION, AwsEmulator, last_lines
from local.rehearse.background import running
from local.rehearse.errors import RehearsalError
from local.rehearse.unsupported import UNSUPPORTED_RESOURCES, UnsupportedResource

_ROOT = Path(__file__).parents[2]
_BUCKET = "nested-templates"


@dataclass(frozen=True)
class Deployed:
    """What a deployment has left in the account."""

    outputs: Mapping[str, str]
    functions: Mapping[str, str]
    log_groups: Mapping[str, str]


class Account:
    """The emulator's account, with one stack of the bundle."""

    def __init__(self, emulator: AwsEmulator, sam: Path, stack_name: str) -> None:
        self._emulator = emulator
        self._sam = sam
        self._name = stack_name
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 has no types
        """Return the client of a service."""
        if service not in self._clients:
            given = self._emulator.environment
            # Given by hand, so that nothing is looked for in the user's files.
            session = boto3.Session(
                given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], region_name=given["AWS_DEFAULT_REGION"]
            )
            config = Config(retries={"total_max_attempts": 1}, proxies={})
            self._clients[service] = session.client(service, endpoint_url=self._emulator.url, config=config)
        return self._clients[service]

    def put_secret(self, name: str, value: str) -> str:
        """Store a secret, and return its ARN."""
        return str(self.client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"])

    def put_parameter(self, name: str, value: str) -> None:
        """Store a parameter in the Systems Manager."""
        self.client("ssm").put_parameter(Name=name, Value=value, Type="String")

    def upload(self, path: Path) -> str:
        """Store a file in a bucket, and return its address as AWS writes it."""
        content = path.read_bytes()
        key = f"{hashlib.sha256(content).hexdigest()}.template"
        self.client("s3").create_bucket(Bucket=_BUCKET)
        self.client("s3").put_object(Bucket=_BUCKET, Key=key, Body=content)
        return f"https://s3.{REGION}.amazonaws.com/{_BUCKET}/{key}"

    def deploy(self, template: Path, parameters: Mapping[str, str], release_id: str) -> Deployed:
        """Deploy a built template as `make deploy` does."""
        given = [f"{name}={value}" for name, value in parameters.items()]
        release = ["--template", os.fspath(template), "--release-id", release_id]
        self._run("make deploy", sys.executable, "-m", "local.deploy", "--yes", *release, *given)
        return self.look()

    def roll_back(self) -> None:
        """Roll back as `make rollback` does."""
        self._run("make rollback", sys.executable, "-m", "local.deploy.rollback", "--yes")

    def delete(self) -> None:
        """Delete the stack with `sam delete`."""
        self._run("sam delete", os.fspath(self._sam), "delete", "--no-prompts")

    def look(self) -> Deployed:
        """Return what the stack has now."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self._name)["Stacks"]
        resources = self.client("cloudformation").describe_stack_resources(StackName=self._name)["StackResources"]
        by_type: dict[str, dict[str, str]] = {}
        for each in resources:
            by_type.setdefault(each["ResourceType"], {})[each["LogicalResourceId"]] = each["PhysicalResourceId"]
        return Deployed(
            {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
            by_type.get("AWS::Lambda::Function", {}),
            by_type.get("AWS::Logs::LogGroup", {}),
        )

    def alias_versions(self, functions: Mapping[str, str]) -> dict[str, str]:
        """Return the version that each function's alias stands at."""
        get = self.client("lambda").get_alias
        return {id_: str(get(FunctionName=name, Name=ALIAS)["FunctionVersion"]) for id_, name in functions.items()}

    def log_groups(self) -> set[str]:
        """Return the names of all log groups."""
        pages = self.client("logs").get_paginator("describe_log_groups").paginate()
        return {group["logGroupName"] for page in pages for group in page["logGroups"]}

    def cost_lines(self, log_group: str) -> dict[str, list[dict[str, Any]]]:
        """Return the cost lines of a log group by the ids of their requests."""
        found: dict[str, list[dict[str, Any]]] = {}
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=log_group)
        for event in (event for page in pages for event in page["events"]):
            line = _object(event["message"])
            if line.get("message") == "cost":
                found.setdefault(str(line.get("request_id")), []).append(line)
        return found

    def supported_by_now(self) -> Iterator[UnsupportedResource]:
        """Return what is listed as unsupported and is not: each one's probe is deployed alone."""
        cloudformation = self.client("cloudformation")
        for number, entry in enumerate(UNSUPPORTED_RESOURCES):
            name = f"probe-{number}"
            body = json.dumps({"Resources": {"Probe": {"Type": entry.type, "Properties": entry.probe}}})
            try:
                cloudformation.create_stack(StackName=name, TemplateBody=body)
                cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
            except (ClientError, WaiterError):
                pass
            else:
                yield entry
            cloudformation.delete_stack(StackName=name)

    def _run(self, name: str, *command: str) -> None:
        log = self._emulator.home / "command.log"
        given = [*command, "--stack-name", self._name, "--region", REGION]
        with running(given, cwd=_ROOT, environment=self._emulator.environment, log=log) as process:
            status = process.wait()
        if status:
            reasons = "".join(f"\n  {reason}" for reason in self._failures())
            msg = f"`{name}` failed:\n{last_lines(log)}{reasons and f'{chr(10)}What CloudFormation said:{reasons}'}"
            raise RehearsalError(msg)

    def _failures(self) -> Iterator[str]:
        try:
            events = self.client("cloudformation").describe_stack_events(StackName=self._name)["StackEvents"]
        except (BotoCoreError, ClientError):
            return
        for event in events:
            if "FAILED" in event["ResourceStatus"]:
                yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', event['ResourceStatus'])}"


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
