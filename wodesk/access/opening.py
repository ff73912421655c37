"""From a server to an open source."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from wodesk.access.tls import system_trust
from wodesk.client.agent import NetdataSource
from wodesk.client.http import Http, Limits
from wodesk.client.local import LocalSource
from wodesk.client.source import Source
from wodesk.models.errors import SourceError
from wodesk.models.server import Access, Server, default_netdata_url

_PROBE = Limits(connect=0.5, read=0.5, total=1.0)
"""Netdata on this very machine answers within milliseconds or not at all."""


@asynccontextmanager
async def open_source(server: Server) -> AsyncIterator[Source]:
    """The source of `server`, closed when the block is left; nothing is sent before it is asked."""
    url = server.address
    if server.access is Access.AUTO:
        url = default_netdata_url()
        local = not await _answers(url)
    else:
        local = server.access is Access.LOCAL
    opening: AbstractAsyncContextManager[Source]
    opening = LocalSource().sampling() if local else _netdata(url)
    async with opening as source:
        yield source


@asynccontextmanager
async def _netdata(url: str, limits: Limits | None = None) -> AsyncIterator[NetdataSource]:
    http = Http(url, tls=system_trust() if url.startswith("https:") else None, limits=limits)
    try:
        yield NetdataSource(http)
    finally:
        await http.aclose()


async def _answers(url: str) -> bool:
    async with _netdata(url, _PROBE) as source:
        try:
            await source.connect()
        except SourceError:
            return False
    return True
