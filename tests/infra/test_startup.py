"""What starts with a function, and what must not: every import is paid for at each cold start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
