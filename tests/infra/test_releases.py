"""Releases: callers reach an alias, every release is a version of its own, and old versions stay to go back to."""

import re
from pathlib import Path

import pytest

from local.deploy.release_id import release_id
from tests.infra.deployed import FUNCTIONS, deployed, of_type
from tests.support.builds import built_template

RELEASES = ["0" * 64, "1" + "0" * 63, "a" * 64]


def versions(**parameters: str) -> set[str]:
    """The logical ids of the functions' versions: another id is what has CloudFormation publish another version."""
    return set(of_type("AWS::Lambda::Version", **parameters))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_callers_reach_the_alias_and_it_leads_to_the_releases_version(name: str) -> None:
    alias = of_type("AWS::Lambda::Alias", ReleaseId=RELEASES[0])[f"{name}FunctionAliaslive"]

    version = f"{name}FunctionVersion{RELEASES[0][:10]}"
    assert alias == {
        "Name": "live",
        "FunctionName": {"Ref": f"{name}Function"},
        "FunctionVersion": {"Fn::GetAtt": [version, "Version"]},
    }
    assert of_type("AWS::Lambda::Version", ReleaseId=RELEASES[0])[version] == {
        "FunctionName": {"Ref": f"{name}Function"}
    }
    assert of_type("AWS::Lambda::Url")[f"{name}FunctionUrl"]["TargetFunctionArn"] == {"Ref": f"{name}FunctionAliaslive"}
    assert deployed()["Outputs"][f"{name}Url"]["Value"] == {"Fn::GetAtt": [f"{name}FunctionUrl", "FunctionUrl"]}


def test_every_release_is_a_version_of_its_own() -> None:
    """For Lambda too, which publishes nothing where nothing has changed: each function's description has."""
    published = [versions(ReleaseId=release) for release in RELEASES]

    assert len(set.union(*published)) == len(RELEASES) * len(FUNCTIONS)
    for release in RELEASES:
        for function in of_type("AWS::Lambda::Function", ReleaseId=release).values():
            assert re.fullmatch(rf"[A-Z].+\. {release}", function["Description"])
            assert len(function["Description"]) <= 256  # Lambda takes no more


def test_the_same_release_is_published_once() -> None:
    assert versions(ReleaseId=RELEASES[0], LogLevel="DEBUG") == versions(ReleaseId=RELEASES[0])


def test_without_a_releases_hash_a_changed_parameter_is_not_released() -> None:
    """Why `make deploy` works out the hash: where this fails one day, SAM has learned to see it by itself."""
    assert versions(Models="moonshotai/kimi-k3") == versions()
    assert len(versions()) == len(FUNCTIONS)


def test_versions_stay_when_the_next_one_is_published() -> None:
    resources = [each for each in deployed()["Resources"].values() if each["Type"] == "AWS::Lambda::Version"]

    assert [each["DeletionPolicy"] for each in resources] == ["Retain"] * len(FUNCTIONS)


@pytest.mark.parametrize(
    ("given", "accepted"), [("", True), (RELEASES[2], True), ("A" * 64, False), ("a" * 63, False), ("live", False)]
)
def test_a_releases_id_is_a_sha_256(given: str, accepted: bool) -> None:
    allowed = re.compile(deployed()["Parameters"]["ReleaseId"]["AllowedPattern"])

    assert bool(allowed.search(given)) is accepted


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return built_template(tmp_path / "build", "arm64").parent


def published(build: Path, **parameters: str) -> set[str]:
    """The versions that `make deploy` publishes of this build with these parameters."""
    return versions(**parameters, ReleaseId=release_id(build, parameters))


def test_one_byte_of_the_shared_package_is_a_release(build: Path) -> None:
    before = published(build)
    changed = build / "SharedLayer/python/shared/deadline.py"
    changed.write_bytes(changed.read_bytes() + b"#")

    assert len(published(build) - before) == len(FUNCTIONS)


def test_a_parameter_alone_is_a_release(build: Path) -> None:
    assert len(published(build, Models="moonshotai/kimi-k3") - published(build)) == len(FUNCTIONS)


def test_nothing_changed_is_none(build: Path, tmp_path: Path) -> None:
    """The same built again, elsewhere and later, with other bytecode."""
    again = built_template(tmp_path / "again", "arm64").parent
    (again / "SharedLayer/python/shared/__pycache__").mkdir()
    (again / "SharedLayer/python/shared/__pycache__/run.cpython-313.pyc").write_bytes(b"other")

    assert published(again, Models="auto") == published(build, Models="auto")
