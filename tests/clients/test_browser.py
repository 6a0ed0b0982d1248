"""A page of another origin that calls the chat function with the `openai` SDK: what the URL's CORS lets through."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.clients import MODULES
from tests.clients.driver import KEY, MODEL
from tests.clients.served import Served, says, served, told
from tests.support.chromium import Browser, Page, chromium, executable
from tests.support.site import Site, site
from tests.support.standin import StandIn

_ASK = """
import OpenAI from "/openai/index.mjs";
const clientOf = (where) => new OpenAI({ ...where, maxRetries: 0, dangerouslyAllowBrowser: true });
window.models = async (where) => (await clientOf(where).models.list()).data.map(({ id }) => id);
window.ask = async ({ baseURL, apiKey, streams, ...body }) => {
  const client = clientOf({ baseURL, apiKey });
  const answer = { text: "", finish: [], error: null };
  try {
    if (streams) {
      for await (const { choices } of client.chat.completions.stream(body)) {
        for (const { delta, finish_reason: reason } of choices) {
          answer.text += delta.content ?? "";
          if (reason) answer.finish.push(reason);
        }
      }
    } else {
      const { choices: [choice] } = await client.chat.completions.create(body);
      answer.text = choice.message.content;
      answer.finish = [choice.finish_reason];
    }
  } catch (error) {
    const { status = null, code = null, message, requestID = null, headers } = error;
    const retryAfter = headers?.get("retry-after") ?? null;
    answer.error = { name: error.constructor.name, status, code, message, requestID, retryAfter };
  }
  return answer;
};
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if executable() is None:
        pytest.skip("there is no Chromium on PATH (Debian: apt-get install chromium)")
    if not MODULES.exists():
        pytest.skip("the clients for JavaScript need npm and `make test-clients`")
    with chromium() as running:
        yield running


def page_with_sdk(at: Site) -> str:
    """A page of this site, which has the SDK."""
    script = {"Content_Type": "text/javascript"}
    for path in (MODULES / "openai").rglob("*.mjs"):
        at.put(f"/openai/{path.relative_to(MODULES / 'openai').as_posix()}", path.read_text(), **script)
    at.put("/ask.mjs", _ASK, **script)
    return at.put("/page", '<!DOCTYPE html><title>Chat</title><script type="module" src="/ask.mjs"></script>')


@pytest.fixture(scope="module")
def allowed() -> Iterator[Site]:
    """The site whose pages may call."""
    with site() as serving:
        yield serving


@pytest.fixture(scope="module", params=["buffered", "stream"])
def chat(
    request: pytest.FixtureRequest, host: StandIn, allowed: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The chat function for pages of that site."""
    folder = tmp_path_factory.mktemp(request.param)
    with served(folder, host, request.param, ALLOWED_ORIGINS=allowed.url) as running:
        yield running


def ask(browser: Browser, url: str, chat: Served, text: str, *, streams: bool) -> dict[str, Any]:
    """What the SDK makes of an answer, in a page at this address."""
    order = {**where(chat), "model": MODEL, "messages": says(text), "streams": streams}
    with browser.open(url) as page:
        answer: dict[str, Any] = called(page, "ask", order)
        return answer


def where(chat: Served) -> dict[str, str]:
    return {"baseURL": chat.url, "apiKey": KEY}


def called(page: Page, function: str, given: dict[str, Any]) -> Any:
    """What a function of the page gives."""
    page.wait(f"window.{function} !== undefined")
    page.evaluate(f"{function}({json.dumps(given)}).then((answer) => {{ window.answer = answer; }}); 0")
    return page.wait("window.answer")


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_a_page_of_an_allowed_origin_gets_its_answer(browser: Browser, allowed: Site, chat: Served, way: str) -> None:
    answer = ask(browser, page_with_sdk(allowed), chat, "Say hello", streams=way == "streamed")

    assert answer == {"text": told(chat.host, "Say hello")["content"], "finish": ["stop"], "error": None}


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_a_page_can_read_an_error(browser: Browser, allowed: Site, chat: Served, way: str) -> None:
    """With its headers, which CORS hides unless the URL exposes them."""
    text = "Say hello [[fault rate-limit retry_after=77]]"
    error = ask(browser, page_with_sdk(allowed), chat, text, streams=way == "streamed")["error"]

    assert (error["name"], error["status"], error["code"]) == ("RateLimitError", 429, "upstream_rate_limited")
    assert error["retryAfter"] == "77"
    assert error["requestID"]


def test_a_page_can_list_the_models(browser: Browser, allowed: Site, chat: Served) -> None:
    with browser.open(page_with_sdk(allowed)) as page:
        assert called(page, "models", where(chat)) == [MODEL]


def test_a_page_of_another_origin_gets_nothing(browser: Browser, chat: Served) -> None:
    before = len(chat.costs())
    with site() as elsewhere:
        error = ask(browser, page_with_sdk(elsewhere), chat, "Say hello", streams=False)["error"]

    assert (error["name"], error["status"]) == ("APIConnectionError", None)
    assert len(chat.costs()) == before
