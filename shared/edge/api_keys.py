"""API keys of the owner's making: which of them a caller sent, as far as their hashes tell."""

import hmac
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Self

from shared import key_hashes
from shared.deadline import Clock, Deadline
from shared.edge.errors import ApiKeysMalformed, AuthUnavailable
from shared.edge.key_cache import KeyCache
from shared.secrets_manager import SecretError, read_secret
from shared.settings import Settings

_REFRESH_SECONDS = 300.0
"""Hashes older than this are read again: for so long a key that was withdrawn may still work."""


class ApiKeys:
    """The names of keys, found by the keys themselves.

    Args:
        read: returns hashes by name, within some seconds.
    """

    def __init__(self, read: Callable[[float], Mapping[str, str]], clock: Clock = time.monotonic) -> None:
        self._cache = KeyCache(read, _REFRESH_SECONDS, clock)

    @classmethod
    def of(cls, settings: Settings, clock: Clock = time.monotonic) -> Self:
        """Return the keys of these settings; a secret is read with the first request."""
        if settings.api_keys:
            given = key_hashes.parse(settings.api_keys.get_secret_value())
            return cls(lambda _: given, clock)
        return cls(partial(_read, settings.api_keys_secret_arn or ""), clock)

    @property
    def problem(self) -> str | None:
        """What the operator has to correct although the keys that were known before still work."""
        failure = self._cache.failure
        return failure.problem if isinstance(failure, ApiKeysMalformed | AuthUnavailable) else None

    def name_of(self, key: str, deadline: Deadline) -> str | None:
        """Return the name of this key; None if it is not known.

        Raises:
            AuthUnavailable: it is not known, and the secret cannot be read now.
            ApiKeysMalformed: it is not known, and the secret does not hold what it should.
        """
        return self._cache.find(partial(_match, key_hashes.hash_key(key)), deadline)


def _match(sent: str, hashes: Mapping[str, str]) -> str | None:
    """Return the name of a hash; compares with all in constant time, so that the time taken tells nothing of them."""
    found = None
    for name, known in hashes.items():
        if hmac.compare_digest(sent, known):
            found = name
    return found


def _read(arn: str, seconds: float) -> Mapping[str, str]:
    try:
        return key_hashes.parse(read_secret(arn, seconds))
    except SecretError as error:
        msg = f"the secret named by API_KEYS_SECRET_ARN cannot be read: {error}"
        raise AuthUnavailable(msg) from None
    except key_hashes.KeyHashesError as error:
        raise ApiKeysMalformed(str(error)) from None
