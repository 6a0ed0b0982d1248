"""Changing what is shown, on the page of `make run`: new versions, what differs, and what goes wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.changing import (
    PAGE,
    answer_changes,
    ask_to_change,
    change,
    fail_with,
    hold,
    release,
    sent,
    succeed,
    version,
)
from tests.local.bundle import running_bundle
from tests.local.emulator import Emulator
from tests.support.chromium import Browser
from tests.support.libraries import skip_without_libraries
from tests.support.workbench import CTRL, Workbench, workbench

TAB: dict[str, Any] = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


@pytest.fixture(scope="module")
def editing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The bundle with the stand-in, asked for edits of code of any length."""
    folder = tmp_path_factory.mktemp("editing")
    with running_bundle(folder, STANDIN_PACE="instant", EDITS_FROM_LINES="0") as running:
        yield running


@pytest.fixture
def real(browser: Browser, editing: Emulator) -> Iterator[Workbench]:
    """A tab whose changes are made by the functions."""
    with workbench(browser, editing.url) as opened:
        yield opened


@pytest.fixture
def shop(tab: Workbench) -> Workbench:
    """A tab with a page that sells bread, which can be changed."""
    answer_changes(tab)
    tab.show_own(PAGE, "html")
    tab.wait_inside("Bread")
    return tab


def test_a_change_is_a_new_version_that_is_shown_with_its_diff(shop: Workbench) -> None:
    change(shop, "Bread > Cake")
    shop.wait_inside("Cake")
    selected = shop.text("[role=tab][aria-selected=true]")
    shop.page.click("#tab-changes")

    assert (version(shop), selected, shop.sheet) == ("2 of 2", "Preview", "")
    assert shop.text("#changes-count") == "+1 \N{MINUS SIGN}1"
    assert shop.text("#changes del code") == "<p>Bread</p>"
    assert shop.text("#changes ins code") == "<p>Cake</p>"
    assert "1 line added, 1 removed, compared with version 1" in shop.text("#changes")
    assert shop.page.evaluate("document.querySelector('#change-prompt').value") == ""
    assert shop.text("#facts").split("Applied\n")[1].startswith("1 edit\n")
    shop.press("[")
    shop.wait_inside("Bread")
    assert shop.text("#changes-count") == ""
    shop.press("]")
    shop.wait_inside("Cake")


def test_what_is_sent_is_the_artifact_with_its_title_and_kind(shop: Workbench) -> None:
    change(shop, "Bread > Cake")

    (request,) = sent(shop)
    content = f'<artifact type="html" title="Something of your own">\n{PAGE}\n</artifact>'
    assert request["body"].pop("sessionId")
    assert request["body"] == {
        "prompt": "Bread > Cake",
        "content": content,
        "artifactType": "html",
        "workflow": "direct",
    }


def test_title_and_language_go_into_a_tag_and_a_tag_that_is_there_stays_the_only_one(tab: Workbench) -> None:
    versions = [
        {"type": "code", "title": 'A "b" & <c>', "language": "python", "code": "x"},
        {"type": "svg", "title": "Mine", "code": "\n<antArtifact type='image/svg+xml'>\n<svg/>\n</antArtifact>"},
    ]
    written = tab.page.evaluate(
        f"import('/workbench/change.js').then(({{contentOf}}) => {json.dumps(versions)}.map(contentOf))"
    )

    assert (
        written[0] == '<artifact type="code" title="A &quot;b&quot; &amp; &lt;c&gt;" language="python">\nx\n</artifact>'
    )
    assert written[1] == versions[1]["code"]


def test_a_change_of_an_older_version_is_based_on_that_one(shop: Workbench) -> None:
    change(shop, "Bread > Cake")
    shop.press("[")
    shop.page.click("#back")
    change(shop, "Open > Closed")
    shop.wait_inside("Closed")

    assert version(shop) == "3 of 3"
    assert "Bread" in sent(shop)[1]["body"]["content"]
    assert "compared with version 1" in shop.page.evaluate("document.querySelector('#changes').textContent")
    assert shop.page.evaluate("document.querySelector('#changes ins code').textContent") == "<p>Closed</p>"
    shop.reload()
    assert version(shop) == "3 of 3"
    assert "compared with version 1" in shop.page.evaluate("document.querySelector('#changes').textContent")


@pytest.mark.parametrize(
    ("answer", "said"),
    [({"applied": "edits", "edits": 3}, "3 edits"), ({"applied": "rewrite", "edits": None}, "rewrite")],
    ids=["edits", "rewrite"],
)
def test_it_is_said_how_a_change_was_applied(shop: Workbench, answer: dict[str, object], said: str) -> None:
    succeed(shop, **answer)
    change(shop, "Bread > Cake")
    of_change = shop.text("#facts")
    shop.repair_own(PAGE, "html", "Open > Closed")

    assert f"Applied\n{said}\n" in of_change
    assert f"Applied\n{said}\n" in shop.text("#facts")


