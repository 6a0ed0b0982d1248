"""What starts with a function, and what must not: every import is paid for at each cold start."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from local.emulator.guard_table import create_table
from tests.support.standin import StandIn

ROOT = Path(__file__).parents[2]
# Powertools imports `botocore` itself where there is one, which is a few milliseconds; what costs is what it brings.
FORBIDDEN = {
    "aiohttp", "boto3", "botocore.client", "botocore.session",
    "cryptography", "dotenv", "html5lib", "hypothesis", "jwt", "local", "lxml", "markdown_it", "moto", "openai",
    "pytest", "quickjs", "requests", "respx", "rich", "shared.routing", "tests", "tree_sitter", "unittest", "yaml",
    "aws_lambda_powertools.event_handler", "aws_xray_sdk",
    "aws_lambda_powertools.utilities.data_classes", "aws_lambda_powertools.utilities.idempotency",
}  # fmt: skip
# httpx imports a command line of its own, and rich with it, where there is click: not on Lambda.
LOAD = """import sys, json; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
import app; print(json.dumps(sorted(name for name in sys.modules if name != "click")))"""


@pytest.mark.parametrize("guard", [{"ENABLE_GUARD": "false"}, {"GUARD_TABLE": "t"}], ids=["unguarded", "guarded"])
@pytest.mark.parametrize("function", ["generate_artifact", "generate_artifact_fix", "chat_completions"])
def test_nothing_starts_that_is_not_needed(function: str, guard: dict[str, str]) -> None:
    folder = ROOT / "functions" / function
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(ROOT)],
        cwd=folder,
        env=os.environ | guard,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(json.loads(done.stdout))
    assert "httpx" in loaded
    assert not {name for name in loaded if name in FORBIDDEN}


SERVE = """import sys, json; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
import app
class Context:
    aws_request_id = "r-1"
    def get_remaining_time_in_millis(self):
        return 60_000
answer = app.handler(json.loads(sys.argv[2]), Context())
print(json.dumps([answer, sorted(sys.modules)]))"""
EVENT = {
    "headers": {"content-type": "application/json", "idempotency-key": "k-1"},
    "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
    "body": json.dumps({"prompt": "A list", "artifactType": "svg"}),
}


def test_a_whole_request_is_served_without_awss_sdk(aws: str, secrets: Any, ssm: Any, host: StandIn) -> None:
    """Secret, parameter and table are asked: the SDK takes longer to load than all the rest together."""
    create_table(aws, "t")
    ssm.put_parameter(Name="/catalog", Value="# nothing is changed", Type="String")
    settings = {
        "GUARD_TABLE": "t",
        "OPENROUTER_SECRET_ARN": secrets.create_secret(Name="key", SecretString="sk-1")["ARN"],
        "OPENROUTER_BASE_URL": host.url,
        "CATALOG_PARAMETER": "/catalog",
    }

    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(ROOT), json.dumps(EVENT)],
        cwd=ROOT / "functions" / "generate_artifact",
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )

    lines = done.stdout.splitlines()
    answer, loaded = json.loads(lines[-1])
    logged = [json.loads(line) for line in lines[:-1]]
    assert answer["statusCode"] == 200
    assert not [line for line in logged if line.get("level") in {"WARNING", "ERROR"}], "all three were asked, and knew"
    assert {item["pk"]["S"].partition("#")[0] for item in boto3.client("dynamodb").scan(TableName="t")["Items"]} == {
        "minute", "spent", "once",
    }  # fmt: skip
    assert not [name for name in loaded if name.startswith(("boto3", "botocore.", "s3transfer", "urllib3"))]
