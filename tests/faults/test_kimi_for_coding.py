"""Kimi for Coding over a socket: asked by name only, with patience, and never again once it has not approved of us.

No recording of it is at hand: that it speaks Moonshot's dialect, and refuses in the form of `NOT_APPROVED`, is assumed.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared import __version__
from shared.errors import Failure
from shared.model_host import Client, Completion
from shared.model_host.errors import ClientNotApproved, Stalled
from shared.model_host.host import Waits
from shared.model_host.hosts import models_by_name
from shared.settings import Settings
from tests.local.bundle import generate, lines_of, running_bundle
from tests.local.emulator import ROOT, wait_for
from tests.support.asking import question_of
from tests.support.lambda_runtime import ORDINARY, running
from tests.support.runs import Lines, a_run
from tests.support.sockets import HEAD, read_message, send_chunk, serving

MODEL = "kimi/kimi-for-coding"
KEY = "sk-kimi-0123456789abcdef"
TOY = (ROOT / "tests" / "local" / "toys" / "by_name.py").read_text("utf-8")
WORDS = "Kimi For Coding is currently only available for approved coding agents"
NOT_APPROVED = json.dumps({"error": {"type": "access_terminated_error", "message": WORDS}}).encode()
DELTA = b'data: {"id":"chatcmpl-1","model":"kimi-for-coding","choices":[{"index":0,"delta":{"content":"Hello"}}]}\n\n'
STOP = (
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":8,"completion_tokens":2,'
    b'"cached_tokens":4}}]}\n\ndata: [DONE]\n\n'
)
PROBLEM = (
    "kimi (KIMI_SECRET_ARN or, locally, KIMI_KEY): this endpoint admits approved clients only, and this service is "
    "none of them (403 access_terminated_error): no other key or repetition changes that"
)
EVENT = {
    "rawPath": "/",
    "headers": {"content-type": "application/json"},
    "requestContext": {
        "http": {"method": "POST", "path": "/"},
        "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}},
    },
    "body": json.dumps({"prompt": "A list of what is left to do"}),
    "isBase64Encoded": False,
}


def refuse(connection: socket.socket) -> None:
    head = f"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: {len(NOT_APPROVED)}\r\n\r\n"
    connection.sendall(head.encode() + NOT_APPROVED)


def think_long(connection: socket.socket) -> None:
    """Answer with pauses that are longer than the settings of the tests allow to other hosts."""
    connection.sendall(HEAD)
    for part in (DELTA, STOP, b""):
        time.sleep(0.6 if part else 0)
        send_chunk(connection, part)


@contextmanager
def kimi(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """The host, its base URL and what it was asked."""
    asked: list[bytes] = []

    def serve(connection: socket.socket, _: int) -> None:
        while message := read_message(connection):
            asked.append(message)
            answer(connection)

    with serving(serve) as url:
        yield f"{url}/coding/v1", asked


def ask(url: str, model: str = MODEL, **environment: str) -> tuple[Completion | Failure, list[dict[str, Any]], Any]:
    """What comes of a question to a model that is named; the attempts' lines; the run."""
    given = {"KIMI_KEY": KEY, "KIMI_BASE_URL": url, "MOONSHOT_KEY": "m", "MOONSHOT_BASE_URL": url}
    settings = Settings.from_environment({"ENABLE_GUARD": "false", **given, **environment})
    client = Client.of(settings, models_by_name([model], settings), sleep=lambda _: None)
    lines = Lines()
    run = a_run(20, lines=lines)
    try:
        result: Completion | Failure = client.complete(question_of("Notes"), run)
    except Failure as failure:
        result = failure
    client.close()
    return result, lines.named("attempt"), run


