"""System prompts by name, through the running function to what the model host is sent."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.chat.system_prompts import render
from tests.local.bundle import lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.sockets import HEAD, read_json, send_chunk, serving

MODEL = "moonshotai/kimi-k2-thinking"
SENT: list[dict[str, Any]] = []
"""What the host was sent, the last call last."""


def answer(connection: socket.socket, _number: int) -> None:
    """Say one word to each call."""
    while (body := read_json(connection)) is not None:
        SENT.append(body)
        choice = {"delta": {"content": "Salve"}, "finish_reason": "stop"}
        event = {"id": "gen-1", "model": MODEL, "choices": [choice], "usage": {"cost": 0.01}}
        connection.sendall(HEAD)
        send_chunk(connection, f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode())
        connection.sendall(b"0\r\n\r\n")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("system-prompts")
    with (
        serving(answer) as url,
        running_bundle(folder, OPENROUTER_K2T_KEY="sk-test", OPENROUTER_BASE_URL=url, ENABLE_GUARD="false") as running,
    ):
        yield running


def ask(running: Emulator, **sent: object) -> httpx.Response:
    return running.request("POST", "/chat-completions/api/kimi", json={"prompt": "Hello", **sent})


@pytest.mark.parametrize("language", ["Latin", "{{TARGET_LANGUAGE}} {{OTHER}}", r"\1 {0} %s", "naïve 言語"])
def test_the_host_is_sent_the_template_with_the_variables_in_it(bundle: Emulator, language: str) -> None:
    variables = {"TARGET_LANGUAGE": language}

    got = ask(bundle, template="translate", variables=variables)

    assert (got.status_code, got.json()["ok"]) == (200, True)
    assert SENT[-1]["messages"] == [
        {"role": "system", "content": render("translate", variables)},
        {"role": "user", "content": "Hello"},
    ]
    assert f": {language}.\n" in SENT[-1]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"template": "poem"}, "template"),
        ({"template": "translate"}, "variables.TARGET_LANGUAGE"),
        ({"template": "translate", "variables": {"TARGET_LANGUAGE": 3}}, "variables.TARGET_LANGUAGE"),
        ({"template": "translate", "variables": {"TARGET_LANGUAGE": "Latin", "TONE": "dry"}}, "variables.TONE"),
    ],
)
def test_what_cannot_be_filled_in_is_400(bundle: Emulator, sent: dict[str, Any], field: str) -> None:
    """And no host is called for it."""
    calls = len(SENT)

    got = ask(bundle, **sent)

    assert (got.status_code, got.json()["data"]["field"]) == (400, field)
    assert f"`{field}`" in got.json()["data"]["error"]
    line = lines_of(bundle, got.headers["x-request-id"])[-1]
    assert (line["outcome"], line["attempts"], len(SENT)) == ("invalid_request", 0, calls)
