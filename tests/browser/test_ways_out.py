"""What an artifact may try in order to send something: each way works without the policies, and none with them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from tests.browser.prescribed import HEAD, LISTENING, PAGE_POLICY, SANDBOX, frame
from tests.support.chromium import Browser
from tests.support.site import Site, site

FORM: Final = "<form action='{url}'><button formaction='{url}' formmethod=post></button></form>"
SENT: Final = "<script>document.forms[0].submit()</script>"
AGAIN: Final = json.dumps(FORM + SENT).replace("</", "<\\/")
META: Final = "document.querySelector('meta')"

FORMS: Final = {
    "get": FORM + "<script>document.forms[0].requestSubmit()</script>",
    "post": FORM.replace("<form ", "<form method=post ") + SENT,
    "formaction": FORM + "<script>document.forms[0].requestSubmit(document.querySelector('button'))</script>",
    "submit": FORM + SENT,
    "policy-removed": f"{FORM}<script>{META}?.remove()</script>{SENT}",
    "policy-emptied": f"{FORM}<script>if ({META}) {META}.content = ''</script>{SENT}",
    "policy-of-its-own": f'<meta http-equiv="Content-Security-Policy" content="form-action *; img-src *">{FORM}{SENT}',
    "document-rewritten": f"<script>setTimeout(() => {{ document.open(); document.write({AGAIN}); }})</script>",
    "data-document": f"<script>location = 'data:text/html,' + encodeURIComponent({AGAIN})</script>",
    "blob-document": f"<script>location = URL.createObjectURL(new Blob([{AGAIN}], {{type: 'text/html'}}))</script>",
    "frame-inside": f"<iframe></iframe><script>document.querySelector('iframe').srcdoc = {AGAIN}</script>",
}  # fmt: skip
WAYS: Final = FORMS | {
    "location": "<script>location = '{url}'</script>",
    "refresh": "<meta http-equiv=refresh content='0;url={url}'>",
    "link": "<a href='{url}'>x</a><script>document.querySelector('a').click()</script>",
    "base": "<script>document.querySelector('base')?.remove()</script><base href='{url}'><a href='?'>x</a>"
    "<script>document.querySelector('a').click()</script>",
    "fetch": "<script>fetch('{url}', {mode: 'no-cors'})</script>",
    "beacon": "<script>navigator.sendBeacon('{url}')</script>",
    "image": "<img src='{url}'>",
    "style": "<style>@import '{url}';</style>",
    "script": "<script src='{url}'></script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([`fetch('{url}', {mode: 'no-cors'})`])))</script>",
    "frame": "<iframe src='{url}'></iframe>",
}  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """Which ways reached the other site: without policies, with the frame's own one, and with the page's as well."""

    bare: set[str]
    by_head: set[str]
    prescribed: set[str]


@pytest.fixture(scope="module")
def heard(browser: Browser) -> Iterator[Heard]:
    with site() as here, site() as elsewhere:
        codes = [way.replace("{url}", f"{elsewhere.url}/{name}") for name, way in WAYS.items()]
        framed = LISTENING + "".join(map(frame, codes))
        pages = [
            here.put("/bare", LISTENING + "".join(frame(code, head="") for code in codes)),
            here.put("/head", framed),
            here.put("/prescribed", framed, Content_Security_Policy=PAGE_POLICY),
        ]
        reached = []
        for page in pages:
            with browser.open(page):
                browser.listen(2)
            reached.append({re.split(r"[ /?]+", asked)[1] for asked in elsewhere.asked})
            elsewhere.asked.clear()
        yield Heard(*reached)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_out_is_closed(heard: Heard, way: str) -> None:
    assert way in heard.bare, "a way that leads nowhere without the policies proves nothing"
    assert way not in heard.prescribed


@pytest.mark.parametrize("way", FORMS)
def test_forms_need_no_policy_but_the_frames_own(heard: Heard, way: str) -> None:
    assert way not in heard.by_head


def test_a_frame_that_is_sent_elsewhere_is_what_the_pages_policy_is_for(heard: Heard) -> None:
    assert heard.by_head == {"location", "refresh", "link"}
    assert heard.prescribed == set()


POPUP: Final = "<button onclick=\"window.open('{url}')\">x</button>"
TOP: Final = "<button onclick=\"top.location = '{url}'\">x</button>"


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        pytest.param(POPUP, "allow-popups", id="popup"),
        pytest.param("<a target=_blank href='{url}'><button>x</button></a>", "allow-popups", id="link-to-a-new-tab"),
        pytest.param(TOP, "allow-top-navigation", id="page-replaced"),
        pytest.param(
            "<a target=_top href='{url}'><button>x</button></a>",
            "allow-top-navigation-by-user-activation",
            id="link-out-of-the-frame",
        ),
    ],
)  # fmt: skip
def test_a_click_does_not_get_out(browser: Browser, here: Site, elsewhere: Site, code: str, needed: str) -> None:
    """Neither to a new tab nor in place of the page; the one token that the frame must not have would allow it."""
    asked = []
    for sandbox in (SANDBOX, f"{SANDBOX} {needed}"):
        framed = frame(code.replace("{url}", elsewhere.url + "/out"), sandbox=sandbox)
        url = here.put("/", LISTENING + framed, Content_Security_Policy=PAGE_POLICY)
        with browser.open(url) as page:
            page.click("button", inside=True)
            browser.listen(0.7)
            asked.append(len(elsewhere.asked))

    assert asked == [0, 1]


def test_the_page_is_out_of_reach(browser: Browser, here: Site) -> None:
    """Its document, its storage and its cookies."""
    tries = "[() => parent.document.title, () => localStorage.length, () => document.cookie, () => top.location.href]"
    tried = f"{tries}.map((attempt) => {{ try {{ return attempt(); }} catch (error) {{ return error.name; }} }})"
    code = f"<script>parent.postMessage([origin, ...{tried}], '*')</script>"
    with browser.open(here.put("/", LISTENING + frame(code), Content_Security_Policy=PAGE_POLICY)) as page:
        said = page.wait("said[0]")

    assert said == ["null", *["SecurityError"] * 4]


@pytest.mark.parametrize(
    ("markup", "allowed"),
    [
        pytest.param(f"<script src='https://{host}/a.js'></script>", True, id=host)
        for host in ("cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com", "cdn.tailwindcss.com")
    ]
    + [
        pytest.param("<link rel=stylesheet href='https://fonts.googleapis.com/css2?family=Inter'>", True, id="fonts"),
        pytest.param("<script src='https://cdn.example/a.js'></script>", False, id="another-host"),
        pytest.param("<img src='https://cdn.jsdelivr.net/a.png'>", False, id="an-image"),
        pytest.param(
            "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>", True, id="image-in-the-code"
        ),
        pytest.param("<script>new Function('return 1')()</script>", True, id="eval"),
    ],
)
def test_what_the_model_may_load_is_what_the_policy_allows(
    browser: Browser, here: Site, markup: str, allowed: bool
) -> None:
    """Nothing answers here: what counts is whether the policy forbade it."""
    watching = "<script>addEventListener('securitypolicyviolation', () => { window.forbidden = 1; })</script>"
    with browser.open(here.put("/", frame(watching + markup), Content_Security_Policy=PAGE_POLICY)) as page:
        page.wait("document.readyState === 'complete'", inside=True)
        browser.listen(0.1)

        assert page.evaluate("window.forbidden !== 1", inside=True) is allowed


@pytest.mark.parametrize("doctype", ["", "<!DOCTYPE html>"])
def test_links_within_the_document_work(browser: Browser, here: Site, doctype: str) -> None:
    """With the page's own address as the base, such a link would load the page into the frame."""
    link = "<a href='#far'><button>x</button></a><p style='height: 9000px'><p id=far>x"
    code = f"{doctype}<html lang=de><body>{link}</body></html>"
    with browser.open(here.put("/", frame(code), Content_Security_Policy=PAGE_POLICY)) as page:
        page.click("button", inside=True)
        page.wait("scrollY > 1000", inside=True)

        got = page.evaluate("[location.href, document.compatMode, document.documentElement.lang]", inside=True)
    assert got == ["about:srcdoc#far", "CSS1Compat", "de"]


def test_the_base_is_what_makes_them_work(browser: Browser, here: Site) -> None:
    without = re.sub("<base [^>]*>", "", HEAD)
    code = "<a href='#far'><button>x</button></a><p id=far>x"
    url = here.put("/", frame(code, head=without), Content_Security_Policy=PAGE_POLICY)
    with browser.open(url) as page:
        page.click("button", inside=True)

        assert page.wait("location.href.startsWith('chrome-error:')", inside=True)
