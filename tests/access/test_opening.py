"""From a server to an open source."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.faults import FaultServer
from tests.servers.loopback import Loopback
from tests.servers.replay import ReplayAgent
from wodesk.access import opening
from wodesk.access.opening import open_source
from wodesk.client.agent import NetdataSource
from wodesk.client.http import Http, Limits
from wodesk.client.local import LocalSource
from wodesk.models.errors import SourceError
from wodesk.models.metric import Metric, Query, Window
from wodesk.models.server import THIS_COMPUTER, server_at

CPU = Metric("system.cpu")
PATIENCE = 60.0


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


class Silent(Loopback):
    """Accepts, says nothing, and knows when the peer has gone."""

    def __init__(self) -> None:
        super().__init__()
        self.come = threading.Event()
        self.gone = threading.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.come.set()
        await reader.read()
        self.gone.set()


@pytest.mark.anyio
async def test_a_url_is_a_netdata_at_that_address(agent: ReplayAgent) -> None:
    async with open_source(server_at(agent.url)) as source:
        assert isinstance(source, NetdataSource)
        assert (await source.connect()).hostname == agent.hostname


@pytest.mark.anyio
async def test_nothing_is_sent_before_it_is_asked(agent: ReplayAgent) -> None:
    async with open_source(server_at(agent.url)):
        pass
    assert (agent.connections, agent.requests) == (0, [])


@pytest.mark.anyio
async def test_local_is_the_embedded_source_whatever_answers_here(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", agent.url)
    async with open_source(server_at("local:")) as source:
        assert isinstance(source, LocalSource)
        assert (await source.connect()).api == "embedded"
    assert agent.requests == []


@pytest.mark.anyio
async def test_this_computer_is_its_netdata_where_one_answers(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", agent.url)
    monkeypatch.setattr(opening, "_PROBE", Limits())
    async with open_source(THIS_COMPUTER) as source:
        assert isinstance(source, NetdataSource)
        assert (await source.connect()).machine_guid == agent.machine_guid


@pytest.mark.anyio
async def test_this_computer_is_measured_by_wodesk_where_no_netdata_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ReplayAgent() as agent:
        url = agent.url
    monkeypatch.setenv("WODESK_NETDATA_URL", url)
    async with open_source(THIS_COMPUTER) as source:
        assert isinstance(source, LocalSource)
        answer = await source.history(Query((CPU,), Window(60), 60))
    assert len(answer.series[CPU]) >= 1


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["silence", "status_451", "html", "half_json", "huge", "reset"])
async def test_this_computer_is_measured_by_wodesk_soon_where_something_else_answers(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    limits: list[Limits] = []

    def http(url: str, **settings: Any) -> Http:
        limits.append(settings["limits"])
        return Http(url, **settings)

    monkeypatch.setattr(opening, "Http", http)
    with FaultServer(fault) as server:
        monkeypatch.setenv("WODESK_NETDATA_URL", server.url)
        async with open_source(THIS_COMPUTER) as source:
            assert isinstance(source, LocalSource)
    assert [one.total <= 1.0 for one in limits] == [True]


@pytest.mark.anyio
@pytest.mark.parametrize("url", ["http://[", "ftp://web1", "http://a:hunter2@127.0.0.1:1"])
async def test_an_environment_that_names_no_address_is_told_or_passed_over(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", url)
    try:
        async with open_source(THIS_COMPUTER) as source:
            assert isinstance(source, LocalSource)
            told = ""
    except SourceError as error:
        told = error.message
    assert told == "" or "WODESK_NETDATA_URL" in told
    assert "hunter2" not in told


@pytest.mark.anyio
async def test_connections_are_closed_when_the_block_is_left_with_a_request_in_flight() -> None:
    before = asyncio.all_tasks()
    with Silent() as server:
        async with open_source(server_at(server.url)) as source:
            asking = asyncio.create_task(source.connect())
            assert await asyncio.to_thread(server.come.wait, PATIENCE)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        assert await asyncio.to_thread(server.gone.wait, PATIENCE)
    assert asyncio.all_tasks() == before


@pytest.mark.anyio
async def test_the_embedded_source_ends_when_the_block_is_left() -> None:
    before = asyncio.all_tasks()
    async with open_source(server_at("local:")):
        assert asyncio.all_tasks() != before
    assert asyncio.all_tasks() == before
