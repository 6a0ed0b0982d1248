"""Calls DynamoDB with a time limit, retries where that cannot count twice, and raises errors of this bundle only."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from shared.bounded import bounded
from shared.deadline import Clock
from shared.errors import DeadlineExceeded
from shared.guard.errors import StoreRefused, StoreUnavailable

_CONNECT_SECONDS, _READ_SECONDS, _CALL_SECONDS = 1.0, 1.5, 2.0
_PAUSES = (0.05, 0.1, 0.2)
"""Seconds before a throttled call is made again; a throttled call has had no effect."""
_IDLE_SECONDS = 30.0
"""A connection idle for longer may be dead, and lose what is sent on it: Lambda freezes a process between requests."""
_THROTTLED = {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "Throttling", "ThrottlingException"}

Item = dict[str, dict[str, Any]]
"""An item in DynamoDB's JSON: each attribute with its type."""


class ConditionFailed(Exception):  # noqa: N818 - an answer as well as an error
    """The write's condition does not hold; `item` is the stored item, if it was requested."""

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__()


class Throttled(StoreUnavailable):
    """The table throttled the call, which had no effect."""


class AnswerLost(StoreUnavailable):
    """No answer came: the call may have had its effect, or may still have it."""


def dynamodb() -> Any:  # noqa: ANN401 - boto3 makes the classes of its clients at run time
    """Return a client of DynamoDB; region, endpoint and credentials come from the environment."""
    # Imported here because it takes longer than all the rest (FACTS, section 5).
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.config import Config  # type: ignore[import-untyped] # noqa: PLC0415

    retries = {"mode": "standard", "total_max_attempts": 1}
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries=retries)
    return boto3.client("dynamodb", config=config)


class Store:
    """DynamoDB, with a client that is created at first use."""

    def __init__(
        self,
        connect: Callable[[], Any] = dynamodb,
        *,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
        call_seconds: float = _CALL_SECONDS,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._call_seconds = call_seconds
        self._lock = threading.Lock()
        self._client: Any = None
        self._used_at = 0.0

    def call(self, operation: str, request: dict[str, Any], seconds: float, *, repeatable: bool) -> dict[str, Any]:
        """Make one call, within this many seconds.

        A `repeatable` call is made once more if its answer is lost.

        Raises:
            ConditionFailed: the condition does not hold.
            StoreUnavailable: the table throttles the call, or its answer is lost.
            StoreRefused: the table does not exist, or may not be used.
            DeadlineExceeded: no time is left.
        """
        client = self._live_client()
        ends_at = self._clock() + seconds
        pauses, lost = list(_PAUSES), 0
        while True:
            try:
                return self._call_once(partial(getattr(client, operation), **request), ends_at - self._clock())
            except Throttled:
                if not pauses or ends_at - self._clock() < pauses[0]:
                    raise
                pause = pauses.pop(0)
                self._sleep(self._jitter(pause / 2, pause))
            except AnswerLost:
                lost += 1
                if not repeatable or lost > 1 or ends_at <= self._clock():
                    raise

    def _call_once(self, call: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped] # noqa: PLC0415
        from botocore.parsers import ResponseParserError  # type: ignore[import-untyped] # noqa: PLC0415

        if seconds <= 0:
            raise DeadlineExceeded
        try:
            return bounded(call, min(self._call_seconds, seconds))
        except (TimeoutError, ResponseParserError):
            raise AnswerLost from None
        except ClientError as error:
            _raise_for_response(error.response)
        except BotoCoreError as error:
            _raise_for_library_error(error)
        except Exception:  # noqa: BLE001 - botocore raises anything on an odd answer; the write may be made
            raise AnswerLost from None

    def _live_client(self) -> Any:  # noqa: ANN401 - boto3's
        """Return the client, without connections that were idle for long."""
        with self._lock:
            now = self._clock()
            if self._client is None:
                self._client = self._connected_client()
            elif now - self._used_at > _IDLE_SECONDS:
                self._client.close()
            self._used_at = now
            return self._client

    def _connected_client(self) -> Any:  # noqa: ANN401 - boto3's
        try:
            return self._connect()
        except ValueError as error:  # an endpoint that is no URL
            raise StoreRefused(type(error).__name__) from None
        except _library_error() as error:
            _raise_for_library_error(error)


def _library_error() -> type[Exception]:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    found: type[Exception] = BotoCoreError
    return found


def _raise_for_response(response: dict[str, Any]) -> NoReturn:
    """Raise the error that stands for an error response of DynamoDB."""
    code: str = response.get("Error", {}).get("Code", "")
    if code == "ConditionalCheckFailedException":
        raise ConditionFailed(response.get("Item") or {}) from None
    if code in _THROTTLED:
        raise Throttled from None
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500:  # noqa: PLR2004 - a server's error
        raise AnswerLost from None
    raise StoreRefused(code) from None


def _raise_for_library_error(error: Exception) -> NoReturn:
    """Raise the error that stands for one of the AWS library: no connection, or no region or credentials."""
    from botocore.exceptions import ConnectionError as NoConnection  # noqa: PLC0415
    from botocore.exceptions import HTTPClientError  # noqa: PLC0415

    if isinstance(error, NoConnection | HTTPClientError):
        raise AnswerLost from None
    raise StoreRefused(type(error).__name__) from None
