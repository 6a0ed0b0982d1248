"""What the functions answer a change and a fix with, scripted in the page, so that a test can tell when and what."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.chromium import Browser
from tests.support.workbench import CTRL, Workbench, workbench

_PARAGRAPHS = "<p>Bread</p>\n<p>Open</p>\n<p>Now</p>"
PAGE = f"<!doctype html>\n<html><head><title>Shop</title></head>\n<body>\n{_PARAGRAPHS}\n</body></html>"
# A prompt `Bread > Cake` puts the one word in the place of the other. With `window.hold` the answer comes when
# `window.release()` is called. `window.failure` is answered in place of a success, and `window.more` adds to one.
_SCRIPT = """
window.sent = [];
const real = window.fetch;
const hash = async (text) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");
const headers = {"content-type": "application/json"};
const respond = (body, status) => new Response(JSON.stringify(body), {status, headers});
window.fetch = async (url, init) => {
  const body = String(url).startsWith("/generate-artifact") && JSON.parse(init.body);
  if (!body?.content) return real(url, init);
  sent.push({key: init.headers["Idempotency-Key"], body});
  if (window.hold) await new Promise((done) => { window.release = done; });
  if (window.failure) return respond({success: false, retryable: false, requestId: "r", ...window.failure}, 502);
  const tagged = /^<artifact type="\\w+" title="(.*?)"[^>]*>\\n(.*)\\n<\\/artifact>$/su;
  const [, title, bare] = tagged.exec(body.content) ?? [];
  const given = bare ?? body.content;
  const [from, to] = (body.errorMessage ?? body.prompt).split(" [[")[0].split(" > ");
  const code = given.replace(from, to);
  const usage = {inputTokens: 3829, outputTokens: 1094, reasoningTokens: 225, cachedTokens: 3376};
  const versions = {version: await hash(code), baseVersion: await hash(given)};
  const made = body.errorMessage ? {type: body.type, fixedCode: code}
    : {artifact: {type: body.artifactType, title: title ?? "Untitled", code}, artifactCode: ""};
  const model = "moonshotai/kimi-k2-thinking-20251106";
  const spent = {requestId: "r", model, host: "openrouter", usage, costUsd: 0.001, attempts: 1};
  const applied = {applied: "edits", edits: 1, repaired: false, warnings: []};
  return respond({success: true, ...spent, ...applied, ...versions, ...made, ...window.more}, 200);
};
"""


def answer_changes(tab: Workbench) -> None:
    """Let changes and fixes be answered by the page itself; what is generated anew comes from the bundle as ever."""
    tab.page.evaluate(f"{{{_SCRIPT}}}")


def ask_to_change(tab: Workbench, prompt: str) -> None:
    """Ask for a change of what is shown."""
    tab.fill("#change-prompt", prompt)
    tab.press("Enter", CTRL)


def change(tab: Workbench, prompt: str) -> None:
    """Ask for a change of what is shown, and wait for what comes of it."""
    ask_to_change(tab, prompt)
    wait_until_answered(tab)


def hold(tab: Workbench) -> None:
    """Keep answers back from now on."""
    tab.page.evaluate("window.hold = true")


def release(tab: Workbench) -> None:
    """Let the answer come that is kept back."""
    tab.page.wait("window.release !== undefined")
    tab.page.evaluate("window.release(); delete window.release; window.hold = false")
    wait_until_answered(tab)


def wait_until_answered(tab: Workbench) -> None:
    """Wait until the answer to all that was sent is there."""
    tab.page.wait("sent.length > 0")
    tab.wait_until_done()


def fail_with(tab: Workbench, code: str, **more: Any) -> None:
    """Let changes fail from now on."""
    tab.page.evaluate(f"window.failure = {json.dumps({'error': 'Their words.', 'code': code, **more})}")


def succeed(tab: Workbench, **more: Any) -> None:
    """Let changes succeed from now on, with more in the answer."""
    tab.page.evaluate(f"window.failure = undefined; window.more = {json.dumps(more)}")


def sent(tab: Workbench) -> list[dict[str, Any]]:
    """The changes and fixes that were asked for, as `{key, body}`."""
    requests: list[dict[str, Any]] = tab.page.evaluate("window.sent")
    return requests


def version(tab: Workbench) -> str:
    """Which version is shown, of how many."""
    return tab.text("#version")


@contextmanager
def duplicated(browser: Browser, tab: Workbench) -> Iterator[Workbench]:
    """Another tab with a copy of the session, as a browser makes it of a tab that is duplicated."""
    session = tab.page.evaluate("sessionStorage.getItem('workbench')")
    with workbench(browser, tab.page.evaluate("location.href")) as copy:
        copy.page.evaluate(f"sessionStorage.setItem('workbench', {json.dumps(session)})")
        copy.reload()
        answer_changes(copy)
        yield copy
