"""Answers that stream, through the whole path: `make run`, the bundle's own runtime, and the stand-in host."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from shared.artifacts.kinds import Kind
from tests.local.bundle import at, generate, lines, lines_of, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.support.events import FINAL, Event, code_in, events_in, events_of, phases_in
from tests.support.standin import StandIn

GENERATE, FIX = "generate-artifact", "generate-artifact-fix"
EVENTS = {"Accept": "text/event-stream"}
BROKEN = "export default function App() {\n  return <p>{[1, 2].map((n) => <b key={n}>{n}</b>)}</p>;\n"
ORIGIN = "https://app.example"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory, host: StandIn) -> Iterator[Emulator]:
    """The bundle with one call for a request, and little patience with the host."""
    settings = {"MAX_CALLS": "1", "FIRST_TOKEN_SECONDS": "1", "STALL_SECONDS": "1", "ALLOWED_ORIGINS": ORIGIN}
    with running_bundle(tmp_path_factory.mktemp("impatient"), **at(host), **settings) as running:
        yield running


def stream(
    running: Emulator, prompt: str = "A list", headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    return running.call({"prompt": prompt, **fields}, GENERATE, headers=EVENTS | (headers or {}))


def stream_fix(running: Emulator, directive: str = "", **fields: Any) -> httpx.Response:
    order = {"content": BROKEN, "type": "react", "errorMessage": f"SyntaxError: Unexpected end {directive}", **fields}
    return running.call(order, FIX, headers=EVENTS)


class Piece(NamedTuple):
    """A part of an answer, and how many seconds after the one before it came."""

    after: float
    data: bytes


def pieces_of(running: Emulator, prompt: str, **fields: Any) -> list[Piece]:
    """An answer as it comes."""
    pieces = []
    before = time.monotonic()
    order = {"prompt": prompt, **fields}
    with httpx.stream("POST", f"{running.url}/{GENERATE}", json=order, headers=EVENTS, timeout=30) as answer:
        for data in answer.iter_raw():
            now = time.monotonic()
            pieces.append(Piece(now - before, data))
            before = now
    return pieces


def assert_is_of_one_request(running: Emulator, answer: httpx.Response) -> Event:
    """The last event, which has one request id with the headers and the one cost line."""
    last = events_of(answer)[-1]
    costs = [line for line in lines_of(running, answer.headers["x-request-id"]) if line["message"] == "cost"]
    assert answer.status_code == 200
    assert last.value["requestId"] == answer.headers["x-request-id"]
    assert [line["cost_usd"] for line in costs] == [last.value.get("costUsd", costs[0]["cost_usd"])]
    assert costs[0]["outcome"] == last.value.get("code", "ok")
    return last


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_made_before_the_callers_eyes(bundle: Emulator, kind: Kind) -> None:
    answer = stream(bundle, "Something about the sea", artifactType=kind)

    last, events = assert_is_of_one_request(bundle, answer), events_of(answer)
    assert (last.name, last.value["artifact"]["type"], last.value["warnings"]) == ("artifact", kind, [])
    assert code_in(events) == last.value["artifact"]["code"]
    assert phases_in(events) == ["thinking", "writing", "checking"]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_fixed_before_the_callers_eyes(bundle: Emulator, kind: Kind) -> None:
    answer = stream_fix(bundle, content="nothing that begins like any kind", type=kind)

    last, events = assert_is_of_one_request(bundle, answer), events_of(answer)
    assert (last.name, last.value["type"], last.value["warnings"]) == ("fix", kind, [])
    assert code_in(events) == last.value["fixedCode"]
    assert phases_in(events) == ["thinking", "writing", "checking"]


@pytest.mark.parametrize("route", [GENERATE, FIX])
@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/json", "application/json, text/event-stream", "text/event-stream;q=0"]
)
def test_whoever_does_not_ask_for_events_gets_json_as_ever(bundle: Emulator, route: str, accept: str | None) -> None:
    order = {"prompt": "A list"} if route == GENERATE else {"content": BROKEN, "type": "react", "errorMessage": "End"}
    headers = {"Accept": accept} if accept else {}
    request = httpx.Request("POST", f"{bundle.url}/{route}", json=order, headers=headers)  # has no other, of a client

    with httpx.Client(timeout=20) as client:
        answer = client.send(request)

    assert answer.request.headers.get("accept") == accept
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["success"]


def test_an_event_says_what_a_plain_answer_says(bundle: Emulator) -> None:
    """But for the request's id, and what the host had cached the second time."""
    generate(bundle, "A list of lists", artifactType="svg")
    plain = generate(bundle, "A list of lists", artifactType="svg").json()
    streamed = events_of(stream(bundle, "A list of lists", artifactType="svg"))[-1].value

    assert streamed == plain | {"requestId": streamed["requestId"]}


