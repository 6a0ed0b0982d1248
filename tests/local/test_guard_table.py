"""`ENABLE_GUARD=true make run`: the functions find the table on loopback as they find it in the cloud."""

from pathlib import Path

import pytest

from local.emulator.guard_table import NAME
from local.emulator.settings import Settings, SettingsError
from tests.local.bundle import generate, running_bundle
from tests.support.table import client


def environment(process: int) -> dict[str, str]:
    variables = Path(f"/proc/{process}/environ").read_text().rstrip("\0").split("\0")
    return dict(variable.split("=", 1) for variable in variables)


def test_the_functions_are_told_of_the_table_that_is_started(tmp_path: Path) -> None:
    with running_bundle(tmp_path, ENABLE_GUARD="true", USER_LIMIT="7", AWS_ACCESS_KEY_ID="someone") as running:
        told = environment(running.children()[0])
        described = client(told["AWS_ENDPOINT_URL_DYNAMODB"]).describe_table(TableName=told["GUARD_TABLE"])["Table"]

        assert "guard" in running.stderr
        assert (told["ENABLE_GUARD"], told["USER_LIMIT"]) == ("true", "7")
        assert told["AWS_ENDPOINT_URL_DYNAMODB"].startswith("http://127.0.0.1:")
        assert (told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"]) == ("loopback", "loopback")
        assert [key["AttributeName"] for key in described["KeySchema"]] == ["pk"]
        assert generate(running, "A list", artifactType="svg").status_code == 200
        assert running.stop() == 0
        assert not running.children("local.emulator.guard_table")


def test_without_it_there_is_no_table(tmp_path: Path) -> None:
    with running_bundle(tmp_path) as running:
        assert environment(running.children()[0])["ENABLE_GUARD"] == "false"
        assert not running.children("local.emulator.guard_table")
        assert "guard" not in running.stderr


def test_a_table_of_another_name(tmp_path: Path) -> None:
    with running_bundle(tmp_path, ENABLE_GUARD="true", GUARD_TABLE="mine") as running:
        told = environment(running.children()[0])

        assert client(told["AWS_ENDPOINT_URL_DYNAMODB"]).list_tables()["TableNames"] == ["mine"] != [NAME]


def test_neither_on_nor_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ENABLE_GUARD must be true or false"):
        Settings.load(tmp_path, {"ENABLE_GUARD": "perhaps"})
