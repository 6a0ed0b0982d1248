"""Calls one service of AWS, once for each call: what is repeated, and when, is the caller's business."""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Protocol, Self

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
_MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""More than the largest item of DynamoDB, 400 KB, takes up in JSON."""
_MAX_CODE_LENGTH = 100


class Api(Protocol):
    """The operations of one service, as its API reference names them."""

    def call(self, operation: str, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Make one call; see `AwsClient.call`."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Answer(NamedTuple):
    status: int
    date: str
    """By the server's clock; empty if it tells none."""
    body: bytes


class _Connection:
    """An HTTP client for one call at a time, with the time at which it was last used."""

    def __init__(self, clock: Clock, now: Callable[[], datetime]) -> None:
        self._clock = clock
        self._now = now
        self._io_deadline = IoDeadline(clock)
        self._http = deadline_bound_client(self._io_deadline)
        self._used_at, self._used_on = clock(), now()
        self.close = self._http.close

    def post(self, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> _Answer:
        """Send a request and read its answer, all within these seconds."""
        self._io_deadline.reset(seconds)
        timeout = httpx.Timeout(None, connect=seconds * _CONNECT_SHARE)
        try:
            with self._http.stream(
                "POST", url, content=body, headers={**_HEADERS, **headers}, timeout=timeout
            ) as response:
                return _Answer(response.status_code, response.headers.get("date", ""), _read(response))
        finally:
            self._used_at, self._used_on = self._clock(), self._now()

    @property
    def idle_seconds(self) -> float:
        """How long it has not been used, by the clock that says more.

        Whether the monotonic one goes on while Lambda freezes a process is told differently; the other may be set back.
        """
        return max(self._clock() - self._used_at, (self._now() - self._used_on).total_seconds())


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
            raise NoAnswer(_reason(error)) from None
        finally:
            self._idle.append(connection)
        answer = _json_object(response.body)
        if response.status != httpx.codes.OK:
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
            return _Connection(self._clock, self._now)
        if connection.idle_seconds <= _IDLE_SECONDS:
            return connection
        connection.close()
        self.close()  # the others have been idle for longer
        return _Connection(self._clock, self._now)

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

    def _error(self, response: _Answer, answer: dict[str, Any]) -> ErrorAnswer:
        # The namespace in front of the code, and what may stand behind it, are no part of it (AWS's JSON protocol).
        code = str(answer.get("__type") or "").partition(":")[0].rpartition("#")[2]
        if not code.isidentifier() or len(code) > _MAX_CODE_LENGTH:
            code = str(response.status)  # what is no code is not logged as one
        return ErrorAnswer(code, response.status, answer, self._skew(response.date))

    def _skew(self, date: str) -> str:
        """Return by how much the clock here is wrong, if it may be the reason why a signature is refused."""
        try:
            seconds = (self._now() - parsedate_to_datetime(date).astimezone(UTC)).total_seconds()
        except (ValueError, OverflowError):
            return ""
        if abs(seconds) <= _MAX_SKEW_SECONDS:
            return ""
        return f"the clock of this machine is {abs(seconds):.0f} seconds {'fast' if seconds > 0 else 'slow'}"


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _MAX_ANSWER_BYTES:
            msg = f"an answer of over {_MAX_ANSWER_BYTES} bytes"
            raise NoAnswer(msg)
    return bytes(body)


def _reason(error: Exception) -> str:
    """Return the error's name, and what OpenSSL says if it refuses the certificate; no host's name or address."""
    name, cause = type(error).__name__, error.__context__  # httpcore takes the other link out
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{name}: {cause.verify_message.partition(',')[0]}"
        cause = cause.__context__
    return name


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
