"""The React hook of docs/client/, in a real browser with React."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.docgen.client import DOCS
from tests.browser.rendering import show
from tests.support.chromium import Page

_HOOK = (DOCS / "client" / "useArtifact.ts").read_text("utf-8").replace('from "./client.js"', 'from "react"')
"""Of the client it takes types only, which are gone when it runs."""

# A client whose requests the test ends: each is [request, call, resolve, reject].
_USE = """
window.asked = [];
const client = {
  generate: (request, call) => new Promise((resolve, reject) => window.asked.push([request, call, resolve, reject])),
};
function User() {
  const state = useArtifact(client);
  window.state = state;
  return <p>{state.error?.message ?? state.answer?.artifact.code ?? state.code}</p>;
}
export default function App() {
  const [isThere, setThere] = useState(true);
  window.unmount = () => setThere(false);
  return isThere ? <User /> : <p>unmounted</p>;
}
"""


class Frame:
    """The frame with a component that uses the hook."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def evaluate(self, script: str) -> Any:
        """What a script gives in the frame."""
        return self._page.evaluate(script, inside=True)


@pytest.fixture
def page(rendering: Page) -> Iterator[Frame]:
    assert show(rendering, _HOOK + _USE) is True
    yield Frame(rendering)
    assert rendering.evaluate("errors") == []


def shown(page: Frame) -> str:
    """What the component shows now."""
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    return str(page.evaluate("document.querySelector('p').innerText"))


def test_code_is_shown_while_it_comes_and_then_the_answer(page: Frame) -> None:
    page.evaluate("state.generate({ prompt: 'A list' }); 0")
    page.evaluate("asked[0][1].onDelta({ code: 'one ' }); asked[0][1].onDelta({ code: 'two' })")
    first = shown(page)
    page.evaluate("asked[0][1].onReset(); asked[0][1].onDelta({ code: 'three' })")
    second = shown(page)
    page.evaluate("asked[0][2]({ artifact: { code: 'the end' } })")

    assert page.evaluate("asked[0][0]") == {"prompt": "A list"}
    assert (first, second, shown(page)) == ("one two", "three", "the end")


def test_plan_and_review_are_there_from_when_they_come_until_the_next_request(page: Frame) -> None:
    """Code that is withdrawn takes neither of them along."""
    page.evaluate("state.generate({ prompt: 'A list', workflow: 'reviewed' }); 0")
    page.evaluate("asked[0][1].onPlan({ shows: ['A list'] }); asked[0][1].onDelta({ code: 'one' })")
    page.evaluate("asked[0][1].onReset(); asked[0][1].onDelta({ code: 'two' })")
    page.evaluate("asked[0][1].onReview({ verdict: 'approved' })")
    code = shown(page)
    steps = page.evaluate("[state.plan, state.review]")
    page.evaluate("state.generate({ prompt: 'B' }); 0")

    assert (code, shown(page)) == ("two", "")
    assert steps == [{"shows": ["A list"]}, {"verdict": "approved"}]
    assert page.evaluate("[state.plan ?? null, state.review ?? null]") == [None, None]


def test_a_try_that_is_made_again_takes_its_plan_and_review_along(page: Frame) -> None:
    """The next try may have neither."""
    page.evaluate("state.generate({ prompt: 'A list', workflow: 'reviewed' }); 0")
    page.evaluate("asked[0][1].onPlan({ shows: ['A list'] }); asked[0][1].onDelta({ code: 'one' })")
    page.evaluate("asked[0][1].onReview({ verdict: 'approved' }); asked[0][1].onReset(); asked[0][1].onRetry({})")
    page.evaluate("asked[0][1].onDelta({ code: 'two' })")
    code = shown(page)

    assert (code, page.evaluate("[state.plan ?? null, state.review ?? null]")) == ("two", [None, None])


def test_plan_and_review_are_those_of_the_answer_once_it_is_there(page: Frame) -> None:
    """Which says what became of the findings; a stored answer has no events before it."""
    page.evaluate("state.generate({ prompt: 'A list', workflow: 'reviewed' }); 0")
    page.evaluate("asked[0][1].onPlan({ shows: ['A list'] }); asked[0][1].onReview({ verdict: 'approved' })")
    page.evaluate("asked[0][2]({ artifact: { code: 'x' }, plan: { shows: ['B'] }, review: { rebuild: 'kept' } })")
    shown(page)

    assert page.evaluate("[state.plan, state.review]") == [{"shows": ["B"]}, {"rebuild": "kept"}]


def test_an_error_is_shown_and_gone_with_the_next_request(page: Frame) -> None:
    page.evaluate("state.generate({ prompt: 'A list' }); asked[0][3](new Error('It failed.')); 0")
    failed = shown(page)
    page.evaluate("state.generate({ prompt: 'A list' }); asked[1][1].onDelta({ code: 'one' }); 0")

    assert (failed, shown(page)) == ("It failed.", "one")


def test_the_next_request_aborts_the_one_before(page: Frame) -> None:
    page.evaluate("state.generate({ prompt: 'A' }); state.generate({ prompt: 'B' }); 0")
    page.evaluate("asked[0][2]({ artifact: { code: 'of A' } }); asked[1][1].onDelta({ code: 'of B' }); 0")

    assert page.evaluate("asked.map(([, call]) => call.signal.aborted)") == [True, False]
    assert shown(page) == "of B"


def test_unmounting_aborts(page: Frame) -> None:
    page.evaluate("state.generate({ prompt: 'A' }); unmount(); 0")

    assert shown(page) == "unmounted"
    assert page.evaluate("asked[0][1].signal.aborted")
