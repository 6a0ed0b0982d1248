"""The whole path, running: `make run` with the bundle's own template, real runtime processes, and the stand-in host."""

import base64
import json
import os
import random
import re
import shlex
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from shared.artifacts.kinds import Kind
from tests.local.bundle import at, check_bill, generate, lines, lines_of, running_bundle
from tests.local.emulator import ROOT, Emulator, wait_for
from tests.support.standin import StandIn

ROUTES = {"generate_artifact": "generate-artifact", "generate_artifact_fix": "generate-artifact-fix"}
EVENTS = sorted(path for function in ROUTES for path in (ROOT / "events" / function).glob("*.json"))
FIX = {"content": "const a = (1;", "type": "code", "errorMessage": "SyntaxError: missing )"}


def curls() -> list[list[str]]:
    """The curl commands of the README, as arguments."""
    readme = (ROOT / "README.md").read_text().replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(r"^\$ (curl .*)$", readme, re.MULTILINE)]


def last_body(answer: httpx.Response) -> dict[str, Any]:
    """The body of a plain answer, or that in the last event of a stream."""
    streamed = answer.headers["content-type"] == "text/event-stream"
    assert streamed == (answer.request.headers["accept"] == "text/event-stream")
    body: dict[str, Any] = json.loads(answer.text.rpartition("\ndata: ")[2] if streamed else answer.text)
    return body


