"""Moonshot's own API, and that of Kimi for Coding: OpenAI's dialect with a few fields of its own."""

from typing import Any

from shared.model_host.openai import OpenAiDialect


class MoonshotDialect(OpenAiDialect):
    """Builds requests to Moonshot; its documentation (2026) explains each field."""

    max_tokens_field = "max_completion_tokens"

    def thinking(self, effort: str) -> dict[str, Any]:
        """Return the fields that set how much a model thinks; `none` switches it off, where the model can."""
        return {"thinking": {"type": "disabled"}} if effort == "none" else super().thinking(effort)
