"""A model host: its address, API key, waits, and dialect."""

from dataclasses import dataclass
from typing import Any, Protocol

from shared.catalog import Catalog
from shared.model_host.api_key import ApiKey
from shared.model_host.request import Question


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait for a host, in seconds: for its first token, and for further progress."""

    first_token: float
    stall: float


class Dialect(Protocol):
    """Builds what differs between hosts in a request."""

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of an attempt with this key."""

    def body(self, catalog: Catalog, model: str, question: Question, max_tokens: int) -> dict[str, Any]:
        """Return the JSON body of an attempt with this model."""


@dataclass(frozen=True, slots=True)
class Host:
    """A model host that can be called."""

    name: str
    base_url: str
    """Without a trailing slash."""
    key: ApiKey
    waits: Waits
    dialect: Dialect

    @property
    def url(self) -> str:
        """URL that attempts are sent to."""
        return f"{self.base_url}/chat/completions"
