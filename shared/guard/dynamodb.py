"""Calls DynamoDB with a time limit, retries where that cannot count twice, and raises errors of this bundle only."""

import random
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from shared.aws import DYNAMODB, Api, AwsClient, ErrorAnswer, NoAnswer, NotConfigured
from shared.deadline import Clock
from shared.errors import DeadlineExceeded
from shared.guard.errors import StoreRefused, StoreUnavailable

_CALL_SECONDS = 2.0
_PAUSES = (0.05, 0.1, 0.2)
"""Seconds before a throttled call is made again; a throttled call has had no effect."""
_CONFLICT = "TransactionConflictException"
"""`make reconcile` changes counters in transactions: a write that meets one has no effect, as if it were throttled."""

Item = dict[str, dict[str, Any]]
"""An item in DynamoDB's JSON: each attribute with its type. Bytes are text in Base64."""


class ConditionFailed(Exception):  # noqa: N818 - an answer as well as an error
    """The write's condition does not hold; `item` is the stored item, if it was requested."""

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__()


class Throttled(StoreUnavailable):
    """The table had no capacity for the call, or the item was in a transaction; the call had no effect."""


class AnswerLost(StoreUnavailable):
    """No answer came: the call may have had its effect, or may still have it."""


def dynamodb() -> AwsClient:
    """Return a client of DynamoDB; region, endpoint and credentials come from the environment."""
    return AwsClient.of(DYNAMODB)


class Store:
    """DynamoDB, with a client that is created at first use."""

    def __init__(
        self,
        connect: Callable[[], Api] = dynamodb,
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
        self._lock = Lock()
        self._client: Api | None = None

    def call(self, operation: str, request: dict[str, Any], seconds: float, *, repeatable: bool) -> dict[str, Any]:
        """Make one call, within this many seconds.

        A `repeatable` call is made once more if its answer is lost.

        Raises:
            ConditionFailed: the condition does not hold.
            StoreUnavailable: the table throttles the call, or its answer is lost.
            StoreRefused: the table does not exist, or may not be used.
            DeadlineExceeded: no time is left.
        """
        client = self._connected()
        ends_at = self._clock() + seconds
        pauses, lost = list(_PAUSES), 0
        while True:
            try:
                return self._call_once(client, operation, request, ends_at - self._clock())
            except Throttled:
                if not pauses or ends_at - self._clock() < pauses[0]:
                    raise
                pause = pauses.pop(0)
                self._sleep(self._jitter(pause / 2, pause))
            except AnswerLost:
                lost += 1
                if not repeatable or lost > 1 or ends_at <= self._clock():
                    raise

    def _call_once(self, client: Api, operation: str, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        if seconds <= 0:
            raise DeadlineExceeded
        try:
            return client.call(operation, request, min(self._call_seconds, seconds))
        except NoAnswer:
            raise AnswerLost from None
        except ErrorAnswer as error:
            raise _failure_of(error) from None

    def _connected(self) -> Api:
        with self._lock:
            if self._client is None:
                try:
                    self._client = self._connect()
                except NotConfigured as error:
                    raise StoreRefused(str(error)) from None
            return self._client


def _failure_of(error: ErrorAnswer) -> ConditionFailed | StoreUnavailable | StoreRefused:
    """Return the error that stands for an error response of DynamoDB."""
    if error.code == "ConditionalCheckFailedException":
        item = error.body.get("Item")
        return ConditionFailed(item if isinstance(item, dict) else {})
    if error.is_throttled or error.code == _CONFLICT:
        return Throttled()
    return AnswerLost() if error.is_server_error else StoreRefused(str(error))
