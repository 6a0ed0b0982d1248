"""`make deploy` where nobody can be asked, as in CI; and what sam is then called with."""

import json
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.deploy import sam
from local.deploy.__main__ import main
from local.deploy.parameters import Parameters
from local.deploy.release_id import release_id
from local.deploy.versions import KEPT
from tests.support.aws_cloud import FUNCTIONS, Cloud, aws_cloud
from tests.support.builds import built_template

OLD, NEW = "a" * 64, "b" * 64


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with aws_cloud(tmp_path) as account:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in account.environment.items():
            monkeypatch.setenv(name, value)
        yield account


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """What `sam build` leaves, as far as a deployment looks at it."""
    return built_template(tmp_path / "build", "arm64")


def deploy(cloud: Cloud, template: Path, *arguments: str) -> int:
    return main(["--yes", "--template", os.fspath(template), *arguments], sam_command=cloud.sam)


def test_the_first_deployment(cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every parameter is passed, so that none keeps an older value without a word; blanks and quotes arrive whole."""
    cloud.publish(OLD)
    given = [
        f"OpenrouterSecretArn={cloud.secret}",
        'SiteName=My "own" site',
        "Models=moonshotai/kimi-k3,moonshotai/kimi-k2.6",
    ]

    assert deploy(cloud, template, *given) == 0

    assert cloud.deployed is not None
    options, values = cloud.deployed
    assert options[0] == "deploy"
    assert options[options.index("--template-file") + 1] == os.fspath(template)
    assert options[options.index("--stack-name") + 1] == "kimi-artifacts"
    assert options[options.index("--region") + 1] == "eu-central-1"
    assert set(values) == set(Parameters(template).defaults) | {"ReleaseId"}
    assert values["SiteName"] == 'My "own" site'
    assert values["Models"] == "moonshotai/kimi-k3,moonshotai/kimi-k2.6"
    assert values["ReleaseId"] == release_id(template.parent, values)
    said = capsys.readouterr().out
    assert "eu-central-1, account 123456789012: new" in said
    assert "It creates: 3 functions" in said
    assert "Idle it costs at most" in said
    for after in ("https://a.example/", "logs-1", "curl https://a.example/", "--aws-sigv4"):
        assert after in said
    assert said.endswith("\nTo delete it: .venv-sam/bin/sam delete --stack-name kimi-artifacts --region eu-central-1\n")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param([], ["OpenrouterSecretArn"], id="the-key-is-missing"),
        pytest.param(
            ["AuthMode=jwt", "LogLevel=LOUD", "Modles=auto"],
            ["OpenrouterSecretArn", "JwtIssuer", "JwtAudience", "LogLevel", "Modles"],
            id="several",
        ),
        pytest.param(["AuthMode"], ["'AuthMode' must be a parameter and its value"], id="no-value"),
        pytest.param(["sk-or-v1-0123"], ["a word of 13 characters must be a parameter"], id="a-key-without-a-name"),
        pytest.param(["OpenrouterSecretArn=sk-or-v1-0123"], ["cannot be what was given: ARN"], id="a-key-for-its-arn"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_deployed(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], named: list[str]
) -> None:
    assert deploy(cloud, template, *arguments) == 2

    said = capsys.readouterr().err
    assert all(each in said for each in named)
    assert "sk-or-v1" not in said
    assert said.endswith("make deploy: nothing was deployed\n")
    assert cloud.deployed is None


def test_nobody_is_asked_without_a_terminal(cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--template", os.fspath(template), f"OpenrouterSecretArn={cloud.secret}"]

    assert main(arguments, sam_command=cloud.sam) == 2
    assert "add --yes" in capsys.readouterr().err
    assert cloud.deployed is None


def test_a_value_that_is_kept_is_shown_and_passed_again(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudFormation keeps it without a word."""
    cloud.publish(OLD)
    cloud.deploy({"OpenrouterSecretArn": cloud.secret, "MaxCalls": "3", "LogLevel": "DEBUG", "GoneSince": "x"})

    assert deploy(cloud, template, "LogLevel=INFO", "GuestLimit=2") == 0

    said = capsys.readouterr().out
    assert "  MaxCalls = 3\n" in said
    assert "  LogLevel = INFO   (was DEBUG)\n" in said
    assert "  GuestLimit = 2   (new)\n" in said
    assert "MaxAttempts" not in said
    assert said.endswith("\nTo undo it: make rollback ARGS='--region eu-central-1'\n")
    assert cloud.deployed is not None
    values = cloud.deployed[1]
    assert (values["MaxCalls"], values["LogLevel"], values["MaxAttempts"]) == ("3", "INFO", "4")
    assert "GoneSince" not in values


def test_a_stack_that_is_open_to_all_has_to_be_said_again(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.publish(OLD, "NONE", AUTH_MODE="none")
    cloud.deploy({"OpenrouterSecretArn": cloud.secret, "AuthMode": "none", "AllowUnauthenticated": "true"})

    assert deploy(cloud, template) == 2
    assert "AuthMode is none since an earlier deployment" in capsys.readouterr().err
    assert cloud.deployed is None

    assert deploy(cloud, template, "AuthMode=none") == 0
    assert "anybody who finds the addresses may call" in capsys.readouterr().out


def test_a_build_for_another_processor_is_refused(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = built_template(tmp_path / "other", "x86_64")

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}", "Architecture=arm64") == 2
    assert "is for x86_64, and Architecture is arm64" in capsys.readouterr().err
    assert cloud.deployed is None


def test_nothing_is_deployed_where_the_build_fails(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\ncase "$*" in *python313*) exit 0;; esac\necho "$@" > {tmp_path}/made\nexit 2\n')
    make.chmod(make.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("MAKE", os.fspath(make))

    assert main(["--yes", f"OpenrouterSecretArn={cloud.secret}", "Architecture=x86_64"], sam_command=cloud.sam) == 1
    assert "The build failed" in capsys.readouterr().err
    assert (tmp_path / "made").read_text().split()[1:] == ["build", "ARCH=x86_64"]
    assert cloud.deployed is None


def test_the_same_again_is_the_same_release_until_it_was_rolled_back(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a rollback the same release id would change nothing, and callers stay at the version before."""
    cloud.publish(OLD)
    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}") == 0
    assert cloud.deployed is not None
    release = cloud.deployed[1]["ReleaseId"]
    cloud.publish(release)

    assert deploy(cloud, template) == 0
    assert cloud.deployed[1]["ReleaseId"] == release
    assert "Rolled back" not in capsys.readouterr().out

    for name in FUNCTIONS:
        cloud.client("lambda").update_alias(FunctionName=name, Name="live", FunctionVersion="1")
    assert deploy(cloud, template) == 0
    assert cloud.deployed[1]["ReleaseId"] != release
    assert "Rolled back before: ChatCompletionsFunction" in capsys.readouterr().out


def test_old_versions_are_deleted_but_never_one_that_an_alias_needs(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(KEPT + 3):
        cloud.publish(f"{number:064x}")
    functions = cloud.client("lambda")
    functions.create_alias(FunctionName=FUNCTIONS[0], Name="mine", FunctionVersion="1")
    functions.update_alias(
        FunctionName=FUNCTIONS[1], Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}}
    )

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}") == 0

    assert cloud.versions(FUNCTIONS[0]) == ["1", "4", "5", "6", "7", "8"]
    assert cloud.versions(FUNCTIONS[1]) == ["2", "4", "5", "6", "7", "8"]
    assert cloud.versions(FUNCTIONS[2]) == ["4", "5", "6", "7", "8"]
    assert "Old versions: 7 deleted" in capsys.readouterr().out


def test_nothing_is_deleted_where_sam_fails(cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(KEPT + 1):
        cloud.publish(f"{number:064x}")
    (cloud.folder / "fails").touch()

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}") == 1
    assert "sam deploy failed" in capsys.readouterr().err
    assert len(cloud.versions()) == KEPT + 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ROLLBACK_COMPLETE", ".venv-sam/bin/sam delete --stack-name kimi-artifacts --region eu-central-1"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name kimi-artifacts --region"),
        ("UPDATE_IN_PROGRESS", "cancel-update-stack --stack-name kimi-artifacts"),
    ],
)
def test_a_stack_that_cannot_be_changed_now(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str], status: str, said: str
) -> None:
    cloud.deploy({"OpenrouterSecretArn": cloud.secret}, status)

    assert deploy(cloud, template) == 1
    assert said in capsys.readouterr().err
    assert cloud.deployed is None


def test_a_stack_of_another_template_is_left_alone(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudFormation would delete all that is in it."""
    cloud.deploy({"InstanceType": "t3.micro"})

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}") == 2
    assert "kimi-artifacts in eu-central-1 is of another template" in capsys.readouterr().err
    assert cloud.deployed is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            lambda arn: arn.replace("eu-central-1", "us-east-1"),
            "a secret in us-east-1, and the functions in eu-central-1",
        ),
        (lambda arn: arn.replace("openrouter", "gone"), "names a secret that does not exist"),
        (lambda arn: arn[: -len("-AbCdEf")], "must be the whole ARN"),
    ],
)
def test_a_secret_that_the_functions_could_not_read(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str], written: Callable[[str], str], said: str
) -> None:
    """Else each request would say so."""
    assert deploy(cloud, template, f"OpenrouterSecretArn={written(cloud.secret)}") == 2
    assert said in capsys.readouterr().err
    assert cloud.deployed is None