FAILURES = {
    "rate-limit retry_after=3600": "upstream_rate_limited",
    "status code=503": "upstream_overloaded",
    "status code=500": "upstream_error",
    "error-200": "upstream_error",
    "mid-error": "upstream_overloaded",
    "finish-error": "upstream_error",
    "cut": "upstream_error",
    "reset": "upstream_error",
    "garbage-json": "upstream_error",
    "never": "upstream_error",
    "silence": "upstream_error",
    "stall": "upstream_error",
    "gone": "upstream_error",
    "context": "upstream_error",
    "credit": "service_misconfigured",
    "key": "service_misconfigured",
    "policy": "refused",
    "refusal": "refused",
    "prose": "artifact_missing",
    "empty": "artifact_missing",
    "invalid": "artifact_invalid",
    "elided": "artifact_invalid",
    "truncated": "artifact_truncated",
    "length": "artifact_truncated",
    "reasoning-only": "artifact_truncated",
}


@pytest.mark.parametrize(("fault", "code"), FAILURES.items())
def test_every_failure_is_one_event_at_the_end(impatient: Emulator, fault: str, code: str) -> None:
    """That of a plain answer; what was shown of the artifact is a preview, and no success."""
    answer = stream(impatient, f"A list [[fault {fault}]]", artifactType="react")
    plain = generate(impatient, f"A list [[fault {fault}]]", artifactType="react")

    last = assert_is_of_one_request(impatient, answer)
    assert (last.name, last.value["code"], last.value["success"]) == ("error", code, False)
    assert plain.json()["code"] == code
    assert last.value.keys() == plain.json().keys()
    assert last.value["attempts"] == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("invalid", "artifact_invalid"),
        ("elided", "fix_unusable"),
        ("prose", "artifact_missing"),
        ("cut", "upstream_error"),
    ],
)
def test_a_failed_fix_is_one_event_at_the_end(impatient: Emulator, fault: str, code: str) -> None:
    last = assert_is_of_one_request(impatient, stream_fix(impatient, f"[[fault {fault}]]"))

    assert (last.name, last.value["code"]) == ("error", code)


