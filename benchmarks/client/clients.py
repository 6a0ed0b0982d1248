"""The three clients behind one interface: a prompt in, the whole text of the answer out, or an exception.

Each is used as its own documentation shows it, with the same time-out in seconds and nothing else chosen. What the
loops around the other two do not check, such as whether a stream came to its end, their callers do not check either.
"""

import json
from collections.abc import Callable
from typing import Any, Protocol

import httpx

from shared import model_host
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.model_host import Question
from shared.run import Run
from shared.settings import Settings

_MODEL = "moonshotai/kimi-k2-thinking"
_KEY = "a key of no value"
_SYSTEM = "Answer with exactly one artifact."
_MAX_TOKENS = 32_000


class Client(Protocol):
    """Something that can be asked."""

    def ask(self, prompt: str) -> str:
        """The content of the answer; raises whatever the client raises."""

    def close(self) -> None:
        """Give up the connection."""


class Ours:
    """`shared.model_host` with its default settings; the seconds are the request's deadline."""

    def __init__(self, url: str, seconds: float) -> None:
        self._client = model_host.Client.of(
            Settings.model_validate({"openrouter_base_url": url, "openrouter_k2t_key": _KEY})
        )
        self._seconds = seconds

    def ask(self, prompt: str) -> str:
        """The content of the answer."""
        ledger = Ledger("benchmark", "request", lambda *_: None)
        run = Run("request", "benchmark", Deadline(self._seconds), ledger, lambda _: None)
        return self._client.complete(Question(_messages(prompt)), run).content

    def close(self) -> None:
        """Give up the connection."""
        self._client.close()


class OpenAISdk:
    """The `openai` package, streaming, with its default retries; the seconds are its `timeout`."""

    def __init__(self, url: str, seconds: float) -> None:
        from openai import OpenAI  # noqa: PLC0415 - half a second to import, and not there where the tests run

        self._client = OpenAI(base_url=url, api_key=_KEY, timeout=seconds)

    def ask(self, prompt: str) -> str:
        """The content of the answer."""
        stream = self._client.chat.completions.create(
            model=_MODEL,
            messages=_messages(prompt),
            max_tokens=_MAX_TOKENS,
            stream=True,
            stream_options={"include_usage": True},
        )
        return "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices or ())

    def close(self) -> None:
        """Give up the connection."""
        self._client.close()


class BareHttpx:
    """The least that reads a stream with httpx; the seconds are its time-out, and there is no retry."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url = f"{url}/chat/completions"
        self._client = httpx.Client(timeout=seconds, headers={"Authorization": f"Bearer {_KEY}"})

    def ask(self, prompt: str) -> str:
        """The content of the answer."""
        body = {"model": _MODEL, "messages": _messages(prompt), "max_tokens": _MAX_TOKENS, "stream": True}
        pieces: list[str] = []
        with self._client.stream("POST", self._url, json=body) as response:
            response.raise_for_status()
            for line in response.iter_lines():
                if line.startswith("data:") and (data := line[5:].strip()) != "[DONE]":
                    event: dict[str, Any] = json.loads(data)
                    pieces.extend(choice["delta"].get("content") or "" for choice in event.get("choices") or ())
        return "".join(pieces)

    def close(self) -> None:
        """Give up the connection."""
        self._client.close()


CLIENTS: dict[str, Callable[[str, float], Client]] = {"ours": Ours, "openai": OpenAISdk, "httpx": BareHttpx}
"""By the name that the report gives them; the arguments are the host's base URL and a time-out in seconds."""
BASELINE = "httpx"
"""The client whose time is what reading the stream costs anyone."""


def reference(url: str, prompt: str) -> str:
    """The content that the host means, asked for in one JSON body, which takes none of the clients to read."""
    body = {"model": _MODEL, "messages": _messages(prompt), "max_tokens": _MAX_TOKENS}
    headers = {"Authorization": f"Bearer {_KEY}"}
    answer = httpx.post(f"{url}/chat/completions", json=body, headers=headers).raise_for_status().json()
    content: str = answer["choices"][0]["message"]["content"]
    return content


def _messages(prompt: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": prompt}]
