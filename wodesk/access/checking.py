"""The way to a server, tried hop by hop."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from wodesk.access.opening import nobody, open_source
from wodesk.access.ssh_patience import Ask
from wodesk.access.tls import system_trust
from wodesk.client.http import explained
from wodesk.client.source import Source
from wodesk.models.errors import Hop, SourceError, SourceTimeout, Unreachable
from wodesk.models.host import Host
from wodesk.models.metric import Metric, Query, Window
from wodesk.models.secret import Secret
from wodesk.models.server import Access, Server

_PATIENCE = 5.0
_CPU = Metric("system.cpu")


@dataclass(frozen=True, slots=True)
class Step:
    """One hop that was taken: what was found, and in how many seconds; `error` if it failed."""

    hop: Hop
    found: str
    seconds: float
    error: SourceError | None = None


async def check(
    server: Server, ask: Ask = nobody, on_secret: Callable[[Secret], None] | None = None
) -> AsyncIterator[Step]:
    """Take each hop to `server` and tell of it; the first that fails is the last."""
    if server.access is Access.DIRECT:
        async for step in _network(urlsplit(server.address)):
            yield step
            if step.error is not None:
                return
    started = time.monotonic()
    try:
        async with open_source(server, ask, on_secret) as source:
            if server.access is Access.SSH:
                yield Step(Hop.SSH, "logged in, the host key is known", time.monotonic() - started)
            async for step in _agent(source):
                yield step
    except SourceError as error:
        yield Step(error.hop, "", time.monotonic() - started, error)


async def _network(url: SplitResult) -> AsyncIterator[Step]:
    host = url.hostname or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    started = time.monotonic()
    try:
        async with asyncio.timeout(_PATIENCE):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError) as exc:
        yield _failed(Hop.NAME, exc, url.netloc, started)
        return
    addresses = ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))
    yield Step(Hop.NAME, f"{host} is {addresses}", time.monotonic() - started)
    yield await _connect(Hop.TCP, url, host, port)
    if url.scheme == "https":
        yield await _connect(Hop.TLS, url, host, port)


async def _connect(hop: Hop, url: SplitResult, host: str, port: int) -> Step:
    tls = system_trust() if hop is Hop.TLS else None
    started = time.monotonic()
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(host, port, ssl=tls)
    except (OSError, TimeoutError) as exc:
        return _failed(hop, exc, url.netloc, started)
    taken = time.monotonic() - started
    protocol = writer.get_extra_info("ssl_object")
    found = f"port {port} accepts" if protocol is None else f"{protocol.version()}, trusted"
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return Step(hop, found, taken)


def _failed(hop: Hop, exc: Exception, peer: str, started: float) -> Step:
    error = explained(exc, peer)
    if isinstance(exc, TimeoutError):
        error = SourceTimeout(
            f"{peer} did not answer within {_PATIENCE:g} s.",
            hop=hop,
            advice="Is the machine up, and does a firewall drop this port?",
        )
    if error is None:
        what = "is no name that can be looked up" if hop is Hop.NAME else "cannot be reached"
        error = Unreachable(f"{peer} {what}.", hop=hop)
    error.hop = hop
    return Step(hop, "", time.monotonic() - started, error)


async def _agent(source: Source) -> AsyncIterator[Step]:
    started = time.monotonic()
    try:
        host = await source.connect()
        yield Step(Hop.AGENT, _described(host), time.monotonic() - started)
        started = time.monotonic()
        contexts = await source.contexts()
        yield Step(Hop.CHARTS, f"{len(contexts)} contexts", time.monotonic() - started)
        started = time.monotonic()
        answer = await source.history(Query((_CPU,), Window(10), 10))
        newest = answer.series[_CPU].newest
        if newest is None:
            found = "no CPU value within 10 s"
        else:
            found = f"newest CPU value {max(0.0, answer.now - newest):.1f} s old"
        yield Step(Hop.DATA, found, time.monotonic() - started)
    except SourceError as error:
        yield Step(error.hop, "", time.monotonic() - started, error)


def _described(host: Host) -> str:
    parts = [host.hostname, host.agent, f"API {host.api}"]
    if host.clock_offset:
        parts.append(f"clock {host.clock_offset:+.0f} s")
    return ", ".join(parts)
