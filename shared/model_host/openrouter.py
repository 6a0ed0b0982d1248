"""OpenRouter: the host, and its dialect: attribution, session and routing preferences."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from shared.catalog import Catalog, Prices
from shared.deadline import Clock
from shared.model_host.api_key import ApiKey
from shared.model_host.host import Host, Waits
from shared.model_host.request import Question, build_body, build_headers
from shared.settings import Settings


def openrouter(settings: Settings, clock: Clock = time.monotonic) -> Host:
    """Return the host of these settings."""
    return Host(
        name="openrouter",
        base_url=settings.openrouter_base_url,
        key=ApiKey.openrouter(settings, clock),
        waits=Waits(settings.first_token_seconds, settings.stall_seconds),
        dialect=OpenRouterDialect.of(settings),
    )


@dataclass(frozen=True, slots=True)
class OpenRouterDialect:
    """Builds requests to OpenRouter; its documentation (2026) explains each field."""

    attribution: Mapping[str, str]
    """Headers that name the site."""
    sort: str | None
    order: Sequence[str]
    ignore: Sequence[str]
    max_price: Prices | None
    limits_price: bool
    """Whether a maximum price is always sent, because the reserve of an attempt is computed from it."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the dialect of these settings."""
        names = {"HTTP-Referer": settings.site_url, "X-Title": settings.site_name}
        return cls(
            attribution={name: value for name, value in names.items() if value},
            sort=settings.provider_sort,
            order=settings.provider_order,
            ignore=settings.provider_ignore,
            max_price=settings.provider_max_price,
            limits_price=settings.enable_guard,
        )

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of an attempt with this key."""
        return build_headers(key) | dict(self.attribution)

    def body(self, catalog: Catalog, model: str, question: Question, max_tokens: int) -> dict[str, Any]:
        """Return the JSON body of an attempt with this model."""
        body = build_body(catalog, model, question, max_tokens)
        if question.session_id:
            body["session_id"] = question.session_id
        if routing := self._routing(catalog.ceiling(model)):
            body["provider"] = routing
        return body

    def _routing(self, ceiling: Prices) -> dict[str, Any]:
        """Return the routing preferences; by default it picks the cheapest provider, for K2 also the least accurate."""
        price = self.max_price or (ceiling if self.limits_price else None)
        preferences: dict[str, Any] = {
            "sort": self.sort,
            "order": list(self.order),
            "ignore": list(self.ignore),
            "max_price": {"prompt": float(price[0]), "completion": float(price[1])} if price else None,
        }
        return {name: preference for name, preference in preferences.items() if preference}
