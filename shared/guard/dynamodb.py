"""Calls to DynamoDB: bounded in time, tried again where that cannot count twice, and every error one of ours."""

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
"""Seconds before a call that was throttled is made again; what is throttled has taken no effect."""
_IDLE_SECONDS = 30.0
"""A connection that was left alone for longer may be gone, and what is sent on it lost: a process sleeps when idle."""
_THROTTLED = {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "Throttling", "ThrottlingException"}

Item = dict[str, dict[str, Any]]
"""An item as the table's wire has it: each attribute with its type."""


class ConditionFailed(Exception):  # noqa: N818 - an answer as much as an error
    """The write's condition does not hold; `item` is what is there, where that was asked for."""

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__()


class Throttled(StoreUnavailable):
    """The table would not take the call now: it took no effect."""


class AnswerLost(StoreUnavailable):
    """No answer came: the call may have taken effect, or may still."""


def dynamodb() -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
    """A client of DynamoDB, as the environment says where and as whom."""
    # Imported here because that takes longer than all of the rest (FACTS, section 5).
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415
    from botocore.config import Config  # type: ignore[import-untyped] # noqa: PLC0415

    retries = {"mode": "standard", "total_max_attempts": 1}
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries=retries)
    return boto3.client("dynamodb", config=config)


class Store:
    """DynamoDB, with a client that is made at first use."""

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
        """Make one call, in at most so many seconds.

        `repeatable` says that the call may be made again after its answer was lost, which happens once.

        Raises:
            ConditionFailed: the condition does not hold.
            StoreUnavailable, StoreRefused: as their names say.
            DeadlineExceeded: there is no time.
        """
        client = self._fresh()
        ends_at = self._clock() + seconds
        pauses, lost = list(_PAUSES), 0
        while True:
            try:
                return self._once(partial(getattr(client, operation), **request), ends_at - self._clock())
            except Throttled:
                if not pauses or ends_at - self._clock() < pauses[0]:
                    raise
                pause = pauses.pop(0)
                self._sleep(self._jitter(pause / 2, pause))
            except AnswerLost:
                lost += 1
                if not repeatable or lost > 1 or ends_at <= self._clock():
                    raise

    def _once(self, call: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped] # noqa: PLC0415
        from botocore.parsers import ResponseParserError  # type: ignore[import-untyped] # noqa: PLC0415

        if seconds <= 0:
            raise DeadlineExceeded
        try:
            return bounded(call, min(self._call_seconds, seconds))
        except (TimeoutError, ResponseParserError):
            raise AnswerLost from None
        except ClientError as error:
            _refused(error.response)
        except BotoCoreError as error:
            _failed(error)
        except Exception:  # noqa: BLE001 - an answer that the library chokes on raises anything; the write may be made
            raise AnswerLost from None

    def _fresh(self) -> Any:  # noqa: ANN401 - boto3's
        """The client, without connections that were left alone for long."""
        with self._lock:
            now = self._clock()
            if self._client is None:
                self._client = self._connected()
            elif now - self._used_at > _IDLE_SECONDS:
                self._client.close()
            self._used_at = now
            return self._client

    def _connected(self) -> Any:  # noqa: ANN401 - boto3's
        try:
            return self._connect()
        except ValueError as error:  # an endpoint that is no URL
            raise StoreRefused(type(error).__name__) from None
        except _library_error() as error:
            _failed(error)


def _library_error() -> type[Exception]:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    found: type[Exception] = BotoCoreError
    return found


def _refused(response: dict[str, Any]) -> NoReturn:
    """Raise what an error that DynamoDB answered means."""
    code: str = response.get("Error", {}).get("Code", "")
    if code == "ConditionalCheckFailedException":
        raise ConditionFailed(response.get("Item") or {}) from None
    if code in _THROTTLED:
        raise Throttled from None
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500:  # noqa: PLR2004 - a server's error
        raise AnswerLost from None
    raise StoreRefused(code) from None


def _failed(error: Exception) -> NoReturn:
    """Raise what an error of the AWS library itself means: no connection, or no region or credentials to use one."""
    from botocore.exceptions import ConnectionError as NoConnection  # noqa: PLC0415
    from botocore.exceptions import HTTPClientError  # noqa: PLC0415

    if isinstance(error, NoConnection | HTTPClientError):
        raise AnswerLost from None
    raise StoreRefused(type(error).__name__) from None