def test_there_is_nothing_to_change_without_an_artifact_or_while_one_is_made(tab: Workbench) -> None:
    state = "['#change-prompt', '#send-change'].map((each) => document.querySelector(each).disabled)"
    empty = tab.page.evaluate(state)
    answer_changes(tab)
    tab.show_own(PAGE, "html")
    shown = tab.page.evaluate(state)
    hold(tab)
    ask_to_change(tab, "Bread > Cake")
    tab.page.wait("window.release !== undefined")
    busy = tab.page.evaluate(state)
    tab.page.click("#history button")
    looking = tab.page.evaluate(state)
    release(tab)

    assert (empty, shown, busy, looking) == ([True, True], [False, False], [True, True], [True, True])
    assert tab.page.evaluate(state) == [False, False]
    assert len(sent(tab)) == 1


def test_what_is_looked_at_meanwhile_stays_and_the_change_is_offered(shop: Workbench) -> None:
    hold(shop)
    ask_to_change(shop, "Bread > Cake")
    shop.show_own(PAGE.replace("Bread", "Fish"), "html")
    shop.wait_inside("Fish")
    release(shop)
    offered = shop.sheet
    still = shop.wait_inside("Fish")
    shop.take("Show it")
    shop.wait_inside("Cake")

    assert offered.startswith("Your change is ready")
    assert "Fish" in still
    assert version(shop) == "2 of 2"
    assert shop.page.evaluate("document.activeElement.id") == "tab-preview"


def test_a_change_that_was_not_looked_at_is_what_the_history_brings_back(shop: Workbench) -> None:
    hold(shop)
    ask_to_change(shop, "Bread > Cake")
    shop.show_own(PAGE.replace("Bread", "Fish"), "html")
    release(shop)
    shop.take("Dismiss")
    shop.reload()
    shop.wait_inside("Fish")
    shop.page.click("#history li:last-child button")

    shop.wait_inside("Cake")
    assert version(shop) == "2 of 2"


def test_another_version_that_is_looked_at_meanwhile_stays(shop: Workbench) -> None:
    change(shop, "Bread > Cake")
    hold(shop)
    ask_to_change(shop, "Open > Closed")
    shop.page.click("#history button")
    shop.page.click("#back")
    release(shop)
    offered = shop.sheet

    assert offered.startswith("Your change is ready")
    assert "version 3" in offered
    assert version(shop) == "1 of 3"
    shop.wait_inside("Bread")


def test_an_answer_about_another_version_than_the_shown_one_replaces_nothing(shop: Workbench) -> None:
    """What counts is the version that the answer names, not what the page believes to have sent."""
    change(shop, "Bread > Cake")
    succeed(shop, baseVersion="0" * 64)
    change(shop, "Open > Closed")

    assert shop.sheet.startswith("Your change is ready")
    assert version(shop) == "2 of 3"
    shop.wait_inside("Cake")


def test_a_change_that_is_unusable_can_be_said_in_other_words_or_tried_again(shop: Workbench) -> None:
    fail_with(shop, "fix_unusable")
    change(shop, "Bread > Cake")
    told, ways = shop.sheet, shop.ways
    succeed(shop)
    shop.take("Try again")
    shop.page.wait("sent.length === 2")
    shop.wait_until_done()
    shop.wait_inside("Cake")

    assert told.startswith("The change could not be made")
    assert "more precisely" in told
    assert ways == ["Try again", "Change what is sent", "Dismiss"]
    first, second = sent(shop)
    assert first == second


def test_saying_it_in_other_words_leads_to_the_field_and_to_what_was_to_be_changed(shop: Workbench) -> None:
    change(shop, "Bread > Cake")
    shop.page.click("#back")
    fail_with(shop, "refused")
    hold(shop)
    ask_to_change(shop, "Open > Closed")
    shop.page.click("#history button")
    shop.page.click("#forth")
    shop.page.click("#change-prompt")
    release(shop)
    shop.take("Change what is sent")

    focused, text = shop.page.evaluate("[document.activeElement.id, document.activeElement.value]")
    assert (focused, text) == ("change-prompt", "Open > Closed")
    assert version(shop) == "1 of 2"


@pytest.mark.parametrize(
    ("field", "heading"),
    [("content", "It is too long to be changed"), ("artifactType", "The service cannot tell what this is")],
)
def test_what_cannot_be_changed_can_be_asked_for_anew(shop: Workbench, field: str, heading: str) -> None:
    fail_with(shop, "invalid_request", field=field)
    change(shop, "Bread > Cake")
    told = shop.sheet
    shop.take("Ask for a new artifact")

    focused, text = shop.page.evaluate("[document.activeElement.id, document.activeElement.value]")
    assert told.startswith(heading)
    assert (focused, text) == ("prompt", "Something of your own\nBread > Cake")
    assert shop.page.evaluate("document.querySelector('#generate').elements.artifactType.value") == "html"
    assert (shop.sheet, version(shop)) == ("", "1 of 1")


