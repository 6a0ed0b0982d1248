"""`make invoke`: runs events through `sam local invoke`, and says of each whether it was answered as its name says."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.emulator.functions import read_functions
from local.emulator.settings import Settings, SettingsError
from local.invoke.answer_text import describe
from local.invoke.container_engine import Engine, EngineError
from local.invoke.sam_errors import sam_error
from local.sam_template import TemplateError

_ROOT = Path(__file__).parents[2]
_FUNCTIONS = {
    "generate_artifact": "GenerateArtifactFunction",
    "generate_artifact_fix": "GenerateArtifactFixFunction",
    "chat_completions": "ChatCompletionsFunction",
}
_ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
_IMAGE = f"public.ecr.aws/lambda/python:3.13-{_ARCHITECTURE}"


@dataclass(frozen=True)
class Answer:
    """What one event came to."""

    status: int
    cost: dict[str, Any] | None
    said: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the events; 0 when each was answered as its name says, 1 when one was not, 2 when there is nothing to run."""
    parser = argparse.ArgumentParser(prog="python -m local.invoke", description=__doc__)
    parser.add_argument("events", nargs="*", type=Path, help="files of events/, or any named like them (default: all)")
    parser.add_argument("--check-engine", action="store_true", help="only say whether there is a container engine")
    chosen = parser.parse_args(arguments)
    events: list[Path] = chosen.events or sorted((_ROOT / "events").rglob("*.json"))
    if unknown := [path for path in events if not path.is_file() or path.parent.name not in _FUNCTIONS]:
        return _refuse(f"{unknown[0]} is no file in a folder named for a function: {', '.join(_FUNCTIONS)}", 2)
    try:
        engine = Engine()
        if chosen.check_engine:
            return 0
        settings = Settings.load(_ROOT, os.environ)
        with _model_host(settings, engine) as given:
            wrong = [path for path in events if not _try(path, given, pull=not engine.has_image(_IMAGE))]
    except (EngineError, SettingsError, TemplateError) as error:
        return _refuse(str(error), 1)
    print(f"{len(events) - len(wrong)} of {len(events)} events were answered as their names say")
    return 1 if wrong else 0


def _try(path: Path, given: dict[str, str], *, pull: bool) -> bool:
    answer = _invoke(path, given, pull=pull)
    expected = re.match(r"\d{3}(?=-)", path.stem)
    good = answer.status == int(expected[0]) if expected else answer.status != 0
    print(f"{'ok  ' if good else 'FAIL'} {answer.status} {path.parent.name}/{path.stem}: {answer.said}", flush=True)
    if answer.cost:
        print(f"     {json.dumps(answer.cost, separators=(',', ':'))}", flush=True)
    return good


def _invoke(path: Path, given: dict[str, str], *, pull: bool) -> Answer:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as variables:
        json.dump({"Parameters": given}, variables)
        variables.flush()
        command = ["sam", "local", "invoke", _FUNCTIONS[path.parent.name], "--event", str(path.resolve())]
        command += ["--env-vars", variables.name, "--parameter-overrides", f"Architecture={_ARCHITECTURE}"]
        environment = os.environ | {"SAM_CLI_TELEMETRY": "0"}
        done = subprocess.run(  # noqa: S603 - sam itself, with a file of ours
            command if pull else [*command, "--skip-pull-image"],
            cwd=_ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    lines = [line for line in map(_object, (done.stdout + "\n" + done.stderr).splitlines()) if line]
    answer = next((line for line in lines if "statusCode" in line), None)
    cost = next((line for line in lines if line.get("message") == "cost"), None)
    if answer is None and done.returncode:
        # Not the function's fault, so every other event would end in the same way.
        msg = f"sam could not run {path.parent.name}: {sam_error(done.stderr)}"
        raise EngineError(msg)
    if answer is None:
        return Answer(0, cost, f"the function did not answer: {done.stderr.strip()[-600:]}")
    return Answer(answer["statusCode"], cost, describe(answer["body"]))


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line[line.index("{") :])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


@contextmanager
def _model_host(settings: Settings, engine: Engine) -> Iterator[dict[str, str]]:
    """The functions' settings: those that are set, and without any key the stand-in, where a container finds it.

    Only its OpenRouter: the functions take plain http for another host from loopback only, which this is not.
    """
    (function, *_) = read_functions(_ROOT / "template.yaml", settings.environment)
    given = {name: settings.environment[name] for name in function.settings if name in settings.environment}
    # As with `make run`: who may leave the choice of a model to the service.
    given |= {name: value for name, value in settings.for_functions.items() if name == "CHAT_MODELS"}
    if settings.hosts:
        yield given
        return
    seen_as, listen_on = engine.host_address()
    command = [sys.executable, "-m", "local.standin", "--host", listen_on, "--port", "0"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not (port := re.search(r":(\d+)/", line)):
                msg = f"the stand-in model host did not start on {listen_on}"
                raise EngineError(msg)
            print(f"model host: {line.strip()}", flush=True)
            base_url = f"http://{seen_as}:{port[1]}/api/v1"
            yield given | {"OPENROUTER_K2T_KEY": "stand-in", "OPENROUTER_BASE_URL": base_url}
        finally:
            process.kill()


def _refuse(why: str, status: int) -> int:
    print(f"make invoke: {why}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
