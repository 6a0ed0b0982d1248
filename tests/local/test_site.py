"""The files that `make run` serves beside the functions: the page, its parts and the client."""

from pathlib import Path

import pytest

from local.emulator.site import site_routes
from tests.support.routes import Answer, get


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page and a client, and beside and among them what is nobody's business."""
    files = {
        "workbench/index.html": "<!doctype html>é",
        "workbench/history.js": "export {}",
        "client/client.js": "export {}",
        "client/client.ts": "export {}",
        "client/renderer/libraries.json": "{}",
        "client/renderer/README.md": "# é",
        "client/renderer/frame.css": "",
        "client/renderer/node_modules/a/index.js": "export {}",
        "client/.hidden/a.js": "export {}",
        "client/.a.js": "export {}",
        "secret.js": "secret",
        "client2/secret.js": "secret",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "client" / "out.js").symlink_to(tmp_path / "secret.js")
    return tmp_path


def ask(folder: Path, target: str) -> Answer:
    return get(site_routes(folder / "workbench", folder / "client"), target)


@pytest.mark.parametrize(
    ("target", "file", "media_type"),
    [
        ("/", "workbench/index.html", "text/html"),
        ("/?tab=2", "workbench/index.html", "text/html"),
        ("/workbench/history.js", "workbench/history.js", "text/javascript"),
        ("/client/client.js", "client/client.js", "text/javascript"),
        ("/client/renderer/libraries.json", "client/renderer/libraries.json", "application/json"),
        ("/client/renderer/README.md", "client/renderer/README.md", "text/markdown"),
        ("/client/renderer/frame.css", "client/renderer/frame.css", "text/css"),
    ],
)
def test_file_is_served_with_its_media_type(folder: Path, target: str, file: str, media_type: str) -> None:
    answer = ask(folder, target)

    assert (answer.status, answer.body) == (200, (folder / file).read_bytes())
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_what_is_edited_is_served_on_the_next_request(folder: Path) -> None:
    routes = site_routes(folder / "workbench", folder / "client")
    for target, file in [("/", "workbench/index.html"), ("/client/client.js", "client/client.js")]:
        before = get(routes, target).body
        (folder / file).write_text("edited")

        assert (before != b"edited", get(routes, target).body) == (True, b"edited")


@pytest.mark.parametrize(
    "target",
    [
        "/client/../secret.js",
        "/client/%2e%2e/secret.js",
        "/client/..%2fsecret.js",
        "/client/renderer/../../secret.js",
        "/client/../client2/secret.js",
        "/client/secret.js%00.js",
        "/client/out.js",
        "/client/.a.js",
        "/client/.hidden/a.js",
        "/client/renderer/node_modules/a/index.js",
        "/client/client.ts",
        "/client/renderer",
        "/client/missing.js",
        "/workbench/../secret.js",
        pytest.param(f"/client/{'a' * 300}.js", id="a name too long"),
        pytest.param(f"/client/{'a/' * 3000}b.js", id="a path too long"),
    ],
)
def test_nothing_else_is_served(folder: Path, target: str) -> None:
    """Neither what is outside, nor what is hidden or installed, nor a file of another type."""
    answer = ask(folder, target)

    assert answer.status == 404
    assert "error" in answer.json


def test_file_outside_of_the_folder_is_not_found_by_its_absolute_name(folder: Path) -> None:
    assert ask(folder, f"/client/{folder / 'secret.js'}").status == 404
