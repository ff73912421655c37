"""HTTP through a tunnel: httpx's transport over SSH channels instead of sockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from wodesk.access.ssh import Channel, Tunnel

_MAPPED: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


class SSHTransport(httpx.AsyncBaseTransport):
    """Plain HTTP to the agent of a tunnel, and to nobody else; closing it leaves the tunnel open.

    What goes wrong on the way to the agent is raised as the tunnel's `SourceError`; what goes
    wrong with the agent itself as httpx's errors.
    """

    def __init__(
        self, tunnel: Tunnel, *, max_connections: int = 2, keepalive_expiry: float = 60.0
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=max_connections,
            keepalive_expiry=keepalive_expiry,
            network_backend=_Backend(tunnel),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the answer, its body still to be read."""
        url = request.url
        if url.scheme != "http":
            raise httpx.UnsupportedProtocol("the tunnel carries plain HTTP", request=request)
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101
        with _mapped():
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close the channels that are kept."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, its errors in httpx's words."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _mapped():
            async for part in self._response.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._response.aclose()


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


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except tuple(_MAPPED) as exc:
        raise _MAPPED[type(exc)](str(exc)) from exc
