"""The libraries that `make run` serves from disk: those of the renderer's list, as npm has installed them."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.emulator import install_libraries
from local.emulator.libraries import Libraries
from tests.support.routes import Answer, get

REACT = b"export const version = '19';\xff\r\n"


@pytest.fixture
def renderer(tmp_path: Path) -> Path:
    """A renderer whose packages are installed, one of them in two versions, as npm puts them."""
    installed = {
        "react": ("19.3.1", {"index.js": REACT, "secret.js": b"not listed", "index.js.gz": b"other bytes"}),
        "@scope/part": ("1.0.0-rc.1", {"dist/part.mjs": b"export {}", "part.css": b"a {}", "part.wasm": b"\0asm"}),
        "left": ("2.0.0", {"index.js": b"two"}),
        "@scope/part/node_modules/left": ("1.0.0", {"index.js": b"one"}),
        "renamed": ("3.0.0", {"index.js": b"three"}),
    }
    lock = {f"node_modules/{where}": {"version": version} for where, (version, _) in installed.items()}
    lock["node_modules/renamed"]["name"] = "original"
    for where, (_, files) in installed.items():
        for name, body in files.items():
            write(tmp_path / "node_modules" / where / name, body)
    write(tmp_path / "node_modules" / ".package-lock.json", json.dumps({"packages": lock}).encode())
    write_list(
        tmp_path,
        {
            "react@19.3.1": ["index.js"],
            "@scope/part@1.0.0-rc.1": ["dist/part.mjs", "part.css", "part.wasm"],
            "left@2.0.0": ["index.js"],
            "left@1.0.0": ["index.js"],
            "original@3.0.0": ["index.js"],
        },
    )
    return tmp_path


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def write_list(renderer: Path, packages: dict[str, list[str]]) -> None:
    listed = {name: {file: {"integrity": "sha256-"} for file in files} for name, files in packages.items()}
    write(renderer / "libraries.json", json.dumps({"packages": listed}).encode())


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
        ("original@3.0.0/index.js", b"three", "text/javascript; charset=utf-8"),
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
    write_list(renderer, {"react@19.3.1": ["index.js"], "elsewhere@1.0.0": ["index.js"], "left@2.0.0": ["removed.js"]})

    answer = ask(renderer, name)

    assert answer.status == 404
    assert why in answer.json["error"]
    assert answer.headers["access-control-allow-origin"] == "*", "else a frame could not tell it from a lost connection"


def test_what_is_installed_meanwhile_is_seen(renderer: Path) -> None:
    lock = renderer / "node_modules" / ".package-lock.json"
    whole = lock.read_bytes()
    libraries = Libraries(renderer / "libraries.json", renderer)
    lock.unlink()
    before = libraries.are_installed()
    lock.write_bytes(whole[:-5])
    during = libraries.are_installed()
    lock.write_bytes(whole)
    after = libraries.are_installed()
    lock.write_text('{"packages": {}}')

    assert (before, during, after, libraries.are_installed()) == (False, False, True, False)


def test_a_list_with_a_file_that_is_not_there_is_not_installed(renderer: Path) -> None:
    libraries = Libraries(renderer / "libraries.json", renderer)
    assert libraries.are_installed()
    (renderer / "node_modules" / "left" / "index.js").unlink()
    assert not libraries.are_installed()


def test_nothing_is_installed_without_a_list(tmp_path: Path) -> None:
    """An empty list would be complete as well."""
    assert not Libraries(tmp_path / "libraries.json", tmp_path).are_installed()
    assert ask(tmp_path, "react@19.3.1/index.js").status == 404


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is missing: install Node.js")
def test_npm_installs_what_is_then_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real npm, with a package that is packed here: its note of what is where is the one that is read."""
    write_json(tmp_path / "tiny" / "package.json", {"name": "@scope/tiny", "version": "1.2.3"})
    write(tmp_path / "tiny" / "index.js", b"export const tiny = 1;\n")
    renderer = tmp_path / "renderer"
    renderer.mkdir()
    npm("pack", "--pack-destination", os.fspath(renderer), cwd=tmp_path / "tiny")
    write_json(
        renderer / "package.json", {"private": True, "dependencies": {"@scope/tiny": "file:scope-tiny-1.2.3.tgz"}}
    )
    npm("install", "--package-lock-only", "--no-audit", "--no-fund", "--offline", cwd=renderer)
    write_list(renderer, {"@scope/tiny@1.2.3": ["index.js"]})
    assert not Libraries(renderer / "libraries.json", renderer).are_installed()

    assert install_libraries.main(renderer / "libraries.json", renderer) == 0

    said = capsys.readouterr().out
    assert said.startswith(
        f"{renderer / 'node_modules'} holds 0.0 MB, of which artifacts load 0.0 MB: 1 files of 1 packages"
    )
    assert ask(renderer, "@scope/tiny@1.2.3/index.js").body == b"export const tiny = 1;\n"


def npm(*arguments: str, cwd: Path) -> None:
    subprocess.run(["npm", *arguments], cwd=cwd, check=True, capture_output=True, timeout=60)


def write_json(path: Path, value: Any) -> None:
    write(path, json.dumps(value).encode())


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "npm is needed, which comes with Node.js"),
        ("exit 7", "npm ended with status 7"),
        ("rm -rf node_modules", "package-lock.json does not pin what libraries.json lists"),
    ],
    ids=["no npm", "npm fails", "something else is installed"],
)
def test_installation_that_does_not_work_is_said(
    renderer: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str | None,
    why: str,
) -> None:
    commands = renderer / "bin"
    commands.mkdir()
    (commands / "rm").symlink_to(shutil.which("rm") or "")
    if script:
        (commands / "npm").write_text(f"#!/bin/sh\n{script}\n")
        (commands / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(commands))

    assert install_libraries.main(renderer / "libraries.json", renderer) == 1

    assert f"make workbench-offline: {why}" in capsys.readouterr().err
