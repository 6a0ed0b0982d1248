"""Calls one service of AWS, once for each call: what is repeated, and when, is the caller's business."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, Self

import httpx

from shared import __version__
from shared.aws.access import Access
from shared.aws.errors import ErrorAnswer, NoAnswer
from shared.aws.service import Service
from shared.aws.signature import sign
from shared.deadline import Clock
from shared.settings import aws_environment
from shared.transport import IoDeadline, deadline_bound_client

_IDLE_SECONDS = 30.0
"""A connection idle for longer may be dead, and lose what is sent on it: Lambda freezes a process between requests."""
_CONNECT_SHARE = 0.5
"""How much of a call's time the connection to one address may take, so that another one can be tried."""
_HEADERS = {"User-Agent": f"kimi-artifacts/{__version__}", "Accept-Encoding": "identity"}
_MAX_SKEW_SECONDS = 240
"""AWS takes signatures that are up to five minutes old."""


class Api(Protocol):
    """The operations of one service, as its API reference names them."""

    def call(self, operation: str, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Make one call; see `AwsClient.call`."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Connection:
    """An HTTP client for one call at a time, with the time at which it was last used."""

    def __init__(self, clock: Clock) -> None:
        self._io_deadline = IoDeadline(clock)
        self._http = deadline_bound_client(self._io_deadline)
        self.used_at = 0.0
        self.close = self._http.close

    def post(self, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> httpx.Response:
        """Send a request and read its answer, all within these seconds."""
        self._io_deadline.reset(seconds)
        timeout = httpx.Timeout(None, connect=seconds * _CONNECT_SHARE)
        return self._http.post(url, content=body, headers={**_HEADERS, **headers}, timeout=timeout)


class AwsClient:
    """A client of one service. Threads may share it: calls at the same time have a connection each.

    Args:
        service: what is called.
        access: where, and as whom.
        clock: for time limits, and for how long a connection was idle.
        now: the time in UTC that a signature is made at.
    """

    def __init__(
        self,
        service: Service,
        access: Access,
        *,
        clock: Clock = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._service = service
        self._access = access
        self._clock = clock
        self._now = now
        self._idle: list[_Connection] = []
        """Those that no call uses, the last used one last. Appending and popping are atomic."""

    @classmethod
    def of(cls, service: Service) -> Self:
        """Return a client whose access is that of the environment; it connects at the first call.

        Raises:
            NotConfigured: the environment gives no access.
        """
        return cls(service, Access.to(service, aws_environment()))

    def call(self, operation: str, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Make one call within this many seconds, and return the answer.

        Args:
            operation: by its name in the service's API reference, such as `GetParameter`.
            request: what that takes, as JSON: bytes are text in Base64.
            seconds: for all of it: the look-up of the host, connecting, sending and reading.

        Raises:
            NoAnswer: it is not known whether the call has its effect.
            ErrorAnswer: the service answered with an error.
        """
        body = json.dumps(request).encode()
        connection = self._take()
        try:
            response = connection.post(self._access.url, self._headers(operation, body), body, seconds)
        except (httpx.RequestError, RuntimeError) as error:  # the latter where no thread can be had for the look-up
            raise NoAnswer(type(error).__name__) from None
        finally:
            connection.used_at = self._clock()
            self._idle.append(connection)
        answer = _json_object(response.content)
        if response.status_code != httpx.codes.OK:
            raise self._error(response, answer or {})
        if answer is None:
            raise NoAnswer("an answer that is no JSON object")
        return answer

    def close(self) -> None:
        """Close the connections that are kept open between calls."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> _Connection:
        """Return a connection that was used lately, or a new one."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return _Connection(self._clock)
        if self._clock() - connection.used_at <= _IDLE_SECONDS:
            return connection
        connection.close()
        self.close()  # the others have been idle for longer
        return _Connection(self._clock)

    def _headers(self, operation: str, body: bytes) -> dict[str, str]:
        headers = {
            "Host": self._access.host,
            "Content-Type": self._service.content_type,
            "X-Amz-Target": f"{self._service.target}.{operation}",
        }
        access = self._access
        return sign(
            headers, body, access.credentials, region=access.region, service=self._service.name, now=self._now()
        )

    def _error(self, response: httpx.Response, answer: dict[str, Any]) -> ErrorAnswer:
        # The namespace in front of the code, and what may stand behind it, are no part of it (AWS's JSON protocol).
        code = str(answer.get("__type") or response.status_code).partition(":")[0].rpartition("#")[2]
        return ErrorAnswer(code, response.status_code, answer, self._skew(response.headers.get("date", "")))

    def _skew(self, date: str) -> str:
        """Return by how much the clock here is wrong, if it may be the reason why a signature is refused."""
        try:
            seconds = (self._now() - parsedate_to_datetime(date).astimezone(UTC)).total_seconds()
        except ValueError:
            return ""
        if abs(seconds) <= _MAX_SKEW_SECONDS:
            return ""
        return f"the clock of this machine is {abs(seconds):.0f} seconds {'fast' if seconds > 0 else 'slow'}"


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
