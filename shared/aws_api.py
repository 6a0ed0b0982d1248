"""Calls of AWS's own APIs, with a limit on their total time; each with a client of its own, for what is read rarely."""

from typing import Any

from shared.bounded import bounded

_CONNECT_SECONDS, _READ_SECONDS, _ATTEMPTS = 2.0, 3.0, 2
_MAX_SECONDS = (_CONNECT_SECONDS + _READ_SECONDS) * _ATTEMPTS + 1
"""Maximum duration, including the pause before the second attempt."""


class AwsCallError(Exception):
    """A call failed; the text is AWS's code for the reason, or the name of the library's error."""


def call(service: str, operation: str, arguments: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Make one call within this many seconds; region, endpoint and credentials come from the environment.

    Args:
        service: its name in boto3, such as `ssm`.
        operation: a method of that service's client.
        arguments: what the method takes.
        seconds: all time-outs are shortened to fit into them.

    Raises:
        AwsCallError: there is no answer, or it is an error.
    """
    # Lambda's own copies; imported here because that takes longer than all the rest (FACTS, section 5).
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.config import Config  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.exceptions import ClientError  # type: ignore[import-untyped] # noqa: PLC0415

    share = min(1.0, seconds / _MAX_SECONDS)
    limits = Config(
        connect_timeout=_CONNECT_SECONDS * share,
        read_timeout=_READ_SECONDS * share,
        retries={"total_max_attempts": _ATTEMPTS},
    )

    def answer() -> dict[str, Any]:
        made: dict[str, Any] = getattr(boto3.client(service, config=limits), operation)(**arguments)
        return made

    try:
        return bounded(answer, min(_MAX_SECONDS, seconds))
    except ClientError as error:
        raise AwsCallError(error.response["Error"]["Code"]) from None
    except Exception as error:  # noqa: BLE001 - the library may raise anything on an odd answer
        raise AwsCallError(type(error).__name__) from None
