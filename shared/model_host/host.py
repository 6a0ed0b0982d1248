"""A model host: where it is, with which key it is called, how long it is waited for, and what is its own to be sent."""

from dataclasses import dataclass
from typing import Any, Protocol

from shared.model_host.api_key import ApiKey
from shared.model_host.request import Question


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a host may be silent, in seconds: before its first token, and after that."""

    first_token: float
    stall: float


class Dialect(Protocol):
    """What differs between hosts in what they are sent."""

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of an attempt with this key."""

    def body(self, model: str, question: Question, max_tokens: int) -> dict[str, Any]:
        """Return the body of an attempt with this model."""


@dataclass(frozen=True, slots=True)
class Host:
    """A model host that can be called."""

    name: str
    base_url: str
    """Without a slash at its end."""
    key: ApiKey
    waits: Waits
    dialect: Dialect

    @property
    def url(self) -> str:
        """Where attempts are sent."""
        return f"{self.base_url}/chat/completions"
