"""The watch finds what it is there for: a scan that cannot fail says nothing."""

import json
import re
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


def test_a_text_that_is_a_part_of_an_open_one_cannot_be_told_from_it(watch: Watch) -> None:
    watch.sent(httpx.Request("POST", "http://a", json={"prompt": "session-number"}))

    watch.check('{"message": "cost", "session_id": "session-number-one"}')


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


CHAT: dict[str, Any] = {
    "model": "moonshotai/kimi-k2-thinking",
    "session_id": "session-number-two",
    "messages": [
        {"role": "system", "content": "secret-of-the-system", "name": "secret-of-a-name"},
        {"role": "user", "content": [
            {"type": "text", "text": "secret-of-the-user\nand more of it"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,secretofanimage"}},
        ]},
        {"role": "assistant", "tool_calls": [
            {"id": "secret-of-an-id", "function": {"name": "secret-of-a-call", "arguments": "secret-of-arguments"}}
        ]},
    ],
    "tools": [{"type": "function", "function": {"name": "secret-of-a-tool", "parameters": {"secret-of-a-field": {}}}}],
    "variables": {"SECRET_OF_A_VARIABLE": "secret-of-its-value"},
    "stop": ["secret-of-a-stop"],
    "metadata": {"feature": "feature-of-many-letters", "component": "secret, as it is no name"},
}  # fmt: skip


@pytest.mark.parametrize(
    "leak",
    [
        *("secret-of-the-system", "secret-of-a-name", "secret-of-the-user", "and more of it", "secret-of-a-call"),
        *("data:image/png;base64,secretofanimage", "secret-of-an-id", "secret-of-arguments", "secret-of-a-tool"),
        *("secret-of-a-field", "SECRET_OF_A_VARIABLE", "secret-of-its-value", "secret-of-a-stop"),
        "secret, as it is no name",
    ],
)
def test_a_leak_of_a_chat_is_found(leak: str) -> None:
    watch = Watch()
    watch.sent(httpx.Request("POST", "http://a", json=CHAT))

    watch.check('{"model": "moonshotai/kimi-k2-thinking", "feature": "feature-of-many-letters", "role": "assistant"}')
    watch.check('{"session_id": "session-number-two"}')
    with pytest.raises(LeakError):
        watch.check(f'{{"message": "{leak}"}}')


WROTE = {"content": "text that a model wrote", "reasoning_content": "what it thought before"}
ARGUMENTS = '{"where": "in the garden"}'
CALL = {"index": 0, "function": {"name": "look", "arguments": ARGUMENTS}}


def chunk(**delta: Any) -> str:
    return f"data: {json.dumps({'choices': [{'delta': delta}]})}\n\n"


@pytest.mark.parametrize("leak", [*WROTE.values(), ARGUMENTS])
@pytest.mark.parametrize("streams", [True, False])
def test_what_a_model_wrote_in_a_chat_is_looked_for(watch: Watch, leak: str, streams: bool) -> None:
    pieces = [chunk(**{name: piece}) for name, text in WROTE.items() for piece in (text[:9], text[9:])]
    answer = (
        httpx.Response(
            200,
            headers={"content-type": "text/event-stream"},
            text="".join([": working\n\n", *pieces, chunk(tool_calls=[CALL]), "data: [DONE]\n\n"]),
        )
        if streams
        else httpx.Response(200, json={"choices": [{"message": WROTE | {"tool_calls": [CALL]}}]})
    )

    watch.received(answer)

    with pytest.raises(LeakError):
        watch.check(leak)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "Provider returned error"}},
        {"error": {"message": "at shared/edge/event.py:12"}},
        {"ok": False, "data": {"error": "Your account org-1 is out of credit at Moonshot"}},
    ],
)
@pytest.mark.parametrize("streams", [True, False])
def test_a_leak_into_a_failed_chat_is_found(watch: Watch, body: dict[str, Any], streams: bool) -> None:
    headers = {"content-type": "text/event-stream" if streams else "application/json"}
    content = f"{chunk(content='a')}data: {json.dumps(body)}\n\n" if streams else json.dumps(body)

    with pytest.raises(LeakError):
        watch.received(httpx.Response(502, headers=headers, text=content))


def test_what_comes_before_a_failure_may_say_anything(watch: Watch) -> None:
    headers = {"content-type": "text/event-stream"}
    failed = json.dumps({"error": {"message": "The model host failed."}})

    watch.received(httpx.Response(200, headers=headers, text=f"{chunk(content='moonshotai')}data: {failed}\n\n"))


def test_a_bad_request_may_be_told_of_models_and_hosts(watch: Watch) -> None:
    watch.received(httpx.Response(400, json={"error": {"message": "`model` must be one of moonshotai/kimi-k2.6."}}))


def test_a_word_of_our_own_is_no_leak() -> None:
    """Fuzzing sends what stands in the sources, such as the name of a model; a caller's own word is found."""
    watch = Watch()
    for text in ("kimi-k2.7-code", "kimi-k2.7-mine"):
        watch.sent(httpx.Request("POST", "http://a.example", json={"prompt": text}))

    watch.check('{"model": "moonshotai/kimi-k2.7-code"}')
    with pytest.raises(LeakError, match=re.escape("kimi-k2.7-mine")):
        watch.check('{"model": "moonshotai/kimi-k2.7-mine"}')
