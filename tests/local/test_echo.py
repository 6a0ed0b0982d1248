"""A host that says the prompt again where its names belong: none of it reaches a log line or an answer."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.local.bundle import generate, lines_of, running_bundle
from tests.local.test_outage import ARTIFACT
from tests.support.sockets import HEAD, read_json, send_chunk, serving

MODEL = "moonshotai/kimi-k2-thinking"
FIELDS = ("id", "model", "provider", "finish_reason", "header")
PROMPTS = [
    "Make a red button", "Tetris", "A list", "Ein roter Knopf für die Seite", "un-bouton-rouge", "Una calculadora",
    "一个红色按钮", "Кнопка", "زر أحمر", "ボタン", "sk-live-4f9aQzt81", "someone@example.com", "<b>Bold</b>",
    "const answer=42;", "SELECT * FROM users", "aGVsbG8gd29ybGQgdGhpcyBpcw", "🔴 button", "Line one\nLine two",
    "My password is correct-horse", '{"a": [1, 2]}', "https://example.com/a?b=c", "A very long story " * 200,
]  # fmt: skip
SHAPES: dict[str, Callable[[str], str]] = {
    "whole": lambda prompt: prompt,
    "start": lambda prompt: prompt[:30],
    "words": lambda prompt: " ".join(prompt.split()[:2]),
    "upper": str.upper,
    "dashes": lambda prompt: "-".join(prompt.split()),
    "behind-a-prefix": lambda prompt: f"gen-{prompt}",
}


@pytest.mark.parametrize("fields", [*([field] for field in FIELDS), list(FIELDS)], ids="+".join)
def test_an_echo_is_no_name(fields: list[str], tmp_path: Path) -> None:
    """In each field alone, the others being as they should, and in all of them."""
    shapes = SHAPES if len(fields) > 1 else {"whole": SHAPES["whole"]}
    good = {"id": "gen-123", "model": f"{MODEL}-20251106", "provider": "Chutes", "finish_reason": "stop"}
    shape = [SHAPES["whole"]]

    def answer(connection: socket.socket, _number: int) -> None:
        while (body := read_json(connection)) is not None:
            said = shape[0](body["messages"][-1]["content"])
            names = good | {field: said for field in fields if field in good}
            if "header" in fields and said.isascii() and "\n" not in said:
                connection.sendall(HEAD.replace(b"\r\n\r\n", f"\r\nX-Generation-Id: {said}\r\n\r\n".encode()))
            else:
                connection.sendall(HEAD)
            reason = names.pop("finish_reason")
            choice = {"delta": {"content": ARTIFACT}, "finish_reason": reason}
            event = names | {"choices": [choice], "usage": {"cost": 0.01}}
            send_chunk(connection, f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode())
            connection.sendall(b"0\r\n\r\n")

    with (
        serving(answer) as url,
        running_bundle(tmp_path, OPENROUTER_K2T_KEY="sk-test", OPENROUTER_BASE_URL=url) as running,
    ):
        for name, shape[0] in shapes.items():
            for prompt in PROMPTS:
                given = generate(running, prompt)
                assert given.status_code == 200, (name, prompt, given.text)
                started, attempt, cost = lines_of(running, given.json()["requestId"])
                expected = named(fields, good)
                found = {field: attempt[field] for field in ("provider", "generation_id", "finish_reason")}
                assert found | {"model": cost["model"]} == expected, (name, prompt)
                assert (cost["provider"], cost["generation_ids"], cost["finish_reason"]) == (
                    expected["provider"], [expected["generation_id"]] if expected["generation_id"] else [],
                    expected["finish_reason"],
                ), (name, prompt)  # fmt: skip
                assert (given.json()["model"], attempt["cost_nano_usd"]) == (expected["model"], 10_000_000)
                assert started["model"] == attempt["model"] == MODEL
        if len(fields) > 1:
            assert not [prompt for prompt in PROMPTS if prompt in running.stdout + running.stderr]


def named(fields: list[str], good: dict[str, str]) -> dict[str, Any]:
    """What the lines say, where the host echoes in these fields."""
    known = {field: None if field in fields else name for field, name in good.items()}
    return {
        "provider": known["provider"],
        "generation_id": known["id"],
        "finish_reason": known["finish_reason"],
        "model": known["model"] or MODEL,
    }