def asked(command: list[str], bundle: Emulator) -> httpx.Response:
    """The answer to a command of the README."""
    assert command[0] == "curl"
    assert command[1] in {"-s", "-sN"}
    options = list(zip(command[3::2], command[4::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    address = command[2].replace("http://127.0.0.1:8787", bundle.url)
    return httpx.post(address, headers=headers, content=options[-1][1], timeout=20)


@pytest.mark.parametrize("command", [each for each in curls() if "/v1/" not in each[2]], ids=lambda each: each[2])
def test_what_the_readme_says_to_try_works(bundle: Emulator, command: list[str]) -> None:
    """200, the artifact in canonical form, and one request id in header, body and cost line."""
    answer = asked(command, bundle)

    body = last_body(answer)
    assert (answer.status_code, body["success"]) == (200, True)
    assert answer.headers["x-request-id"] == body["requestId"]
    cost = lines_of(bundle, body["requestId"])[-1]
    assert (cost["message"], cost["outcome"], cost["function"]) == ("cost", "ok", _function(command[2]))
    assert (cost["cost_usd"], cost["model"]) == (body["costUsd"], body["model"])
    if "artifact" in body:
        made = body["artifact"]
        head = f'<artifact type="{made["mimeType"]}" title="{made["title"]}">'
        assert body["artifactCode"] == f"{head}\n{made['code']}\n</artifact>"


@pytest.mark.parametrize("command", [each for each in curls() if "/v1/" in each[2]], ids=lambda each: each[2])
def test_what_the_readme_asks_of_chat_works(bundle: Emulator, command: list[str]) -> None:
    answer = asked(command, bundle)

    body = answer.json()
    assert answer.status_code == 200
    assert body["choices"][0]["message"]["content"]
    assert body["id"] == f"chatcmpl-{answer.headers['x-request-id']}"
    cost = lines_of(bundle, answer.headers["x-request-id"])[-1]
    assert (cost["outcome"], cost["function"], cost["cost_usd"]) == ("ok", _function(command[2]), body["usage"]["cost"])


def test_the_readme_tries_all_functions() -> None:
    assert {_function(command[2]) for command in curls()} == {*ROUTES, "chat_completions"}


def _function(address: str) -> str:
    return urlsplit(address).path.split("/")[1].replace("-", "_")


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_event_gets_the_status_that_it_is_named_for(bundle: Emulator, path: Path) -> None:
    """The events as requests: what a function URL would have made them from."""
    event = json.loads(path.read_text())
    body = event.get("body", "")
    content = base64.b64decode(body) if event["isBase64Encoded"] else body.encode()
    sent = {name: value for name, value in event["headers"].items() if name in {"content-type", "accept", "prefer"}}
    address = f"/{ROUTES[path.parent.name]}{event['rawPath'].rstrip('/')}"

    answer = bundle.request(
        event["requestContext"]["http"]["method"],
        address,
        content=content,
        headers=sent,
    )

    assert answer.status_code == int(path.stem.partition("-")[0])
    said = last_body(answer)
    assert said["requestId"] == answer.headers["x-request-id"]
    assert said["success"] is (answer.status_code == 200)
    assert lines_of(bundle, said["requestId"])[-1]["status"] == answer.status_code


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("prompt", ["Something about the sea", "Something else entirely"])
def test_every_kind_is_made(bundle: Emulator, kind: Kind, prompt: str) -> None:
    body = generate(bundle, prompt, artifactType=kind.mime_type).json()

    assert (body["artifact"]["type"], body["artifact"]["mimeType"], body["warnings"]) == (kind, kind.mime_type, [])
    assert ("language" in body["artifact"]) is (kind is Kind.CODE)


GOOD_CONTENT = {
    "chatter": [],
    "fenced": [],
    "think": [],
    "tokens": [],
    "nested": [],
    "untagged": ["untagged"],
    "several": ["several_artifacts"],
    "command-first": ["untagged", "trimmed"],
    "page-behind": ["trimmed"],
}


@pytest.mark.parametrize(("fault", "warnings"), GOOD_CONTENT.items())
def test_an_artifact_is_cut_out_of_what_is_around_it(bundle: Emulator, fault: str, warnings: list[str]) -> None:
    body = generate(bundle, f"A list [[fault {fault}]]", artifactType="react").json()

    assert body["success"], body
    assert (body["warnings"], body["attempts"]) == (warnings, 1)


def test_an_artifact_of_another_kind_is_sent_back_once_and_then_given_as_what_it_is(bundle: Emulator) -> None:
    """A page that is called a component."""
    body = generate(bundle, "A list [[fault wrong-kind]]", artifactType="react").json()
    mended = generate(bundle, "A list [[fault wrong-kind times=1]]", artifactType="react").json()

    assert (body["artifact"]["type"], body["warnings"], body["attempts"], body["repaired"]) == (
        "html", ["kind_corrected", "kind_changed"], 2, False,
    )  # fmt: skip
    assert lines_of(bundle, body["requestId"])[-1]["artifact_type"] == "html"
    assert (mended["artifact"]["type"], mended["warnings"], mended["attempts"], mended["repaired"]) == (
        "react", [], 2, True,
    )  # fmt: skip


def test_a_key_and_an_address_are_used_and_nothing_else(host: StandIn, tmp_path: Path) -> None:
    host.forget()
    with running_bundle(tmp_path, **at(host)) as running:
        assert generate(running, "A list", artifactType="svg").status_code == 200

        assert not running.children("local.standin")
    assert [row["status"] for row in host.ledger()["calls"]] == [200]


@pytest.mark.alone
def test_the_deadline_comes_before_the_timeout(host: StandIn, tmp_path: Path) -> None:
    """A host that trickles keep-alives for ever is given up in time to say so."""
    with running_bundle(tmp_path, **at(host), FUNCTION_TIMEOUT_SECONDS="5") as running:
        began = time.monotonic()
        answer = generate(running, "A list [[fault keepalive]]")
        took = time.monotonic() - began

        body = answer.json()
        assert (answer.status_code, body["code"], body["retryable"]) == (504, "deadline_exceeded", True)
        assert 4 < took < 5
        assert lines_of(running, body["requestId"])[-1]["cost_source"] == "unknown"


def test_a_killed_process_is_a_502_and_the_next_request_works(host: StandIn, tmp_path: Path) -> None:
    """What it leaves in the log is that it had begun."""
    host.forget()
    settings = {**at(host), "LOCAL_CONCURRENCY": "1"}
    with running_bundle(tmp_path, **settings) as running, ThreadPoolExecutor() as threads:
        victim = threads.submit(generate, running, "A list [[fault keepalive]]")
        wait_for(lambda: any(line["message"] == "attempt_started" for line in lines(running)))
        for process in running.children():
            # Each function has one process; only generate_artifact's is at work.
            if b"generate_artifact_fix" not in Path(f"/proc/{process}/cwd").readlink().as_posix().encode():
                os.kill(process, signal.SIGKILL)

        assert (victim.result().status_code, victim.result().text) == (502, "Internal Server Error")
        request_id = lines(running)[0]["request_id"]
        assert generate(running, "A list", artifactType="svg").status_code == 200
        assert [line["message"] for line in lines(running) if line["request_id"] == request_id] == ["attempt_started"]


@pytest.mark.alone
def test_two_at_once_are_served_at_once(host: StandIn, tmp_path: Path) -> None:
    """Each waits for the host for a second, and both are done in less than two."""
    with running_bundle(tmp_path, **at(host), FUNCTION_TIMEOUT_SECONDS="1.5") as running:
        with ThreadPoolExecutor(2) as threads:  # both processes are up
            list(threads.map(lambda _: generate(running, "A list"), range(2)))
        began = time.monotonic()
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(lambda _: generate(running, "A list [[fault keepalive]]"), range(2)))
        took = time.monotonic() - began

    assert [answer.status_code for answer in answers] == [504, 504]
    assert took < 1.9


def test_forty_at_once_all_get_their_answer(bundle: Emulator) -> None:
    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(lambda number: generate(bundle, f"A list, number {number}"), range(40)))

    assert [answer.status_code for answer in answers] == [200] * 40
    assert len({answer.headers["x-request-id"] for answer in answers}) == 40


FAULTS = [
    "rate-limit retry_after=0 times=1", "rate-limit retry_after=3600", "status code=503 hint=0 times=1",
    "error-200 times=1", "mid-error times=1", "cut times=1", "reset times=1", "mid-usage-reset", "credit", "key",
    "context", "policy", "prose", "truncated", "length", "no-usage", "no-cost", "byok", "free", "choice-error times=1",
]  # fmt: skip


def test_the_bill_is_exact(host: StandIn, tmp_path: Path) -> None:
    """200 mixed requests, one cost line each."""
    host.forget()
    mix = random.Random(7)  # noqa: S311 - no secret
    faults = [mix.choice([*FAULTS, *[None] * len(FAULTS)]) for _ in range(198)]
    orders: list[tuple[str, dict[str, Any]]] = [
        ("generate-artifact", {"prompt": f"Number {number}" + (f" [[fault {fault}]]" if fault else "")})
        if number % 3
        else ("generate-artifact-fix", FIX | {"errorMessage": f"{number}" + (f" [[fault {fault}]]" if fault else "")})
        for number, fault in enumerate(faults)
    ]
    orders += [("generate-artifact", {"prompt": ""}), ("generate-artifact-fix", {"content": "x"})]
    with running_bundle(tmp_path, **at(host), LOCAL_CONCURRENCY="8") as running:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda order: running.call(order[1], order[0]), orders))
        wait_for(lambda: sum(line["message"] == "cost" for line in lines(running)) >= 200)
        written = lines(running)

    assert Counter(line["request_id"] for line in written if line["message"] == "cost") == Counter(
        answer.json()["requestId"] for answer in answers
    )
    check_bill(written, host.ledger())
    assert {answer.json()["costUsd"] for answer in answers if answer.status_code == 200}