def test_a_secret_that_is_being_deleted(cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.client("secretsmanager").delete_secret(SecretId=cloud.secret)

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}") == 2
    assert "names a secret that is scheduled for deletion" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--region", ""], "make deploy: error: argument --region: it is empty"),
        (["--stack-name", "my stack"], "make deploy: error: argument --stack-name: 'my stack' is no stack's name"),
    ],
)
def test_options_that_cannot_be(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        deploy(cloud, template, *arguments)

    assert said in capsys.readouterr().err


def test_what_the_machine_lacks_is_said_first(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Together with everything else, and before the build would fail."""
    pythons = cloud.folder / "bin"  # on its PATH there is everything but a Python 3.13
    pythons.mkdir()
    for name in ("python3.13", "python3"):
        (pythons / name).write_text("#!/bin/sh\nexit 1\n")
        (pythons / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{pythons}:{os.environ['PATH']}")
    monkeypatch.setenv("PYENV_ROOT", os.fspath(cloud.folder))
    monkeypatch.delenv("PYTHON", raising=False)

    assert main(["--yes", "MaxCalls=many"], sam_command=cloud.folder / "gone") == 2

    said = capsys.readouterr().err
    assert f"There is no {cloud.folder}/gone: remove the folder .venv-sam" in said
    assert "make deploy: Python 3.13, which the functions run on, is needed to build (PYTHON=… names one).\n" in said
    assert "MaxCalls must be a number" in said
    assert "***" not in said


def test_the_region_is_that_of_aws_region(cloud: Cloud, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for AWS's command line, which the runbook uses beside it; boto3 knows AWS_DEFAULT_REGION only."""
    cloud.publish(OLD)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}") == 0

    assert cloud.deployed is not None
    options, _ = cloud.deployed
    assert options[options.index("--region") + 1] == "eu-central-1"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "There are no AWS credentials: set AWS_PROFILE"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "The AWS credentials are incomplete"),
        (
            {"AWS_PROFILE": "lost", "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            "AWS could not be asked: [Errno 2] No such file or directory: '/gone/program'",
        ),
        ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE names a profile that does not exist"),
        ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, "No AWS region is set: add --region"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "Look at the network"),
    ],
)
def test_what_is_wrong_with_the_account_is_one_sentence(
    cloud: Cloud,
    template: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str | None],
    said: str,
) -> None:
    (cloud.folder / ".aws").mkdir()
    (cloud.folder / ".aws" / "config").write_text("[profile lost]\ncredential_process = /gone/program\n")
    for name, value in environment.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)

    assert deploy(cloud, template) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert "Found credentials" not in line


