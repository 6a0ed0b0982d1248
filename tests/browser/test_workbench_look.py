"""How the page of `make run` looks: on a narrow screen, in the dark, without jumps, and to who does not see it."""

from typing import Any

import pytest

from tests.browser.changing import PAGE, answer_changes, ask_to_change, change, duplicated, fail_with, hold, release
from tests.support.chromium import Browser
from tests.support.workbench import CTRL, Workbench

# The least contrast of any text that is seen, against what is behind it; what is disabled needs none.
CONTRAST = """{
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const bytes = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [r, g, b] = bytes(colour).map((byte) => linear(byte / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const {backgroundColor} = getComputedStyle(node);
      if (bytes(backgroundColor)[3] === 255) return backgroundColor;
    }
  };
  const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const seen = [...document.body.querySelectorAll("*")].filter((node) =>
    hasText(node) && node.checkVisibility({visibilityProperty: true}) && !node.closest(":disabled, kbd, option"));
  const contrasts = seen.map((node) => {
    const [one, other] = [luminance(getComputedStyle(node).color), luminance(behind(node))].sort((a, b) => b - a);
    return [(one + 0.05) / (other + 0.05), node.outerHTML.slice(0, 90)];
  });
  contrasts.sort(([one], [other]) => one - other)[0].concat(contrasts.length);
}"""
BOXES = """["#frame", ".panels", "#stage", "#submit"].map((each) => {
  const {x, y, width, height} = document.querySelector(each).getBoundingClientRect();
  return [x, y, width, height];
})"""


def overflow(tab: Workbench) -> list[str]:
    """What reaches beyond the right edge of the window, but for what scrolls on its own."""
    beyond: list[str] = tab.page.evaluate(
        """[...document.querySelectorAll("body *")]
          .filter((node) => node.checkVisibility({visibilityProperty: true}))
          .filter((node) => !node.closest(".phases, .scrolls, .unseen, pre"))
          .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
          .map((node) => node.outerHTML.slice(0, 80))"""
    )
    if tab.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        beyond.append("the page scrolls sideways")
    return beyond


def test_nothing_overflows_on_a_narrow_screen(tab: Workbench) -> None:
    tab.resize(360, 740)
    found = {"idle": overflow(tab)}
    tab.repair_own(
        f"<!doctype html><html><head><title>{'Wide' * 30}</title></head><body><p>Before</p></body></html>",
        "html",
        '[[edit from="Before" to="After"]]',
    )
    found["fixed"] = overflow(tab)
    tab.page.click("#tab-changes")
    found["changes"] = overflow(tab)
    tab.page.click("#tab-code")
    found["code"] = overflow(tab)
    tab.page.click("#open-costs")
    tab.page.wait("document.querySelectorAll('#costs-tables table').length > 1")
    found["costs"] = overflow(tab)
    tab.press("Escape")
    tab.page.click("#open-repair")
    found["repair"] = overflow(tab)
    tab.press("Escape")
    tab.generate("A rocket icon [[fault refusal]]", "svg")
    found["refused"] = overflow(tab)

    assert found == {state: [] for state in found}
    left = [box[0] for box in tab.page.evaluate(BOXES)]
    assert max(left) < 30, "it is one column"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_read_stands_out(tab: Workbench, dark: bool) -> None:
    tab.resize(1280, 900, dark=dark)
    least = [tab.page.evaluate(CONTRAST)]
    tab.repair_own(
        "<!doctype html><html><head><title>t</title></head><body><p>Before</p></body></html>",
        "html",
        '[[edit from="Before" to="After"]]',
    )
    tab.page.click("#tab-changes")
    least.append(tab.page.evaluate(CONTRAST))
    tab.generate("A rocket icon [[fault refusal]]", "svg")
    least.append(tab.page.evaluate(CONTRAST))

    brightness = tab.page.evaluate("getComputedStyle(document.body).backgroundColor").split("(")[1].split(",")[0]
    assert (int(brightness) < 60) is dark
    for contrast, where, count in least:
        assert contrast >= 4.5, where
        assert count > 20


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_change_and_its_question_fit_a_phone_and_stand_out(tab: Workbench, browser: Browser, dark: bool) -> None:
    tab.resize(360, 740, dark=dark)
    answer_changes(tab)
    tab.show_own(PAGE, "html")
    hold(tab)
    ask_to_change(tab, "Bread > Cake")
    with duplicated(browser, tab) as other:
        change(other, f"Open > {'Closed' * 30}")
    tab.bring_to_front()
    found = {"changing": overflow(tab)}
    least = [tab.page.evaluate(CONTRAST)]
    release(tab)
    found["asked"] = overflow(tab)
    least.append(tab.page.evaluate(CONTRAST))
    tab.take("See the difference")
    found["compared"] = overflow(tab)
    least.append(tab.page.evaluate(CONTRAST))
    tab.take("Keep both as versions")
    found["changed"] = overflow(tab)
    room, field, button = tab.page.evaluate(
        "['#frame', '#change-prompt', '#send-change'].map((each) => {"
        " const {width, height} = document.querySelector(each).getBoundingClientRect(); return [width, height]; })"
    )

    assert found == {state: [] for state in found}
    for contrast, where, _ in least:
        assert contrast >= 4.5, where
    assert room[1] > 190
    assert field[0] > 150
    assert abs(field[1] - button[1]) <= 3


def test_nothing_moves_while_something_is_made(tab: Workbench) -> None:
    tab.resize(1280, 900)
    tab.page.evaluate(f"window.boxes = new Set(); window.look = () => boxes.add(JSON.stringify({BOXES})); look()")
    tab.page.evaluate(
        "new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true})"
    )
    tab.generate("A landing page of a bakery", "html")
    tab.generate("A rocket icon", "svg")
    tab.generate("A rocket icon [[fault refusal]]", "svg")
    answer_changes(tab)
    change(tab, "svg > svg ")

    boxes = tab.page.evaluate("look(); [...boxes]")
    assert len(boxes) == 1


