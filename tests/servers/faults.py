"""A server that does one wrong thing.

`FaultServer` plays the fault that its attribute `fault` names, for every request or, after a
number of good answers, from then on.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
import socket
import struct
import zlib
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import cache
from typing import Protocol

from tests.servers.loopback import (
    Loopback,
    Request,
    Response,
    head,
    read_request,
)
from tests.servers.recorded import DATA
from tests.servers.replay import ReplayAgent

MIB = 1 << 20
HUGE = 40 * MIB
BOMB = 256 * MIB
ELSEWHERE = "https://elsewhere.invalid:19999/api/v3/info"

_NUMBER = re.compile(rb"(?<=[\[,: \n])-?\d+(?:\.\d+)?(?:e-?\d+)?(?=[\],}\n])")
_DEEP = b"[" * 100_000 + b"]" * 100_000
_GREETING = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n"

_AT_ONCE = ("close", "reset", "not_http")
"""Faults that need no request: they come as soon as the connection is accepted."""

_STATUSES: Mapping[str, tuple[int, str, Mapping[str, str], str]] = {
    "status_500": (500, "text/plain", {}, "Internal server error"),
    "status_401": (
        401,
        "text/html",
        {"Server": "nginx", "WWW-Authenticate": 'Basic realm="Restricted"'},
        "<html><head><title>401 Authorization Required</title></head><body></body></html>",
    ),
    "status_403": (403, "text/plain", {}, "You are not allowed to access this resource."),
    "status_404_html": (
        404,
        "text/html",
        {"Server": "nginx"},
        "<html><head><title>404 Not Found</title></head><body></body></html>",
    ),
    "status_412": (412, "text/plain", {}, "You need to be authorized to access this resource"),
    "status_451": (451, "text/plain", {}, "You need to be authorized to access this resource"),
    "status_502": (
        502,
        "text/html",
        {"Server": "nginx"},
        "<html><head><title>502 Bad Gateway</title></head><body></body></html>",
    ),
    "redirect_elsewhere": (302, "text/html", {"Location": ELSEWHERE}, ""),
    "html": (
        200,
        "text/html",
        {},
        "<!DOCTYPE html><html><title>Welcome to nginx!</title><h1>It works</h1></html>",
    ),
    "empty": (200, "application/json", {}, ""),
    "wrong_json": (200, "application/json", {}, '{"status": "ok", "items": [1, 2, 3]}'),
    "json_array": (200, "application/json", {}, "[1, 2, 3]"),
}
_PLAYED = (
    "half_json",
    "cut",
    "huge",
    "gzip_bomb",
    "garbled_gzip",
    "nan",
    "status_503_echo",
    "redirect_loop",
    "status_399",
    "silence",
    "drip",
    "deep_json",
    "deep_object",
    "many_headers",
)
ENDLESS = ("silence", "drip")
"""Faults that no answer and no end of the connection gives away."""
FAULTS: tuple[str, ...] = (*_STATUSES, *_PLAYED, *_AT_ONCE)
"""Every fault that can be played."""


class Answerer(Protocol):
    """Who gives the good answers."""

    def response(self, request: Request) -> Response:
        """The answer to a request."""
        ...

    def answer(self, request: Request) -> bytes:
        """The same as it goes out."""
        ...


class FaultServer(Loopback):
    """A server on a loopback port that plays `fault`, one of `FAULTS`; None is a good agent.

    `after` is how many requests are still answered as `agent` would, before the fault starts.
    All three may be changed while it runs; a connection in the middle of a fault stays there.
    """

    def __init__(self, fault: str | None, *, after: int = 0, agent: Answerer | None = None) -> None:
        super().__init__()
        if fault is not None and fault not in FAULTS:
            raise ValueError(f"no such fault: {fault}")
        self.fault = fault
        self.after = after
        self.agent: Answerer = agent or ReplayAgent()
        """Who gives the good answers; it need not be started."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, well or badly."""
        if self._due() in _AT_ONCE:
            await self._play(self._due(), reader, writer)
            return
        keeps_alive = True
        while keeps_alive:
            request = await read_request(reader)
            fault = self._due()
            keeps_alive = request.keeps_alive
            if fault is None:
                self.after = max(0, self.after - 1)
                await self.send(writer, self.agent.answer(request))
            elif fault in _PLAYED or fault in _AT_ONCE:
                await self._play(fault, reader, writer, request)
                return
            else:
                await self.send(writer, _plain(fault).encoded(request))

    def _due(self) -> str | None:
        return None if self.after > 0 else self.fault

    async def _play(
        self,
        fault: str | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: Request | None = None,
    ) -> None:
        """Play a fault after which the connection ends."""
        match fault:
            case "close":
                return
            case "reset":
                if request is None:
                    # Somebody on the way, such as sshd, may still be about to look who answers.
                    await reader.read(1)
                _reset(writer)
            case "not_http":
                await self.send(writer, _GREETING)
                if request is None:
                    await read_request(reader)
                await self.send(writer, b"Invalid SSH identification string.\r\n")
            case "silence":
                await _until_left(reader)
            case _ if request is not None:
                pause = 0.2 if fault == "drip" else 0.0
                async with contextlib.aclosing(self._pieces(fault or "", request)) as pieces:
                    async for piece in pieces:
                        await self.send(writer, piece)
                        await asyncio.sleep(pause)

    async def _pieces(self, fault: str, request: Request) -> AsyncGenerator[bytes]:
        """The bytes of a bad answer to a request, in the pieces in which they go out."""
        if fault == "huge":
            yield head(200, {"Content-Type": "application/json", "Connection": "close"})
            yield b'{"result":{"labels":["time"],"data":[0'
            for _ in range(HUGE // MIB):
                yield b",0" * (MIB // 2)
            yield b"]}}"
        elif fault == "drip":
            for byte in self.agent.answer(_ungzipped(request)):
                yield bytes([byte])
        else:
            yield self._bad(fault, request)

    def _bad(self, fault: str, request: Request) -> bytes:
        """A bad answer that is sent in one go."""
        makers: Mapping[str, Callable[[], bytes]] = {
            "half_json": lambda: _closing(200, _half(self._good(request))),
            "cut": lambda: _closing(200, _half(self._good(request)), missing=1000),
            "gzip_bomb": lambda: _closing(200, _bomb(), {"Content-Encoding": "gzip"}),
            "garbled_gzip": lambda: _closing(200, _garbled(), {"Content-Encoding": "gzip"}),
            "nan": lambda: _closing(200, _NUMBER.sub(b"NaN", self._good(request))),
            "status_503_echo": lambda: _closing(503, request.head, {"Content-Type": "text/plain"}),
            "redirect_loop": lambda: _closing(302, b"", {"Location": request.path}),
            "status_399": lambda: _https(request),
            "deep_json": lambda: _closing(200, _DEEP),
            "deep_object": lambda: _closing(200, b'{"new":' + _DEEP + b"}"),
            "many_headers": lambda: _closing(
                200, b"{}", {f"X-Filler-{number}": "x" * 1000 for number in range(MIB // 1000)}
            ),
        }
        return makers[fault]()

    def _good(self, request: Request) -> bytes:
        return self.agent.response(request).body


def _plain(fault: str) -> Response:
    status, content_type, headers, body = _STATUSES[fault]
    return Response(status, body.encode(), content_type, headers)


def _closing(
    status: int, body: bytes, headers: Mapping[str, str] | None = None, *, missing: int = 0
) -> bytes:
    """An answer that ends the connection; `missing` bytes are promised and not sent."""
    fields = {
        "Content-Type": "application/json",
        "Connection": "close",
        "Content-Length": str(len(body) + missing),
    }
    return head(status, fields | dict(headers or {})) + body


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _ungzipped(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "accept-encoding"}
    return Request(request.method, request.path, request.params, headers, request.head)


def _https(request: Request) -> bytes:
    """What an agent that serves TLS says to plain HTTP."""
    location = f"https://{request.headers.get('host', '127.0.0.1')}{request.path}"
    page = (DATA / "2.11.0/errors/http_to_tls.txt").read_bytes()
    return _closing(399, page, {"Content-Type": "text/html", "Location": location})


def _reset(writer: asyncio.StreamWriter) -> None:
    """Have the kernel send RST instead of FIN."""
    peer: socket.socket = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _until_left(reader: asyncio.StreamReader) -> None:
    while await reader.read(MIB):
        pass


@cache
def _garbled() -> bytes:
    """Gzip whose data are damaged in the middle."""
    packed = bytearray(gzip.compress(json.dumps(list(range(5000))).encode(), mtime=0))
    packed[len(packed) // 2 : len(packed) // 2 + 200] = bytes(range(200))
    return bytes(packed)


@cache
def _bomb() -> bytes:
    """Gzip of 256 MiB of spaces, made of one compressed MiB many times over."""
    block = b" " * MIB
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(BOMB // MIB):
        checksum = zlib.crc32(block, checksum)
    start = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    end = b"\x03\x00" + struct.pack("<II", checksum, BOMB)
    return start + packed * (BOMB // MIB) + end
