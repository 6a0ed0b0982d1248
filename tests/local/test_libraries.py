"""The libraries that `make run` serves from disk: those of the renderer's list, as npm has installed them."""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from local.emulator import install_libraries
from local.emulator.libraries import Libraries
from tests.support.libraries import skip_without_libraries
from tests.support.routes import Answer, get

REACT = b"export const version = '19';\xff\r\n"
PACKAGES = {
    "react@19.3.1": {"index.js": REACT},
    "@scope/part@1.0.0-rc.1": {"dist/part.mjs": b"export {}", "part.css": b"a {}", "part.wasm": b"\0asm"},
    "left@2.0.0": {"index.js": b"two"},
    "left@1.0.0": {"index.js": b"one"},
}


@pytest.fixture
def renderer(tmp_path: Path) -> Path:
    """A renderer with its list, whose packages are installed."""
    write_list(tmp_path, PACKAGES)
    for package, files in PACKAGES.items():
        for name, body in files.items():
            write(tmp_path / package / name, body)
    write(tmp_path / "react@19.3.1" / "secret.js", b"not listed")
    return tmp_path


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def write_list(renderer: Path, packages: dict[str, dict[str, bytes]]) -> None:
    listed = {
        name: {file: {"integrity": integrity(body), "format": "module"} for file, body in files.items()}
        for name, files in packages.items()
    }
    write(renderer / "libraries.json", json.dumps({"packages": listed}).encode())


def integrity(body: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def ask(renderer: Path, name: str, **headers: str) -> Answer:
    return get(Libraries(renderer / "libraries.json", renderer).routes, f"/npm/{name}", **headers)


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("react@19.3.1/index.js", REACT, "text/javascript; charset=utf-8"),
        ("@scope/part@1.0.0-rc.1/dist/part.mjs", b"export {}", "text/javascript; charset=utf-8"),
        ("%40scope%2Fpart%401.0.0-rc.1/dist/part.mjs", b"export {}", "text/javascript; charset=utf-8"),
        ("@scope/part@1.0.0-rc.1/part.css", b"a {}", "text/css; charset=utf-8"),
        ("@scope/part@1.0.0-rc.1/part.wasm", b"\0asm", "application/octet-stream"),
        ("left@2.0.0/index.js", b"two", "text/javascript; charset=utf-8"),
        ("left@1.0.0/index.js", b"one", "text/javascript; charset=utf-8"),
    ],
)
def test_file_of_the_list_is_served_as_it_is(renderer: Path, name: str, body: bytes, media_type: str) -> None:
    """A hash is taken of these bytes: none may be packed or written otherwise."""
    answer = ask(renderer, name, Accept_Encoding="gzip, br")

    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("react@19.3.1/secret.js", "list"),
        ("react@19.3.0/index.js", "list"),
        ("react/index.js", "list"),
        ("react@19.3.1", "list"),
        ("react@19.3.1/../left/index.js", "list"),
        ("..%2fsecret@1.0.0/index.js", "list"),
        ("elsewhere@1.0.0/index.js", "make workbench-offline"),
        ("left@2.0.0/removed.js", "make workbench-offline"),
    ],
)
def test_file_that_is_not_listed_or_not_installed_is_not_served(renderer: Path, name: str, why: str) -> None:
    write_list(renderer, {**PACKAGES, "elsewhere@1.0.0": {"index.js": b""}, "left@2.0.0": {"removed.js": b""}})

    answer = ask(renderer, name)

    assert answer.status == 404
    assert why in answer.json["error"]
    assert answer.headers["access-control-allow-origin"] == "*", "else a frame could not tell it from a lost connection"


def test_a_list_that_changes_is_read_again(renderer: Path) -> None:
    libraries = Libraries(renderer / "libraries.json", renderer)
    before = libraries.are_installed()
    write_list(renderer, {**PACKAGES, "elsewhere@1.0.0": {"index.js": b""}})
    after = libraries.are_installed()
    (renderer / "libraries.json").write_text('{"packages"')

    assert (before, after, libraries.are_installed()) == (True, False, False)


def test_a_list_with_a_file_that_is_not_there_is_not_installed(renderer: Path) -> None:
    libraries = Libraries(renderer / "libraries.json", renderer)
    assert libraries.are_installed()
    (renderer / "left@2.0.0" / "index.js").unlink()
    assert not libraries.are_installed()


def test_nothing_is_installed_without_a_list(tmp_path: Path) -> None:
    """An empty list would be complete as well."""
    assert not Libraries(tmp_path / "libraries.json", tmp_path).are_installed()
    assert ask(tmp_path, "react@19.3.1/index.js").status == 404


def test_every_file_here_is_the_one_that_the_list_has_the_hash_of() -> None:
    """The browser tests render these bytes."""
    skip_without_libraries()

    others = [path for path, expected in Libraries().files() if integrity(path.read_bytes()) != expected]

    assert not others


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, bytes]], None]:
    """An npm that packs what it is given here, and nothing else; what it was asked for stands in `asked`."""
    shelf, commands = tmp_path / "shelf", tmp_path / "bin"
    shelf.mkdir()
    script = f"""#!{sys.executable}
import pathlib, shutil, sys
assert sys.argv[1] == "pack" and "--ignore-scripts" in sys.argv and "--pack-destination" in sys.argv
packed, names = sys.argv[sys.argv.index("--pack-destination") + 1], sys.argv[sys.argv.index("--pack-destination") + 2:]
with open({str(tmp_path / "asked")!r}, "a") as asked:
    asked.write(" ".join(names) + "\\n")
for name in names:
    shutil.copy(pathlib.Path({str(shelf)!r}, name.replace("/", "-") + ".tgz"), packed)
"""
    write(commands / "npm", script.encode())
    (commands / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(commands))

    def pack(package: str, files: dict[str, bytes]) -> None:
        name, _, version = package.rpartition("@")
        manifest = json.dumps({"name": name, "version": version}).encode()
        with tarfile.open(shelf / f"{package.replace('/', '-')}.tgz", "w:gz") as tar:
            for path, body in {"package.json": manifest, **files}.items():
                entry = tarfile.TarInfo(f"package/{path}")
                entry.size = len(body)
                tar.addfile(entry, io.BytesIO(body))

    return pack


