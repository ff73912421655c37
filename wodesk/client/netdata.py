"""The contract of the WordOps dashboard, answered by a Netdata agent or any other source."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wodesk.client import summary
from wodesk.client.agent import NetdataSource
from wodesk.client.http import Http
from wodesk.client.source import Source
from wodesk.models.server import default_netdata_url
from wodesk.models.system import MetricData, SystemMetrics, TimeRange


async def fetch_metric(
    context: str, time_range: TimeRange, *, source: Source | None = None
) -> MetricData:
    """The headline value of a context over a window, of `source` or of Netdata on this machine.

    Raises `SourceError`, also where the agent has no value of it.
    """
    if source is not None:
        return await summary.metric_data(source, context, time_range)
    async with _default_agent() as agent:
        return await summary.metric_data(agent, context, time_range)


async def get_system_metrics(
    time_range: TimeRange, *, source: Source | None = None
) -> SystemMetrics:
    """The whole contract over a window, of `source` or of Netdata on this machine.

    Raises `SourceError`, also where a part is not measured there.
    """
    if source is not None:
        return await summary.system_metrics(source, time_range)
    async with _default_agent() as agent:
        return await summary.system_metrics(agent, time_range)


@asynccontextmanager
async def _default_agent() -> AsyncIterator[NetdataSource]:
    url = default_netdata_url()
    http = Http(url, tls=ssl.create_default_context() if url.startswith("https:") else None)
    try:
        agent = NetdataSource(http)
        await agent.connect()
        yield agent
    finally:
        await http.aclose()