def test_the_draft_of_a_change_is_a_version_of_what_was_changed(shop: Workbench) -> None:
    draft = {"type": "html", "code": PAGE.replace("Bread", "Cake <b")}
    fail_with(shop, "artifact_invalid", draft=draft, error="Cake <b > Cake")
    change(shop, "Bread > Cake")
    succeed(shop)
    shop.take("Have the draft fixed")
    shop.page.wait("sent.length === 2")
    shop.wait_until_done()
    shop.wait_inside("Cake")

    assert version(shop) == "3 of 3"
    assert shop.page.evaluate("document.querySelectorAll('#history button').length") == 1
    shop.page.click("#back")
    assert "Not run" in shop.text("#preview")


def test_a_failed_change_leaves_words_and_artifact_as_they_are(shop: Workbench) -> None:
    fail_with(shop, "upstream_error")
    change(shop, "Bread > Cake")
    shop.press("Escape")

    assert shop.page.evaluate("document.querySelector('#change-prompt').value") == "Bread > Cake"
    assert version(shop) == "1 of 1"
    shop.wait_inside("Bread")


def test_the_chosen_fault_is_asked_for_in_a_change_too(shop: Workbench) -> None:
    shop.page.evaluate("document.querySelector('#fault').value = 'refusal'")
    shop.page.evaluate("document.querySelector('#fault').dispatchEvent(new Event('change'))")
    change(shop, "Bread > Cake")

    assert sent(shop)[0]["body"]["prompt"] == "Bread > Cake [[fault refusal times=1]]"
    shop.page.click("#open-costs")
    shop.page.wait("document.querySelector('#costs-tables table') !== null")
    assert "[[" not in shop.text("#costs-tables table")


def test_a_change_is_asked_for_stopped_and_taken_back_by_the_keyboard_alone(shop: Workbench) -> None:
    def focus(element: str) -> None:
        for _ in range(40):
            if shop.page.evaluate("document.activeElement.id") == element:
                return
            for kind in ("rawKeyDown", "keyUp"):
                shop.page._browser.send("Input.dispatchKeyEvent", shop.page._session, type=kind, **TAB)
        pytest.fail(f"the tab key does not lead to {element}")

    focus("change-prompt")
    shop.page.type("Bread > Cake")
    shop.press("Enter", CTRL)
    shop.page.wait("sent.length === 1")
    shop.wait_until_done()
    shop.wait_inside("Cake")
    after = shop.page.evaluate("document.activeElement.id")
    shop.page.type("[ > ]")
    hold(shop)
    shop.press("Enter", CTRL)
    shop.page.wait("window.release !== undefined")
    shop.press("Escape")
    shop.wait_until_done()
    stopped = shop.sheet
    kept = shop.page.evaluate("document.querySelector('#change-prompt').value")
    focus("back")
    shop.press("Enter")
    shop.wait_inside("Bread")

    assert (after, kept) == ("change-prompt", "[ > ]")
    assert stopped.startswith("Stopped")
    assert version(shop) == "1 of 2"


def test_an_artifact_is_changed_again_and_again_by_edits(real: Workbench) -> None:
    skip_without_libraries()
    real.generate("A todo list", "react")
    titles, facts = [real.text("#title")], []
    for number, prompt in enumerate(["Make it blue", "Dark mode", "Add a search"], 2):
        ask_to_change(real, prompt)
        real.page.wait(f"document.querySelector('#version').innerText === '{number} of {number}'")
        facts.append(real.text("#facts"))
        titles.append(real.text("#title"))
        assert real.sheet == ""
    real.page.wait("document.querySelector('input[type=search]') !== null", inside=True)

    assert titles == ["Todo list"] * 4
    assert all(re.search(r"Applied\n\d+ edits?\n", each) for each in facts)
    assert real.text("#changes-count").startswith("+")
    codes = real.page.evaluate("JSON.parse(sessionStorage.getItem('workbench')).artifacts[0].versions")
    assert len({each["hash"] for each in codes}) == 4


@pytest.mark.parametrize(
    ("fault", "times", "said"),
    [
        ("edit-not-found", "1", "Attempts\n2, repaired"),
        ("edit-whole", "1", "Applied\nrewrite"),
        ("edit-same", "", "Attempts\n3, repaired\nApplied\nrewrite"),
    ],
    ids=["not-found", "whole", "same"],
)
def test_edits_that_go_wrong_end_in_a_change_that_says_what_it_took(
    real: Workbench, fault: str, times: str, said: str
) -> None:
    real.generate("A landing page of a bakery", "html")
    real.page.evaluate(f"document.querySelector('#fault').value = '{fault}'")
    real.page.evaluate("document.querySelector('#fault').dispatchEvent(new Event('change'))")
    real.page.evaluate(f"document.querySelector('#fault-times').value = '{times}'")
    ask_to_change(real, "Make the heading larger")
    real.wait_until_done()

    assert said in real.text("#facts")
    assert (version(real), real.sheet) == ("2 of 2", "")
