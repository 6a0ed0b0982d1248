"""A rehearsal from the first deployment to the last trace of it: what is done, and what has to be so."""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.rehearse.errors import RehearsalError
from local.rehearse.requests import FUNCTIONS, Answer, Request, problems, read_requests, send
from local.rehearse.stack import Account, Deployed
from local.rehearse.steps import Step, Steps
from local.rehearse.template_copy import copy_template, describe
from local.rehearse.unsupported import WITHOUT_EFFECT
from shared.key_hashes import hash_key

_ROOT = Path(__file__).parents[2]
_BROKEN = "generate_artifact"
_LOG_SECONDS = 5
_CATALOG = """
["custom/rehearsal"]
context = 131_072
max_output_tokens = 32_768
thinking = "none"
tokens_per_second = 60
rate_source = "made up"
[["custom/rehearsal".prices]]
input = 0.10
cached_input = 0.10
output = 0.40
source = "made up"
date = 2026-11-01
"""


@dataclass(frozen=True)
class Release:
    """A release that can be deployed: a built template, and its id."""

    template: Path
    id: str


class Rehearsal:
    """A rehearsal of one build in one account.

    Args:
        build: what `sam build` wrote; it is copied.
        architecture: the processor that it was built for.
        model_host: where the stand-in listens.
        folder: where copies are put.
    """

    def __init__(
        self,
        steps: Steps,
        account: Account,
        *,
        build: Path,
        architecture: str,
        model_host: str,
        emulator_url: str,
        folder: Path,
    ) -> None:
        self._steps = steps
        self._account = account
        self._build = build
        self._architecture = architecture
        self._model_host = model_host
        self._emulator_url = emulator_url
        self._folder = folder
        self._key = secrets.token_urlsafe(24)
        self._requests = read_requests(_ROOT / "events", self._key)

    def run(self) -> None:
        """Do all of it; RehearsalError at the first thing that is not as it has to be."""
        self._say_what_is_unsupported()
        parameters = self._prepare()
        good = self._release("good")
        deployed = self._deploy("Deploy the first release (make deploy)", good, parameters)
        lines = self._call_everything(deployed)
        self._roll_back(deployed, self._release("broken", broken=True))
        self._delete(deployed, lines)
        again = self._deploy("Deploy under the same name again", good, parameters)
        with self._steps.step("Call each function of the new stack"):
            self._call(again, self._one_each())
        if shared := set(again.log_groups.values()) & set(deployed.log_groups.values()):
            msg = f"the new stack writes to the log of the old one: {', '.join(shared)}"
            raise RehearsalError(msg)
        self._delete(again, {})

    def _say_what_is_unsupported(self) -> None:
        with self._steps.step("Ask the emulator again for what it did not know") as step:
            for entry in self._account.supported_by_now():
                step.note(f"{entry.type} is known by now: take its entry out of local/rehearse/unsupported.py")
            step.note("It takes, but does not act on:")
            for each in WITHOUT_EFFECT:
                step.note(f"  {each}")

    def _prepare(self) -> dict[str, str]:
        with self._steps.step("Store the keys and the catalog's changes"):
            key = self._account.put_secret("openrouter", "stand-in")
            callers = self._account.put_secret("callers", json.dumps({"rehearsal": hash_key(self._key)}))
            self._account.put_parameter("/kimi/catalog", _CATALOG)
        return {
            "AlarmEmail": "rehearsal@example.com",
            "AllowedOrigins": "https://app.example.com",
            "ApiKeysSecretArn": callers,
            "Architecture": self._architecture,
            "AuthMode": "key",
            "CatalogParameter": "/kimi/catalog",
            "ChatModels": "moonshotai/kimi-k2-thinking,moonshotai/kimi-k2.6,auto",
            "GlobalLimitPerMinute": "1000",
            "OpenrouterBaseUrl": f"{self._model_host}/api/v1",
            "OpenrouterSecretArn": key,
        }

    def _release(self, name: str, *, broken: bool = False) -> Release:
        folder = self._folder / name
        release_id = hashlib.sha256(name.encode()).hexdigest()
        with self._steps.step(f"Copy the build as the {name} release, without what the emulator cannot take") as step:
            _copy(self._build, folder)
            left_out = copy_template(folder / "template.yaml", {"ReleaseId": release_id}, self._account.upload)
            if broken:
                _break(folder / f"{FUNCTIONS[_BROKEN]}Function")
                step.note(f"{_BROKEN} fails when it is imported")
            else:
                step.notes += describe(left_out)
        return Release(folder / "template.yaml", release_id)

    def _deploy(self, name: str, release: Release, parameters: Mapping[str, str]) -> Deployed:
        with self._steps.step(name) as step:
            deployed = self._account.deploy(release.template, parameters, release.id)
            step.note(f"alias: {_said(self._account.alias_versions(deployed.functions))}")
        return deployed

    def _call_everything(self, deployed: Deployed) -> dict[str, dict[str, list[dict[str, Any]]]]:
        with self._steps.step("Call every function's URL with every event, and read their cost lines") as step:
            answers, lines = self._call(deployed, self._requests)
            for function in FUNCTIONS:
                step.note(_counted(function, answers, lines[function]))
            self._compare_with_the_host(lines, step)
        return lines

    def _call(
        self, deployed: Deployed, requests: Sequence[Request]
    ) -> tuple[list[Answer], dict[str, dict[str, list[dict[str, Any]]]]]:
        answers = [send(self._url(deployed, request.function), request) for request in requests]
        lines = self._lines(deployed, answers)
        wrong = [
            f"{answer.request.name}: {problem}"
            for answer in answers
            for problem in problems(answer, lines[answer.request.function].get(answer.request_id, []))
        ]
        if wrong:
            raise RehearsalError("\n".join(wrong))
        return answers, lines

    def _lines(self, deployed: Deployed, answers: Sequence[Answer]) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return the cost lines of each function, once all that can be waited for are there."""
        deadline = time.monotonic() + _LOG_SECONDS
        while True:
            lines = {
                function: self._account.cost_lines(deployed.log_groups[f"{begin}Logs"])
                for function, begin in FUNCTIONS.items()
            }
            missing = [answer for answer in answers if answer.request_id not in lines[answer.request.function]]
            if not missing or time.monotonic() > deadline:
                return lines
            time.sleep(0.2)

    def _compare_with_the_host(self, lines: Mapping[str, Mapping[str, list[dict[str, Any]]]], step: Step) -> None:
        charged = httpx.get(f"{self._model_host}/ledger", trust_env=False).json()["charged_nano_usd"]
        booked = sum(
            line["cost_nano_usd"] or 0 for each in lines.values() for request in each.values() for line in request
        )
        if charged != booked:
            msg = f"the model host charged {charged} nano-USD and the cost lines add up to {booked}"
            raise RehearsalError(msg)
        step.note(f"the cost lines add up to what the model host charged: ${charged / 1e9:.6f}")

    def _roll_back(self, deployed: Deployed, broken: Release) -> None:
        before = self._account.alias_versions(deployed.functions)
        self._deploy("Deploy a broken release", broken, {})  # the parameters stay as they are
        request = next(each for each in self._requests if each.function == _BROKEN and each.status == httpx.codes.OK)
        with self._steps.step("See that it is broken") as step:
            answer = send(self._url(deployed, _BROKEN), request)
            step.note(f"{request.name}: status {answer.status}")
            if (
                answer.status < httpx.codes.INTERNAL_SERVER_ERROR
                or self._account.alias_versions(deployed.functions) == before
            ):
                msg = f"the broken release does not show: status {answer.status}"
                raise RehearsalError(msg)
        with self._steps.step("Roll back (make rollback)") as step:
            self._account.roll_back()
            if (after := self._account.alias_versions(deployed.functions)) != before:
                msg = f"the alias stands at {_said(after)}, and stood at {_said(before)} before"
                raise RehearsalError(msg)
            step.note(f"alias: {_said(after)}")
            self._call(deployed, self._one_each())
            step.note("every function answers again")

    def _delete(self, deployed: Deployed, lines: Mapping[str, Mapping[str, list[dict[str, Any]]]]) -> None:
        with self._steps.step("Delete the stack (sam delete)") as step:
            self._account.delete()
            if gone := sorted(set(deployed.log_groups.values()) - self._account.log_groups()):
                msg = f"the log groups went with the stack, and with them what was spent: {', '.join(gone)}"
                raise RehearsalError(msg)
            for function, begin in FUNCTIONS.items():
                if (
                    missing := lines.get(function, {}).keys()
                    - self._account.cost_lines(deployed.log_groups[f"{begin}Logs"]).keys()
                ):
                    msg = f"{len(missing)} cost lines of {function} are gone"
                    raise RehearsalError(msg)
            step.note(f"{len(deployed.log_groups)} log groups are still there, with what was spent")

    def _one_each(self) -> list[Request]:
        good = {each.function: each for each in reversed(self._requests) if each.status == httpx.codes.OK}
        return [*good.values()]

    def _url(self, deployed: Deployed, function: str) -> str:
        """Return where the emulator serves a function's URL: by its id, as the name in it exists in AWS only."""
        url = httpx.URL(deployed.outputs[f"{FUNCTIONS[function]}Url"])
        return f"{self._emulator_url}/_aws/lambda-url/{url.host.partition('.')[0]}"


def _copy(build: Path, folder: Path) -> None:
    folder.mkdir()
    for each in build.iterdir():
        if (each / "python").is_dir():
            (folder / each.name).symlink_to(each)  # a layer is large, and nothing in it is changed
        elif each.is_dir():
            shutil.copytree(each, folder / each.name)
        else:
            shutil.copy(each, folder)


def _break(function: Path) -> None:
    app = function / "app.py"
    app.write_text('raise RuntimeError("broken for the rehearsal")\n' + app.read_text("utf-8"), "utf-8")
    shutil.rmtree(function / "__pycache__")  # it would be run instead, as it is not checked against its source


def _counted(function: str, answers: Sequence[Answer], lines: Mapping[str, list[dict[str, Any]]]) -> str:
    own = [answer for answer in answers if answer.request.function == function]
    good = sum(answer.status == httpx.codes.OK for answer in own)
    return f"{function}: {good} answers, {len(own) - good} refused, {len(lines)} cost lines"


def _said(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
