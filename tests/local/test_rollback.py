"""`make rollback`: against moto's Lambda, whose aliases are really moved."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.deploy.rollback import main
from tests.support.aws_cloud import FUNCTIONS, Cloud, aws_cloud

OLD, NEW = "a" * 64, "b" * 64
STACK = {
    "OpenrouterSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:openrouter-AbCdEf",
    "ReleaseId": NEW,
}


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """An account with a stack of two releases."""
    with aws_cloud(tmp_path) as account:
        for name, value in account.environment.items():
            monkeypatch.setenv(name, value)
        account.deploy(STACK)
        account.publish(OLD)
        account.publish(NEW, MODELS="moonshotai/kimi-k2.6")
        yield account


def at(version: str) -> dict[str, str]:
    return dict.fromkeys(FUNCTIONS, version)


def test_all_functions_go_to_the_version_before(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--yes"]) == 0

    assert cloud.live() == at("1")
    said = capsys.readouterr().out
    assert "version 2 → 1" in said
    assert "MODELS: moonshotai/kimi-k2.6 → moonshotai/kimi-k3" in said
    assert said.endswith("To take this back: make rollback ARGS='--to 2 --region eu-central-1'\n")


def test_it_says_how_to_take_it_back_in_the_same_stack(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    """Of each function where they stood at different versions."""
    cloud.publish("c" * 64)
    assert main(["--yes", "--function", "generate_artifact_fix"]) == 0

    assert main(["--yes", "--to", "1", "--stack-name", "staging"]) == 0

    said = capsys.readouterr().out
    for function, version in (("chat_completions", 3), ("generate_artifact_fix", 2), ("generate_artifact", 3)):
        options = f"--function {function} --to {version} --stack-name staging --region eu-central-1"
        assert f"make rollback ARGS='{options}'" in said


def test_a_stack_of_another_template_is_left_alone(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.deploy({"InstanceType": "t3.micro"})

    assert main(["--yes"]) == 2
    assert "is of another template" in capsys.readouterr().err
    assert cloud.live() == at("2")


def test_it_can_be_taken_back(cloud: Cloud) -> None:
    assert main(["--yes"]) == 0
    assert main(["--yes", "--to", "2"]) == 0

    assert cloud.live() == at("2")


@pytest.mark.usefixtures("cloud")
def test_what_stands_there_already_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--yes", "--to", "2"]) == 0

    assert "already" in capsys.readouterr().out


def test_a_version_that_was_deleted_is_passed_over(cloud: Cloud) -> None:
    cloud.publish("c" * 64)
    for name in FUNCTIONS:
        cloud.client("lambda").delete_function(FunctionName=name, Qualifier="2")

    assert main(["--yes"]) == 0
    assert cloud.live() == at("1")


@pytest.mark.parametrize("name", ["chat_completions", "ChatCompletionsFunction"])
def test_one_function_alone(cloud: Cloud, name: str) -> None:
    assert main(["--yes", "--function", name]) == 0

    assert cloud.live() == at("2") | {"ChatCompletionsFunction": "1"}


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["--yes", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.endswith("nothing was changed\n")
    return said


def test_there_is_nothing_before_the_first_version(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--yes"]) == 0

    assert "no version before 1" in refused(capsys)
    assert cloud.live() == at("1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "9"], "no version 9, but 1, 2"),
        (["--function", "nothing"], "no function nothing, but chat_completions"),
    ],
)
def test_what_does_not_exist(cloud: Cloud, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert said in refused(capsys, *arguments)
    assert cloud.live() == at("2")


STREAMS = {"invoke_mode": "RESPONSE_STREAM", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"}


@pytest.mark.parametrize(
    ("present", "named"),
    [
        pytest.param({"auth_type": "NONE", "AUTH_MODE": "none"}, "AUTH_MODE is iam", id="the-address-is-public-now"),
        pytest.param({"auth_type": "NONE"}, "AuthType NONE", id="an-address-that-was-opened-by-hand"),
        pytest.param({"ENABLE_GUARD": "false"}, "ENABLE_GUARD is true", id="other-limits"),
        pytest.param({"GUARD_TABLE": "table-2"}, "GUARD_TABLE is table-1", id="another-table"),
        pytest.param({"GUARD_TABLE": ""}, "GUARD_TABLE is table-1", id="a-table-that-is-gone"),
        pytest.param(STREAMS, "does not stream", id="only-the-present-version-streams"),
    ],
)
def test_what_would_open_or_break_it_is_refused(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], present: dict[str, str], named: str
) -> None:
    """What a version's settings go with is outside of it, and stays."""
    cloud.publish("c" * 64, **present)

    assert refused(capsys).count(named) == 1  # once for all functions
    assert cloud.live() == at("3")


