"""Sockets on which no wait outlives the attempt's patience.

httpx's own time-outs begin anew with every byte, so a host that sends a byte now and then is waited for without end
(FACTS, section 1). Here every single wait is cut to a point in time that the client moves.
"""

import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from shared.deadline import Clock

_CONNECT_SECONDS = 10.0


class Patience:
    """Until when the host may be waited for, as a time of the clock."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._until = float("inf")

    def lasts(self, seconds: float) -> None:
        """Wait for at most so many seconds from now on."""
        self._until = self._clock() + seconds

    def cut(self, timeout: float | None, expired: type[Exception]) -> float | None:
        """The time-out of one wait, cut to what is left; raises `expired` when nothing is."""
        left = self._until - self._clock()
        if left <= 0:
            raise expired
        if left == float("inf"):
            return timeout
        return left if timeout is None else min(timeout, left)


class _PatientStream(httpcore.NetworkStream):
    """A connection whose reads, writes and handshake end when patience does."""

    def __init__(self, stream: httpcore.NetworkStream, patience: Patience) -> None:
        self._stream = stream
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._patience.cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._patience.cut(timeout, httpcore.WriteTimeout))

    def start_tls(self, ssl_context: Any, server_hostname: Any = None, timeout: Any = None) -> httpcore.NetworkStream:  # noqa: ANN401 - handed through
        cut = self._patience.cut(timeout, httpcore.ConnectTimeout)
        return _PatientStream(self._stream.start_tls(ssl_context, server_hostname, cut), self._patience)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - handed through
        return self._stream.get_extra_info(info)


class _PatientBackend(httpcore.SyncBackend):
    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        cut = self._patience.cut(timeout, httpcore.ConnectTimeout)
        return _PatientStream(super().connect_tcp(host, port, cut, local_address, socket_options), self._patience)


class PatientTransport(httpx.HTTPTransport):
    """httpx's transport over such connections; one is kept open between requests."""

    def __init__(self, patience: Patience) -> None:
        # httpx has no argument for httpcore's network backend, so the pool is put in its place here.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=10,
            max_keepalive_connections=1,
            keepalive_expiry=240.0,
            network_backend=_PatientBackend(patience),
        )


def patient_client(patience: Patience) -> httpx.Client:
    """An HTTP client whose every wait is bounded by `patience`."""
    timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
    return httpx.Client(transport=PatientTransport(patience), timeout=timeout, trust_env=False)