def test_it_is_told_who_asks_and_given_the_tokens_of_an_answer() -> None:
    with kimi(think_long) as (url, asked):
        result, (line,), _ = ask(url, MAX_OUTPUT_TOKENS="100")

    assert isinstance(result, Completion)
    assert result.content == "Hello"
    (message,) = asked
    head, _, body = message.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /coding/v1/chat/completions HTTP/1.1\r\n")
    assert f"\r\nUser-Agent: kimi-artifacts/{__version__}\r\n".encode() in head
    assert f"\r\nAuthorization: Bearer {KEY}\r\n".encode() in head
    sent = json.loads(body)
    assert (sent["model"], sent["max_completion_tokens"]) == ("kimi-for-coding", 1500)
    assert (line["host"], line["model"], line["cost_source"]) == ("kimi", MODEL, "unknown")
    assert (line["input_tokens"], line["output_tokens"], line["cached_tokens"]) == (8, 2, 4)


def test_it_is_waited_for_longer_than_any_other_host() -> None:
    """For 600 s, whatever the settings say; Moonshot itself is not."""
    short = {"FIRST_TOKEN_SECONDS": "0.3", "STALL_SECONDS": "0.3", "MAX_ATTEMPTS": "1"}
    with kimi(think_long) as (url, _):
        patient, _, _ = ask(url, **short)
        impatient, _, _ = ask(url, "moonshot/kimi-k3", **short)
    (model,) = models_by_name([MODEL], Settings.from_environment({"KIMI_KEY": "k", "ENABLE_GUARD": "false"} | short))

    assert isinstance(patient, Completion)
    assert isinstance(impatient, Stalled)
    assert model.host.waits_for(None) == Waits(600, 600)


def test_not_approved_is_final() -> None:
    """One call, at no cost, and the operator reads in plain words what no other key would change."""
    with kimi(refuse) as (url, asked):
        result, (line,), run = ask(url)

    assert isinstance(result, ClientNotApproved)
    assert (result.retryable, len(asked), run.problems) == (False, 1, [PROBLEM])
    assert (line["status"], line["cost_source"], line["cost_nano_usd"]) == (403, "none", 0)
    assert WORDS not in str(result) + result.message + result.problem


def test_a_function_that_asks_by_name_says_so_in_its_log(tmp_path: Path) -> None:
    """In a real runtime: one call, 503, one line for the operator, and a cost line of nothing."""
    with kimi(refuse) as (url, asked):
        environment = {"KIMI_KEY": KEY, "KIMI_BASE_URL": url, "ENABLE_GUARD": "false", "PYTHONPATH": str(ROOT)}
        with running(tmp_path, TOY, ORDINARY, **environment) as function:
            answer = json.loads(function.ask(EVENT).body)
            wait_for(lambda: '"cost"' in function.stdout)
            lines, log = function.lines, function.stdout + function.stderr

    body = json.loads(answer["body"])
    assert (answer["statusCode"], body["code"], body["retryable"]) == (503, "service_misconfigured", False)
    assert len(asked) == 1
    named = {name: [line for line in lines if line.get("message") == name] for name in ("operator_must_act", "cost")}
    assert [(line["level"], line["problem"]) for line in named["operator_must_act"]] == [("ERROR", PROBLEM)]
    (cost,) = named["cost"]
    assert (cost["host"], cost["requested_model"], cost["attempts"]) == ("kimi", MODEL, 1)
    assert (cost["cost_nano_usd"], cost["cost_source"], cost["status"]) == (0, "none", 503)
    assert KEY not in log + answer["body"]
    assert WORDS not in log + answer["body"]


def test_in_models_it_is_a_mistake_that_every_answer_and_the_log_tell_of(tmp_path: Path) -> None:
    with kimi(refuse) as (url, asked):
        settings = {"KIMI_KEY": KEY, "KIMI_BASE_URL": url, "MODELS": MODEL, "LOCAL_CONCURRENCY": "1"}
        with running_bundle(tmp_path, **settings) as bundle:
            answers = [generate(bundle, "A list of what is left to do") for _ in range(2)]
            written = [lines_of(bundle, answer.json()["requestId"]) for answer in answers]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "service_misconfigured")] * 2
    for lines in written:
        (problem,) = [line["problem"] for line in lines if line["message"] == "operator_must_act"]
        assert problem == f"MODELS: {MODEL} may only be asked for by name, not be in this list"
    assert asked == []
