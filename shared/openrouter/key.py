"""The key that calls to the model host are paid with: from the environment here, from its secret when deployed."""

from typing import Any

from shared.openrouter.errors import KeyMalformed, KeyMissing, KeyUnreadable
from shared.settings import Settings

_CONNECT_SECONDS, _READ_SECONDS, _ATTEMPTS = 2.0, 3.0, 2
_WORST_SECONDS = (_CONNECT_SECONDS + _READ_SECONDS) * _ATTEMPTS + 1
"""With the pause before the second attempt."""


class ApiKey:
    """The key, read at first use and kept for the life of the process."""

    def __init__(self, settings: Settings) -> None:
        self._arn = settings.openrouter_secret_arn
        given = settings.openrouter_k2t_key
        self._value = given.get_secret_value() if given else None

    def value(self, seconds: float) -> str:
        """The key itself, in at most so many seconds.

        Raises:
            KeyMissing: neither the key nor its secret is set.
            KeyUnreadable: the secret cannot be read, or holds no text.
            KeyMalformed: it is nothing that a header can hold.
        """
        if self._value is None:
            if self._arn is None:
                raise KeyMissing
            self._value = _secret(self._arn, seconds)
        if not (self._value.isascii() and self._value.isprintable()):
            self._value = None if self._arn else self._value  # the secret may be mended while the process lives
            raise KeyMalformed
        return self._value


def _secret(arn: str, seconds: float) -> str:
    # Lambda's own copies, imported here because importing them takes longer than all of the rest (FACTS, section 5).
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.config import Config  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped] # noqa: PLC0415

    share = min(1.0, seconds / _WORST_SECONDS)
    limits = Config(
        connect_timeout=_CONNECT_SECONDS * share,
        read_timeout=_READ_SECONDS * share,
        retries={"total_max_attempts": _ATTEMPTS},
    )
    try:
        answer: dict[str, Any] = boto3.client("secretsmanager", config=limits).get_secret_value(SecretId=arn)
    except ClientError as error:
        raise KeyUnreadable(error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise KeyUnreadable(type(error).__name__) from None
    key = str(answer.get("SecretString") or "").strip()
    if not key:
        why = "it holds no text"
        raise KeyUnreadable(why)
    return key
