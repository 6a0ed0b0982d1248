"""OpenRouter's dialect: attribution, session and routing preferences."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from shared.catalog import Prices
from shared.model_host.request import ModelRequest, build_body, build_headers
from shared.settings import Settings


class OpenRouterDialect(NamedTuple):
    """Builds requests to OpenRouter; its documentation (2026) explains each field."""

    attribution: tuple[tuple[str, str], ...]
    """Headers that name the site; no mapping, so that a model at this host can be a key of one."""
    sort: str | None
    order: Sequence[str]
    ignore: Sequence[str]
    price_limit: Prices | None
    sends_price: bool
    """Whether a maximum price is always sent, because the reserve of an attempt is computed from it."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the dialect of these settings."""
        names = {"HTTP-Referer": settings.site_url, "X-Title": settings.site_name}
        return cls(
            attribution=tuple((name, value) for name, value in names.items() if value),
            sort=settings.provider_sort,
            order=settings.provider_order,
            ignore=settings.provider_ignore,
            price_limit=settings.provider_max_price,
            sends_price=settings.enable_guard,
        )

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of an attempt with this key."""
        return build_headers(key) | dict(self.attribution)

    def max_price(self, listed: Prices) -> Prices:
        """Return the most that a provider may ask: the price of the settings, or else the list price."""
        return self.price_limit or listed

    def body(self, request: ModelRequest) -> dict[str, Any]:
        """Return the JSON body of an attempt."""
        body = build_body(request, "max_tokens")
        if request.effort:
            body["reasoning"] = {"enabled": False} if request.effort == "none" else {"effort": request.effort}
        if request.question.session_id:
            body["session_id"] = request.question.session_id
        if routing := self._routing(request.max_price):
            body["provider"] = routing
        return body

    def _routing(self, price: Prices) -> dict[str, Any]:
        """Return the routing preferences; by default it picks the cheapest provider, for K2 also the least accurate."""
        limits_price = self.sends_price or self.price_limit
        preferences: dict[str, Any] = {
            "sort": self.sort,
            "order": list(self.order),
            "ignore": list(self.ignore),
            "max_price": {"prompt": float(price[0]), "completion": float(price[1])} if limits_price else None,
        }
        return {name: preference for name, preference in preferences.items() if preference}
