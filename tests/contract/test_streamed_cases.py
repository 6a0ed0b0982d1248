"""An answer that streams says what a plain one says, byte for byte, whatever a model wrote.

The models' answers are those of the folder that ARTIFACT_CASES names, as in `test_artifact_cases.py`. Each goes through
the function's own handler, with a model host that writes it in small pieces.
"""

import importlib.util
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
import pytest

from shared.artifacts.repair_loop import Dependencies
from shared.model_host import Client
from shared.settings import Settings
from tests.support.events import Event, code_in, events_in, phases_in
from tests.support.logged import logged_to
from tests.support.processes import ROOT

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

FOLDER = Path(os.environ["ARTIFACT_CASES"])
FUNCTIONS = {
    "extract.json": "generate_artifact",
    "artifact_texts.json": "generate_artifact",
    "fix.json": "generate_artifact_fix",
}
SETTINGS = {"openrouter_k2t_key": "k", "enable_guard": "false", "models": "a/b", "site_name": "Cases"}
USAGE = {
    "prompt_tokens": 1_000,
    "completion_tokens": 5_000,
    "cost": 0.0123,
    "prompt_tokens_details": {"cached_tokens": 9},
}
"""So many tokens that a second attempt fits the time left, however slow this machine is just now."""
THOUGHT = "Hmm"
PIECE = 7
"""Characters of the answer in an event of the host's."""

Case = dict[str, Any]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    cost: dict[str, Any]
    """The one cost line, without its times."""


class Answers(NamedTuple):
    """What came of one model's answer, asked for in three ways."""

    plain: Answer
    streamed: Answer
    at_once: Answer


def cases() -> list[Any]:
    found = {name: json.loads((FOLDER / name).read_text()) for name in FUNCTIONS if (FOLDER / name).is_file()}
    return [
        pytest.param(name, case, id=f"{name.removesuffix('.json')}-{case['id']}")
        for name, read in found.items()
        for case in (read["cases"] if isinstance(read, dict) else read)
    ]


def text_of(case: Case) -> str:
    text: str = case.get("model_content") or "".join(case.get("input") or "")
    return text


def request_of(name: str, case: Case) -> dict[str, Any]:
    """What is asked for: to mend the right code without its last character, or any, where the case has none."""
    if name != "fix.json":
        return {"prompt": "A thing", "artifactType": case.get("requested_type")}
    right = case["expect"].get("fixed_code") or "const a = (1;;"
    return {"content": right[:-1], "type": case["type"], "errorMessage": "SyntaxError"}


def writing(text: str) -> httpx.MockTransport:
    """A host that answers every question with this text, after a thought."""
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    deltas = [{"reasoning": f"{THOUGHT} <artifact type='svg'>"}, *({"content": piece} for piece in pieces)]
    chunks = [{"model": "a/b-1", "choices": [{"delta": delta}]} for delta in deltas]
    end = {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": USAGE}
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in [*chunks, end]) + "data: [DONE]\n\n"
    return httpx.MockTransport(lambda _request: httpx.Response(200, content=body.encode()))


