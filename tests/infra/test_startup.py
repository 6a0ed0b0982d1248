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
    # What only some requests, answers or modes need.
    "html.entities", "shared.artifacts.diagrams", "shared.artifacts.extraction.alternatives",
    "shared.artifacts.progress_events", "shared.edge.api_keys", "shared.edge.early_answer", "shared.key_hashes",
    "shared.model_host.error_classes",
}  # fmt: skip
# httpx imports a command line of its own, and rich with it, where there is click: not on Lambda.
LOAD = """import sys, json; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
before = set(sys.modules)  # what measures coverage, where that is measured
import app; print(json.dumps(sorted(set(sys.modules) - before)))"""
PLUGINS = """import importlib.metadata, sys, json; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
searches = []
importlib.metadata.distributions = lambda **_: searches.append(1) or ()
import app
print(len(searches))"""
COLLECTOR = """import gc, sys, json; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
walks = []
gc.callbacks.append(lambda phase, _: phase == "stop" or gc.get_freeze_count() or walks.append(phase))
import app
print(json.dumps({"walks": len(walks), "enabled": gc.isenabled(), "left out": gc.get_freeze_count()}))"""
CLASSES = """import sys, json; sys.path.insert(0, sys.argv[1]); sys.modules["click"] = None
open_imports = {}
class Watch:
    def find_spec(name, *_):
        frame, depth = sys._getframe(), 0
        while frame:
            frame, depth = frame.f_back, depth + (frame.f_code.co_name == "<module>")
        open_imports[name] = depth
sys.meta_path.insert(0, Watch)
import app
ours = {each for name, module in list(sys.modules.items()) if module and name.split(".")[0] == "shared"
        for each in vars(module).values() if isinstance(each, type) and each.__module__.startswith("shared.")}
print(json.dumps({
    "data classes": sorted(each.__name__ for each in ours if "__dataclass_fields__" in vars(each)),
    "built models": sorted(each.__name__ for each in ours if vars(each).get("__pydantic_complete__")),
    "open imports": {name: open_imports[name] for name in ("httpcore", "httpx", "pydantic", "shared.settings")},
}))"""


@pytest.mark.parametrize("guard", [{"ENABLE_GUARD": "false"}, {"GUARD_TABLE": "t"}], ids=["unguarded", "guarded"])
@pytest.mark.parametrize("function", ["generate_artifact", "generate_artifact_fix", "chat_completions"])
def test_nothing_starts_that_is_not_needed(function: str, guard: dict[str, str]) -> None:
    loaded = set(_started(function, LOAD, guard))

    assert "httpx" in loaded
    assert not {name for name in loaded if name in FORBIDDEN}


@pytest.mark.parametrize("function", ["generate_artifact", "generate_artifact_fix"])
def test_few_classes_are_made_that_take_long_to_make(function: str) -> None:
    """A frozen data class takes six times as long as a named tuple; a model's validator waits for its first use."""
    made = _started(function, CLASSES, {"GUARD_TABLE": "t"})

    assert made["data classes"] == ["Replay", "Run"]
    assert made["built models"] == ["Metadata", "Settings"]


@pytest.mark.parametrize("function", ["generate_artifact", "generate_artifact_fix", "chat_completions"])
def test_no_package_is_asked_for_plug_ins(function: str) -> None:
    """Pydantic would read a file of each."""
    assert _started(function, PLUGINS, {"GUARD_TABLE": "t"}) == 0


@pytest.mark.parametrize("function", ["generate_artifact", "generate_artifact_fix", "chat_completions"])
def test_no_garbage_is_looked_for_until_the_function_has_started(function: str) -> None:
    """And what the start has made is left out of every later search."""
    collector = _started(function, COLLECTOR, {"GUARD_TABLE": "t"})

    assert collector["walks"] <= 1, "one may be due before the first import"
    assert collector["enabled"]
    assert collector["left out"] > 20_000


@pytest.mark.parametrize("function", ["generate_artifact", "generate_artifact_fix", "chat_completions"])
def test_the_large_libraries_are_imported_at_little_depth(function: str) -> None:
    """The main module, `app` and `shared.cold_start`, which says why."""
    made = _started(function, CLASSES, {"GUARD_TABLE": "t"})

    assert max(made["open imports"].values()) <= 3


def _started(function: str, script: str, environment: dict[str, str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT)],
        cwd=ROOT / "functions" / function,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


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
