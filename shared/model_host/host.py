"""A model host: its address, API key, waits and dialect; and a model at a host."""

from typing import Any, NamedTuple, Protocol

from shared.catalog import Model, Prices
from shared.model_host.api_key import ApiKey
from shared.model_host.request import ModelRequest

OPENROUTER = "openrouter"
"""The host of all models whose names have no host's prefix."""


class Waits(NamedTuple):
    """How long to wait for a host, in seconds: for its first token, and for further progress."""

    first_token: float
    stall: float


class Dialect(Protocol):
    """Builds what differs between hosts in a request."""

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of an attempt with this key."""

    def max_price(self, listed: Prices) -> Prices:
        """Return the most that a provider may ask for a model of this list price."""

    def body(self, request: ModelRequest) -> dict[str, Any]:
        """Return the JSON body of an attempt."""


class Host(NamedTuple):
    """A model host that can be called."""

    name: str
    base_url: str
    """Without a trailing slash."""
    key: ApiKey
    key_settings: str
    """The settings of which one gives the key, for the operator."""
    url_setting: str
    """The setting that gives, or replaces, the address."""
    waits: Waits
    dialect: Dialect
    keeps_records: bool = False
    """Whether the cost of an attempt can be requested later, by its generation id."""
    least_output_tokens: int = 0
    """A smaller limit of output tokens gives empty answers, so none is sent."""

    @property
    def url(self) -> str:
        """URL that attempts are sent to."""
        return f"{self.base_url}/chat/completions"

    def qualified(self, model: str) -> str:
        """Return the name that settings, log lines and the catalog have for a model of this host."""
        return model if self.name == OPENROUTER else f"{self.name}/{model}"

    def waits_for(self, entry: Model | None) -> Waits:
        """Return how long to wait for a model of this host: the model's own waits, or else the host's."""
        if entry is None:
            return self.waits
        return Waits(entry.first_token_seconds or self.waits.first_token, entry.stall_seconds or self.waits.stall)


class HostedModel(NamedTuple):
    """A model at the host that it is asked at."""

    host: Host
    id: str
    """The host's own name for it."""

    @property
    def name(self) -> str:
        """The name that settings, log lines and the catalog have for it."""
        return self.host.qualified(self.id)
