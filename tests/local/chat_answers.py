"""Requests to the chat function, and its answers as a caller reads them: whole ones, and streams of chunks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
from httpx_sse import EventSource

from tests.local.emulator import Emulator

COMPLETIONS, KIMI, MODELS, ROUTE = "/v1/chat/completions", "/api/kimi", "/v1/models", "/v1/route"


@dataclass(frozen=True)
class ChatAnswer:
    """An answer of the chat function."""

    response: httpx.Response

    @property
    def request_id(self) -> str:
        return str(self.response.headers["x-request-id"])

    @property
    def is_stream(self) -> bool:
        return str(self.response.headers["content-type"]).startswith("text/event-stream")

    @property
    def succeeded(self) -> bool:
        """Whether it is what was asked for: of a stream, that it ended well."""
        return self.response.is_success and self.error is None

    @cached_property
    def body(self) -> dict[str, Any]:
        """What a whole answer holds, without the frame of `/api/kimi`."""
        body: dict[str, Any] = self.response.json()
        return body["data"] if "ok" in body else body

    @cached_property
    def events(self) -> list[str]:
        """The data of each event of a stream; no event has a name."""
        events = list(EventSource(self.response).iter_sse())
        assert {event.event for event in events} <= {"message"}
        return [event.data for event in events]

    @cached_property
    def chunks(self) -> list[dict[str, Any]]:
        """The events of a stream that are chunks of the completion."""
        return [event for event in self._objects if "error" not in event]

    @property
    def deltas(self) -> list[dict[str, Any]]:
        """The deltas of a stream."""
        return [choice["delta"] for chunk in self.chunks for choice in chunk["choices"] if choice["delta"]]

    @property
    def finish_reasons(self) -> list[str]:
        """The reasons why a stream ends."""
        choices = [choice for chunk in self.chunks for choice in chunk["choices"]]
        return [choice["finish_reason"] for choice in choices if choice["finish_reason"] is not None]

    @property
    def error(self) -> str | None:
        """The code of a failure."""
        if self.is_stream:
            errors = [event["error"]["code"] for event in self._objects if "error" in event]
            assert len(errors) <= 1
            return errors[0] if errors else None
        error = self.body.get("error")
        return error["code"] if isinstance(error, dict) else self.body.get("code")

    @property
    def usage(self) -> dict[str, Any] | None:
        """Tokens and cost; None where the answer has none."""
        if self.is_stream:
            return next((chunk["usage"] for chunk in self.chunks if "usage" in chunk), None)
        return self.body.get("usage")

    @property
    def text(self) -> str:
        """Reasoning and content as far as they came, one after the other."""
        if self.is_stream:
            parts = self.deltas
        elif "text" in self.body:
            return str(self.body["text"])
        else:
            parts = [self.body["choices"][0]["message"]]
        kinds = ("reasoning_content", "content")
        return "".join(part[kind] for kind in kinds for part in parts if part.get(kind))

    @property
    def _objects(self) -> list[dict[str, Any]]:
        return [json.loads(event) for event in self.events if event != "[DONE]"]


def chat(
    running: Emulator,
    body: Mapping[str, Any] | None = None,
    path: str = COMPLETIONS,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> ChatAnswer:
    """Ask the chat function."""
    sent = {} if body is None else {"json": body}
    answer = running.request(method, f"/chat-completions{path}", headers=dict(headers or {}), timeout=120, **sent)
    return ChatAnswer(answer)


def says(text: str, **fields: Any) -> dict[str, Any]:
    """The body of a request whose only message is this text."""
    return {"model": "moonshotai/kimi-k2-thinking", "messages": [{"role": "user", "content": text}], **fields}
