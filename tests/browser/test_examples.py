"""The stand-in's examples in a real browser, rendered by the README's own lines in the frame that it prescribes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from local.standin.artifact import Artifact
from local.standin.examples import examples
from local.standin.kinds import Kind
from tests.browser.jsx import compiled
from tests.browser.prescribed import PAGE_POLICY, README_RENDERED, README_SCRIPT
from tests.support.chromium import Browser, Page
from tests.support.site import Site

# What a browser renders as it is; the others take a library (Mermaid, Markdown) or are shown as text (code).
RENDERED: Final = [
    each.artifact for each in examples() if each.artifact.kind in {Kind.REACT, Kind.HTML, Kind.SVG}
]  # fmt: skip
PAGE: Final = "<!doctype html><style>iframe { width: 900px; height: 700px; }</style><div id=artifact></div>"


@contextmanager
def rendered(browser: Browser, here: Site, artifact: Artifact) -> Iterator[Page]:
    """A page that has got this artifact as an answer; at the end nothing in it has thrown."""
    browser.thrown.clear()
    script = compiled(artifact.code) if artifact.kind is Kind.REACT else ""
    result = {"artifact": {"type": artifact.kind, "title": artifact.title, "code": artifact.code}}
    with browser.open(here.put("/", PAGE, Content_Security_Policy=PAGE_POLICY)) as page:
        page.evaluate(f"const result = {json.dumps(result)}; const compile = () => {json.dumps(script)};")
        page.evaluate(README_SCRIPT + README_RENDERED)
        page.wait("document.readyState === 'complete'", inside=True)
        yield page
        browser.listen(0.2)
    assert browser.thrown == []


def example(title: str) -> Artifact:
    (found,) = [artifact for artifact in RENDERED if artifact.title.startswith(title)]
    return found


@pytest.mark.parametrize("artifact", RENDERED, ids=lambda artifact: artifact.title)
def test_it_is_there_to_be_seen(browser: Browser, here: Site, artifact: Artifact) -> None:
    with rendered(browser, here, artifact) as page:
        assert page.evaluate("document.querySelector('iframe').title") == artifact.title
        if artifact.kind is Kind.SVG:
            assert page.evaluate("document.querySelector('svg').getBBox().width", inside=True) > 10
        else:
            assert page.wait("document.body.innerText.length > 10", inside=True)
            assert page.evaluate("document.compatMode", inside=True) == "CSS1Compat"
        assert page.evaluate("location.href", inside=True) == "about:srcdoc"


@pytest.mark.parametrize("key", [False, True], ids=["click", "enter"])
def test_the_todo_list_takes_a_task(browser: Browser, here: Site, key: bool) -> None:
    with rendered(browser, here, example("Todo")) as page:
        page.click("form input", inside=True)
        page.type("Feed the cat", inside=True)
        if key:
            page.press_enter(inside=True)
        else:
            page.click("form button", inside=True)

        assert page.wait(
            "[...document.querySelectorAll('li')].some((task) => task.innerText.includes('cat'))", inside=True
        )
        assert page.evaluate("document.querySelector('form input').value", inside=True) == ""


def test_the_portfolio_takes_a_message(browser: Browser, here: Site) -> None:
    with rendered(browser, here, example("Portfolio")) as page:
        page.evaluate("[...document.querySelectorAll('nav button')].at(-1).click()", inside=True)
        for field, text in (("input", "Ada"), ("textarea", "A bridge")):
            page.click(f"form {field}", inside=True)
            page.type(text, inside=True)
        page.click("form button", inside=True)

        assert page.wait("document.querySelector('[role=status]').innerText", inside=True).startswith("Thank you, Ada.")


def test_a_link_of_the_landing_page_leads_to_its_place(browser: Browser, here: Site) -> None:
    with rendered(browser, here, example("Landing")) as page:
        page.click("a[href='#breads']", inside=True)

        assert page.wait("location.hash", inside=True) == "#breads"
