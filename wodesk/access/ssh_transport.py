"""HTTP through a tunnel: httpx's transport over SSH channels instead of sockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from wodesk.access.pool import PoolTransport
from wodesk.access.ssh import Channel, Tunnel


class SSHTransport(PoolTransport):
    """Plain HTTP to the agent of a tunnel, and to nobody else; closing it leaves the tunnel open.

    What goes wrong on the way to the agent is raised as the tunnel's `SourceError`; what goes
    wrong with the agent itself as httpx's errors.
    """

    def __init__(
        self, tunnel: Tunnel, *, max_connections: int = 2, keepalive_expiry: float = 60.0
    ) -> None:
        pool = httpcore.AsyncConnectionPool(
            max_connections=max_connections,
            keepalive_expiry=keepalive_expiry,
            network_backend=_Backend(tunnel),
        )
        super().__init__(pool)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the answer, its body still to be read."""
        if request.url.scheme != "http":
            raise httpx.UnsupportedProtocol("the tunnel carries plain HTTP", request=request)
        return await super().handle_async_request(request)


class _Backend(httpcore.AsyncNetworkBackend):
    """What httpcore takes for the network: the one place that the tunnel leads to."""

    def __init__(self, tunnel: Tunnel) -> None:
        self._tunnel = tunnel

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        target = self._tunnel.target
        if (host, port) != (target.agent_host, target.agent_port):
            raise httpcore.ConnectError("the tunnel leads to its agent alone")
        return _Stream(self._tunnel, await self._tunnel.channel(timeout))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A channel as httpcore wants a connection to be."""

    def __init__(self, tunnel: Tunnel, channel: Channel) -> None:
        self._tunnel = tunnel
        self._channel = channel

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        try:
            return await self._channel.read(max_bytes, timeout)
        except TimeoutError as exc:
            await self._tunnel.check()
            raise httpcore.ReadTimeout("the agent is silent") from exc
        except ConnectionError as exc:
            raise httpcore.ReadError("the SSH channel was closed") from exc

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        try:
            await self._channel.write(buffer, timeout)
        except TimeoutError as exc:
            await self._tunnel.check()
            raise httpcore.WriteTimeout("the agent takes nothing") from exc
        except OSError as exc:
            raise httpcore.WriteError("the SSH channel was closed") from exc

    async def aclose(self) -> None:
        self._channel.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.UnsupportedProtocol("the tunnel carries plain HTTP")

    def get_extra_info(self, info: str) -> Any:
        return self._channel.is_readable if info == "is_readable" else None
