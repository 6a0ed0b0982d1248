"""The requests of a rehearsal, and how their answers are judged."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.rehearse.requests import FUNCTIONS, Answer, Request, problems, read_requests

EVENTS = Path(__file__).parents[3] / "events"
GOOD = {"success": True, "requestId": "id", "costUsd": 0.001, "artifact": {"code": "<svg/>"}}
LINE = {"request_id": "id", "function": "generate_artifact", "status": 200, "cost_usd": 0.001}


def test_every_event_is_sent_with_the_key_and_one_of_each_function_without() -> None:
    requests = read_requests(EVENTS, "secret")

    events = [path for path in EVENTS.rglob("*.json") if path.parent.name in FUNCTIONS]
    assert len(requests) == len(events) + len(FUNCTIONS)
    refused = {each.function for each in requests if "authorization" not in each.headers}
    assert refused == set(FUNCTIONS)
    assert {each.headers.get("authorization") for each in requests} == {None, "Bearer secret"}
    assert {each.status for each in requests} >= {200, 400, 401, 404, 405, 415}


def test_a_request_is_what_the_function_url_made_the_event_of() -> None:
    by_name = {each.name: each for each in read_requests(EVENTS, "secret")}

    assert json.loads(by_name["generate_artifact/200-base64-body"].body)["artifactType"] == "react"
    models = by_name["chat_completions/200-models"]
    assert (models.method, models.path, models.body) == ("GET", "/v1/models", b"")
    assert not [name for each in by_name.values() for name in each.headers if name.startswith("x-forwarded")]


def judged(body: object = GOOD, status: int = 200, expected: int = 200, lines: Any = (LINE,), **request: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body)
    given = {"name": "n", "function": "generate_artifact", "method": "POST", "path": "/", "headers": {}, "body": b""}
    asked = Request(**given | {"status": expected} | request)
    return "; ".join(problems(Answer(asked, status, "id", text), lines))


def test_a_good_answer_has_nothing_wrong() -> None:
    assert judged() == ""
    assert judged({"success": False, "error": "No."}, 400, 400, [LINE | {"status": 400, "cost_usd": None}]) == ""
    chat = {"data": {"usage": {"cost": 0.001}}}
    assert judged(chat, lines=[LINE | {"function": "chat_completions"}], function="chat_completions") == ""
    assert judged(f"event: artifact\ndata: {json.dumps(GOOD)}\n\n") == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"status": 502, "body": "oops"}, "status 502 instead of 200: oops"),
        ({"body": "no JSON"}, "cannot be read"),
        ({"body": GOOD | {"requestId": "other"}}, "requestId other is not X-Request-ID id"),
        ({"body": GOOD | {"success": False}}, "success is False"),
        ({"body": GOOD | {"artifact": {"code": ""}}}, "no artifact"),
        ({"lines": []}, "0 cost lines instead of one"),
        ({"lines": [LINE, LINE]}, "2 cost lines instead of one"),
        ({"lines": [LINE | {"status": 500}]}, "with status 500"),
        ({"lines": [LINE | {"function": "generate_artifact_fix"}]}, "is of generate_artifact_fix"),
        ({"lines": [LINE | {"cost_usd": 0.002}]}, "the answer says $0.001, its cost line $0.002"),
        ({"body": {"usage": {"cost": 1}}, "function": "chat_completions"}, "is of generate_artifact with"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, Any], said: str) -> None:
    assert said in judged(**given)
