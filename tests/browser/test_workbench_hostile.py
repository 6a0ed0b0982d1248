"""A hostile artifact on the page of `make run`: nothing leaves, nothing is believed, and the page stays in use."""

import json
from typing import Any, Final

import pytest

from tests.browser.test_hostile import HTML, REACT, SENDS, TRIES
from tests.local.bundle import lines
from tests.local.emulator import Emulator, wait_for
from tests.support.chromium import Browser
from tests.support.libraries import skip_without_libraries
from tests.support.site import Site
from tests.support.workbench import Workbench

MARKUP: Final = "<img id=markup src=x onerror='window.owned = 1'><script>window.owned = 1</script>"
LIES: Final = """<!doctype html><title>t</title><p id="told"></p><script>
const say = (message) => parent.postMessage(message, "*");
const nested = (depth) => { let list = []; while (depth--) list = [list]; return list; };
const markup = {markup};
const lies = {
  markup: () => say({ artifact: "error", phase: markup, fatal: true, message: markup, line: markup, stack: markup }),
  "no message": () => say({ artifact: "error" }),
  "no text": () => say({ artifact: "error", message: { toString: 1, valueOf: 1 }, stack: { toString: null } }),
  deep: () => say({ artifact: "error", message: nested(2000), stack: nested(2000) }),
  long: () => say({ artifact: "error", message: "x".repeat(3e7), stack: "y".repeat(3e7) }),
  large: () => say({ artifact: "error", message: new Uint8Array(5e7), stack: new Array(1e6).fill("z") }),
  ready: () => { for (let i = 0; i < 500; i++) say({ artifact: "ready" }); },
  loaded: () => say({ artifact: "loaded" }),
  "not ours": () => [null, 1, "error", [], { draw: "react" }, { write: markup }].forEach(say),
  many: () => { for (let i = 0; i < 10000; i++) say({ artifact: "error", message: "number " + i, phase: "load" }); },
};
lies[{lie}]();
say({ artifact: "error", message: "And now the truth." });
document.querySelector("#told").textContent = "told";
</script>"""
LIE_NAMES: Final = (
    "markup", "no message", "no text", "deep", "long", "large", "ready", "loaded", "not ours", "many",
)  # fmt: skip


def check_in_use(tab: Workbench) -> None:
    """The page shows another artifact, and takes a prompt."""
    tab.page.evaluate(
        "if (!document.querySelector('#sheet').hidden) document.querySelector('#sheet .row').lastChild.click()"
    )
    tab.generate("A landing page of a bakery", "html")
    tab.wait_inside("Kneadful Things")
    assert tab.sheet == ""
    assert tab.text("#title") == "Landing page of a bakery"


def requests_of(bundle: Emulator) -> int:
    return len({line["request_id"] for line in lines(bundle) if "request_id" in line})


@pytest.mark.parametrize(("kind", "template"), [("react", REACT), ("html", HTML)], ids=["react", "html"])
def test_it_reaches_nothing_outside(
    browser: Browser, tab: Workbench, bundle: Emulator, elsewhere: Site, kind: str, template: str
) -> None:
    if kind == "react":
        skip_without_libraries()
    tab.page.evaluate("document.cookie = 'session=secret'; localStorage.setItem('token', 'secret')")
    address, tabs, requests = tab.page.evaluate("location.href"), len(browser.targets()), requests_of(bundle)
    code = template % (TRIES + SENDS).replace("{url}", elsewhere.url).replace("{page}", address)

    tab.show_own(code, kind)
    got: dict[str, Any] = json.loads(tab.page.wait("document.getElementById('told')?.textContent", inside=True))
    tab.page.wait("document.body.innerText.includes('blocked')", inside=True)
    browser.listen(0.3)

    assert {name for name, outcome in got.items() if outcome != "refused"} == set()
    assert len(got) == 18
    assert elsewhere.asked == []
    assert tab.page.evaluate("location.href") == address
    assert len(browser.targets()) == tabs
    assert requests_of(bundle) == requests
    check_in_use(tab)
    wait_for(lambda: requests_of(bundle) == requests + 1)


