"""One TCP connection from the SSH server to the agent, read and written from here."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import asyncssh

_HIGH_WATER = 4 << 20
_LOW_WATER = 1 << 20
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)
"""Linux alone has it."""


class Channel(asyncssh.SSHTCPSession[bytes]):
    """A stream of bytes; made by asyncssh, used by one reader and one writer.

    What arrives is kept up to 4 MiB, then the peer has to wait.  Once the connection is gone,
    what had arrived can still be read.
    """

    def __init__(self) -> None:
        self._channel: asyncssh.SSHTCPChannel[bytes] | None = None
        self._socket: Any = None
        self._received = bytearray()
        self._at_end = False
        self._lost: Exception | None = None
        self._is_paused = False
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, chan: asyncssh.SSHTCPChannel[bytes]) -> None:
        """Called by asyncssh when the server has connected to the agent."""
        self._channel = chan
        self._socket = chan.get_extra_info("socket")

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Called by asyncssh with what the agent sends."""
        self._received += data
        if len(self._received) > _HIGH_WATER and not self._is_paused and self._channel:
            self._is_paused = True
            self._channel.pause_reading()
        self._readable.set()
        self._acknowledge()

    def eof_received(self) -> bool:
        """Called by asyncssh when the agent sends no more; the other direction stays open."""
        self._at_end = True
        self._readable.set()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncssh when the channel is closed, or the connection around it."""
        if not self._at_end:
            self._lost = ConnectionResetError("the SSH channel was closed")
            self._lost.__cause__ = exc
        self._at_end = True
        self._readable.set()
        self._writable.set()

    def pause_writing(self) -> None:
        """Called by asyncssh when the server takes no more for now."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Called by asyncssh when the server takes more again."""
        self._writable.set()

    @property
    def is_readable(self) -> bool:
        """Whether `read` would return at once: data, the end, or a failure."""
        return bool(self._received) or self._at_end

    async def read(self, limit: int, timeout: float | None) -> bytes:  # noqa: ASYNC109
        """At most `limit` bytes, none at the end; raises TimeoutError or ConnectionError."""
        async with asyncio.timeout(timeout):
            while not self.is_readable:
                self._readable.clear()
                await self._readable.wait()
        if not self._received and self._lost is not None:
            raise self._lost
        data = bytes(self._received[:limit])
        del self._received[:limit]
        if self._is_paused and len(self._received) <= _LOW_WATER and self._channel:
            self._is_paused = False
            self._channel.resume_reading()
        return data

    async def write(self, data: bytes, timeout: float | None) -> None:  # noqa: ASYNC109
        """Send; returns when the server can take more.  Raises TimeoutError or ConnectionError."""
        if self._channel is None or self._lost is not None:
            raise ConnectionResetError("the SSH channel is closed")
        self._channel.write(data)
        async with asyncio.timeout(timeout):
            await self._writable.wait()

    def close(self) -> None:
        """Give up the channel and what is still under way in it."""
        if self._channel is not None:
            self._channel.abort()

    def _acknowledge(self) -> None:
        """Have the kernel acknowledge at once.

        sshd lets Nagle's algorithm hold back the second segment of an answer until the first
        is acknowledged, which by default takes 40 ms.
        """
        if self._socket is not None and _QUICKACK is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
