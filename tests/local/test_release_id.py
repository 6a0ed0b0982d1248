"""The id of a release changes with what is released, and with nothing else."""

from pathlib import Path

import pytest

from local.deploy.release_id import next_release, release_id, release_of

VALUES = {"Models": "moonshotai/kimi-k3", "AuthMode": "iam"}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for name in ("SharedLayer/python/shared/run.py", "ChatCompletionsFunction/app.py", "template.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"# {name}")
    return tmp_path


def test_the_same_is_the_same(build: Path) -> None:
    before = release_id(build, VALUES)
    (build / "SharedLayer/python/shared/run.cpython-313.pyc").write_bytes(b"made of the source, differently each time")

    assert release_id(build, dict(reversed(VALUES.items())) | {"ReleaseId": before}) == before
    assert len(before) == 64


@pytest.mark.parametrize(
    "name", ["SharedLayer/python/shared/run.py", "ChatCompletionsFunction/app.py", "template.yaml"]
)
def test_a_changed_byte_is_another_release(build: Path, name: str) -> None:
    before = release_id(build, VALUES)
    (build / name).write_bytes((build / name).read_bytes()[:-1] + b"!")

    assert release_id(build, VALUES) != before


def test_a_file_of_another_name_is_another_release(build: Path) -> None:
    before = release_id(build, VALUES)
    (build / "template.yaml").rename(build / "template.yml")

    assert release_id(build, VALUES) != before


def test_bytes_that_move_to_the_next_file_are_another_release(build: Path) -> None:
    (build / "a").write_text("12")
    (build / "b").write_text("3")
    before = release_id(build, VALUES)
    (build / "a").write_text("1")
    (build / "b").write_text("23")

    assert release_id(build, VALUES) != before


@pytest.mark.parametrize("changed", [{"Models": "auto"}, {"SiteName": ""}])
def test_another_parameter_is_another_release(build: Path, changed: dict[str, str]) -> None:
    assert release_id(build, VALUES | changed) != release_id(build, VALUES)


def test_what_was_rolled_back_is_deployed_again_under_another_id() -> None:
    """With the same one CloudFormation would change nothing, and callers would stay at the version before for ever."""
    first = next_release("a" * 64, "", moved=False)
    again = next_release("a" * 64, first, moved=True)
    twice = next_release("a" * 64, again, moved=True)

    assert first == "a" * 64
    assert len({first, again, twice}) == 3
    assert all(len(each) == 64 for each in (again, twice))
    # And what is deployed under a later id is still the same.
    assert next_release("a" * 64, twice, moved=False) == twice
    assert next_release("b" * 64, twice, moved=True) == "b" * 64


@pytest.mark.parametrize(
    ("description", "release"),
    [
        (f"Turns a prompt into one artifact. {'a' * 64}", "a" * 64),
        ("Turns a prompt into one artifact. ", ""),
        ("", ""),
    ],
)
def test_a_version_says_its_release(description: str, release: str) -> None:
    assert release_of(description) == release