def install(renderer: Path) -> int:
    return install_libraries.main(renderer / "libraries.json", renderer / "installed")


def test_what_npm_has_is_installed_and_served(
    tmp_path: Path, npm: Callable[[str, dict[str, bytes]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    write_list(tmp_path, PACKAGES)
    for package, files in PACKAGES.items():
        npm(package, {**files, "README.md": b"not listed"})

    assert install(tmp_path) == 0

    assert "holds 6 files of 4 packages (4 of them new), 0.0 MB" in capsys.readouterr().out
    served = Libraries(tmp_path / "libraries.json", tmp_path / "installed")
    assert get(served.routes, "/npm/@scope/part@1.0.0-rc.1/dist/part.mjs").body == b"export {}"
    assert not list((tmp_path / "installed").rglob("README.md"))


def test_what_is_right_is_kept_and_what_is_not_is_fetched_again(
    tmp_path: Path, npm: Callable[[str, dict[str, bytes]], None]
) -> None:
    write_list(tmp_path, PACKAGES)
    for package, files in PACKAGES.items():
        npm(package, files)
    install(tmp_path)
    write(tmp_path / "installed" / "left@1.0.0" / "index.js", b"another")
    write(tmp_path / "installed" / "gone@1.0.0" / "index.js", b"no longer listed")
    (tmp_path / "asked").unlink()

    assert install(tmp_path) == 0

    assert (tmp_path / "asked").read_text() == "left@1.0.0\n"
    assert (tmp_path / "installed" / "left@1.0.0" / "index.js").read_bytes() == b"one"
    assert not (tmp_path / "installed" / "gone@1.0.0").exists()


def test_a_wrong_byte_is_refused_and_nothing_of_it_is_kept(
    tmp_path: Path, npm: Callable[[str, dict[str, bytes]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    write_list(tmp_path, {"left@1.0.0": {"index.js": b"one"}})
    npm("left@1.0.0", {"index.js": b"One"})

    assert install(tmp_path) == 1

    assert "index.js of left@1.0.0 is not the file that libraries.json has the hash of" in capsys.readouterr().err
    assert not (tmp_path / "installed" / "left@1.0.0").exists()


@pytest.mark.parametrize(
    ("script", "why"),
    [(None, "npm is needed, which comes with Node.js"), ("exit 7", "npm ended with status 7")],
    ids=["no npm", "npm fails"],
)
def test_installation_that_does_not_work_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], script: str | None, why: str
) -> None:
    write_list(tmp_path, PACKAGES)
    commands = tmp_path / "bin"
    commands.mkdir()
    if script:
        (commands / "npm").write_text(f"#!/bin/sh\n{script}\n")
        (commands / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(commands))

    assert install(tmp_path) == 1

    assert f"make workbench-offline: {why}" in capsys.readouterr().err


def test_what_a_killed_one_has_left_is_removed_and_the_rest_kept(
    tmp_path: Path, npm: Callable[[str, dict[str, bytes]], None]
) -> None:
    write_list(tmp_path, PACKAGES)
    for package, files in PACKAGES.items():
        npm(package, files)
    write(tmp_path / "installed" / "left@2.0.0" / "index.js", b"two")
    write(tmp_path / "installed" / ".half" / "package" / "index.js", b"t")

    assert install(tmp_path) == 0

    assert "left@2.0.0" not in (tmp_path / "asked").read_text()
    assert not (tmp_path / "installed" / ".half").exists()


def test_two_at_once_fetch_each_package_once(tmp_path: Path, npm: Callable[[str, dict[str, bytes]], None]) -> None:
    write_list(tmp_path, PACKAGES)
    for package, files in PACKAGES.items():
        npm(package, files)
    paths = [str(tmp_path / "libraries.json"), str(tmp_path / "installed")]
    script = f"from pathlib import Path; from local.emulator.install_libraries import main; main(*map(Path, {paths}))"

    both = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=30)[1].decode() for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sorted((tmp_path / "asked").read_text().split()) == sorted(PACKAGES)


def test_a_full_disk_and_a_broken_package_are_said_in_a_sentence(
    tmp_path: Path, npm: Callable[[str, dict[str, bytes]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    write_list(tmp_path, {"left@1.0.0": {"index.js": b"one"}})
    write(tmp_path / "shelf" / "left@1.0.0.tgz", b"no archive")
    broken = install(tmp_path)
    npm("left@1.0.0", {"index.js": b"one"})
    shutil.rmtree(tmp_path / "installed")
    write(tmp_path / "installed", b"a file")
    in_the_way = install(tmp_path)

    assert (broken, in_the_way) == (1, 1)
    first, second = (line for line in capsys.readouterr().err.splitlines() if line.startswith("make"))
    assert "not a gzip file" in first or "could not be opened" in first
    assert "File exists" in second
