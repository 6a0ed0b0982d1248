"""The API key of a model host: from the environment locally, from its secret when deployed."""

import time
from contextlib import suppress
from typing import Any

from shared.bounded import bounded
from shared.deadline import Clock
from shared.errors import ServiceMisconfigured
from shared.model_host.errors import KeyMalformed, KeyUnreadable

_CONNECT_SECONDS, _READ_SECONDS, _ATTEMPTS = 2.0, 3.0, 2
_MAX_AGE_SECONDS = 600.0
"""How long a secret is used before it is read again; a rotated key is in use everywhere after this time."""
_MAX_READ_SECONDS = (_CONNECT_SECONDS + _READ_SECONDS) * _ATTEMPTS + 1
"""Maximum duration, including the pause before the second attempt."""


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
        self._cached = _fetch_secret(self._arn, self._setting, seconds)
        return self._cached


def _fetch_secret(arn: str, setting: str, seconds: float) -> str:
    # Lambda's own copies; imported here because that takes longer than all the rest (FACTS, section 5).
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.config import Config  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.exceptions import ClientError  # type: ignore[import-untyped] # noqa: PLC0415

    share = min(1.0, seconds / _MAX_READ_SECONDS)
    limits = Config(
        connect_timeout=_CONNECT_SECONDS * share,
        read_timeout=_READ_SECONDS * share,
        retries={"total_max_attempts": _ATTEMPTS},
    )

    def read() -> dict[str, Any]:
        answer: dict[str, Any] = boto3.client("secretsmanager", config=limits).get_secret_value(SecretId=arn)
        return answer

    try:
        answer = bounded(read, min(_MAX_READ_SECONDS, seconds))
    except ClientError as error:
        raise KeyUnreadable(setting, error.response["Error"]["Code"]) from None
    except Exception as error:  # noqa: BLE001 - the library may raise anything on an odd answer
        raise KeyUnreadable(setting, type(error).__name__) from None
    key = str(answer.get("SecretString") or "").strip()
    if not key:
        why = "it holds no text"
        raise KeyUnreadable(setting, why)
    return key
