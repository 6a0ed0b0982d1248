"""The page of `make run`, with its stand-in, used in a real browser."""

import pytest

from tests.local.emulator import Emulator
from tests.support.chromium import Browser, Page


def generate(page: Page, prompt: str, kind: str) -> None:
    page.click("#generate textarea")
    page.type(prompt)
    page.evaluate(f"document.querySelector('#generate select').value = {kind!r}")
    page.click("#generate button")
    page.wait("document.querySelector('#generate-result iframe') !== null")
    # A frame begins with an empty document that is complete at once.
    page.wait("location.href === 'about:srcdoc' && document.readyState === 'complete'", inside=True)


def test_a_form_that_was_generated_works(browser: Browser, bundle: Emulator) -> None:
    with browser.open(bundle.url) as page:
        generate(page, "A portfolio website", "html")
        page.evaluate("[...document.querySelectorAll('nav button')].at(-1).click()", inside=True)
        for field, text in (("input", "Ada"), ("textarea", "A bridge")):
            page.click(f"form {field}", inside=True)
            page.type(text, inside=True)
        page.click("form button", inside=True)

        assert page.wait("document.querySelector('[role=status]').innerText", inside=True).startswith("Thank you, Ada.")


def test_a_drawing_is_shown_in_the_middle(browser: Browser, bundle: Emulator) -> None:
    with browser.open(bundle.url) as page:
        generate(page, "A rocket icon", "svg")

        page.wait("document.querySelector('svg').getBoundingClientRect().left > 0", inside=True)
        left, right = page.evaluate(
            "{const box = document.querySelector('svg').getBoundingClientRect(); [box.left, innerWidth - box.right]}",
            inside=True,
        )
    assert left == pytest.approx(right, abs=2)


def test_what_is_generated_cannot_leave_its_frame(browser: Browser, bundle: Emulator) -> None:
    """The page's own policy is the one that is prescribed: its frame goes nowhere else."""
    with browser.open(bundle.url) as page:
        generate(page, "A landing page", "html")
        page.evaluate(f"location = {bundle.url!r}", inside=True)

        assert page.wait("location.href.startsWith('chrome-error:')", inside=True)
