"""`make invoke` against an engine and a `sam` that only look like it; the real ones need a container engine."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

import pytest

from local.invoke.answer_text import describe
from local.invoke.container_engine import Engine
from local.invoke.sam_errors import sam_error
from tests.local.emulator import ROOT

EVENT = "events/generate_artifact/400-no-body.json"
ANSWERS = {
    "/_ping": "OK",
    "/networks/bridge": json.dumps({"IPAM": {"Config": [{"Subnet": "10.9.0.0/16", "Gateway": "10.9.0.1"}]}}),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = ANSWERS.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write((body or "{}").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        return "engine"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[str]:
    with UnixStreamServer(str(tmp_path / "engine.sock"), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"unix://{tmp_path}/engine.sock"
        server.shutdown()
        thread.join()


MADE = json.dumps({"error": "so it is", "model": "m", "costUsd": 0.1})
CHUNKS = [
    {"object": "chat.completion.chunk", "model": "m", "choices": [{"delta": {"content": "data: x\ndata: y"}}]},
    {"object": "chat.completion.chunk", "model": "m", "choices": [], "usage": {"cost": 0.2}},
]


def stream(*events: object, end: str = "data: [DONE]\n\n") -> str:
    return ": working\n\n" + "".join(f"data: {json.dumps(event)}\n\n" for event in events) + end


@contextmanager
def sam(folder: Path, status: int, body: str = MADE) -> Iterator[str]:
    """A PATH on which `sam` answers every event with this status, and notes what it was given."""
    answer = json.dumps({"statusCode": status, "body": body})
    cost = json.dumps({"message": "cost", "cost_usd": 0.1})
    variables = 'while [ "$1" ]; do [ "$1" = --env-vars ] && cat "$2" > "$0.variables"; shift; done'
    (folder / "sam").write_text(
        f"#!/bin/sh\necho \"$@\" > \"$0.arguments\"\n{variables}\nprintf '%s\\n' '{answer}'\necho '{cost}' >&2\n"
    )
    (folder / "sam").chmod(0o755)
    yield f"{folder}:{os.environ['PATH']}"


AT_HOME = {"ENABLE_GUARD": "false", "CHAT_MODELS": "moonshotai/kimi-k2-thinking,moonshotai/kimi-k2.6,auto"}
"""What is set where nothing is: nobody else calls, and the events of chats leave the choice of a model to us."""


def invoke(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "OPENROUTER_K2T_KEY": "sk-test"} | environment
    command = [sys.executable, "-m", "local.invoke", *arguments]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_without_an_engine_it_says_what_it_needs(tmp_path: Path) -> None:
    done = invoke("--check-engine", DOCKER_HOST=f"unix://{tmp_path}/none.sock")

    assert done.returncode == 1
    assert "Start Docker, or start podman" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_event_that_is_none_is_named(engine: str) -> None:
    done = invoke("events/nothing.json", DOCKER_HOST=engine)

    assert done.returncode == 2
    assert "events/nothing.json" in done.stderr


@pytest.mark.parametrize(("status", "exit_status", "verdict"), [(400, 0, "ok   400"), (200, 1, "FAIL 200")])
def test_an_answer_is_held_against_the_events_name(
    engine: str, tmp_path: Path, status: int, exit_status: int, verdict: str
) -> None:
    with sam(tmp_path, status) as path:
        done = invoke(EVENT, DOCKER_HOST=engine, PATH=path, MAX_CALLS="2")

    assert done.returncode == exit_status
    assert f"{verdict} generate_artifact/400-no-body" in done.stdout
    assert '{"message":"cost","cost_usd":0.1}' in done.stdout
    given = json.loads((tmp_path / "sam.variables").read_text())["Parameters"]
    assert given == AT_HOME | {"OPENROUTER_K2T_KEY": "sk-test", "MAX_CALLS": "2"}
    assert "GenerateArtifactFunction" in (tmp_path / "sam.arguments").read_text()


def test_the_key_of_any_host_is_enough_for_real_hosts(engine: str, tmp_path: Path) -> None:
    """It is passed on by the name that the template has for it, and no stand-in is started."""
    with sam(tmp_path, 400) as path:
        done = invoke(EVENT, DOCKER_HOST=engine, PATH=path, OPENROUTER_K2T_KEY="", MOONSHOT_KEY="sk-test")

    assert (done.returncode, "model host:" in done.stdout) == (0, False)
    given = json.loads((tmp_path / "sam.variables").read_text())["Parameters"]
    assert given == AT_HOME | {"MOONSHOT_KEY": "sk-test"}


def test_the_chat_function_is_invoked_as_well(engine: str, tmp_path: Path) -> None:
    """Its answer ends with what is no JSON."""
    with sam(tmp_path, 200, stream(*CHUNKS)) as path:
        done = invoke("events/chat_completions/200-stream.json", DOCKER_HOST=engine, PATH=path)

    assert done.returncode == 0, done.stderr
    assert "ok   200 chat_completions/200-stream: made with m for $0.2" in done.stdout
    assert "ChatCompletionsFunction" in (tmp_path / "sam.arguments").read_text()


BROKEN = """Mounting /build as /var/task:ro,delegated, inside runtime container
Error: 500 Server Error for http+docker://localhost/v1.35/containers/abc/start: Server Error ("crun: no cgroup")
Traceback:
  File "docker/errors.py", line 39, in create_api_error_from_http_exception
    raise cls(e, response=response, explanation=explanation) from e

