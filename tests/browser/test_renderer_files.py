"""Which of npm's files the renderer takes, from where, and what it does with one that is not what the list says."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.browser.rendering import LIBRARIES, ROOT, errors, show
from tests.support.chromium import Page

DRAWN = "export default function App() { return <h1>Drawn</h1>; }"
ICON = "@heroicons/react@2.2.0/24/outline/esm/BeakerIcon.js"


class _Cdn(SimpleHTTPRequestHandler):
    """npm's files as a CDN has them, on an origin of their own; the test sees what is asked for, and spoils one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.server.asked.append(name)  # type: ignore[attr-defined]
        body = (LIBRARIES / name).read_bytes()
        if name == self.server.spoilt:  # type: ignore[attr-defined]
            body = body.replace(b"e", b"E", 1)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "application/javascript; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def cdn(spoilt: str = "") -> Iterator[tuple[str, list[str]]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Cdn) as serving:
        serving.daemon_threads = True
        asked: list[str] = []
        vars(serving).update(asked=asked, spoilt=spoilt)
        thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}/", asked
        finally:
            serving.shutdown()
            thread.join()


ICONS = """import { BeakerIcon, BellIcon } from "@heroicons/react/24/outline";
export default () => <><BeakerIcon width={40} /><BellIcon width={40} /></>;"""


def show_from(rendering: Page, libraries: str, code: str) -> Any:
    rendering.evaluate(f"window.renderer = createRenderer({{ libraries: {libraries!r} }})")
    return show(rendering, code)


def test_files_come_from_another_origin_as_npm_has_them(rendering: Page) -> None:
    with cdn() as (libraries, asked):
        assert show_from(rendering, libraries, ICONS) is True

    assert rendering.evaluate("document.querySelectorAll('svg').length", inside=True) == 2
    icons = [name for name in asked if "/24/outline/" in name]
    assert sorted(icons) == [ICON, ICON.replace("Beaker", "Bell")], "of 324 icons, those that are used"
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    "spoilt", [ICON, "react@19.3.1/index.js", "@babel/standalone@8.0.6/babel.min.js"], ids=["icon", "react", "compiler"]
)
def test_a_wrong_byte_is_refused_by_its_hash(rendering: Page, spoilt: str) -> None:
    with cdn(spoilt) as (libraries, asked):
        assert show_from(rendering, libraries, ICONS) is False

    assert spoilt in asked
    (told,) = errors(rendering)
    assert told["phase"] == "load"
    assert told["message"].startswith(f"{spoilt} could not be loaded from {libraries}")


def test_a_cdn_that_cannot_be_reached_is_named(rendering: Page) -> None:
    with cdn() as (libraries, _):
        pass

    assert show_from(rendering, libraries, DRAWN) is False
    assert libraries in errors(rendering)[0]["message"]


def test_the_address_of_libraries_is_that_of_a_folder(rendering: Page) -> None:
    assert show_from(rendering, "/npm", DRAWN) is True


@pytest.mark.parametrize(
    ("address", "reason"),
    [("/nowhere.json", "status 404"), ("/", "JSON"), ("http://127.0.0.1:1/list.json", "Failed to fetch")],
    ids=["missing", "no-list", "unreachable"],
)
def test_a_list_that_cannot_be_had_is_told(rendering: Page, address: str, reason: str) -> None:
    rendering.evaluate(f"window.renderer = createRenderer({{ list: {address!r} }})")

    assert show(rendering, DRAWN) is False
    (told,) = errors(rendering)
    assert (told["phase"], told["fatal"]) == ("load", True)
    assert address in told["message"]
    assert reason in told["message"]


def test_bundlers_find_what_is_fetched() -> None:
    """They know an asset by the words `new URL("…", import.meta.url)`, and change the imports that they see in one."""
    folder = ROOT / "docs/client/renderer"
    script = (folder / "renderer.js").read_text()
    fetched = re.findall(r'new URL\("([^"]+)", import\.meta\.url\)', script)

    assert sorted(fetched) == ["compiler-worker.js", "in-frame.js", "libraries.json"]
    assert script.count("import.meta.url") == len(fetched)
    assert all((folder / name).is_file() for name in fetched)
    for name in ("compiler-worker.js", "in-frame.js"):
        assert not re.search(r"^\s*import\b|\bimport\([^n]", (folder / name).read_text(), re.MULTILINE)
