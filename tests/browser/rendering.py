"""A page that renders artifacts with the project's renderer, from libraries on disk, and is used as a user does."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from tests.browser.handwritten import Handwritten, Step, Visible
from tests.browser.prescribed import PAGE_POLICY
from tests.support.chromium import SECONDS, Page

ROOT: Final = Path(__file__).parents[2]
LIBRARIES: Final = ROOT / ".libraries"
_FOLDERS: Final = {"client": ROOT / "docs" / "client", "npm": LIBRARIES}
_PAGE: Final = """<!doctype html><meta charset="utf-8"><title>Renders</title><link rel="icon" href="data:,">
<style>iframe { width: 1000px; height: 700px; border: 0; }</style>
<div id="place"></div>
<script type="module">
  import { createRenderer } from "/client/renderer/renderer.js";
  window.renderer = createRenderer({ libraries: "/npm/" });
  window.createRenderer = createRenderer;
  window.show = (artifact) => {
    window.errors = [];
    window.shown = window.renderer.render(document.getElementById("place"), artifact, {
      onError: (error) => window.errors.push(error),
    });
    return window.shown.ready;
  };
</script>"""
_PRESCRIBED: Final = {"/": {"Content-Security-Policy": PAGE_POLICY}}
_MISSING: Final = """(({ shows, hides, sizes }) => {
  const text = document.body.innerText.replace(/\\s+/g, " ");
  const missing = [];
  for (const each of shows) if (!text.includes(each)) missing.push(`"${each}" is not in: ${text.slice(0, 600)}`);
  for (const each of hides) if (text.includes(each)) missing.push(`"${each}" is in: ${text.slice(0, 600)}`);
  for (const [selector, [width, height]] of Object.entries(sizes)) {
    const element = document.querySelector(selector);
    const box = element?.getBoundingClientRect();
    if (!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      missing.push(`${selector} is not visible`);
    } else if (Math.round(box.width) < width || Math.round(box.height) < height) {
      missing.push(`${selector} is ${box.width} by ${box.height}`);
    }
  }
  return missing.join("; ");
})"""
_DRAG: Final = """((from, onto) => {
  const dataTransfer = new DataTransfer();
  const fire = (selector, type) => document.querySelector(selector).dispatchEvent(
    new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  const take = (selector, ...types) => types.forEach((type) => fire(selector, type));
  take(from, "dragstart");
  return new Promise((done) => setTimeout(() => {
    take(onto, "dragenter", "dragover", "drop");
    take(from, "dragend");
    done();
  }));
})"""


class _Files(SimpleHTTPRequestHandler):
    """The page, the renderer under /client/ and the libraries under /npm/."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path not in {"/", "/strict"}:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_PAGE.encode())))
        self.end_headers()
        self.wfile.write(_PAGE.encode())

    def end_headers(self) -> None:
        headers: dict[str, dict[str, str]] = self.server.headers  # type: ignore[attr-defined]
        for name, value in headers.get(self.path, {}).items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        folder, _, name = path.partition("?")[0].strip("/").partition("/")
        self.directory = str(_FOLDERS.get(folder, Path("/nowhere")))
        return super().translate_path(f"/{name}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def rendering_site(headers: Mapping[str, Mapping[str, str]] = _PRESCRIBED) -> Iterator[str]:
    """The address of the page, on loopback; headers by path."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as serving:
        vars(serving)["headers"] = headers
        serving.daemon_threads = True
        thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}/"
        finally:
            serving.shutdown()
            thread.join()


@contextmanager
def rendered(page: Page, artifact: Handwritten) -> Iterator[None]:
    """The artifact in a frame of the page, drawn, until the context ends."""
    sent = {"type": artifact.kind, "title": artifact.title, "code": artifact.code, "language": artifact.language}
    drawn = page.evaluate(f"show({json.dumps(sent)})", seconds=SECONDS)
    try:
        check_for_errors(page)
        assert drawn is True, "it is not drawn"
        yield
        check_for_errors(page)
    finally:
        page.evaluate("shown.remove()")


def show(page: Page, code: str, kind: str = "react") -> Any:
    """Whether an artifact is drawn that the page is given."""
    return page.evaluate(f"show({json.dumps({'type': kind, 'title': 'Mine', 'code': code})})", seconds=SECONDS)


def errors(page: Page) -> list[dict[str, Any]]:
    """The errors that the renderer has told of, once there is one."""
    page.wait("errors.length > 0")
    told: list[dict[str, Any]] = page.evaluate("errors")
    return told


def check_for_errors(page: Page) -> None:
    """Fail with the errors that the renderer has told of."""
    errors = page.evaluate("errors")
    assert errors == [], errors


def use(page: Page, step: Step) -> None:
    """Do in the frame what a user does in this step."""
    if step.click:
        page.click(step.click, inside=True)
    if step.menu:
        page.click(step.menu, inside=True, button="right")
    if step.hover:
        page.hover(step.hover, inside=True)
    if step.type:
        page.type(step.type, inside=True)
    if step.press:
        page.press(step.press, inside=True)
    if step.drag:
        page.evaluate(f"{_DRAG}({json.dumps(step.drag)}, {json.dumps(step.onto)})", inside=True)


def expect(page: Page, visible: Visible) -> None:
    """Wait until the frame shows all of this."""
    expected: dict[str, Any] = {name: asdict(visible)[name] for name in ("shows", "hides", "sizes")}
    script = f"{_MISSING}({json.dumps(expected)})"
    try:
        page.wait(f"!{script}", inside=True)
    except AssertionError as error:
        raise AssertionError(page.evaluate(script, inside=True)) from error
