"""The watch finds what it is there for: a scan that cannot fail says nothing."""

import json
from typing import Any

import httpx
import pytest

from tests.support.leaks import LeakError, Watch

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLW9mLWFubg"
SENT = {"prompt": 'A "private" page\nof many words', "sessionId": "session-number-one", "artifactType": "react"}


@pytest.fixture
def watch() -> Watch:
    watch = Watch(["sk-test"])
    watch.sent(httpx.Request("POST", "http://a", json=SENT, headers={"Authorization": f"Bearer {TOKEN}"}))
    watch.received(httpx.Response(200, json={"success": True, "artifactCode": "<p>\n  a line of code\n</p>"}))
    return watch


@pytest.mark.parametrize(
    "leak",
    [
        "sk-test",
        TOKEN,
        TOKEN.rpartition(".")[2],
        SENT["prompt"].replace("\n", "\nother\n"),
        json.dumps(SENT["prompt"]),
        "of many words",
        "a line of code",
    ],
)
def test_a_leak_into_the_log_is_found(watch: Watch, leak: str) -> None:
    with pytest.raises(LeakError):
        watch.check(f'{{"message": "cost"}}\n{{"message": "{leak}"}}\n')
    with pytest.raises(LeakError):
        watch.check(leak)


def test_what_stands_on_the_cost_line_is_none(watch: Watch) -> None:
    watch.check('{"message": "cost", "session_id": "session-number-one", "artifact_type": "react"}')


@pytest.mark.parametrize(
    "body",
    [
        {"success": True, "artifactCode": "sk-test"},
        {"success": False, "error": f"bad token {TOKEN}"},
        {"success": False, "error": 'Traceback (most recent call last):\n File "/opt/a.py", line 1'},
        {"success": False, "error": "at shared/edge/event.py:12"},
        {"success": False, "error": "Provider returned error"},
        {"success": False, "error": "Your account org-1 is out of credit at Moonshot"},
    ],
)
def test_a_leak_into_an_answer_is_found(watch: Watch, body: dict[str, Any]) -> None:
    with pytest.raises(LeakError):
        watch.received(httpx.Response(500, json=body))


def test_what_streams_is_looked_at_by_its_last_event(watch: Watch) -> None:
    headers = {"content-type": "text/event-stream"}
    status = b'event: status\ndata: {"phase": "thinking"}\n\n'
    made = json.dumps({"success": True, "artifactCode": "<b>another line of code</b>"}).encode()
    failed = json.dumps({"success": False, "error": "Provider returned error"}).encode()

    watch.received(httpx.Response(200, headers=headers, content=status + b"event: artifact\ndata: " + made + b"\n\n"))

    with pytest.raises(LeakError):
        watch.check('{"message": "<b>another line of code</b>"}')
    with pytest.raises(LeakError):
        watch.received(httpx.Response(200, headers=headers, content=b"event: error\ndata: " + failed + b"\n\n"))


def test_what_is_generated_may_say_anything_else(watch: Watch) -> None:
    watch.received(httpx.Response(200, json={"success": True, "artifactCode": "Traceback (most recent call last)"}))
