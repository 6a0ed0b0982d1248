"""`make rehearse`: deploy, call, roll back and delete the bundle in an AWS emulator on loopback."""

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from local.deploy.sam import make_environment
from local.rehearse.aws_emulator import aws_emulator, last_lines, stand_in_host
from local.rehearse.errors import RehearsalError
from local.rehearse.rehearsal import Rehearsal
from local.rehearse.stack import Account
from local.rehearse.steps import Steps
from local.sam_template import TemplateError

_ROOT = Path(__file__).parents[2]
_ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
_STACK = "kimi-rehearsal"
_INTERRUPTED = 130
_LAST_LINES = 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Rehearse; 0 when everything was as it has to be, 1 when something was not, 2 when it cannot begin."""
    parser = argparse.ArgumentParser(
        prog="make rehearse",
        usage="make rehearse [ARGS=--no-build]",
        description="Deploy the bundle into an AWS emulator on loopback, call every function, roll back a broken "
        "release, delete the stack, see that the logs are still there, and deploy again. No account of yours is asked.",
    )
    parser.add_argument("--emulator", type=Path, required=True, help=argparse.SUPPRESS)  # the Makefile's
    parser.add_argument(
        "--no-build", action="store_true", help="take what .aws-sam/build holds, built for this machine"
    )
    chosen = parser.parse_args(arguments)
    sam = shutil.which("sam")
    if sys.platform != "linux" or not sam or not chosen.emulator.is_file():
        missing = "sam is not on PATH" if not sam else f"there is no {chosen.emulator}"
        why = "it needs Linux's /proc" if sys.platform != "linux" else f"{missing}: `make rehearse` sets both up"
        print(f"make rehearse: {why}", file=sys.stderr)
        return 2
    # Everything that was started is stopped on the way out, whoever ends it.
    for ends in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ends, signal.default_int_handler)
    steps = Steps()
    try:
        _rehearse(steps, chosen.emulator, Path(sam), build=not chosen.no_build)
    except (RehearsalError, TemplateError, BotoCoreError, ClientError) as error:
        print(f"\nmake rehearse: {error}\n{steps.summary()}; everything was stopped and removed", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nmake rehearse: interrupted; {steps.summary()}; everything was stopped and removed", file=sys.stderr)
        return _INTERRUPTED
    print(f"\n{steps.summary()}; everything was stopped and removed")
    return 0


def _rehearse(steps: Steps, program: Path, sam: Path, *, build: bool) -> None:
    if build:
        with steps.step(f"Build for this machine's processor ({_ARCHITECTURE})"):
            _build()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rehearsal-")))
        with steps.step("Start the emulator and the stand-in model host") as step:
            emulator = stack.enter_context(aws_emulator(program, folder))
            model_host = stack.enter_context(stand_in_host(folder))
            step.note(f"ministack {emulator.version} listens on {', '.join(emulator.require_loopback())} only")
        rehearsal = Rehearsal(
            steps,
            Account(emulator, sam, _STACK),
            build=_ROOT / ".aws-sam" / "build",
            architecture=_ARCHITECTURE,
            model_host=model_host,
            emulator_url=emulator.url,
            folder=folder,
        )
        try:
            rehearsal.run()
        except Exception:
            print(f"\nThe emulator's last lines:\n{last_lines(folder / 'emulator.log')}\n", file=sys.stderr)
            raise
        with steps.step("See once more where all of it listens") as step:
            step.note(f"{', '.join(emulator.require_loopback())} only")


def _build() -> None:
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", "build", f"ARCH={_ARCHITECTURE}"]
    done = subprocess.run(command, cwd=_ROOT, env=make_environment(), capture_output=True, text=True, check=False)  # noqa: S603 - our own Makefile
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-_LAST_LINES:])
        msg = f"the build failed:\n{said}"
        raise RehearsalError(msg)


if __name__ == "__main__":
    sys.exit(main())
