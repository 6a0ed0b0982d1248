"""One connection to a client: writing, waiting and breaking off, none of it longer than client and server are there."""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Final

from aiohttp import web

_LOOK_SECONDS: Final = 0.05  # how often a waiting call looks whether anybody is left to wait for
_CHARACTERS_PER_SECOND: Final = 4000
_FINEST_SLEEP: Final = 0.01
_PACKET_BYTES: Final = 16384
_PACKET_PIECES: Final = 64  # about as much


class ClientGoneError(ConnectionError):
    """Nobody is left to answer: the client went away, or the server is stopping."""


class Wire:
    """The way back to one client.

    `is_closing` says whether the server is about to stop; `hurried` leaves out all waiting that is only there to look
    natural.
    """

    def __init__(self, request: web.Request, *, hurried: bool, is_closing: Callable[[], bool]) -> None:
        self._request = request
        self._hurried = hurried
        self._is_closing = is_closing
        self._due = 0.0
        self._packet = bytearray()
        self.byte_seconds = 0.0
        self.response = web.StreamResponse()

    async def open(self, headers: dict[str, str]) -> None:
        """Send the status 200 and the headers, at once."""
        self.response.headers.update(headers)
        await self.response.prepare(self._request)

    async def write(self, data: bytes) -> None:
        """Send bytes: at once at the natural pace, in packets when hurried, one by one on a trickling wire.

        Raises:
            ClientGoneError: when nobody reads them any more.
        """
        self.check()
        if self.byte_seconds:
            for byte in data:
                await self.response.write(bytes([byte]))
                await self.wait(self.byte_seconds)
            return
        self._packet += data
        if not self._hurried or len(self._packet) >= _PACKET_BYTES:
            await self.flush()

    def packed(self, pieces: list[str]) -> Iterator[list[str]]:
        """Yield the pieces as they are sent: many at once when hurried, else one by one."""
        size = _PACKET_PIECES if self._hurried and not self.byte_seconds else 1
        return (pieces[start : start + size] for start in range(0, len(pieces), size))

    async def flush(self) -> None:
        """Send what is still held back, and let other calls have their turn."""
        packet, self._packet = bytes(self._packet), bytearray()
        if packet:
            await self.response.write(packet)
            await asyncio.sleep(0)

    async def keep_pace(self, characters: int) -> None:
        """Wait for as long as a model takes to write so many characters."""
        if self._hurried:
            return
        now = asyncio.get_running_loop().time()
        self._due = max(self._due, now - 1) + characters / _CHARACTERS_PER_SECOND
        if self._due - now > _FINEST_SLEEP:
            await self.wait(self._due - now)

    async def think(self, seconds: float) -> None:
        """Wait as a model does that has not written anything yet."""
        if not self._hurried:
            await self.wait(seconds)
            self._due = asyncio.get_running_loop().time()

    async def wait(self, seconds: float) -> None:
        """Wait, at any pace, with nothing held back.

        Raises:
            ClientGoneError: as soon as there is nobody to wait for.
        """
        await self.flush()
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            self.check()
            await asyncio.sleep(min(left, _LOOK_SECONDS))
        self.check()

    async def hold(self) -> None:
        """Say nothing until there is nobody left to hear it.

        Raises:
            ClientGoneError: always, at some time.
        """
        await self.wait(float("inf"))

    def check(self) -> None:
        """Go on only if somebody is there.

        Raises:
            ClientGoneError: if not.
        """
        transport = self._request.transport
        if transport is None or transport.is_closing() or self._is_closing():
            raise ClientGoneError

    async def reset(self) -> None:
        """Break the TCP connection off with a reset, once what was written before has left.

        Raises:
            ClientGoneError: always, since nobody is connected any more.
        """
        await self.flush()
        self.check()
        transport = self._request.transport
        if isinstance(transport, asyncio.Transport):
            while transport.get_write_buffer_size():
                await self.wait(_FINEST_SLEEP)
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        raise ClientGoneError
