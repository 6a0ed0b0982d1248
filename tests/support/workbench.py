"""The page of `make run`, used as a person uses it: typing, clicking, pressing keys, looking."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.chromium import Browser, Page

_KEYS: dict[str, dict[str, Any]] = {
    "Enter": {"code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13},
    "Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
    "ArrowRight": {"code": "ArrowRight", "windowsVirtualKeyCode": 39},
    "[": {"code": "BracketLeft", "text": "["},
    "]": {"code": "BracketRight", "text": "]"},
}
CTRL = 2


class Workbench:
    """A tab with the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wait_until_loaded()

    def wait_until_loaded(self) -> None:
        """Wait until it has said which model host there is, which comes last."""
        self.page.wait("document.querySelector('#host').title !== ''")

    def reload(self) -> None:
        """Load the page anew, in the same tab."""
        self.page.evaluate("window.isOld = true")
        self.page._browser.send("Page.reload", self.page._session)
        self.page.wait("window.isOld === undefined && document.readyState === 'complete'")
        self.wait_until_loaded()

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Be a window of this size, with a scheme of colours."""
        browser, session = self.page._browser, self.page._session
        browser.send(
            "Emulation.setDeviceMetricsOverride", session, width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.send("Emulation.setEmulatedMedia", session, features=[scheme])
        self.page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => 1)")

    def bring_to_front(self) -> None:
        """Be the tab that is seen: another one paints nothing."""
        self.page._browser.send("Page.bringToFront", self.page._session)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press a key, and let it go."""
        told = {"key": key, "modifiers": modifiers, **_KEYS[key]}
        for kind in ("keyDown", "keyUp"):
            self.page._browser.send("Input.dispatchKeyEvent", self.page._session, type=kind, **told)

    def fill(self, selector: str, text: str) -> None:
        """Write this into a field, in place of what is there."""
        self.page.evaluate(f"document.querySelector({selector!r}).value = ''")
        self.page.click(selector)
        self.page.type(text)

    def begin(self, prompt: str, kind: str = "") -> None:
        """Ask for an artifact."""
        self.fill("#prompt", prompt)
        self.page.click(f"[name=artifactType][value='{kind}']")
        self.page.click("#submit")
        self.page.wait("document.querySelector('#stage').ariaBusy !== null")

    def generate(self, prompt: str, kind: str = "") -> None:
        """Ask for an artifact, and wait until there is one or a failure."""
        self.begin(prompt, kind)
        self.wait_until_done()

    def wait_until_done(self) -> None:
        """Wait until no request is under way."""
        self.page.wait("document.querySelector('#stage').ariaBusy === 'false'")

    def choose_fault(self, name: str, **places: str) -> None:
        """Let the stand-in fail in this way, and at this host (`at`) or in this step (`step`)."""
        for menu, value in (("fault", name), *((f"fault-{place}", value) for place, value in places.items())):
            self.page.evaluate(f"document.querySelector('#{menu}').value = '{value}'")
            self.page.evaluate(f"document.querySelector('#{menu}').dispatchEvent(new Event('change'))")

    def show_own(self, content: str, kind: str) -> None:
        """Have something shown that no request has made."""
        self._write_own(content, kind)
        self.page.click("#look")

    def repair_own(self, content: str, kind: str, error_message: str) -> None:
        """Have something repaired that no request has made, and wait for what comes of it."""
        self._write_own(content, kind)
        self.fill("#error-message", error_message)
        self.page.click("#fix .primary")
        self.wait_until_done()

    def _write_own(self, content: str, kind: str) -> None:
        self.page.click("#open-repair")
        self.fill("#content", content)
        self.page.evaluate(f"document.querySelector('#type').value = {kind!r}")

    def text(self, selector: str) -> str:
        """What is read there; nothing of what is hidden."""
        text: str = self.page.evaluate(f"document.querySelector({selector!r})?.innerText ?? ''")
        return text

    @property
    def sheet(self) -> str:
        """What the sheet says."""
        return self.text("#sheet:not([hidden])")

    @property
    def ways(self) -> list[str]:
        """The buttons of the sheet."""
        script = "[...document.querySelectorAll('#sheet:not([hidden]) button')].map((each) => each.innerText)"
        ways: list[str] = self.page.evaluate(script)
        return ways

    def take(self, way: str) -> None:
        """Click a button of the sheet."""
        index = self.ways.index(way)
        self.page.click(f"#sheet .row button:nth-of-type({index + 1})")

    def wait_inside(self, text: str) -> str:
        """Wait until this is read in the frame, and return all that is."""
        read: str = self.page.wait(
            f"document.body.innerText.includes({json.dumps(text)}) && document.body.innerText", inside=True
        )
        return read


@contextmanager
def workbench(browser: Browser, url: str) -> Iterator[Workbench]:
    """A tab with the page that is served there."""
    with browser.open(url) as page:
        yield Workbench(page)