@pytest.mark.parametrize("mode", ["jwt", "key", "none"])
def test_who_may_call_is_not_rolled_back_between_two_public_modes(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], mode: str
) -> None:
    """A version that asks nobody must not come back behind an address that is public for another reason."""
    cloud.publish("c" * 64, "NONE", AUTH_MODE=mode)
    cloud.publish("d" * 64, "NONE", AUTH_MODE="jwt" if mode != "jwt" else "key")

    assert f"AUTH_MODE is {mode} in the version to go to" in refused(capsys)


def test_a_secret_that_only_the_present_version_reads_is_no_obstacle(cloud: Cloud) -> None:
    cloud.publish("c" * 64, MOONSHOT_SECRET_ARN="arn:aws:secretsmanager:x:1:secret:y")

    assert main(["--yes"]) == 0
    assert cloud.live() == at("2")


def test_a_running_shift_has_to_be_stopped_first(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.client("lambda").update_alias(
        FunctionName=FUNCTIONS[0], Name="live", RoutingConfig={"AdditionalVersionWeights": {"1": 0.1}}
    )

    said = refused(capsys)
    assert "10% to version 1" in said
    assert "cancel-update-stack" in said


def test_a_stack_that_is_changing_is_left_alone(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.deploy(STACK, "UPDATE_IN_PROGRESS")

    assert main(["--yes"]) == 1
    assert "UPDATE_IN_PROGRESS: wait" in capsys.readouterr().err
    assert cloud.live() == at("2")


def test_a_stack_that_cannot_be_deployed_to_can_be_rolled_back(cloud: Cloud) -> None:
    cloud.deploy(STACK, "UPDATE_ROLLBACK_FAILED")

    assert main(["--yes"]) == 0
    assert cloud.live() == at("1")


def test_versions_of_different_releases_are_not_put_together(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    functions = cloud.client("lambda")
    cloud.publish("c" * 64)
    functions.delete_function(FunctionName=FUNCTIONS[0], Qualifier="2")

    assert "different releases" in refused(capsys)
    assert cloud.live() == at("3")


def test_where_one_function_cannot_be_moved_none_is(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one's version goes away after it was planned."""
    functions = cloud.client("lambda")
    real = boto_update(functions, fails=FUNCTIONS[-1])
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", real)

    assert main(["--yes"]) == 1

    monkeypatch.undo()
    said = capsys.readouterr().err
    assert f"{FUNCTIONS[-1]} could not be moved" in said
    assert "All functions are as they were" in said
    assert {name: functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in FUNCTIONS} == at(
        "2"
    )


def boto_update(functions: Any, fails: str) -> Any:
    """AWS's library, whose UpdateAlias fails for one function."""
    call = type(functions)._make_api_call

    def make(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation == "UpdateAlias" and parameters["FunctionName"] == fails:
            parameters = parameters | {"FunctionName": "no-such-function"}
        return call(self, operation, parameters)

    return make


def test_nobody_is_asked_without_a_terminal(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2

    assert "add --yes" in capsys.readouterr().err
    assert cloud.live() == at("2")


def test_another_stack(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.stack = None

    assert "There is no stack other in eu-central-1" in refused(capsys, "--stack-name", "other")


def test_what_nothing_reads_does_not_keep_from_going_back(cloud: Cloud) -> None:
    """`make deploy` keeps parameters, so those of the tokens are still there when the mode is another one again."""
    cloud.publish("c" * 64, JWT_ISSUER="https://issuer.example/", JWT_AUDIENCE="artifacts")

    assert main(["--yes"]) == 0
    assert cloud.live() == at("2")
