"""Recorded answers over a socket, through a running function: what each host is sent, and what the log says of it."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from shared import __version__
from tests.local.bundle import generate, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.host_cases import CASES, Case, body_of, cost_of, headers_of, host_of, parametrized
from tests.support.sockets import read_message, send_chunk, serving

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

MODELS = {"moonshot": "kimi-k3", "custom": "some/model"}
URLS = {"moonshot": "MOONSHOT_BASE_URL", "custom": "CUSTOM_HOST_URL"}
KEYS = {"moonshot": "MOONSHOT_KEY", "custom": "CUSTOM_HOST_KEY"}
BODIES: dict[str, dict[str, Any]] = {
    "moonshot": {"max_completion_tokens": 32_000, "reasoning_effort": "high"},
    "custom": {"max_tokens": 32_000},
}
"""What is sent beside the messages and what is the same everywhere."""
OUTCOMES = {
    "rate_limited": (429, "upstream_rate_limited"),
    "auth": (503, "service_misconfigured"),
    "quota_exhausted": (503, "service_misconfigured"),
    "insufficient_credits": (503, "service_misconfigured"),
    "model_not_found": (502, "upstream_error"),
    "invalid_request": (502, "upstream_error"),
    "stream_error": (502, "upstream_error"),
    "upstream_error": (502, "upstream_error"),
}
"""Status and code that the caller is told, by the source's name of an error."""
CASES_BY_SOCKET = [case for case in CASES if host_of(case) in MODELS and case["kind"] in {"sse", "json", "error"}]


@dataclass
class Player:
    """A server that answers with a recording, and notes what it was asked."""

    case: Case = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, connection: socket.socket, _number: int) -> None:
        while message := read_message(connection):
            head, _, body = message.partition(b"\r\n\r\n")
            self.heads.append(head.decode())
            self.bodies.append(json.loads(body))
            self._play(connection)

    def _play(self, connection: socket.socket) -> None:
        recorded = headers_of(self.case) | {"transfer-encoding": "chunked"}
        lines = [f"HTTP/1.1 {self.case['http_status']} X", *(f"{name}: {value}" for name, value in recorded.items())]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        body = body_of(self.case)
        for start in range(0, len(body), 1000):
            send_chunk(connection, body[start : start + 1000])
        send_chunk(connection, b"")


@dataclass(frozen=True)
class Playing:
    """A running bundle whose one host plays recordings."""

    host: str
    player: Player
    bundle: Emulator


@contextmanager
def playing(host: str, folder: Any) -> Iterator[Playing]:
    player = Player()
    with serving(player) as url:
        settings = {KEYS[host]: f"sk-of-{host}", URLS[host]: f"{url}/some/v1", "MODELS": f"{host}/{MODELS[host]}"}
        with running_bundle(folder, **settings, MAX_CALLS="1", LOCAL_CONCURRENCY="1") as running:
            yield Playing(host, player, running)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Playing]]:
    with (
        playing("moonshot", tmp_path_factory.mktemp("moonshot")) as moonshot,
        playing("custom", tmp_path_factory.mktemp("custom")) as custom,
    ):
        yield {"moonshot": moonshot, "custom": custom}


def check_request(playing: Playing, head: str, body: dict[str, Any]) -> None:
    """The host got its own key at its own path, an honest name, and its own dialect with nothing else in it."""
    lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    assert lines[0] == "POST /some/v1/chat/completions HTTP/1.1"
    assert headers["authorization"] == f"Bearer sk-of-{playing.host}"
    assert headers["user-agent"] == f"kimi-artifacts/{__version__}"
    assert not {"http-referer", "x-title", "cookie"} & headers.keys()
    assert [message["role"] for message in body.pop("messages")] == ["system", "user"]
    everywhere = {"model": MODELS[playing.host], "stream": True, "stream_options": {"include_usage": True}}
    assert body == everywhere | BODIES[playing.host]


def expected_line(case: Case) -> dict[str, Any]:
    expect = case["expect"]
    usage, (usd, source), host = expect["usage"] or {}, cost_of(case), host_of(case)
    return {
        "host": host,
        "model": f"{host}/{MODELS[host]}",
        "status": case["http_status"],
        "outcome": OUTCOMES[expect["error_class"]][1] if expect["error_class"] else "ok",
        "input_tokens": usage.get("prompt_tokens"),
        "output_tokens": usage.get("completion_tokens"),
        "reasoning_tokens": usage.get("reasoning_tokens"),
        "cached_tokens": usage.get("cached_tokens"),
        "cost_nano_usd": None if usd is None else int(usd * Decimal(10**9)),
        "cost_source": source,
        "generation_id": expect["id"] if case["http_status"] == 200 else None,
        "finish_reason": expect["finish_reason"],
    }


@pytest.mark.parametrize("case", parametrized(CASES_BY_SOCKET))
def test_a_running_function_reads_and_books_the_recording(bundles: Mapping[str, Playing], case: Case) -> None:
    playing, expect = bundles[host_of(case)], case["expect"]
    player = playing.player
    player.case, before = case, len(player.heads)

    answer = generate(playing.bundle, "A list of what is left to do")

    written = lines_of(playing.bundle, answer.json()["requestId"])
    (line,) = [each for each in written if each["message"] == "attempt"]
    (cost,) = [each for each in written if each["message"] == "cost"]
    assert len(player.heads) == before + 1
    check_request(playing, player.heads[-1], player.bodies[-1])
    expected = expected_line(case)
    assert {name: line[name] for name in expected} == expected
    assert (cost["cost_nano_usd"], cost["cost_source"]) == (expected["cost_nano_usd"], expected["cost_source"])
    told = (answer.status_code, answer.json()["code"])
    if expect["error_class"]:
        assert told == OUTCOMES[expect["error_class"]]
    else:
        assert told[1].startswith("artifact_")  # the recorded texts are no artifacts
    to_act = [each["problem"] for each in written if each["message"] == "operator_must_act"]
    assert [problem.partition(" ")[0] for problem in to_act] == [playing.host] * (told[0] == 503)
