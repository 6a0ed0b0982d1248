"""Reads the text of a Secrets Manager secret, within bounded time."""

from shared.aws import SECRETS_MANAGER, AwsError, read


class SecretError(Exception):
    """A secret cannot be read, or holds no text; says why, for the operator, and nothing of what it holds."""


def read_secret(arn: str, seconds: float) -> str:
    """Return the text of a secret without surrounding blanks, within this many seconds.

    Raises:
        SecretError: it cannot be read, or holds no text.
    """
    try:
        answer = read(SECRETS_MANAGER, "GetSecretValue", {"SecretId": arn}, seconds)
    except AwsError as error:
        raise SecretError(str(error)) from None
    text = str(answer.get("SecretString") or "").strip()
    if not text:
        raise SecretError("it holds no text")
    return text
