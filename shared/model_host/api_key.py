"""The API key of a model host: from the environment locally, from its secret when deployed."""

import time
from contextlib import suppress

from shared.deadline import Clock
from shared.errors import ServiceMisconfigured
from shared.model_host.errors import KeyMalformed, KeyUnreadable
from shared.secrets_manager import SecretError, read_secret

_MAX_AGE_SECONDS = 600.0
"""How long a secret is used before it is read again; a rotated key is in use everywhere after this time."""


class ApiKey:
    """An API key: given, or read from its secret at first use and again when it is old.

    Args:
        given: the key itself; it outranks the secret.
        secret_arn: the secret that holds it.
        setting: the setting that names the secret, for the operator.
    """

    def __init__(self, given: str | None, secret_arn: str | None, setting: str, clock: Clock = time.monotonic) -> None:
        self._given = given
        self._arn = "" if given else secret_arn or ""
        self._setting = setting
        self._clock = clock
        self._cached: str | None = None
        self._read_at = 0.0

    def value(self, seconds: float) -> str:
        """Return the key, reading the secret within this many seconds if it is due.

        Raises:
            KeyUnreadable: the secret cannot be read or holds no text, and there is no key from an earlier reading.
            KeyMalformed: the key cannot be sent in a header.
        """
        key = self._given or self._from_secret(seconds)
        if not (key.isascii() and key.isprintable()):
            self._cached = None  # the secret may be corrected while the process lives
            raise KeyMalformed
        return key

    def renew(self, rejected: str, seconds: float) -> bool:
        """Read the secret again because the host rejected this key; return whether it now holds another key."""
        if not self._arn:
            return False
        try:
            return self._read_secret(seconds) != rejected
        except ServiceMisconfigured:
            return False

    def _from_secret(self, seconds: float) -> str:
        if self._cached is None:
            return self._read_secret(seconds)
        if self._clock() - self._read_at > _MAX_AGE_SECONDS:
            with suppress(ServiceMisconfigured):  # the old key may still work; if not, the host rejects it
                return self._read_secret(seconds)
        return self._cached

    def _read_secret(self, seconds: float) -> str:
        self._read_at = self._clock()
        try:
            self._cached = read_secret(self._arn, seconds)
        except SecretError as error:
            raise KeyUnreadable(self._setting, str(error)) from None
        return self._cached
