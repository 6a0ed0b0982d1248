"""Building and deploying: `make build` and the SAM CLI, as processes whose output is seen."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from local.deploy.errors import DeployError
from local.deploy.stack import deletion

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".aws-sam" / "build" / "template.yaml"
SAM = ROOT / ".venv-sam" / "bin" / "sam"
_FAILED = (
    "sam deploy failed, see above. What CloudFormation had begun, it undoes; where sam does not say why:"
    " `aws cloudformation describe-stack-events --stack-name {stack} --region {region}`."
)
_STOPPED = (
    "Nobody waits for the deployment any more, but CloudFormation goes on with what it had begun: `aws cloudformation"
    " describe-stacks --stack-name {stack} --region {region}` says how far it is, and `aws cloudformation"
    " cancel-update-stack` with the same options takes an update back. A first deployment is deleted when it has ended:"
    " `{delete}`."
)


def missing(sam: Path, *, builds: bool) -> list[str]:
    """Return what this machine lacks, so that it shows before anybody is asked anything."""
    lacks = [] if sam.is_file() else [f"There is no {sam}: remove the folder .venv-sam, and `make deploy` sets it up."]
    if builds:
        command = [os.environ.get("MAKE", "make"), "--no-print-directory", "-s", "python313"]
        done = subprocess.run(command, cwd=ROOT, env=make_environment(), capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if done.returncode:
            said = [line.removeprefix("make: ") for line in done.stderr.splitlines() if "***" not in line]
            lacks.append(f"{' '.join(said).rstrip('.')}.")
    return lacks


def build(architecture: str) -> None:
    """Build the layers and functions for a processor."""
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", "build", f"ARCH={architecture}"]
    try:
        status = _run(command, make_environment())
    except KeyboardInterrupt:
        msg = "The build was stopped. Nothing was deployed."
        raise DeployError(msg) from None
    if status:
        msg = "The build failed, see above. Nothing was deployed."
        raise DeployError(msg)


def deploy(sam: Path, template: Path, stack: str, region: str, values: Mapping[str, str]) -> None:
    """Deploy a built template with these values for all of its parameters."""
    with tempfile.TemporaryDirectory() as folder:
        written = write_parameters(Path(folder, "parameters.yaml"), values)
        options = [*_options(template, stack, region), "--parameter-overrides", f"file://{written}"]
        try:
            status = _run([os.fspath(sam), "deploy", *options], os.environ | {"SAM_CLI_TELEMETRY": "0"})
        except KeyboardInterrupt:
            raise DeployError(_STOPPED.format(stack=stack, region=region, delete=deletion(stack, region))) from None
    if status:
        raise DeployError(_FAILED.format(stack=stack, region=region))


def write_parameters(path: Path, values: Mapping[str, str]) -> Path:
    """Write parameters into a file for sam, which splits what stands on its command line at blanks; return the file."""
    # It takes a pair of quotes off, twice: once for the file, and once for the command line that names it.
    written = {name: _quoted(_quoted(value)) if value[:1] in {'"', "'"} else value for name, value in values.items()}
    path.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    return path


def make_environment() -> dict[str, str]:
    """Return the environment for another target of make: what the present one was called with is not meant for it."""
    without = {"ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in without}


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
