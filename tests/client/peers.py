"""Peers with one habit each, for tests of the HTTP client."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.servers.loopback import Loopback, Response, read_request
from tests.servers.replay import ReplayAgent

PATIENCE = 60.0


class Answering(Loopback):
    """Gives the same answer to everything."""

    def __init__(
        self, status: int = 200, body: bytes = b"{}", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.requests: list[str] = []
        self.heads: list[dict[str, str]] = []
        self._response = Response(status, body, headers=headers or {})

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        while True:
            request = await read_request(reader)
            self.requests.append(request.path)
            self.heads.append(request.headers)
            await self.send(writer, self._response.encoded(request))


class Proxy(Loopback):
    """A web server with Netdata below one of its paths."""

    def __init__(self, agent: ReplayAgent, prefix: str) -> None:
        super().__init__()
        self._agent = agent
        self._prefix = prefix

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        while True:
            request = await read_request(reader)
            if request.path.startswith(self._prefix + "/"):
                path = request.path.removeprefix(self._prefix)
                await self.send(writer, self._agent.answer(replace(request, path=path)))
            else:
                page = Response(404, b"<html><title>404 Not Found</title></html>", "text/html")
                await self.send(writer, page.encoded(request))


class Forgetful(Loopback):
    """Answers one request of each connection and drops the connection at the next."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        request = await read_request(reader)
        await self.send(writer, Response(200, b"{}").encoded(request))
        await read_request(reader)


class Held(Loopback):
    """Answers /held when it is let, and everything else at once."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = threading.Event()
        self.left = threading.Event()
        """Whether the peer has gone while it was waited for."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        while True:
            request = await read_request(reader)
            if request.path == "/held":
                self.arrived.set()
                await reader.read(1)
                self.left.set()
                return
            await self.send(writer, Response(200, b"{}").encoded(request))


class PlainOnly(Loopback):
    """A web server that says 400 to whatever it does not understand, such as TLS."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        await reader.read(1 << 16)
        await self.send(writer, b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate for localhost that nobody has signed but itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class OverTls(Loopback):
    """An agent behind TLS with a context of its own."""

    def __init__(self, agent: ReplayAgent, context: ssl.SSLContext) -> None:
        super().__init__()
        self._agent = agent
        self._context = context

    @property
    def url(self) -> str:
        """The base URL, by the name in the certificate."""
        return f"https://localhost:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            await writer.start_tls(self._context, ssl_handshake_timeout=PATIENCE)
        except (ssl.SSLError, OSError):
            return
        while True:
            request = await read_request(reader)
            await self.send(writer, self._agent.answer(request))
