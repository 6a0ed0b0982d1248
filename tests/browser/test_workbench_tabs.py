"""One artifact in two tabs of the page of `make run`: the second that changes it is asked, and nothing is lost."""

from collections.abc import Iterator

import pytest

from tests.browser.changing import (
    PAGE,
    answer_changes,
    ask_to_change,
    change,
    duplicated,
    hold,
    release,
    version,
    wait_until_answered,
)
from tests.local.emulator import Emulator
from tests.support.chromium import Browser
from tests.support.workbench import Workbench, workbench

ASKED = "This artifact was changed in another tab meanwhile"
NOTE = "!document.querySelector('#elsewhere').hidden"
FORBIDDEN = """
for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, {get() { throw new DOMException("It is forbidden.", "SecurityError"); }});
}
window.BroadcastChannel = class { constructor() { throw new DOMException("It is forbidden.", "SecurityError"); } };
"""


@pytest.fixture
def one(tab: Workbench) -> Workbench:
    """A tab with a page that sells bread."""
    answer_changes(tab)
    tab.show_own(PAGE, "html")
    tab.wait_inside("Bread")
    return tab


@pytest.fixture
def two(browser: Browser, one: Workbench) -> Iterator[Workbench]:
    """The same tab duplicated."""
    with duplicated(browser, one) as copy:
        yield copy


@pytest.fixture
def asked(one: Workbench, two: Workbench) -> Workbench:
    """The second tab, in which a change arrives after the first tab has made one."""
    two.bring_to_front()
    hold(two)
    ask_to_change(two, "Open > Closed")
    one.bring_to_front()
    change(one, "Bread > Cake")
    two.bring_to_front()
    release(two)
    return two


def codes(tab: Workbench) -> list[str]:
    """What each version of the shown artifact says, as it is stored."""
    read: list[str] = tab.page.evaluate(
        "{const {artifacts, current} = JSON.parse(sessionStorage.getItem('workbench'));"
        " artifacts.find(({id}) => id === current).versions"
        ".map(({code}) => [...code.matchAll(/<p>(\\w+)/g)].map((found) => found[1]).join(' '))}"
    )
    return read


def test_the_second_is_asked_and_nothing_is_replaced(one: Workbench, asked: Workbench) -> None:
    one.bring_to_front()
    one.wait_inside("Cake")
    first = (one.sheet, version(one))
    asked.bring_to_front()

    assert first == ("", "2 of 2")
    assert asked.sheet.startswith(ASKED)
    assert "Bread > Cake" in asked.sheet
    assert "Open > Closed" in asked.sheet
    assert asked.ways == ["Keep both as versions", "See the difference", "Discard mine", "Dismiss"]
    assert version(asked) == "1 of 3"
    asked.wait_inside("Open")
    assert codes(asked) == ["Bread Open Now", "Cake Open Now", "Bread Closed Now"]


def test_both_are_kept_and_the_first_tab_hears_of_the_second(one: Workbench, asked: Workbench) -> None:
    asked.take("Keep both as versions")
    asked.wait_inside("Closed")
    one.bring_to_front()
    one.page.wait(NOTE)
    before = version(one)
    one.page.click("#elsewhere")
    one.wait_inside("Closed")

    assert (version(asked), before, version(one)) == ("3 of 3", "2 of 3", "3 of 3")
    assert asked.page.evaluate("document.querySelector('#elsewhere').hidden")
    assert one.page.evaluate("document.querySelector('#elsewhere').hidden")
    assert codes(one) == codes(asked) == ["Bread Open Now", "Cake Open Now", "Bread Closed Now"]
    assert "compared with version 1" in one.page.evaluate("document.querySelector('#changes').textContent")


def test_the_difference_is_seen_before_it_is_decided(asked: Workbench) -> None:
    asked.take("See the difference")
    seen = asked.page.evaluate(
        "['del', 'ins'].map((mark) =>"
        " [...document.querySelectorAll(`#changes ${mark} code`)].map((each) => each.textContent))"
    )
    text = asked.text("#changes")
    ways, focused = asked.ways, asked.page.evaluate("document.activeElement.id")
    asked.take("Dismiss")

    assert seen == [["<p>Cake</p>", "<p>Open</p>"], ["<p>Bread</p>", "<p>Closed</p>"]]
    assert "compared with the version of the other tab" in text
    assert (ways, focused) == (["Keep both as versions", "Discard mine", "Dismiss"], "tab-changes")
    assert asked.text("#changes").startswith("This is the first version")
    assert (asked.sheet, version(asked)) == ("", "1 of 3")
    assert asked.page.evaluate(NOTE)


