"""The stand-in's examples in a real browser, used as their users do."""

import json

import pytest

from local.standin.examples import examples
from tests.support.chromium import Page


def show_example(page: Page, title: str) -> None:
    """Render the example whose title begins so."""
    (found,) = [each.artifact for each in examples() if each.artifact.title.startswith(title)]
    sent = json.dumps({"type": found.kind, "title": found.title, "code": found.code})
    assert page.evaluate(f"show({sent})") is True


@pytest.mark.parametrize("key", [False, True], ids=["click", "enter"])
def test_the_todo_list_takes_a_task(rendering: Page, key: bool) -> None:
    show_example(rendering, "Todo")
    rendering.click("form input", inside=True)
    rendering.type("Feed the cat", inside=True)
    if key:
        rendering.press_enter(inside=True)
    else:
        rendering.click("form button", inside=True)

    assert rendering.wait(
        "[...document.querySelectorAll('li')].some((task) => task.innerText.includes('cat'))", inside=True
    )
    assert rendering.evaluate("document.querySelector('form input').value", inside=True) == ""


def test_the_portfolio_takes_a_message(rendering: Page) -> None:
    show_example(rendering, "Portfolio")
    rendering.evaluate("[...document.querySelectorAll('nav button')].at(-1).click()", inside=True)
    for field, text in (("input", "Ada"), ("textarea", "A bridge")):
        rendering.click(f"form {field}", inside=True)
        rendering.type(text, inside=True)
    rendering.click("form button", inside=True)

    assert rendering.wait("document.querySelector('[role=status]').innerText", inside=True).startswith(
        "Thank you, Ada."
    )


def test_a_link_of_the_landing_page_leads_to_its_place(rendering: Page) -> None:
    show_example(rendering, "Landing")
    rendering.click("a[href='#breads']", inside=True)

    assert rendering.wait("location.hash", inside=True) == "#breads"
