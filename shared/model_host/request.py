"""What is sent to the host: the question, and what the settings and the catalog say about how to ask it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared import __version__, catalog
from shared.settings import Settings

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What the model is asked, and what the host may know of the request."""

    messages: Sequence[Message]
    session_id: str | None = None
    """Requests with the same one go to the same provider, which keeps its prompt cache warm."""
    extra_budget: int = 0
    """Output tokens that this one needs on top of `MAX_OUTPUT_TOKENS`."""

    @property
    def size(self) -> int:
        """How long the prompt is, in bytes of UTF-8: no tokenizer makes more tokens of it."""
        return sum(len(message["content"].encode("utf-8", "replace")) for message in self.messages)

    @property
    def private(self) -> list[str]:
        """The texts that must not be seen: all but the instructions, which are ours."""
        return [message["content"] for message in self.messages if message["role"] != "system"]


def headers_of(settings: Settings, key: str) -> dict[str, str]:
    """The headers of a call, with this key."""
    headers = {
        "Authorization": f"Bearer {key}",
        "Accept": "text/event-stream",
        "Accept-Encoding": "identity",  # a compressed stream is held back until a block of it is full
        "User-Agent": f"kimi-artifacts/{__version__}",
    }
    attribution = {"HTTP-Referer": settings.site_url, "X-Title": settings.site_name}
    return headers | {name: value for name, value in attribution.items() if value}


def body_of(settings: Settings, model: str, question: Question, budget: int) -> dict[str, Any]:
    """The body of a call to this model, with an output budget in tokens."""
    entry = catalog.lookup(model)
    body: dict[str, Any] = {
        "model": model,
        "messages": list(question.messages),
        "stream": True,
        # Without it the host reserves the model's own maximum, and answers 402 where the balance cannot pay that.
        "max_tokens": budget,
    }
    if entry and entry.temperature is not None:
        body["temperature"] = entry.temperature
    if question.session_id:
        body["session_id"] = question.session_id
    if routing := _routing(settings, model):
        body["provider"] = routing
    return body


def within(model: str, budget: int) -> int:
    """The output budget, cut to what the model can write."""
    entry = catalog.lookup(model)
    return min(budget, entry.max_output_tokens) if entry else budget


def _routing(settings: Settings, model: str) -> dict[str, Any]:
    """The host's routing preferences; left alone it picks the cheapest provider, for K2 also the least accurate.

    With the guard on there is always a ceiling: what is set aside for a call is worked out from it.
    """
    price = settings.provider_max_price or (catalog.ceiling(model) if settings.enable_guard else None)
    wishes: dict[str, Any] = {
        "sort": settings.provider_sort,
        "order": list(settings.provider_order),
        "ignore": list(settings.provider_ignore),
        "max_price": {"prompt": float(price[0]), "completion": float(price[1])} if price else None,
    }
    return {name: wish for name, wish in wishes.items() if wish}
