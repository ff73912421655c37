"""A line between a client and a server that cuts, stalls, slows, truncates and corrupts.

It carries bytes of any protocol, so that it can be put before each hop of a way.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Self

from tests.servers.loopback import Loopback

AT_ONCE = ("refuse", "hang_up", "reset", "mute")
"""Faults that end what is open and then meet every new connection."""
IN_MIDDLE = (
    "cut",
    "cut_up",
    "rst",
    "stall",
    "stall_up",
    "slow",
    "flip",
    "flip_up",
    "twice",
    "noise",
)
"""Faults that come in the middle of what is sent; those with `_up` on the way to the server."""
HARMLESS = ("late", "pieces")
"""Burdens that everything has to bear."""
FAULTS = (*AT_ONCE, *IN_MIDDLE, *HARMLESS)

_CHUNK = 65536
_FROM_END = 12
"""Which byte of a chunk is changed: in plain HTTP that is gzip's checksum, elsewhere part of a
signature."""
_DELAY = 0.06
_CRUMBS = 0.05
"""Seconds from one byte to the next on a slow line."""
_PATIENCE = 60.0
"""Seconds that open connections have to end."""


class Line(Loopback):
    """Stands before a server on a loopback port and passes on what it gets; a context manager.

    `fault`, one of `FAULTS` or None, may be changed by `play` while it runs.  What a stall holds
    back is lost, as on a line that is dead.
    """

    def __init__(self, to: int) -> None:
        super().__init__()
        self.fault: str | None = None
        self._to = to
        self._pairs: set[asyncio.Task[None]] = set()
        self._held: socket.socket | None = None
        self._generation = 0

    def play(self, fault: str | None) -> None:
        """Begin a fault, or end it; some end the connections that are open."""
        if self.fault == "refuse":
            self._let_go()
            self.fault = None
            self.start()
        if fault == "refuse":
            self.stop()
            # Bound and not listened on: whoever asks is refused, and the port stays ours.
            self._held = socket.socket()
            self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._held.bind(("127.0.0.1", self.port))
        self.fault = fault
        if fault in AT_ONCE:
            self.cut_all()

    def cut_all(self) -> None:
        """End every connection that is open now; they are closed when this returns."""
        if self._thread is None or self._loop is None:
            return
        closing = self._close_all()
        try:
            asyncio.run_coroutine_threadsafe(closing, self._loop).result(_PATIENCE)
        except RuntimeError:
            closing.close()

    def kill_open(self) -> None:
        """Let every connection that is open now carry nothing any more, as after sleep."""
        self._generation += 1

    def stop(self) -> None:
        """Close the port and every connection; does nothing if not started."""
        self._let_go()
        super().stop()

    def start(self) -> Self:
        """Listen; connections are accepted when this returns."""
        self._let_go()
        return super().start()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        match self.fault:
            case "hang_up":
                return
            case "reset":
                # At once it could come before a relay such as sshd knows that it is connected.
                await reader.read(1)
                _reset(writer)
                return
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._pairs.add(task)
        task.add_done_callback(self._pairs.discard)
        try:
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault == "mute":
            await reader.read()
            return
        there_reader, there = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, there, is_up=True))
                group.create_task(self._pass(there_reader, writer, is_up=False))
        except* (ConnectionError, _Over):
            pass
        finally:
            there.transport.abort()
            with suppress(ConnectionError):
                await there.wait_closed()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_up: bool
    ) -> None:
        generation = self._generation
        while data := await reader.read(_CHUNK):
            if generation != self._generation:
                continue
            fault = self.fault
            if fault in ("stall_up", "flip_up", "cut_up"):
                fault = fault.removesuffix("_up") if is_up else None
            elif is_up and fault not in HARMLESS:
                fault = None
            await self._send(writer, data, fault)
        raise _Over

    async def _send(self, writer: asyncio.StreamWriter, data: bytes, fault: str | None) -> None:
        match fault:
            case "cut":
                await self.send(writer, data[: len(data) // 2])
                raise _Over
            case "rst":
                await self.send(writer, data[: len(data) // 2])
                _reset(writer)
                raise _Over
            case "stall":
                return
            case "slow":
                for byte in data:
                    await self.send(writer, bytes([byte]))
                    await asyncio.sleep(_CRUMBS)
            case "flip":
                at = max(0, len(data) - _FROM_END)
                await self.send(writer, data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
            case "twice":
                await self.send(writer, data + data)
            case "noise":
                await self.send(writer, b"\x00\xff\x16\x03noise" * 40 + data)
            case "late":
                await asyncio.sleep(_DELAY)
                await self.send(writer, data)
            case "pieces":
                for at in range(0, len(data), 97):
                    await self.send(writer, data[at : at + 97])
            case _:
                await self.send(writer, data)

    async def _close_all(self) -> None:
        served = list(self._tasks)
        for task in self._pairs:
            task.cancel()
        if served:
            await asyncio.wait(served, timeout=_PATIENCE)

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()


class _Over(Exception):
    """One direction has ended, and so has the connection."""


def _reset(writer: asyncio.StreamWriter) -> None:
    """Have the kernel send RST instead of FIN."""
    peer: socket.socket = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
