"""`make key`: makes a key, says what goes where, and keeps nothing but its hash."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from dotenv import dotenv_values

from local.keys.__main__ import main
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"ka-[A-Za-z0-9_-]{43}")
"""256 bits in base64url."""
Made = Callable[..., tuple[int, str, str]]


@pytest.fixture
def made(capsys: pytest.CaptureFixture[str]) -> Made:
    """Run the command, and return its status, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return status, *capsys.readouterr()

    return run


def key_in(text: str) -> str:
    keys: set[str] = set(KEY.findall(text))
    assert len(keys) == 1
    return keys.pop()


def settings_in(text: str, folder: Path) -> Settings:
    """The settings that the lines for `.env` make."""
    (folder / "env").write_text("\n".join(re.findall(r"^  ([A-Z_]+=.*)$", text, re.MULTILINE)))
    values = {name: value for name, value in dotenv_values(folder / "env").items() if value}
    return Settings.from_environment(values | {"ENABLE_GUARD": "false"})


def test_what_is_printed_lets_its_key_in(made: Made, tmp_path: Path) -> None:
    status, text, _ = made("web-shop")

    entry = {"web-shop": sha256(key_in(text).encode()).hexdigest()}
    settings = settings_in(text, tmp_path)
    assert status == 0
    assert settings.auth_mode == "key"
    assert settings.api_keys
    assert json.loads(settings.api_keys.get_secret_value()) == entry
    assert f"--secret-string '{json.dumps(entry)}'" in text
    assert f"Authorization: Bearer {key_in(text)}" in text
    assert "put-secret-value" not in text, "it would take all other keys out of the secret"


def test_every_key_is_another(made: Made) -> None:
    assert len({key_in(made("web")[1]) for _ in range(20)}) == 20


def test_a_file_gets_the_hash_beside_those_that_it_has(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "all keys.json"
    texts = [made("--file", str(file), name)[1] for name in ("web", "batch.1")]

    hashes = json.loads(file.read_text())
    settings = settings_in(texts[1], tmp_path)
    assert hashes == {
        name: sha256(key_in(text).encode()).hexdigest() for name, text in zip(("web", "batch.1"), texts, strict=True)
    }
    assert settings.api_keys
    assert json.loads(settings.api_keys.get_secret_value()) == hashes
    assert f"put-secret-value --secret-id api-keys --secret-string 'file://{file}'" in texts[1]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["all keys.json", "env"]
    assert not KEY.search(file.read_text())


@pytest.mark.parametrize("name", ["", "-x", ".x", "a b", "a" * 65, "w\u00e9b", "a/b", "a\n"])
def test_a_name_that_no_key_can_have(made: Made, tmp_path: Path, name: str) -> None:
    status, text, errors = made("--file", str(tmp_path / "keys.json"), "--", name)

    assert (status, text) == (2, "")
    assert errors.startswith("make key: NAME ")
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_there_already(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made("--file", str(file), "web")
    before = file.read_text()
    status, text, errors = made("--file", str(file), "web")

    assert (status, text) == (2, "")
    assert f"{file} has a key of the name web already" in errors
    assert file.read_text() == before


@pytest.mark.parametrize("content", [b"", b"[]", b'{"web": "ka-1"}', b"\xff"])
def test_a_file_that_holds_something_else_is_left_alone(made: Made, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(content)
    status, text, errors = made("--file", str(file), "batch")

    assert (status, text) == (2, "")
    assert errors.startswith(f"make key: {file} cannot be used: must ") or "entry 1" in errors
    assert "ka-1" not in errors
    assert file.read_bytes() == content


def test_a_file_that_cannot_be_written_makes_no_key(made: Made, tmp_path: Path) -> None:
    status, text, errors = made("--file", str(tmp_path / "absent" / "keys.json"), "web")

    assert (status, text) == (2, "")
    assert errors == f"make key: {tmp_path / 'absent' / 'keys.json'}: No such file or directory\n"


def test_make_key_itself(tmp_path: Path) -> None:
    """As it is called, without the environment that it would set up."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    file = tmp_path / "keys.json"
    make = ["make", "-s", "-o", ".venv/.ready", "key", f"BIN={folder}", "NAME=web", f"FILE={file}"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    first, second = (
        subprocess.run(make, cwd=ROOT, env=environment, capture_output=True, text=True, check=False) for _ in range(2)
    )

    assert (first.returncode, first.stderr) == (0, "")
    assert json.loads(file.read_text()) == {"web": sha256(key_in(first.stdout).encode()).hexdigest()}
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr.startswith(f"make key: {file} has a key of the name web already")
