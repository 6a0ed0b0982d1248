"""Moonshot's own API, and that of Kimi for Coding: OpenAI's dialect with a few fields of its own."""

from typing import Any

from shared.model_host.openai import OpenAiDialect
from shared.model_host.request import Message, ModelRequest


class MoonshotDialect(OpenAiDialect):
    """Builds requests to Moonshot; its documentation (2026) explains each field."""

    max_tokens_field = "max_completion_tokens"

    def body(self, request: ModelRequest) -> dict[str, Any]:
        """Return the JSON body of an attempt.

        A model that thinks answers 400 to an earlier call of a tool without the thoughts before it, and many clients do
        not keep them; a blank is enough, an empty text is not (reports of several projects to Moonshot's API, 2026).
        """
        body = super().body(request)
        if request.effort != "none":
            body["messages"] = [_with_thoughts(message) for message in body["messages"]]
        return body

    def thinking(self, effort: str) -> dict[str, Any]:
        """Return the fields that set how much a model thinks; `none` switches it off, where the model can."""
        return {"thinking": {"type": "disabled"}} if effort == "none" else super().thinking(effort)


def _with_thoughts(message: Message) -> Message:
    is_missing = message.get("tool_calls") and not message.get("reasoning_content")
    return {**message, "reasoning_content": " "} if is_missing else message
