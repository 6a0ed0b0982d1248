"""What runs at GitHub: no action that can change under us, no permission that a job does not need."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.sam_template import Template

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
GRANTED = {"check": [{"contents": "read"}], "deploy": [{}, {"contents": "read", "id-token": "write"}]}
"""The permissions of each workflow, and of its jobs that have their own. A scope that is not named is not given."""


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - `on` is no boolean
    return content


def jobs(path: Path) -> Iterator[dict[str, Any]]:
    yield from read(path)["jobs"].values()


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path):
        yield from job["steps"]


def test_these_workflows_are_checked() -> None:
    assert {path.stem for path in WORKFLOWS} == set(GRANTED)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    """A tag can be moved to other code, and has been; the version beside it is what Dependabot reads."""
    used = re.findall(r"^\s*(?:- )?uses: *(.*)$", path.read_text(), re.MULTILINE)

    assert len(used) == sum("uses" in step for step in steps(path)) > 0
    assert [each for each in used if not PINNED.fullmatch(each)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_permissions_are_named_and_few(path: Path) -> None:
    granted = [read(path)["permissions"], *(job["permissions"] for job in jobs(path) if "permissions" in job)]

    assert granted == GRANTED[path.stem]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]

    assert checkouts
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_expression_is_put_into_a_command(path: Path) -> None:
    """What a pull request or a person can write reaches a shell as a variable, never as part of the command."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_ends_and_none_runs_beside_itself(path: Path) -> None:
    assert all(int(job["timeout-minutes"]) <= 60 for job in jobs(path))
    assert read(path)["concurrency"]["group"]


def test_who_may_deploy_is_decided_by_the_environment() -> None:
    """By hand only, and never cut off; a pull request's code is never near the credentials."""
    deploy = read(ROOT / ".github/workflows/deploy.yml")

    assert set(deploy["on"]) == {"workflow_dispatch"}
    assert {job["environment"] for job in deploy["jobs"].values()} == {"production"}
    assert deploy["concurrency"]["cancel-in-progress"] == "false"
    assert "secrets." not in (ROOT / ".github/workflows/check.yml").read_text()
    assert "pull_request_target" not in read(ROOT / ".github/workflows/check.yml")["on"]


def test_updates_wait_a_week_before_they_are_proposed() -> None:
    dependabot = read(ROOT / ".github/dependabot.yml")
    lock = re.search(r"^LOCK = (.*?[^\\])$", (ROOT / "Makefile").read_text(), re.MULTILINE | re.DOTALL)

    assert {each["package-ecosystem"] for each in dependabot["updates"]} == {"github-actions", "npm"}
    assert {each["cooldown"]["default-days"] for each in dependabot["updates"]} == {"7"}
    assert all((ROOT / each["directory"].strip("/")).is_dir() for each in dependabot["updates"])
    assert lock is not None
    assert "--exclude-newer '7 days'" in lock[1]


POLICY: dict[str, Any] = json.loads((ROOT / "docs/deploy-role/permissions.json").read_text())
SERVICES = {"Lambda": "lambda", "DynamoDB": "dynamodb", "Logs": "logs", "CloudWatch": "cloudwatch", "SNS": "sns"}
SERVICES |= {"IAM": "iam", "CodeDeploy": "codedeploy", "CloudFormation": "cloudformation", "Serverless": "lambda"}


def test_the_deploying_role_may_make_every_kind_of_resource() -> None:
    templates = [Template.read(ROOT / name, {}) for name in ("template.yaml", "observability.yaml")]
    made = {str(each["Type"]).split("::")[1] for template in templates for each in resources_of(template)}
    allowed = {action.partition(":")[0] for each in POLICY["Statement"] for action in each["Action"]}

    assert {SERVICES[service] for service in made} <= allowed


def resources_of(template: Template) -> Iterator[dict[str, Any]]:
    yield from template.section("Resources").values()  # type: ignore[misc] # each is a mapping


def test_the_deploying_role_is_held_to_its_stack() -> None:
    """Only what has no name that begins with the stack's may be done to anything, and that reads or makes queries."""
    everywhere = [each for each in POLICY["Statement"] if "*" in each["Resource"]]

    assert [each["Sid"] for each in everywhere] == ["WhatHasNoName"]
    readers = re.compile(r"\w+:(Describe|Get|List|Validate)\w+|logs:(Put|Delete)QueryDefinition")
    assert [action for action in everywhere[0]["Action"] if not readers.fullmatch(action)] == []
    roles = next(each for each in POLICY["Statement"] if each["Sid"] == "Roles")
    assert all("/STACK-" in each for each in roles["Resource"])


def test_the_deploying_role_may_see_that_a_secret_is_there_and_never_read_one() -> None:
    """`make deploy` looks whether the functions could read it, and says nothing where it may not look."""
    allowed = [action for each in POLICY["Statement"] for action in each["Action"]]

    assert [action for action in allowed if action.startswith("secretsmanager:")] == ["secretsmanager:DescribeSecret"]


def test_only_a_job_of_the_environment_may_take_the_role() -> None:
    trust = json.loads((ROOT / "docs/deploy-role/trust.json").read_text())
    (statement,) = trust["Statement"]

    assert set(statement["Condition"]) == {"StringEquals"}
    assert "environment:production" in (ROOT / "docs/operations.md").read_text()
