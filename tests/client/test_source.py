"""What every source can do."""

from __future__ import annotations

import pytest

from wodesk.client.agent import NetdataSource
from wodesk.client.dashboard import DashboardSource
from wodesk.client.http import Http
from wodesk.client.local import LocalSource
from wodesk.client.source import Source
from wodesk.models.metric import Metric, Query, Window


def test_every_kind_is_a_source() -> None:
    """The type checker sees to the signatures."""
    sources: tuple[type[Source], ...] = (NetdataSource, LocalSource, DashboardSource)
    for kind in sources:
        assert {"connect", "contexts", "history", "alerts"} <= set(dir(kind))


@pytest.mark.anyio
async def test_this_computer_by_itself_keeps_no_alerts() -> None:
    async with LocalSource().sampling() as local:
        source: Source = local
        await source.connect()
        assert await source.alerts(0) is None


@pytest.mark.anyio
async def test_a_source_that_was_not_connected_is_a_bug_and_not_a_failure() -> None:
    http = Http("http://127.0.0.1:1")
    with pytest.raises(RuntimeError, match="connect"):
        await NetdataSource(http).history(Query((Metric("system.cpu"),), Window(10), 10))
    await http.aclose()