def test_a_fix_is_held_as_well(tab: Workbench, bundle: Emulator, elsewhere: Site) -> None:
    """What the function returns is no more trusted than what is typed in."""
    tries = (TRIES + SENDS).replace("{url}", elsewhere.url).replace("{page}", f"{bundle.url}/")
    body = (HTML % f"{tries} parent.postMessage({{ got }}, '*');").removeprefix("<!doctype html>")
    tab.page.evaluate("onmessage = ({data}) => { if (data.got) window.got = data.got; }")
    before = f"<!doctype html><html><head><title>Before</title></head><body>{body}</body></html>"
    tab.repair_own(before, "html", '[[edit from="Before" to="After"]]')
    requests = requests_of(bundle)
    got = tab.page.wait("window.got")

    assert tab.text("#version") == "2 of 2"
    assert (len(got), set(got.values())) == (18, {"refused"})
    assert (elsewhere.asked, requests_of(bundle)) == ([], requests)


@pytest.mark.parametrize("lie", LIE_NAMES)
def test_what_it_says_is_text_and_no_more(browser: Browser, tab: Workbench, lie: str) -> None:
    """Whatever it sends, the page throws nothing, makes no markup of it, and tells few errors, each cut."""
    script = LIES.replace("{markup}", json.dumps(MARKUP).replace("</", "<\\/")).replace("{lie}", json.dumps(lie))
    tab.show_own(script, "html")
    if lie == "many":  # then the renderer ends the frame
        tab.page.wait("document.querySelector('#sheet').textContent.includes('too many messages')")
    else:
        tab.wait_inside("told")
    tab.page.wait("!document.querySelector('#problems').hidden")
    browser.listen(0.2)

    assert tab.page.evaluate("[document.querySelector('#markup'), window.owned ?? null]") == [None, None]
    assert browser.thrown == []
    assert int(tab.text("#problems").split()[0]) <= 3
    assert len(tab.sheet) < 10_000
    assert "undefined" not in tab.sheet
    check_in_use(tab)


TAKING: Final = """<!doctype html><title>t</title><p>x<input id="i"><script>
setInterval(() => document.querySelector("#i").focus(), {ms});
</script>"""


def test_it_does_not_take_the_focus_from_who_types(browser: Browser, tab: Workbench) -> None:
    tab.show_own(TAKING.replace("{ms}", "400"), "html")
    tab.wait_inside("x")
    tab.page.click("#prompt")
    for _ in range(10):
        tab.press("[")
        browser.listen(0.1)

    assert len(tab.page.evaluate("document.querySelector('#prompt').value")) > 8
    tab.page.wait("document.activeElement.tagName === 'IFRAME'")  # who has stopped typing may be in it


def test_it_is_gone_before_a_token_is_typed(tab: Workbench) -> None:
    """It could take the focus from the dialog, and with it the token."""
    tab.fill("#prompt", "Anything")  # before there is who takes the focus
    tab.show_own(TAKING.replace("{ms}", "20"), "html")
    tab.wait_inside("x")
    answer = {"success": False, "error": "Sign in.", "code": "unauthorized", "retryable": False, "requestId": "r"}
    tab.page.evaluate(f"window.fetch = async () => new Response({json.dumps(json.dumps(answer))}, {{status: 401}})")
    tab.page.click("#submit")
    tab.page.wait("document.querySelector('#sheet').textContent.includes('Sign in.')")
    tab.take("Sign in")
    tab.page.click("#token")
    for key in "[]":
        tab.press(key)

    assert tab.page.evaluate("document.querySelector('#token').value") == "[]"
    assert tab.page.frames == 0
    tab.press("Escape")
    tab.page.click("#halt")
    tab.wait_inside("x")