An unexpected error was encountered while executing "sam local invoke".
Or create a bug report:
https://github.com/aws/aws-sam-cli/issues/new?template=Bug_report.md&title=Bug%3A%20sam%20local%20invoke%20-%20APIError
"""
"""What sam 1.170 prints where an engine cannot start a container."""


def test_an_engine_that_cannot_run_a_container_is_told_of_once(engine: str, tmp_path: Path) -> None:
    """It answers, so the first event shows it; every other one would end in the same way."""
    (tmp_path / "broken.txt").write_text(BROKEN)
    (tmp_path / "sam").write_text('#!/bin/sh\necho once >> "$0.calls"\ncat "${0%sam}broken.txt" >&2\nexit 1\n')
    (tmp_path / "sam").chmod(0o755)

    done = invoke(DOCKER_HOST=engine, PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "make invoke: sam could not run chat_completions: crun: no cgroup\n"
    assert (tmp_path / "sam.calls").read_text() == "once\n"


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        ("Error: Container creation failed: crun: no space left, check template\n", "Container creation failed: crun"),
        ("Building image....\nError: No response from invoke container for F\n", "No response from invoke container"),
        ("usage: sam\nsomething else\n", "something else"),
        ("", "it said nothing"),
    ],
)
def test_what_sam_fails_with_is_its_error(stderr: str, said: str) -> None:
    assert sam_error(stderr).startswith(said)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"model": "m", "costUsd": 0.1, "success": True}, "made with m for $0.1"),
        ({"model": "m", "costUsd": None}, "made with m for a cost that the answer does not say"),
        ({"error": "No.", "code": "invalid_request"}, "No."),
        ({"object": "chat.completion", "model": "m", "usage": {"cost": 0.2}}, "made with m for $0.2"),
        (
            {"object": "chat.completion", "model": "m", "usage": {}},
            "made with m for a cost that the answer does not say",
        ),
        ({"error": {"message": "No.", "type": "t", "param": None, "code": "c"}}, "No."),
        ({"ok": True, "status": 200, "data": {"model": "m", "usage": {"cost": 0}}}, "made with m for $0"),
        ({"ok": False, "status": 400, "data": {"error": "No.", "code": "c"}}, "No."),
        ({"object": "list", "data": [{"id": "a/b"}, {"id": "auto"}]}, "2 models: a/b, auto"),
        ({"object": "route", "model": "m", "reason": "score 3: fast"}, "m would be asked: score 3: fast"),
        (stream(*CHUNKS), "made with m for $0.2"),
        (stream(CHUNKS[0]), "made with m for a cost that the answer does not say"),
        (stream(CHUNKS[0], {"error": {"message": "Gone."}}, end=""), "Gone."),
        (
            "event: artifact\n" + stream({"model": "m", "costUsd": 0.1}, end="").removeprefix(": working\n\n"),
            "made with m for $0.1",
        ),
    ],
)
def test_an_answer_is_told_in_a_few_words(body: object, said: str) -> None:
    """Of any path, whole or streamed."""
    assert describe(body if isinstance(body, str) else json.dumps(body)) == said


def test_a_container_finds_this_machine_at_the_engines_gateway(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    found = Engine({"DOCKER_HOST": engine})

    assert found.host_address() == ("10.9.0.1", "10.9.0.1")
    assert not found.has_image("public.ecr.aws/lambda/python:3.13-x86_64")
    found.close()
