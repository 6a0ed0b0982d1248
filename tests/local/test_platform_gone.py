"""A platform that takes no more of an answer: the host is left, and the cost line tells of it."""

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.emulator.functions import read_functions
from local.emulator.settings import Settings
from tests.local.emulator import ROOT
from tests.local.streams import CALLED, ENDED
from tests.support.sockets import HEAD, read_json, read_message, send_chunk, serving


@dataclass
class Platform:
    """A Runtime API that hands one event over and closes the connection when some of the answer has come."""

    event: bytes
    abrupt: bool
    handed: bool = False
    closed_at: float = 0.0
    came: bytes = b""

    def answer(self, connection: socket.socket, _number: int) -> None:
        message = read_message(connection)
        if message.startswith(b"GET") and self.handed:
            connection.recv(1)  # no further event
        elif message.startswith(b"GET"):
            self.handed = True
            deadline = int(time.time() * 1000) + 60_000
            head = (
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: r-1\r\n"
                f"Lambda-Runtime-Deadline-Ms: {deadline}\r\nContent-Length: {len(self.event)}\r\n\r\n"
            )
            connection.sendall(head.encode() + self.event)
        else:
            self.came += message
            while b"event: status" not in self.came:
                self.came += connection.recv(65_536)
            if self.abrupt:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.closed_at = time.monotonic()


@dataclass
class EndlessHost:
    """A model host that sends one thing for ever, and notes when it is left."""

    piece: bytes
    calls: int = 0
    began_at: float = 0.0
    left_at: float = 0.0
    left: threading.Event = field(default_factory=threading.Event)

    def answer(self, connection: socket.socket, _number: int) -> None:
        while read_json(connection) is not None:
            self.calls += 1
            try:
                connection.sendall(HEAD)
                self.began_at = time.monotonic()
                while True:
                    send_chunk(connection, self.piece)
                    time.sleep(0.05)
            except OSError:
                self.left_at = time.monotonic()
                self.left.set()
                return


def delta(**fields: str) -> bytes:
    return b"data: %b\n\n" % json.dumps({"choices": [{"delta": fields}]}).encode()


HEARTBEAT_SECONDS = 5.0
"""Of what is sent while there is nothing to tell: only a write finds out that nobody is there."""
ENDLESS = {
    "reasoning": (delta(reasoning="Hm. "), HEARTBEAT_SECONDS),
    "comments": (b": OPENROUTER PROCESSING\n\n", HEARTBEAT_SECONDS),
    "content": (delta(content='<artifact type="text/html" title="A">\n<p>More</p>\n'), 0.0),
}


@pytest.mark.alone
def test_a_platform_that_takes_no_more_ends_the_call_to_the_host(tmp_path: Path) -> None:
    """Whatever the host goes on sending: nobody waits for it, and it would be paid for."""
    with ThreadPoolExecutor(len(ENDLESS)) as threads:
        for done in [threads.submit(check_given_up, each, tmp_path) for each in ENDLESS]:
            done.result()


def check_given_up(what: str, folder: Path) -> None:
    piece, silence = ENDLESS[what]
    event = json.loads((ROOT / "events/generate_artifact/200-html.json").read_text())
    event["headers"]["accept"] = "text/event-stream"
    platform = Platform(json.dumps(event).encode(), abrupt=what != "content")
    host = EndlessHost(piece)
    with serving(platform.answer) as runtime_api, serving(host.answer) as url:
        settings = Settings.load(folder, {"OPENROUTER_K2T_KEY": "sk-test", "OPENROUTER_BASE_URL": url})
        function = read_functions(ROOT / "template.yaml", settings.for_functions)[0]
        environment = {**function.environment, "AWS_LAMBDA_RUNTIME_API": runtime_api.removeprefix("http://")}
        with subprocess.Popen(
            [sys.executable, *function.runtime], cwd=function.code, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert host.left.wait(20)
                out, _ = process.communicate(timeout=5)
            finally:
                process.kill()

    written = [line for text in out.splitlines() if (line := json.loads(text))["message"] != "metrics"]
    assert b"text/event-stream" in platform.came
    assert host.calls == 1, "it is not tried again"
    assert 0 < host.left_at - max(host.began_at, platform.closed_at) < silence + 1.0
    assert process.returncode == 1, "a new process has to serve what follows"
    assert Counter(line["message"] for line in written) == {CALLED: 1, ENDED: 1, "cost": 1, "runtime_error": 1}
    (cost,) = [line for line in written if line["message"] == "cost"]
    assert (cost["outcome"], cost["status"], cost["request_id"]) == ("client_gone", 499, "r-1")
    assert (cost["attempts"], cost["cost_source"]) == (1, "unknown")
