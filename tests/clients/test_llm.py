"""`llm`, a command for terminals, as it is told of the chat function by its own configuration."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.clients.clients import CLIENTS, VENV
from tests.clients.driver import KEY, MODEL
from tests.clients.served import PRIVATE, Served, says, told

SYSTEM, PROMPT = (message["content"] for message in says("Say hello"))


@pytest.mark.parametrize("options", [[], ["--no-stream"]], ids=["streamed", "whole"])
def test_llm_prints_the_answer(streaming: Served, tmp_path: Path, options: list[str]) -> None:
    if missing := CLIENTS[0].is_missing:
        pytest.skip(missing)
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: kimi\n  model_name: {MODEL}\n  api_base: {streaming.url}\n  api_key_name: kimi\n"
    )
    command = [VENV / "bin" / "llm", "-m", "kimi", "--key", KEY, "--no-log", *options, "-s", SYSTEM, PROMPT]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LLM_USER_PATH": str(tmp_path)}
    run = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )

    assert run.stderr == ""
    assert run.stdout.strip() == told(streaming.host, "Say hello")["content"].strip()
    assert PRIVATE in PROMPT
