"""The dialect of any OpenAI-compatible host."""

from typing import Any

from shared.catalog import Prices
from shared.model_host.request import ModelRequest, build_body, build_headers


class OpenAiDialect:
    """Builds requests as OpenAI's API reference (2026) has them, with the fields that compatible hosts know."""

    max_tokens_field = "max_tokens"
    """What most hosts know; a model's own field in the catalog outranks it."""

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of an attempt with this key."""
        return build_headers(key)

    def max_price(self, listed: Prices) -> Prices:
        """Return the list price: the host serves its models itself."""
        return listed

    def body(self, request: ModelRequest) -> dict[str, Any]:
        """Return the JSON body of an attempt."""
        entry = request.entry
        body = build_body(request, (entry and entry.max_tokens_field) or self.max_tokens_field)
        body["stream_options"] = {"include_usage": True}  # without it, a stream says nothing of its tokens
        if request.effort:
            body |= self.thinking(request.effort)
        return body

    def thinking(self, effort: str) -> dict[str, Any]:
        """Return the fields that set how much a model thinks."""
        return {"reasoning_effort": effort}
