"""Building and deploying: `make build` and the SAM CLI, as processes whose output is seen."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from local.deploy.errors import DeployError

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".aws-sam" / "build" / "template.yaml"
SAM = ROOT / ".venv-sam" / "bin" / "sam"


def build(architecture: str) -> None:
    """Build the layers and functions for a processor."""
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", "build", f"ARCH={architecture}"]
    # What this target was called with is not meant for that one.
    without = {"ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL"}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    if _run(command, environment):
        msg = "The build failed, see above. Nothing was deployed."
        raise DeployError(msg)


def deploy(sam: Path, template: Path, stack: str, region: str, values: Mapping[str, str]) -> None:
    """Deploy a built template with these values for all of its parameters."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        # In a file, because sam splits what stands on its command line at blanks.
        yaml.safe_dump({name: _quoted(value) for name, value in values.items()}, file, allow_unicode=True)
        file.flush()
        options = _options(template, stack, region)
        command = [os.fspath(sam), "deploy", *options, "--parameter-overrides", f"file://{file.name}"]
        status = _run(command, os.environ | {"SAM_CLI_TELEMETRY": "0"})
    if status:
        msg = (
            "sam deploy failed, see above. What CloudFormation had begun, it undoes; where sam does not say why:"
            f" `aws cloudformation describe-stack-events --stack-name {stack}`."
        )
        raise DeployError(msg)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    sys.stdout.flush()  # what was said before stays before what the process says
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - ours, and sam


def _options(template: Path, stack: str, region: str) -> Sequence[str]:
    # What is deployed was asked about already, and the same once more is no failure.
    asked = ["--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    settings = ["--config-file", os.fspath(ROOT / "samconfig.toml")]  # else sam looks beside the template
    return [*settings, "--template-file", os.fspath(template), "--stack-name", stack, "--region", region, *asked]


def _quoted(value: str) -> str:
    """Return a value as sam reads it back: it takes a pair of quotes off, and backslashes before quotes."""
    return '"' + value.replace('"', '\\"') + '"'
