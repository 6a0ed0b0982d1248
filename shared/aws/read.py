"""Reads that are made rarely, such as that of a secret: each with a client of its own, and once more if it fails."""

import random
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from shared.aws.client import AwsClient
from shared.aws.errors import ErrorAnswer, NoAnswer
from shared.aws.service import Service

_MAX_SECONDS = 11.0
_ATTEMPT_SHARE, _MAX_PAUSE_SHARE = 0.45, 0.1
"""How much of the time each of two attempts may take, and the pause between them."""


def read(service: Service, operation: str, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Make a call that changes nothing, within this many seconds.

    Region, endpoint and credentials come from the environment.

    Raises:
        AwsError: there is no answer, or it is an error.
    """
    seconds = min(_MAX_SECONDS, seconds)
    with closing(AwsClient.of(service)) as client:
        try:
            return client.call(operation, request, seconds * _ATTEMPT_SHARE)
        except NoAnswer:
            pass
        except ErrorAnswer as error:
            if not (error.is_throttled or error.is_server_error):
                raise
        time.sleep(random.uniform(0, seconds * _MAX_PAUSE_SHARE))  # noqa: S311 - no secret
        return client.call(operation, request, seconds * _ATTEMPT_SHARE)