def test_every_control_has_a_name_and_shows_the_focus(tab: Workbench) -> None:
    nameless = tab.page.evaluate(
        """[...document.querySelectorAll("button, input, select, textarea")]
          .filter((each) => !each.ariaLabel && !each.labels?.length && !each.textContent.trim() && !each.hidden)
          .map((each) => each.outerHTML)"""
    )
    tab.page.click("#tab-preview")
    tab.press("ArrowRight")
    focused: dict[str, Any] = tab.page.evaluate(
        "{const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);"
        " ({outlineStyle, outlineWidth})}"
    )

    assert nameless == []
    assert focused == {"outlineStyle": "solid", "outlineWidth": "2px"}


def test_the_focus_is_never_lost_and_never_taken(tab: Workbench) -> None:
    def focused() -> str:
        name: str = tab.page.evaluate("document.activeElement.id || document.activeElement.className || 'body'")
        return name

    page = "<!doctype html><html><head><title>t</title></head><body><p>Before</p></body></html>"
    tab.generate("A rocket icon", "svg")
    generated = focused()
    tab.repair_own(page, "html", '[[edit from="Before" to="After"]]')
    tab.page.click("#back")
    at_the_first = focused()
    tab.page.click("#history li:last-child button")
    in_history = tab.page.evaluate("document.activeElement.getAttribute('aria-current')")
    tab.fill("#prompt", "A rocket icon [[fault refusal]]")
    tab.press("Enter", CTRL)
    tab.wait_until_done()
    writing = focused()
    tab.take("Dismiss")

    assert (generated, at_the_first, in_history, writing) == ("submit", "forth", "true", "prompt")
    assert focused() == "tab-preview"


def test_progress_is_said_by_phase_and_not_by_line(tab: Workbench) -> None:
    tab.page.evaluate("window.said = []")
    tab.page.evaluate(
        "new MutationObserver(() => said.push(document.querySelector('#announcement').textContent))"
        ".observe(document.querySelector('#announcement'), {childList: true})"
    )
    tab.generate("A landing page of a bakery", "html")
    tab.wait_inside("Kneadful Things")
    tab.page.wait("window.said.includes('The artifact is on the screen.')")

    said = tab.page.evaluate("window.said")
    assert len(said) < 10
    assert "Landing page of a bakery is ready." in said
    live = tab.page.evaluate(
        "[...document.querySelectorAll('[aria-live], [role=status], output')].map((each) => each.id)"
    )
    assert live == ["announcement", "costs-summary"]


def test_nothing_moves_for_who_wants_no_motion(tab: Workbench) -> None:
    browser, session = tab.page._browser, tab.page._session
    browser.send(
        "Emulation.setEmulatedMedia", session, features=[{"name": "prefers-reduced-motion", "value": "reduce"}]
    )
    tab.page.evaluate("document.querySelector('#stage').ariaBusy = 'true'")

    assert tab.page.evaluate("document.getAnimations().length") == 0
    assert tab.page.evaluate("getComputedStyle(document.querySelector('.working'), '::before').animationName") == "none"


def test_text_is_read_out_once_also_while_a_time_is_counted_down(tab: Workbench) -> None:
    """What changes each second is outside of what is read out when it changes."""
    tab.page.evaluate(
        "import('/workbench/sheet.js').then(({openSheet}) => openSheet({heading: 'Too many', sentence: 'Wait.',"
        " ways: [{label: 'Try again', act: () => {}, waitSeconds: 30}]}))"
    )
    tab.page.evaluate(
        "window.changes = 0; new MutationObserver(() => { changes += 1; }).observe("
        "document.querySelector('[role=alert]'), {subtree: true, childList: true, characterData: true})"
    )
    tab.page.wait("/ 2[0-9] s/.test(document.querySelector('#sheet button').innerText)")

    assert tab.text("[role=alert]").split() == ["Too", "many", "Wait."]
    assert tab.page.evaluate("window.changes") == 0


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 400)], ids=["phone", "enlarged"])
def test_there_is_room_for_an_artifact_and_for_the_way_on(tab: Workbench, width: int, height: int) -> None:
    tab.resize(width, height)
    tab.show_own(f"<!doctype html><title>t</title><p>x<script>throw new Error('{'x' * 1900}')</script>", "html")
    tab.page.wait("!document.querySelector('#sheet').hidden")

    room = tab.page.evaluate("document.querySelector('#frame').clientHeight")
    below = tab.page.evaluate(
        "document.querySelector('#sheet .row').getBoundingClientRect().bottom"
        " - document.querySelector('#sheet').getBoundingClientRect().bottom"
    )
    assert room > 190
    assert below <= 0


def test_the_field_for_a_change_is_not_covered_while_the_sheet_is_there(tab: Workbench) -> None:
    """So something else can be asked for without dismissing what is said first."""
    tab.resize(1280, 800)
    tab.show_own(PAGE, "html")
    before = tab.page.evaluate("document.querySelector('#frame').clientHeight")
    answer_changes(tab)
    fail_with(tab, "refused")
    change(tab, "Bread > Cake")

    (x, y), after = tab.page.evaluate(
        "{const {x, y, width, height} = document.querySelector('#change-prompt').getBoundingClientRect();"
        " [[x + width / 2, y + height / 2], document.querySelector('#frame').clientHeight]; }"
    )
    assert tab.sheet
    assert tab.page.evaluate(f"document.elementFromPoint({x}, {y}).id") == "change-prompt"
    assert after == before
