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

from local.invoke.container_engine import Engine
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


@contextmanager
def sam(folder: Path, status: int) -> Iterator[str]:
    """A PATH on which `sam` answers every event with this status, and notes what it was given."""
    answer = json.dumps({"statusCode": status, "body": json.dumps({"error": "so it is", "model": "m", "costUsd": 0.1})})
    cost = json.dumps({"message": "cost", "cost_usd": 0.1})
    variables = 'while [ "$1" ]; do [ "$1" = --env-vars ] && cat "$2" > "$0.variables"; shift; done'
    (folder / "sam").write_text(
        f"#!/bin/sh\necho \"$@\" > \"$0.arguments\"\n{variables}\necho '{answer}'\necho '{cost}' >&2\n"
    )
    (folder / "sam").chmod(0o755)
    yield f"{folder}:{os.environ['PATH']}"


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
    assert given == {"OPENROUTER_K2T_KEY": "sk-test", "MAX_CALLS": "2", "ENABLE_GUARD": "false"}
    assert "GenerateArtifactFunction" in (tmp_path / "sam.arguments").read_text()


def test_the_key_of_any_host_is_enough_for_real_hosts(engine: str, tmp_path: Path) -> None:
    """It is passed on by the name that the template has for it, and no stand-in is started."""
    with sam(tmp_path, 400) as path:
        done = invoke(EVENT, DOCKER_HOST=engine, PATH=path, OPENROUTER_K2T_KEY="", MOONSHOT_KEY="sk-test")

    assert (done.returncode, "model host:" in done.stdout) == (0, False)
    given = json.loads((tmp_path / "sam.variables").read_text())["Parameters"]
    assert given == {"MOONSHOT_KEY": "sk-test", "ENABLE_GUARD": "false"}


def test_a_container_finds_this_machine_at_the_engines_gateway(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    found = Engine({"DOCKER_HOST": engine})

    assert found.host_address() == ("10.9.0.1", "10.9.0.1")
    assert not found.has_image("public.ecr.aws/lambda/python:3.13-x86_64")
    found.close()
