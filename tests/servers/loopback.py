"""A server on a loopback port in a thread of its own, and the little HTTP that tests need."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.servers.lasting import Lasting

_LARGEST_HEAD = 1 << 20
_ROUNDS = 5
"""Of the loop, until nothing that was on its way is left."""
_PATIENCE = 60.0
"""Seconds that a thread has to end, and that a port has to become free again."""

REASONS = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    502: "Bad Gateway",
    503: "Service Unavailable",
}

GONE = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
"""What a peer that goes away in the middle raises."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: path and parameters decoded, header names in lower case, head and body raw."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    head: bytes
    body: bytes = b""

    @property
    def keeps_alive(self) -> bool:
        """Whether the peer wants the connection kept; Netdata wants to be told."""
        return self.headers.get("connection", "").lower() == "keep-alive"


@dataclass(frozen=True, slots=True)
class Response:
    """One answer before it is put on the wire."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self, request: Request) -> bytes:
        """The whole answer; gzip and chunked where the peer accepts gzip, as Netdata does it."""
        headers = {
            "Connection": "keep-alive" if request.keeps_alive else "close",
            "Content-Type": f"{self.content_type}; charset=utf-8",
            **self.headers,
        }
        body = self.body
        if "gzip" in request.headers.get("accept-encoding", "") and body:
            headers |= {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
            packed = gzip.compress(body, compresslevel=1, mtime=0)
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
        else:
            headers["Content-Length"] = str(len(body))
        return head(self.status, headers) + body


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers with the empty line after them."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The next request of a connection; raises one of `GONE` when there is none."""
    raw = await reader.readuntil(b"\r\n\r\n")
    first, *rest = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        raise ConnectionError("not HTTP")
    url = urlsplit(words[1])
    pairs = (line.partition(":")[::2] for line in rest)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    return Request(
        method=words[0],
        path=unquote(url.path),
        params=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers=headers,
        head=raw,
        body=await reader.readexactly(int(headers.get("content-length", "0"))),
    )


class Loopback(Lasting):
    """A server on 127.0.0.1, in a thread of its own; a context manager.

    It keeps its port when it is stopped and started again.  A subclass says in `talk` what it
    does with a connection; what goes wrong in there is raised by `stop`.
    """

    def __init__(self) -> None:
        self.connections = 0
        """How many connections were accepted."""
        self.bytes_sent = 0
        """How many bytes went out, heads and bodies, as they are on the wire."""
        self._failures: list[Exception] = []
        self._port = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """The port, which stays the same from the first start on."""
        return self._port

    def start(self) -> Self:
        """Listen; connections are accepted when this returns."""
        if self._thread is not None:
            raise RuntimeError("already started")
        listener = self._listener()
        self._port = listener.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, ready)),
            name=type(self).__name__,
            daemon=True,
        )
        self._thread.start()
        if not ready.wait(_PATIENCE):
            raise RuntimeError("the server's thread did not come up")
        return self

    def stop(self) -> None:
        """Close the port and every connection; does nothing if not started."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._stopping is None:
            return
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stopping.set)
        thread.join(_PATIENCE)
        if thread.is_alive():
            raise RuntimeError("the server's thread did not end")
        if self._failures:
            raise self._failures.pop()

    def close(self) -> None:
        """The same as `stop`."""
        self.stop()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; it is closed when this returns."""
        raise NotImplementedError

    async def send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Send and count."""
        writer.write(data)
        self.bytes_sent += len(data)
        await writer.drain()

    def _listener(self) -> socket.socket:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return socket.create_server(("127.0.0.1", self._port), backlog=128)
            except OSError as exc:
                if exc.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accepted, sock=listener, limit=_LARGEST_HEAD)
        ready.set()
        await self._stopping.wait()
        # A closed server leaves those behind whose transport is not made yet: accept no more first.
        self._loop.remove_reader(listener)
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        server.close()
        for _ in range(_ROUNDS):
            # What was accepted in the last moment gets its task, and what was closed its end.
            await asyncio.sleep(0)
            for task in self._tasks:
                task.cancel()
            # Among them are asyncio's own, which make the transports of accepted connections.
            others = asyncio.all_tasks() - {asyncio.current_task()}
            if others:
                await asyncio.wait(others, timeout=_PATIENCE)
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.ensure_future(self._talk_and_close(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task that is cancelled before its first step never comes to its own cleaning up.
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _talk_and_close(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await self.talk(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        except GONE:
            pass
        except Exception as exc:
            self._failures.append(exc)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