@pytest.mark.parametrize("value", ["", "plain", "1,4", "a b", 'My "own" site', "'quoted'", '"', "a=b c=d"])
def test_sam_reads_each_value_as_it_was(tmp_path: Path, value: str) -> None:
    """Its own reader, which takes quotes off and splits what it finds on a command line."""
    python = sam.SAM.with_name("python")
    if not python.exists():
        pytest.skip("needs the SAM CLI in .venv-sam, which `make build` installs")
    written = sam.write_parameters(tmp_path / "parameters.yaml", {"SiteName": value})
    code = "import sys, json; from samcli.cli.types import CfnParameterOverridesType as T; "
    code += "print(json.dumps(T().convert((sys.argv[1],), None, None)))"
    read = subprocess.run([python, "-c", code, f"file://{written}"], capture_output=True, text=True, check=True)

    assert json.loads(read.stdout) == {"SiteName": value}


def test_the_id_of_a_release_that_is_given_is_deployed(cloud: Cloud, template: Path) -> None:
    cloud.publish(OLD)

    assert deploy(cloud, template, f"OpenrouterSecretArn={cloud.secret}", "--release-id", NEW) == 0
    assert cloud.deployed is not None
    assert cloud.deployed[1]["ReleaseId"] == NEW


def test_a_failure_after_a_rollback_says_what_may_have_come_back(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.publish(OLD)
    cloud.deploy({"OpenrouterSecretArn": cloud.secret, "ReleaseId": NEW})
    (cloud.folder / "fails").touch()

    assert deploy(cloud, template) == 1
    assert "run `make rollback` again" in capsys.readouterr().err


def test_nothing_is_called_deployed_that_is_not(
    cloud: Cloud, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where CloudFormation sees no change, sam ends well."""
    cloud.deploy({"OpenrouterSecretArn": cloud.secret, "ReleaseId": OLD})
    (cloud.folder / "changes-nothing").touch()
    cloud.publish(OLD)

    assert deploy(cloud, template) == 1
    said = capsys.readouterr()
    assert f"release {OLD} is still deployed" in said.err
    assert "is deployed, release" not in said.out