def test_what_is_discarded_was_paid_for_and_can_be_gone_back_to(one: Workbench, asked: Workbench) -> None:
    asked.take("Discard mine")
    asked.wait_inside("Cake")
    shown = version(asked)
    asked.reload()
    asked.wait_inside("Cake")
    asked.page.click("#forth")
    asked.wait_inside("Closed")

    assert (shown, version(asked)) == ("2 of 3", "3 of 3")
    assert asked.text("#kind") == "html, discarded"
    one.bring_to_front()
    one.reload()  # and asks what it lacks
    assert version(one) == "2 of 2"


def test_who_does_not_decide_keeps_both_also_over_a_reload(asked: Workbench) -> None:
    asked.reload()
    asked.wait_inside("Bread")

    assert (asked.sheet, version(asked)) == ("", "1 of 3")
    assert codes(asked) == ["Bread Open Now", "Cake Open Now", "Bread Closed Now"]


def test_what_a_tab_has_made_outlives_it(browser: Browser, one: Workbench) -> None:
    with duplicated(browser, one) as closed:
        change(closed, "Bread > Cake")
        one.page.wait(NOTE)
    one.bring_to_front()
    change(one, "Open > Closed")
    told = one.sheet
    one.take("Discard mine")

    assert told.startswith(ASKED)
    one.wait_inside("Cake")


def test_a_tab_that_was_closed_before_its_answer_disturbs_nobody(browser: Browser, one: Workbench) -> None:
    with duplicated(browser, one) as closed:
        hold(closed)
        ask_to_change(closed, "Bread > Cake")
        closed.page.wait("window.release !== undefined")
    one.bring_to_front()
    change(one, "Open > Closed")

    one.wait_inside("Closed")
    assert (one.sheet, version(one)) == ("", "2 of 2")


def test_what_was_made_while_a_tab_was_away_is_heard_of_when_it_is_back(one: Workbench, two: Workbench) -> None:
    two.page.navigate("about:blank?")
    one.bring_to_front()
    change(one, "Bread > Cake")
    two.bring_to_front()
    two.page.evaluate("history.back()")
    two.page.wait("document.querySelector('#elsewhere') !== null")
    two.page.wait(NOTE)

    assert version(two) == "1 of 2"
    two.wait_inside("Bread")


def test_who_has_seen_the_other_change_is_not_asked(one: Workbench, two: Workbench) -> None:
    """A change of what was there before is then meant so."""
    one.bring_to_front()
    change(one, "Bread > Cake")
    two.bring_to_front()
    two.page.wait(NOTE)
    two.page.click("#elsewhere")
    two.wait_inside("Cake")
    two.page.click("#back")
    change(two, "Open > Closed")

    two.wait_inside("Closed")
    assert (two.sheet, version(two)) == ("", "3 of 3")


def test_a_fix_is_asked_about_like_a_change(one: Workbench, two: Workbench) -> None:
    one.bring_to_front()
    change(one, "Bread > Cake")
    two.bring_to_front()
    two.page.wait(NOTE)
    two.page.evaluate("void setTimeout(() => { throw new Error('Open > Closed'); })", inside=True)
    two.page.wait("!document.querySelector('#sheet').hidden")
    two.take("Fix it")
    wait_until_answered(two)

    assert two.sheet.startswith(ASKED)
    assert version(two) == "1 of 3"


def test_a_tab_of_another_session_hears_of_nothing(browser: Browser, bundle: Emulator, one: Workbench) -> None:
    with workbench(browser, bundle.url) as other:
        other.show_own(PAGE, "html")
        one.bring_to_front()
        change(one, "Bread > Cake")
        browser.listen(0.3)

        assert version(other) == "1 of 1"
        assert other.page.evaluate("document.querySelectorAll('#history button').length") == 1
        assert browser.thrown == []


def test_changes_work_where_neither_storage_nor_channel_may_be_had(tab: Workbench, browser: Browser) -> None:
    browser.send("Page.addScriptToEvaluateOnNewDocument", tab.page._session, source=FORBIDDEN)
    tab.reload()
    answer_changes(tab)
    tab.show_own(PAGE, "html")
    change(tab, "Bread > Cake")

    tab.wait_inside("Cake")
    assert version(tab) == "2 of 2"
    assert browser.thrown == []


def test_a_change_of_what_was_discarded_is_told_with_what_it_was_made_of(one: Workbench, asked: Workbench) -> None:
    asked.take("Discard mine")
    asked.page.click("#forth")
    asked.wait_inside("Closed")
    change(asked, "Now > Soon")
    one.bring_to_front()
    one.page.wait("document.querySelector('#version').innerText === '2 of 4'")
    one.page.click("#elsewhere")
    one.wait_inside("Soon")

    assert codes(one) == ["Bread Open Now", "Cake Open Now", "Bread Closed Now", "Bread Closed Soon"]
    assert one.page.evaluate("document.querySelector('#changes del code').textContent") == "<p>Now</p>"
    assert one.text("#kind") == "html"
