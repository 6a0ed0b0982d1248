"""The React hook of docs/client/, in a real browser with React."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.docgen.client import DOCS
from local.docgen.erasable_types import erase_types
from tests.support.chromium import Browser, Page

_REACT = Path(__file__).parent / "react"
_SCRIPTS = [(_REACT / f"{name}.production.min.js").read_text("utf-8") for name in ("react", "react-dom")]
_HOOK = erase_types((DOCS / "client" / "useArtifact.ts").read_text("utf-8"))

# A client whose requests the test ends: each is [request, call, resolve, reject].
_USE = """
window.asked = [];
const client = {
  generate: (request, call) => new Promise((resolve, reject) => window.asked.push([request, call, resolve, reject])),
};
function App() {
  const state = useArtifact(client);
  window.state = state;
  return React.createElement("p", null, state.error?.message ?? state.answer?.artifact.code ?? state.code);
}
const box = document.body.appendChild(document.createElement("div"));
window.root = ReactDOM.createRoot(box);
window.root.render(React.createElement(App));
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with a component that uses the hook."""
    with browser.open("data:text/html,<title>React</title>") as page:
        for script in _SCRIPTS:
            page.evaluate(f"{script}\n;0")
        hook = _HOOK.replace('from "react"', "= React", 1).replace("import {", "const {", 1)
        hook = "\n".join(line for line in hook.splitlines() if "./client.js" not in line)
        page.evaluate(f"{{ {hook.replace('export function', 'window.useArtifact = function')} }}; 0")
        page.evaluate(f"{_USE}; 0")
        page.wait("window.state !== undefined")
        yield page


def shown(page: Page) -> str:
    """What the component shows now."""
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    return str(page.evaluate("document.querySelector('p')?.innerText ?? 'unmounted'"))


def test_code_is_shown_while_it_comes_and_then_the_answer(page: Page) -> None:
    page.evaluate("state.generate({ prompt: 'A list' }); 0")
    page.evaluate("asked[0][1].onDelta({ code: 'one ' }); asked[0][1].onDelta({ code: 'two' })")
    first = shown(page)
    page.evaluate("asked[0][1].onReset(); asked[0][1].onDelta({ code: 'three' })")
    second = shown(page)
    page.evaluate("asked[0][2]({ artifact: { code: 'the end' } })")

    assert page.evaluate("asked[0][0]") == {"prompt": "A list"}
    assert (first, second, shown(page)) == ("one two", "three", "the end")


def test_an_error_is_shown_and_gone_with_the_next_request(page: Page) -> None:
    page.evaluate("state.generate({ prompt: 'A list' }); asked[0][3](new Error('It failed.')); 0")
    failed = shown(page)
    page.evaluate("state.generate({ prompt: 'A list' }); asked[1][1].onDelta({ code: 'one' }); 0")

    assert (failed, shown(page)) == ("It failed.", "one")


def test_the_next_request_aborts_the_one_before(page: Page) -> None:
    page.evaluate("state.generate({ prompt: 'A' }); state.generate({ prompt: 'B' }); 0")
    page.evaluate("asked[0][2]({ artifact: { code: 'of A' } }); asked[1][1].onDelta({ code: 'of B' }); 0")

    assert page.evaluate("asked.map(([, call]) => call.signal.aborted)") == [True, False]
    assert shown(page) == "of B"


def test_unmounting_aborts(page: Page) -> None:
    page.evaluate("state.generate({ prompt: 'A' }); root.unmount(); 0")

    assert shown(page) == "unmounted"
    assert page.evaluate("asked[0][1].signal.aborted")
