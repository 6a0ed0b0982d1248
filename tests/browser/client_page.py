"""A page that has loaded docs/client/client.js, and asks as a frontend does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.docgen.client import DOCS
from tests.support.chromium import Browser, Page

CLIENT = (DOCS / "client" / "client.js").read_text("utf-8")

# `ask` notes each callback as [name, what it was given, milliseconds since the beginning]; a script may hold on to the
# controller, and what is noted so far, of the request that it began last.
_ASK = """
window.ask = async (method, options, request, call = {}) => {
  const began = performance.now();
  const told = [];
  const note = (name) => (event) => {
    const { error, ...rest } = event;
    told.push([name, { ...rest, ...(error && { code: error.code }) }, performance.now() - began]);
    call[name]?.(event);
  };
  const names = ["onStatus", "onDelta", "onReset", "onRetry", "onPlan", "onReview"];
  const callbacks = Object.fromEntries(names.map((name) => [name, note(name)]));
  window.told = told;
  window.controller = new AbortController();
  const client = new ArtifactsClient(options);
  const { signal } = window.controller;
  try {
    const answer = await client[method](request, { signal, ...call, ...callbacks });
    return { answer, error: null, told, took: performance.now() - began };
  } catch (error) {
    const { cause, ...fields } = error;
    const of = { type: error.constructor.name, message: error.message, cause: String(cause) };
    return { answer: null, error: { ...of, ...fields }, told, took: performance.now() - began };
  }
};
"""


@dataclass(frozen=True)
class Asked:
    """What a request came to in the page."""

    answer: dict[str, Any] | None
    error: dict[str, Any] | None
    told: list[tuple[str, dict[str, Any], float]]
    took: float
    """In milliseconds."""

    @property
    def names(self) -> list[str]:
        """The callbacks in their order, without the repetitions of one after another."""
        names = [name for name, *_ in self.told]
        return [name for name, before in zip(names, ["", *names], strict=False) if name != before]

    def all(self, name: str) -> list[dict[str, Any]]:
        """What one callback was given."""
        return [given for each, given, _ in self.told if each == name]

    @property
    def code(self) -> str:
        """The code that the pieces make, since the last one was withdrawn."""
        code = ""
        for name, given, _ in self.told:
            code = "" if name == "onReset" else code + given.get("code", "") if name == "onDelta" else code
        return code


class ClientPage:
    """A page with the client."""

    def __init__(self, page: Page) -> None:
        self.page = page
        source = json.dumps(CLIENT)
        load = f"import(URL.createObjectURL(new Blob([{source}], {{type: 'text/javascript'}})))"
        page.evaluate(f"{load}.then((client) => {{ Object.assign(window, client); }})")
        page.evaluate(_ASK)

    def run(self, script: str) -> Asked:
        """What `ask` gave, which the script returns."""
        self.page.evaluate(
            f"delete window.came; (async () => {{ {script} }})().then((came) => {{ window.came = came; }}); 0"
        )
        return Asked(**self.page.wait("window.came"))

    def ask(self, method: str, options: dict[str, Any], request: dict[str, Any], call: str = "{}") -> Asked:
        """Ask once; more of a call's options can be given as JavaScript."""
        return self.run(f"return ask({method!r}, {json.dumps(options)}, {json.dumps(request)}, {call})")


@contextmanager
def client_page(browser: Browser, url: str) -> Iterator[ClientPage]:
    """The client in a page at this address."""
    with browser.open(url) as page:
        yield ClientPage(page)