def test_a_deadline_is_one_event_at_the_end(host: StandIn, tmp_path: Path) -> None:
    """In time: the process is not killed in mid-stream."""
    with running_bundle(tmp_path, **at(host), FUNCTION_TIMEOUT_SECONDS="3") as running:
        answer = stream(running, "A list [[fault keepalive]]")

        last = assert_is_of_one_request(running, answer)
        assert (last.name, last.value["code"]) == ("error", "deadline_exceeded")
        assert phases_in(events_of(answer)) == ["thinking"]


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [({"prompt": ""}, {}, 400), ({}, {"Content-Type": "text/plain"}, 415), ({}, {"Prefer": "respond-async"}, 400)],
    ids=["a-bad-field", "no-json", "async-without-a-guard"],
)
def test_what_is_refused_is_an_ordinary_answer(
    impatient: Emulator, fields: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = stream(impatient, headers=headers, **fields)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert answer.json()["success"] is False


@pytest.mark.parametrize(
    ("fault", "phases", "resets"),
    [
        ("status code=503 hint=0", ["thinking", "retrying"], 0),
        ("cut", ["thinking", "writing", "retrying"], 1),
        ("mid-error", ["thinking", "writing", "retrying"], 1),
        ("length", ["thinking", "writing", "checking", "retrying"], 1),
        ("reasoning-only", ["thinking", "checking", "retrying"], 0),
        ("invalid", ["thinking", "writing", "checking", "repairing"], 1),
        ("prose", ["thinking", "writing", "checking", "repairing"], 1),
    ],
)
def test_another_attempt_is_told_of(bundle: Emulator, fault: str, phases: list[str], resets: int) -> None:
    """What was shown of the one before is withdrawn; the code since then is that of the result."""
    answer = stream(bundle, f"A list [[fault {fault} times=1]]", artifactType="react")

    events = events_of(answer)
    last = assert_is_of_one_request(bundle, answer)
    assert [phase for phase in phases_in(events) if phase != "thinking"] == [
        phase for phase in [*phases, "writing", "checking"] if phase != "thinking"
    ]
    assert [event.value for event in events if event.name == "reset"] == [{"attempt": 2}] * resets
    assert (last.name, last.value["attempts"]) == ("artifact", 2)
    assert code_in(events) == last.value["artifact"]["code"]
    assert [event.value["attempt"] for event in events if event.name == "status"][-1] == 2


def test_a_repair_that_fails_too_is_told_of_as_well(bundle: Emulator) -> None:
    answer = stream_fix(bundle, "[[fault invalid]]")

    events = events_of(answer)
    assert [name for name in phases_in(events) if name in {"repairing", "checking"}] == [
        "checking",
        "repairing",
        "checking",
    ]
    assert assert_is_of_one_request(bundle, answer).value["attempts"] == 2


@pytest.mark.parametrize("fault", ["think", "tokens", "chatter", "fenced", "nested"])
def test_what_is_around_an_artifact_is_not_shown(bundle: Emulator, fault: str) -> None:
    events = events_of(stream(bundle, f"A list [[fault {fault}]]", artifactType="react"))

    assert events[-1].name == "artifact"
    assert code_in(events) == events[-1].value["artifact"]["code"]
    shown = "".join(event.data for event in events if event.name == "delta")
    assert not any(each in shown for each in ("<think>", "tidy", "<|", "<artifact", "```", "Here is what"))


@pytest.mark.alone
def test_code_comes_while_it_is_written(tmp_path: Path) -> None:
    """At the pace of a model: something to read at once, then more and more of the code."""
    with running_bundle(tmp_path, STANDIN_PACE="natural") as running:
        generate(running, "A list [[fault credit]]")  # the process has loaded all that it needs
        pieces = pieces_of(running, "Something about the sea", artifactType="svg")

    events = events_in(b"".join(piece.data for piece in pieces))
    deltas = [event for event in events if event.name == "delta"]
    took = sum(piece.after for piece in pieces)
    assert pieces[0].after < 0.5 < took
    assert len(deltas) > 5
    assert sum(b"event: delta" in piece.data for piece in pieces) > 5
    assert code_in(events) == events[-1].value["artifact"]["code"]


@pytest.mark.alone
@pytest.mark.parametrize("fault", ["silence", "stall"])
def test_a_silent_host_makes_no_silent_answer(host: StandIn, tmp_path: Path, fault: str) -> None:
    """12 seconds stand for a minute of thought: something comes at least every 10, as proxies demand."""
    patience = {"MAX_CALLS": "1", "FIRST_TOKEN_SECONDS": "12", "STALL_SECONDS": "12"}
    with running_bundle(tmp_path, **at(host), **patience) as running:
        pieces = pieces_of(running, f"A list [[fault {fault}]]")

    heartbeats = [piece for piece in pieces if piece.data.startswith(b":")]
    events = events_in(b"".join(piece.data for piece in pieces))
    assert 12 <= sum(piece.after for piece in pieces) < 14
    assert max(piece.after for piece in pieces) < 6
    assert len(heartbeats) == 2
    assert (events[-1].name, events[-1].value["code"]) == ("error", "upstream_error")


@contextmanager
def guarded(host: StandIn, folder: Path) -> Iterator[Emulator]:
    host.forget()
    with running_bundle(folder, **at(host), ENABLE_GUARD="true", GLOBAL_LIMIT_PER_MINUTE="100") as running:
        yield running


def test_a_repetition_is_the_stored_answer_in_whatever_form(host: StandIn, tmp_path: Path) -> None:
    """As the last event, the only one, or as JSON; served and paid for once."""
    key = {"Idempotency-Key": "a b"}
    with guarded(host, tmp_path) as running:
        first, second = (stream(running, headers=key) for _ in range(2))
        plain = running.call({"prompt": "A list"}, GENERATE, headers=key)
        refused = stream(running, "Another list", headers=key)
        calls = host.ledger()["calls"]

    one, two = events_of(first)[-1], events_of(second)
    assert [event.name for event in two] == [one.name] == ["artifact"]
    assert two[0].value == one.value | {"requestId": second.headers["x-request-id"]}
    assert two[0].value["requestId"] != one.value["requestId"]
    assert (second.headers["idempotent-replayed"], "idempotent-replayed" in first.headers) == ("true", False)
    assert plain.json() == one.value | {"requestId": plain.headers["x-request-id"]}
    assert int(first.headers["x-ratelimit-remaining"]) >= 0
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_mismatch")
    assert len(calls) == 1


def test_who_is_let_go_gets_the_result_later(host: StandIn, tmp_path: Path) -> None:
    """By the same request, as events too."""
    key = {"Idempotency-Key": "k"}
    order = {"prompt": "A list [[fault chatter]]"}
    with guarded(host, tmp_path) as running:
        accepted = running.call(order, GENERATE, headers=key | {"Prefer": "respond-async"})
        lines_of(running, accepted.json()["requestId"])  # until it is served
        result = running.call(order, GENERATE, headers=key | {"Prefer": "respond-async"})
        streamed = running.call(order, GENERATE, headers=key | EVENTS)
        called = len(host.ledger()["calls"])

    assert (accepted.status_code, accepted.json()["accepted"]) == (202, True)
    assert accepted.headers["preference-applied"] == "respond-async"
    assert (result.status_code, result.headers["idempotent-replayed"]) == (200, "true")
    (event,) = events_of(streamed)
    assert event.name == "artifact"
    assert event.value == result.json() | {"requestId": streamed.headers["x-request-id"]}
    assert called == 1


@pytest.mark.parametrize("headers", [{}, EVENTS, {"Prefer": "respond-async"}], ids=["plain", "events", "async"])
def test_who_is_let_go_is_told_of_a_failure_once(host: StandIn, tmp_path: Path, headers: dict[str, str]) -> None:
    """Nothing is called again for it; then the key is free, as after a failure that was waited for."""
    key = {"Idempotency-Key": "k"}
    order = {"prompt": "A list [[fault credit]]"}
    with guarded(host, tmp_path) as running:
        accepted = running.call(order, GENERATE, headers=key | {"Prefer": "respond-async"})
        lines_of(running, accepted.json()["requestId"])  # until it is served
        told = running.call(order, GENERATE, headers=key | headers)
        called = len(host.ledger()["calls"])
        again = running.call(order, GENERATE, headers=key)
        called_again = len(host.ledger()["calls"])

    body = events_of(told)[-1].value if headers is EVENTS else told.json()
    assert (body["code"], told.headers["idempotent-replayed"], called) == ("service_misconfigured", "true", 1)
    assert told.status_code == (200 if headers is EVENTS else 503)
    assert (again.status_code, "idempotent-replayed" in again.headers, called_again) == (503, False, 2)


def untimed(events: list[Event]) -> list[tuple[str, Any]]:
    """The events without the request's id, and the seconds, pieces and counts that depend on how the text came."""
    return [
        (event.name, event.value | {"requestId": "", "elapsedSeconds": 0, "characters": 0})
        for event in events
        if event.name != "delta"
    ]


def test_where_answers_do_not_stream_the_same_events_come_at_once(bundle: Emulator, tmp_path: Path) -> None:
    settings = {"STANDIN_PACE": "instant", "RESPONSE_MODE": "buffered", "ALLOWED_ORIGINS": ORIGIN}
    prompt = "A list that no other test asks for [[fault invalid times=1]]"  # nor has in the cache of either host
    generate(bundle, "A list", artifactType="react")  # so that both hosts have the prompt in their cache
    streamed = stream(bundle, prompt, artifactType="react")
    with running_bundle(tmp_path, **settings) as running:
        generate(running, "A list", artifactType="react")
        at_once = stream(running, prompt, {"Origin": ORIGIN}, artifactType="react")
        plain = generate(running, prompt, artifactType="react")
        assert_is_of_one_request(running, at_once)

    assert at_once.headers["content-type"] == streamed.headers["content-type"] == "text/event-stream"
    assert (int(at_once.headers["content-length"]), "content-length" in streamed.headers) == (
        len(at_once.content),
        False,
    )
    assert untimed(events_of(at_once)) == untimed(events_of(streamed))
    assert code_in(events_of(at_once)) == code_in(events_of(streamed))
    assert at_once.headers["access-control-allow-origin"] == ORIGIN
    assert plain.json()["artifact"] == events_of(at_once)[-1].value["artifact"]


@pytest.mark.parametrize("accept", [EVENTS, {}], ids=["events", "json"])
def test_a_page_elsewhere_may_read_what_streams(impatient: Emulator, accept: dict[str, str]) -> None:
    """Each header once: a browser refuses what is doubled."""
    headers = accept | {"Origin": ORIGIN}
    answer = impatient.call({"prompt": "A list"}, GENERATE, headers=headers)
    stranger = impatient.call({"prompt": "A list"}, GENERATE, headers=headers | {"Origin": "https://other.example"})

    assert answer.headers.get_list("access-control-allow-origin") == [ORIGIN]
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert {"x-request-id", "idempotent-replayed"} <= {name.strip() for name in exposed.split(",")}
    assert "access-control-allow-origin" not in stranger.headers


def test_what_goes_on_the_wire_is_not_collected_or_kept_on_its_way(bundle: Emulator) -> None:
    headers = stream(bundle).headers

    assert headers["content-type"] == "text/event-stream"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")


def test_a_caller_that_goes_away_does_not_stop_the_function(host: StandIn, tmp_path: Path) -> None:
    """A function URL does not tell it: as in the cloud, it goes on to its end, and the process serves the next."""
    with running_bundle(tmp_path, **at(host), LOCAL_CONCURRENCY="1") as running:
        order = {"prompt": "A list"}
        with httpx.stream("POST", f"{running.url}/{GENERATE}", json=order, headers=EVENTS, timeout=20) as answer:
            request_id = answer.headers["x-request-id"]
        assert lines_of(running, request_id)[-1]["outcome"] == "ok"
        assert events_of(stream(running))[-1].name == "artifact"


def test_a_killed_process_breaks_the_stream_off(host: StandIn, tmp_path: Path) -> None:
    """Without a last event, which is how a caller knows; the next request works."""
    host.forget()
    settings = {**at(host), "LOCAL_CONCURRENCY": "1"}
    with running_bundle(tmp_path, **settings) as running, ThreadPoolExecutor() as threads:
        victim = threads.submit(stream, running, "A list [[fault keepalive]]")
        wait_for(lambda: any(line["message"] == "attempt_started" for line in lines(running)))
        for process in running.children("lambda_runtime"):
            if b"generate_artifact_fix" not in os.fsencode(Path(f"/proc/{process}/cwd").readlink()):
                os.kill(process, signal.SIGKILL)

        answer = victim.result()
        assert answer.status_code == 200
        assert not any(f"event: {name}\n" in answer.text for name in FINAL)
        assert events_of(stream(running))[-1].name == "artifact"


def test_one_request_after_the_other_is_served_by_one_process(host: StandIn, tmp_path: Path) -> None:
    """The end of a stream is told when its process is free again."""
    with running_bundle(tmp_path, **at(host)) as running:
        started = len(running.children())
        for _ in range(6):
            assert events_of(stream(running))[-1].name == "artifact"

        assert len(running.children()) == started


def test_an_answer_to_head_has_no_body_and_its_connection_goes_on(bundle: Emulator) -> None:
    refused = bundle.request("HEAD", "/generate-artifact")

    assert (refused.status_code, refused.content) == (405, b"")
    assert generate(bundle, "A todo list").status_code == 200
