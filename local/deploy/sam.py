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
    with tempfile.TemporaryDirectory() as folder:
        written = write_parameters(Path(folder, "parameters.yaml"), values)
        options = [*_options(template, stack, region), "--parameter-overrides", f"file://{written}"]
        status = _run([os.fspath(sam), "deploy", *options], os.environ | {"SAM_CLI_TELEMETRY": "0"})
    if status:
        msg = (
            "sam deploy failed, see above. What CloudFormation had begun, it undoes; where sam does not say why:"
            f" `aws cloudformation describe-stack-events --stack-name {stack}`."
        )
        raise DeployError(msg)


def write_parameters(path: Path, values: Mapping[str, str]) -> Path:
    """Write parameters into a file for sam, which splits what stands on its command line at blanks; return the file."""
    # It takes a pair of quotes off, twice: once for the file, and once for the command line that names it.
    written = {name: _quoted(_quoted(value)) if value[:1] in {'"', "'"} else value for name, value in values.items()}
    path.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    return path


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    sys.stdout.flush()  # what was said before stays before what the process says
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - ours, and sam


def _options(template: Path, stack: str, region: str) -> Sequence[str]:
    # What is deployed was asked about already, and the same once more is no failure.
    asked = ["--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    settings = ["--config-file", os.fspath(ROOT / "samconfig.toml")]  # else sam looks beside the template
    return [*settings, "--template-file", os.fspath(template), "--stack-name", stack, "--region", region, *asked]


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '\\"') + '"'
