"""What goes wrong, on the page of `make run`: each failure is a sentence with a way on, and the way works."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.local.emulator import ROOT
from tests.support.workbench import Workbench

SERVER_CODES = sorted(
    {
        code
        for route, path in json.loads(Path(ROOT, "docs/openapi.json").read_text())["paths"].items()
        if route.startswith("/generate-artifact")  # the page asks no others
        for response in path["post"]["responses"].values()
        for schema in response["content"]["application/json"]["schema"].get("allOf", [])
        for code in schema.get("properties", {}).get("code", {}).get("enum", [])
    }
)
CLIENT_CODES = re.findall(
    r'"(\w+)"',
    re.findall(r"ClientErrorCode = (.*?);", Path(ROOT, "docs/client/client.ts").read_text())[0],
)
# The functions answer as `window.answer` says, and what is sent to them is noted.
ANSWERING = """
window.sent = [];
const real = window.fetch;
window.fetch = async (url, init) => {
  if (!String(url).startsWith("/generate-artifact")) return real(url, init);
  sent.push({url, headers: init.headers, body: JSON.parse(init.body)});
  return new Response(JSON.stringify(answer), {status: 500, headers: {"content-type": "application/json"}});
};
"""


def answer(tab: Workbench, code: str, **more: Any) -> None:
    """Let the functions fail in this way from now on."""
    failure = {
        "success": False,
        "error": "The words of the service.",
        "code": code,
        "retryable": False,
        "requestId": "r",
    }
    tab.page.evaluate(f"window.answer = {json.dumps(failure | more)}")


@pytest.fixture
def answering(tab: Workbench) -> Workbench:
    """A tab whose functions answer as they are told to."""
    tab.page.evaluate(ANSWERING)
    return tab


def sent(tab: Workbench) -> list[dict[str, Any]]:
    requests: list[dict[str, Any]] = tab.page.evaluate("window.sent")
    return requests


def test_the_table_has_each_code_of_the_service_and_of_the_client_and_no_other(tab: Workbench) -> None:
    known = tab.page.evaluate("import('/workbench/errors.js').then(({FAILURES}) => Object.keys(FAILURES))")

    assert len(SERVER_CODES) > 20
    assert sorted(known) == sorted([*SERVER_CODES, *CLIENT_CODES])


def test_each_code_is_told_as_a_sentence_with_a_way_on(answering: Workbench) -> None:
    for code in SERVER_CODES:
        answer(answering, code, draft={"type": "svg", "code": "<svg"})
        answering.generate("Anything")
        heading, sentence, *_ = (line for line in answering.sheet.split("\n") if line)

        assert code not in heading + sentence
        assert re.fullmatch(r"[A-Z].*[^.]", heading)
        assert re.fullmatch(r"[A-Z].*\.", sentence)
        assert "The words of the service." in answering.sheet
        assert len(answering.ways) > 1
        assert answering.ways[-1] == "Dismiss"
        assert "undefined" not in answering.sheet


@pytest.mark.parametrize(
    ("directive", "heading"),
    [
        ("[[fault refusal]]", "The model will not write this"),
        ("[[fault empty]]", "The model answered without an artifact"),
        ("[[fault truncated]]", "The artifact was cut off before its end"),
        ("[[fault key]]", "The service is not set up"),
    ],
)
def test_what_the_stand_in_does_wrong_is_told(tab: Workbench, directive: str, heading: str) -> None:
    tab.generate(f"A todo list {directive}", "html")

    assert tab.sheet.startswith(heading)
    assert tab.text("#title") == "Nothing made yet"


def test_a_draft_that_was_rejected_can_be_fixed_and_is_not_run(tab: Workbench) -> None:
    tab.generate("A rocket icon [[fault invalid]]", "svg")
    rejected = tab.sheet

    tab.take("Have the draft fixed")
    tab.wait_until_done()
    tab.page.wait("document.querySelector('svg') !== null", inside=True)
    tab.page.click("#back")

    assert rejected.startswith("What the model wrote cannot be rendered")
    assert "Attempts" in rejected
    assert tab.text("#version") == "1 of 2"
    assert "Not run" in tab.text("#preview")
    assert tab.page.frames == 0
    assert "<svg" in tab.page.evaluate("document.querySelector('#code-text').textContent")


def test_trying_again_keeps_the_key_and_waits_until_it_may(answering: Workbench) -> None:
    """Nothing is sent again by itself: each request is a click, and what it cost is seen."""
    answer(answering, "rate_limited", retryable=True, retryAfterSeconds=1)
    answering.generate("Anything")
    (waiting, _) = answering.ways
    is_disabled = answering.page.evaluate("document.querySelector('#sheet button').disabled")

    answering.page.wait("!document.querySelector('#sheet button').disabled")
    answering.take("Try again")
    answering.wait_until_done()

    assert (waiting, is_disabled) == ("Try again in 1 s", True)
    first, second = (request["headers"]["Idempotency-Key"] for request in sent(answering))
    assert first == second


def test_a_new_request_has_a_new_key(answering: Workbench) -> None:
    answer(answering, "idempotency_mismatch")
    answering.generate("Anything")
    answering.take("Send it as a new request")
    answering.wait_until_done()

    first, second = sent(answering)
    assert first["headers"]["Idempotency-Key"] != second["headers"]["Idempotency-Key"]
    assert first["body"] == second["body"]


def test_signing_in_sends_the_token_along(answering: Workbench) -> None:
    answer(answering, "unauthorized")
    answering.generate("Anything")
    answering.take("Sign in")
    answering.page.type("a.b.c")
    answering.press("Enter")
    answering.page.wait("window.sent.length === 2")

    first, second = (request["headers"] for request in sent(answering))
    assert "Authorization" not in first
    assert second["Authorization"] == "Bearer a.b.c"


def test_changing_what_is_sent_leads_to_where_it_was_written(answering: Workbench) -> None:
    answer(answering, "refused")
    answering.generate("Anything")
    answering.take("Change what is sent")
    of_prompt = answering.page.evaluate("document.activeElement.id")

    answer(answering, "fix_unusable")
    answering.repair_own("<p>It", "html", "It is not closed")
    answering.take("Change what is sent")

    assert of_prompt == "prompt"
    assert answering.page.evaluate("document.activeElement.id") == "error-message"
    fields = "['content', 'type', 'errorMessage'].map((name) => document.querySelector('#fix').elements[name].value)"
    assert answering.page.evaluate(fields) == ["<p>It", "html", "It is not closed"]


def test_no_answer_at_all_is_told(tab: Workbench) -> None:
    tab.page.evaluate("window.fetch = () => Promise.reject(new TypeError('network'))")
    tab.generate("Anything")
    unreachable = tab.sheet
    tab.page.evaluate("window.fetch = async () => new Response('<h1>Bad gateway', {status: 502})")
    tab.generate("Anything")

    assert unreachable.startswith("No answer came")
    assert "billed as well" in unreachable
    assert tab.sheet.startswith("The answer was not one of this service")


def test_what_is_shown_stays_where_a_request_fails(tab: Workbench) -> None:
    tab.generate("A landing page of a bakery", "html")
    tab.generate("A landing page of a bakery [[fault refusal]]", "html")
    tab.take("Dismiss")

    tab.wait_inside("Kneadful Things")
    assert tab.sheet == ""
    assert tab.page.evaluate("document.activeElement.id") == "tab-preview"