@cache
def handler_of(function: str) -> Any:
    """The handler that is deployed."""
    spec = importlib.util.spec_from_file_location(function, ROOT / "functions" / function / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


@pytest.fixture(scope="module")
def answers() -> Iterator[Callable[[str, Case], Answers]]:
    """Asks for a case once, though several tests look at what came of it."""
    known: dict[tuple[str, str], Answers] = {}

    def asked(name: str, case: Case) -> Answers:
        key = name, case["id"]
        if key not in known:
            streamed, at_once = (ask(name, case, "text/event-stream", streams=streams) for streams in (True, False))
            known[key] = Answers(ask(name, case), streamed, at_once)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        for name, value in SETTINGS.items():
            patch.setenv(name.upper(), value)
        yield asked
    handler_of.cache_clear()


def ask(name: str, case: Case, accept: str = "", *, streams: bool = True) -> Answer:
    handler = handler_of(FUNCTIONS[name])
    http = httpx.Client(transport=writing(text_of(case)))
    client = Client.of(Settings.from_environment(), http=http, sleep=lambda _seconds: None)
    handler._runtime = handler._runtime._replace(tools=Dependencies(client, handler._runtime.tools.imports))
    event = {
        "headers": {"content-type": "application/json", "accept": accept},
        "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
        "body": json.dumps(request_of(name, case)),
    }
    context = SimpleNamespace(aws_request_id="r-1", get_remaining_time_in_millis=lambda: 60_000, streams=streams)
    with logged_to(handler._logs, io.StringIO()) as log:
        answer = handler(event, context)
        body = answer["body"]
        if isinstance(body, str):
            sent = body.encode()
        else:
            sent = b"".join(body)
            body.close()
    client.close()
    (cost,) = [line for line in map(json.loads, log.getvalue().splitlines()) if line["message"] == "cost"]
    untimed = {field: value for field, value in cost.items() if field != "timestamp" and not field.endswith("_ms")}
    return Answer(answer["statusCode"], answer["headers"], sent, untimed)


def test_there_are_cases_of_both_functions() -> None:
    assert {case.values[0] for case in cases()} >= {"extract.json", "fix.json"}


@pytest.mark.parametrize(("name", "case"), cases())
def test_a_streamed_answer_ends_in_what_a_plain_one_is(
    name: str, case: Case, answers: Callable[[str, Case], Answers]
) -> None:
    """Byte for byte, costs included, and as one event; and the same events come where answers arrive at once."""
    plain, streamed, at_once = answers(name, case)

    events = events_in(streamed.body)
    success = "fix" if name == "fix.json" else "artifact"
    assert (events[-1].name, events[-1].data.encode()) == (success if plain.status == 200 else "error", plain.body)
    assert plain.headers["content-type"] == "application/json"
    assert streamed.status == at_once.status == 200
    assert streamed.headers["content-type"] == at_once.headers["content-type"] == "text/event-stream"
    assert untimed(events_in(at_once.body)) == untimed(events)
    assert plain.cost == streamed.cost == at_once.cost
    assert json.loads(plain.body)["costUsd"] == plain.cost["cost_usd"] > 0


def untimed(events: list[Event]) -> list[tuple[str, Any]]:
    return [(event.name, event.value | ({"elapsedSeconds": 0} if event.name == "status" else {})) for event in events]


@pytest.mark.parametrize(("name", "case"), cases())
def test_the_events_tell_what_happens(name: str, case: Case, answers: Callable[[str, Case], Answers]) -> None:
    """Every attempt begins, is checked, and is withdrawn before the next; figures only grow; no thought is told."""
    events = events_in(answers(name, case).streamed.body)

    body, phases = events[-1].value, phases_in(events)
    statuses = [event.value for event in events if event.name == "status"]
    withdrawn = range(2, body["attempts"] + 1) if text_of(case) else ()
    assert (phases[0], phases[-1], phases.count("checking")) == ("thinking", "checking", body["attempts"])
    assert [event.value["attempt"] for event in events if event.name == "reset"] == list(withdrawn)
    assert len({"repairing", "retrying"} & set(phases)) == body["attempts"] - 1
    assert (statuses[-1]["characters"], statuses[-1]["attempt"]) == (len(text_of(case)), body["attempts"])
    for earlier, later in pairwise(statuses):
        assert earlier["attempt"] <= later["attempt"]
        assert earlier["elapsedSeconds"] <= later["elapsedSeconds"]
    assert THOUGHT not in "".join(event.data for event in events if event.name == "delta")


TAG = re.compile(r"<artifact [^\n]*>")
ONLY_TAGGED = [case for case in cases() if len(TAG.findall(text_of(case.values[1]))) == 1]


@pytest.mark.parametrize(("name", "case"), ONLY_TAGGED)
def test_the_preview_is_the_code(name: str, case: Case, answers: Callable[[str, Case], Answers]) -> None:
    """Where the answer holds one artifact that is given as it stands, in a tag on one line that has attributes."""
    events = events_in(answers(name, case).streamed.body)

    body = events[-1].value
    if body["success"] and not {"untagged", "mended", "trimmed"} & set(body["warnings"]):
        assert code_in(events) == (body["fixedCode"] if "fixedCode" in body else body["artifact"]["code"])
