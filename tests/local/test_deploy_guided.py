"""`make deploy` on a terminal: the first time it asks, and says at once what is wrong with an answer."""

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.aws_cloud import Cloud, aws_cloud
from tests.support.builds import built_template

ROOT = Path(__file__).parents[2]
KEY = "sk-or-v1-0123456789abcdef"
_RUN = "import sys; from pathlib import Path; from local.deploy.__main__ import main; "
_SECONDS = 60


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    with aws_cloud(tmp_path) as account:
        account.publish("a" * 64)
        yield account


def _take_terminal() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background ignore it, and their children too
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Dialogue:
    """A deployment on a terminal of its own."""

    def __init__(self, cloud: Cloud, *arguments: str, **environment: str) -> None:
        template = built_template(cloud.folder / "build", "arm64")
        code = f"{_RUN} sys.exit(main(sys.argv[1:], sam_command=Path({os.fspath(cloud.sam)!r})))"
        command = [sys.executable, "-c", code, "--template", os.fspath(template), *arguments]
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self._terminal, theirs = os.openpty()
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=kept | cloud.environment | environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - so that Ctrl-C reaches it
        )
        os.close(theirs)
        self.said = ""

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, and type."""
        self.wait_until(question)
        os.write(self._terminal, f"{text}\n".encode())

    def wait_until(self, question: str) -> None:
        """Read on to a question."""
        seen = len(self.said)
        deadline = time.monotonic() + _SECONDS
        while question not in self.said[seen:]:
            assert time.monotonic() < deadline, f"{question!r} was not asked: {self.said}"
            if not self._read():
                msg = f"it ended before {question!r}: {self.said}"
                raise AssertionError(msg)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._terminal, b"\x03")

    def wait_for(self, path: Path) -> None:
        """Wait until there is a file."""
        deadline = time.monotonic() + _SECONDS
        while not path.exists():
            assert time.monotonic() < deadline, f"there is no {path}: {self.said}"
            time.sleep(0.05)

    def answer_all(self, answers: Sequence[tuple[str, str]]) -> None:
        for question, text in answers:
            self.answer(question, text)

    def end(self) -> int:
        """Read on to the end, and return the exit status."""
        while self._read():
            pass
        os.close(self._terminal)
        return self._process.wait(_SECONDS)

    def _read(self) -> bool:
        if not select.select([self._terminal], [], [], _SECONDS)[0]:
            return False
        try:
            read = os.read(self._terminal, 65_536)
        except OSError:  # as a terminal ends on Linux
            return False
        self.said += read.decode()
        return bool(read)


def test_a_bare_key_and_tokens(cloud: Cloud) -> None:
    """The key is not seen, not passed on, and in a secret only once everything is agreed to."""
    asked = Dialogue(cloud)
    asked.answer_all(
        [
            ("AWS region [eu-central-1]:", "nowhere-9"),
            ("none of that name", ""),
            ("API key of OpenRouter", "with blanks"),
            ("API key of OpenRouter", f'"{KEY}"'),
            ("API key of OpenRouter", KEY),
            ("AuthMode [iam]:", "JWT"),
            ("must be iam, jwt, key or none", "jwt"),
            ("Issuer of the tokens", "http://issuer.example"),
            ("JwtIssuer cannot be", "https://issuer.example/"),
            ("Audience", ""),
            ("JwtAudience is needed", "artifacts"),
            ("Origins", "https://site.example/"),
            ("without a path", "https://site.example"),
            ("Most requests", "many"),
            ("ReservedConcurrency cannot be", "10"),
            ("E-mail", "me@site.example"),
        ]
    )
    assert not cloud.client("secretsmanager").list_secrets()["SecretList"]
    asked.answer("Deploy this? [y/N]:", "y")

    assert asked.end() == 0

    assert cloud.deployed is not None
    secrets = cloud.client("secretsmanager")
    (made,) = secrets.list_secrets()["SecretList"]
    assert made["Name"] == "kimi-artifacts/openrouter"
    assert secrets.get_secret_value(SecretId=made["ARN"])["SecretString"] == KEY
    values = cloud.deployed[1]
    assert {
        "OpenrouterSecretArn": made["ARN"],
        "AuthMode": "jwt",
        "JwtIssuer": "https://issuer.example/",
        "JwtAudience": "artifacts",
        "AllowedOrigins": "https://site.example",
        "ReservedConcurrency": "10",
        "AlarmEmail": "me@site.example",
    }.items() <= values.items()
    assert KEY not in asked.said
    assert asked.said.count("That is no API key") == 2
    assert KEY not in json.dumps(cloud.deployed)
    assert "made now, with the key that you typed" in asked.said
    assert "me@site.example has a mail from AWS to confirm" in asked.said


def test_no_is_no(cloud: Cloud) -> None:
    asked = Dialogue(cloud)
    asked.answer_all(
        [
            ("AWS region", ""), ("API key", KEY), ("AuthMode", ""), ("Origins", ""), ("Most requests", ""),
            ("E-mail", ""), ("Deploy this?", "n"),
        ]
    )  # fmt: skip

    assert asked.end() == 1
    assert "Nothing was deployed." in asked.said
    assert cloud.deployed is None
    assert not cloud.client("secretsmanager").list_secrets()["SecretList"]


def test_opening_it_to_all_is_asked_twice(cloud: Cloud) -> None:
    asked = Dialogue(cloud, f"OpenrouterSecretArn={cloud.secret}")
    asked.answer_all(
        [
            ("AWS region", ""), ("AuthMode", "none"), ("Really open it?", ""), ("AuthMode", "none"),
            ("Really open it?", "yes"), ("Origins", ""), ("Most requests", ""), ("E-mail", ""), ("Deploy this?", "y"),
        ]
    )  # fmt: skip

    assert asked.end() == 0
    assert cloud.deployed is not None
    assert (cloud.deployed[1]["AuthMode"], cloud.deployed[1]["AllowUnauthenticated"]) == ("none", "true")
    assert "API key of OpenRouter" not in asked.said


def test_a_secret_of_an_earlier_attempt_is_used(cloud: Cloud) -> None:
    made = cloud.client("secretsmanager").create_secret(Name="kimi-artifacts/openrouter", SecretString=KEY)
    asked = Dialogue(cloud, "AuthMode=iam", "AllowedOrigins=", "ReservedConcurrency=5", "AlarmEmail=")
    asked.answer_all([("AWS region", ""), ("already. Use the key in it?", "y"), ("Deploy this?", "y")])

    assert asked.end() == 0
    assert cloud.deployed is not None
    assert cloud.deployed[1]["OpenrouterSecretArn"] == made["ARN"]


def test_or_gets_another_key(cloud: Cloud) -> None:
    secrets = cloud.client("secretsmanager")
    made = secrets.create_secret(Name="kimi-artifacts/openrouter", SecretString="an old one")
    asked = Dialogue(cloud, "AuthMode=iam", "AllowedOrigins=", "ReservedConcurrency=5", "AlarmEmail=")
    asked.answer_all([("AWS region", ""), ("Use the key in it?", "n"), ("API key", KEY), ("Deploy this?", "y")])

    assert asked.end() == 0
    assert secrets.get_secret_value(SecretId=made["ARN"])["SecretString"] == KEY


def test_one_that_is_being_deleted_keeps_its_name(cloud: Cloud) -> None:
    """Else the deployment would fail only after the build."""
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name="kimi-artifacts/openrouter", SecretString=KEY)
    secrets.delete_secret(SecretId="kimi-artifacts/openrouter")
    asked = Dialogue(cloud)
    asked.answer("AWS region", "")

    assert asked.end() == 2
    assert "restore-secret --secret-id kimi-artifacts/openrouter --region eu-central-1" in asked.said


_ALL_BUT_THE_KEY = ["AuthMode=iam", "AllowedOrigins=", "ReservedConcurrency=5", "AlarmEmail="]


def test_a_failure_says_that_the_key_stays(cloud: Cloud) -> None:
    (cloud.folder / "fails").touch()
    asked = Dialogue(cloud, *_ALL_BUT_THE_KEY)
    asked.answer_all([("AWS region", ""), ("API key", KEY), ("Deploy this?", "y")])

    assert asked.end() == 1
    assert "The key stays in the secret kimi-artifacts/openrouter, which the next `make deploy` finds." in asked.said


def test_ctrl_c_at_a_question_does_nothing(cloud: Cloud) -> None:
    asked = Dialogue(cloud, *_ALL_BUT_THE_KEY)
    asked.answer_all([("AWS region", ""), ("API key", KEY)])
    asked.wait_until("Deploy this?")
    asked.interrupt()

    assert asked.end() == 130
    assert cloud.deployed is None
    assert not cloud.client("secretsmanager").list_secrets()["SecretList"]


def test_ctrl_c_while_sam_runs_says_that_cloudformation_goes_on(cloud: Cloud) -> None:
    (cloud.folder / "waits").touch()
    asked = Dialogue(cloud, *_ALL_BUT_THE_KEY)
    asked.answer_all([("AWS region", ""), ("API key", KEY), ("Deploy this?", "y")])
    asked.wait_for(cloud.folder / "called.json")
    asked.interrupt()

    assert asked.end() == 1
    assert "CloudFormation goes on with what it had begun" in asked.said
    assert "describe-stacks --stack-name kimi-artifacts --region eu-central-1" in asked.said
    assert "sam delete --stack-name kimi-artifacts --region eu-central-1`. The key stays in the secret" in asked.said
    assert "Traceback" not in asked.said.partition("make deploy:")[2]


def test_a_later_deployment_asks_only_whether_it_is_meant(cloud: Cloud) -> None:
    cloud.deploy({"OpenrouterSecretArn": cloud.secret, "AuthMode": "none", "AllowUnauthenticated": "true"})
    asked = Dialogue(cloud, "MaxCalls=5")
    asked.answer("Deploy this?", "y")

    assert asked.end() == 0
    assert "MaxCalls = 5   (new)" in asked.said
    assert "anybody who finds the addresses may call" in asked.said


def test_what_is_wrong_on_the_command_line_is_said_before_any_question(cloud: Cloud) -> None:
    asked = Dialogue(cloud, "AuthMode=maybe")

    assert asked.end() == 2
    assert "AWS region" not in asked.said
    assert "AuthMode must be iam, jwt, key or none" in asked.said
