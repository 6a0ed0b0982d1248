"""Links and forms of an artifact in the renderer's frame: what would lead out leaves the artifact as it is."""

import pytest

from tests.browser.rendering import show
from tests.support.chromium import Browser, Page

DIAGRAM = 'flowchart TD\n  a[Here] --> b\n  click a "https://elsewhere.example/"'
LINK = "<!doctype html><a href='{}'>Here</a>"


@pytest.mark.parametrize(
    ("kind", "code", "selector"),
    [
        pytest.param("markdown", "[Here](https://elsewhere.example/)", "a", id="markdown"),
        pytest.param("markdown", "[Here](other.md)", "a", id="relative"),
        pytest.param("mermaid", DIAGRAM, ".node", id="diagram"),
        pytest.param(
            "svg", "<svg><a xlink:href='https://elsewhere.example/'><text y='20'>Here</text></a></svg>", "text"
        ),
        pytest.param("html", LINK.format(""), "a", id="empty"),
        pytest.param("html", LINK.format("data:text/html,x"), "a", id="data"),
        pytest.param("html", LINK.format("mailto:a@elsewhere.example"), "a", id="mail"),
        pytest.param(
            "react", "export default () => <form><input name='a' /><button>Here</button></form>;", "button", id="form"
        ),
        pytest.param(
            "html",
            "<!doctype html><form action='https://elsewhere.example/' method='post'><button>Here</button></form>",
            "button",
            id="post",
        ),
    ],
)
def test_it_stays_when_it_would_be_led_away(rendering: Page, kind: str, code: str, selector: str) -> None:
    assert show(rendering, code, kind) is True
    rendering.evaluate("window.before = 1", inside=True)
    rendering.click(selector, inside=True)
    rendering.evaluate("new Promise((done) => setTimeout(done, 300))")

    assert rendering.evaluate("window.before", inside=True) == 1
    assert "Here" in rendering.evaluate("document.body.textContent", inside=True)
    assert rendering.evaluate("errors") == []


@pytest.mark.parametrize(
    ("code", "selector", "then"),
    [
        ("<!doctype html><a href='#there'>x</a><p id='there'>", "a", "location.hash === '#there'"),
        ("<!doctype html><a href='/x' onclick='seen = 1; return false'>x</a>", "a", "window.seen === 1"),
        (
            "<!doctype html><dialog open><form method='dialog'><button>x</button></form></dialog>",
            "button",
            "!document.querySelector('dialog').open",
        ),
    ],
    ids=["within", "handled", "dialog"],
)
def test_what_stays_within_works(rendering: Page, code: str, selector: str, then: str) -> None:
    assert show(rendering, code, "html") is True
    rendering.click(selector, inside=True)

    assert rendering.wait(then, inside=True)


@pytest.mark.parametrize("handler", ["", "event.stopPropagation()"], ids=["plain", "stopped"])
def test_the_middle_button_opens_no_tab(browser: Browser, rendering: Page, handler: str) -> None:
    """Chromium opens it for a frame without allow-popups too, and whatever its page's policy says."""
    code = f"<!doctype html><a href='https://elsewhere.example/?typed=secret' onauxclick='{handler}'>Here</a>"
    tabs = len(browser.targets())
    assert show(rendering, code, "html") is True

    rendering.click("a", inside=True, button="middle")
    browser.listen(0.5)

    assert len(browser.targets()) == tabs
