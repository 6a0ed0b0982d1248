"""`make prices` and `make reconcile` read secrets and parameters as the person who runs them."""

from pathlib import Path

import pytest

from local.aws_credentials import CredentialsError, lend_credentials
from shared.aws import SSM
from shared.aws.access import Access, Credentials
from shared.settings import Settings

NOTHING = {"enable_guard": False}


@pytest.fixture(autouse=True)
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two profiles, one of which signs in by a process that is not there, and no metadata service."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.write_text(
        "[profile mine]\nregion = eu-west-1\naws_access_key_id = AKID\naws_secret_access_key = secret\n"
        "aws_session_token = token\n[profile broken]\ncredential_process = /nowhere/at-all\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    "named",
    [{"catalog_parameter": "/kimi/catalog"}, {"openrouter_secret_arn": "arn:x"}, {"moonshot_secret_arn": "arn:x"}],
    ids=lambda named: next(iter(named)),
)
def test_a_profile_is_used(named: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    environment: dict[str, str] = {}

    lend_credentials(Settings.model_validate(NOTHING | named), environment)

    access = Access.to(SSM, environment)
    assert (access.region, access.credentials) == ("eu-west-1", Credentials("AKID", "secret", "token"))


def test_the_keys_of_the_environment_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID-2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-2")
    environment = {"AWS_REGION": "eu-central-1", "AWS_SESSION_TOKEN": "a token of other keys"}

    lend_credentials(Settings.model_validate(NOTHING | {"catalog_parameter": "/c"}), environment)

    access = Access.to(SSM, environment)
    assert (access.region, access.credentials) == ("eu-central-1", Credentials("AKID-2", "secret-2"))


@pytest.mark.parametrize(("profile", "told"), [("none", "none"), ("broken", "/nowhere/at-all")])
def test_what_cannot_be_used_is_told(profile: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", profile)

    with pytest.raises(CredentialsError) as raised:
        lend_credentials(Settings.model_validate(NOTHING | {"catalog_parameter": "/c"}), {})
    assert told in raised.value.problem


def test_without_a_secret_and_a_parameter_nothing_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "none")
    environment: dict[str, str] = {}

    lend_credentials(Settings.model_validate(NOTHING), environment)

    assert environment == {}


def test_without_credentials_the_functions_code_says_so() -> None:
    environment: dict[str, str] = {}

    lend_credentials(Settings.model_validate(NOTHING | {"catalog_parameter": "/c"}), environment)

    assert environment == {}
