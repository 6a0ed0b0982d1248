"""An HTTP client none of whose waits outlives a deadline.

httpx's own time-outs restart with every byte, so a host that sends a byte now and then is waited for without end
(FACTS, section 1). Here every wait is clamped to a time that the client sets: also the DNS look-up, which no socket
time-out limits, and the connection to each of the host's addresses, which are tried in turn.
"""

import socket
import ssl
import sys
import time
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpcore
import httpx

from shared.bounded import bounded
from shared.deadline import Clock, Deadline
from shared.settings import are_ca_roots_given

_CONNECT_SECONDS = 10.0
_KEEPALIVE_SECONDS = 240.0
"""How long an idle connection is kept; the NAT gateway of a function in a VPC drops it after 350."""
_LOOK_UP_SECONDS = 1.0
"""How often a wait for the host looks whether its deadline has been ended meanwhile."""
_UNACKNOWLEDGED_SECONDS = 20
"""How long sent bytes may stay unacknowledged.

A gateway that dropped a kept connection discards what is sent on it; without this limit, an answer would be awaited."""
_SOCKET_OPTIONS = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
if sys.platform == "linux":  # others, on which only `make run` runs, name these otherwise or not at all
    _SOCKET_OPTIONS += [
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _UNACKNOWLEDGED_SECONDS),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _UNACKNOWLEDGED_SECONDS),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_SECONDS * 1000),
    ]

_CA_ROOTS = Path(__file__).with_name("ca_roots")
"""What `make build` makes of certifi's bundle: a file for each root, of which OpenSSL reads those that it needs."""

_UNWANTED_HEADERS = ("set-cookie", "location")
"""httpx would send the cookies with later requests, and fails on some locations even though it follows none."""


class IoDeadline:
    """The time until which the host may be waited for."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._until = float("inf")
        self._deadline: Deadline | None = None
        self.received = False
        """Whether a byte of an answer came since this was last set to False."""

    def reset(self, seconds: float) -> None:
        """Set the deadline to this many seconds from now."""
        self._until = self._clock() + seconds

    def follow(self, deadline: Deadline) -> None:
        """End with this deadline at the latest, also if it is ended during a wait."""
        self._deadline = deadline

    def clamp(self, timeout: float | None, expired: type[Exception]) -> float | None:
        """Return the time-out of one wait, clamped to the time left; raise `expired` when none is left."""
        left = self._until - self._clock()
        if self._deadline:
            left = min(left, self._deadline.remaining())
        if left <= 0:
            raise expired
        if left == float("inf"):
            return timeout
        return left if timeout is None else min(timeout, left)


class _BoundStream(httpcore.NetworkStream):
    """A connection whose reads, writes and handshake end at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, io_deadline: IoDeadline) -> None:
        self._stream = stream
        self._io_deadline = io_deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the client sets none
        while True:
            wait = self._io_deadline.clamp(_LOOK_UP_SECONDS, httpcore.ReadTimeout)
            try:
                data = self._stream.read(max_bytes, wait)
            except httpcore.ReadTimeout:
                continue
            self._io_deadline.received = self._io_deadline.received or bool(data)
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore would restart the time-out for every part that a slow peer accepts.
        connection: socket.socket = self._stream.get_extra_info("socket")
        rest = memoryview(buffer)
        try:
            while rest:
                connection.settimeout(self._io_deadline.clamp(timeout, httpcore.WriteTimeout))
                rest = rest[connection.send(rest) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError from error

    def start_tls(self, ssl_context: Any, server_hostname: Any = None, timeout: Any = None) -> httpcore.NetworkStream:  # noqa: ANN401 - passed through
        limit = self._io_deadline.clamp(timeout, httpcore.ConnectTimeout)
        return _BoundStream(self._stream.start_tls(ssl_context, server_hostname, limit), self._io_deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - passed through
        return self._stream.get_extra_info(info)


class _BoundBackend(httpcore.SyncBackend):
    def __init__(self, io_deadline: IoDeadline) -> None:
        self._io_deadline = io_deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError()
        for address in _addresses(host, port, self._io_deadline.clamp(timeout, httpcore.ConnectTimeout)):
            limit = self._io_deadline.clamp(timeout, httpcore.ConnectTimeout)
            try:
                stream = super().connect_tcp(address, port, limit, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _BoundStream(stream, self._io_deadline)
        raise failure


def _addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """Return the host's addresses, in the system's order.

    The system's look-up has no time-out of its own, so it runs in a thread, which is abandoned after `timeout`.
    """
    try:
        entries = bounded(partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM), timeout)
    except TimeoutError:
        raise httpcore.ConnectTimeout from None
    except (OSError, UnicodeError) as error:  # the latter for an invalid host name
        raise httpcore.ConnectError from error
    return [str(address[0]) for *_, address in entries]


@cache
def ssl_context() -> ssl.SSLContext:
    """Return the TLS settings of all connections, made once for the process."""
    return _context_with(_CA_ROOTS)


def _context_with(roots: Path) -> ssl.SSLContext:
    """Return TLS settings that trust these roots, or those that the environment names; without either, certifi's."""
    if roots.is_dir() and not are_ca_roots_given():
        return ssl.create_default_context(capath=roots)
    return httpx.create_ssl_context()  # reads all of certifi's roots, which takes as long as importing httpx


class BoundTransport(httpx.HTTPTransport):
    """httpx's transport whose connections end at a deadline; one is kept open between requests.

    Nothing of an answer affects the next request: neither bytes that came after it, nor its cookies.
    """

    def __init__(self, io_deadline: IoDeadline) -> None:
        # httpx has no argument for httpcore's network backend, so its pool is replaced here.
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context(),
            max_connections=10,
            max_keepalive_connections=1,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            network_backend=_BoundBackend(io_deadline),
            socket_options=_SOCKET_OPTIONS,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, on the kept connection unless unread bytes are left on it."""
        for connection in self._pool.connections:
            if connection.is_idle() and _has_unread_bytes(connection):
                connection.close()
        response = super().handle_request(request)
        for name in _UNWANTED_HEADERS:
            response.headers.pop(name, None)
        return response


def _has_unread_bytes(connection: Any) -> bool:  # noqa: ANN401 - httpcore exports no type for it
    """Return whether bytes came after the last answer; httpcore would read them as the next one."""
    return bool(connection._connection._h11_state.trailing_data[0])  # noqa: SLF001 - there is no other way to ask


def deadline_bound_client(io_deadline: IoDeadline) -> httpx.Client:
    """Return an HTTP client whose every wait is limited by `io_deadline`."""
    timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
    return httpx.Client(transport=BoundTransport(io_deadline), timeout=timeout, trust_env=False)
