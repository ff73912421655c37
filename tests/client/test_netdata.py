"""The contract of the WordOps dashboard, by its own names and places."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.client.asking import netdata_at
from tests.clocks import Clock
from tests.servers.faults import FaultServer
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client.netdata import fetch_metric, get_system_metrics
from wodesk.models.errors import BadAnswer, SourceError, SourceTimeout, Unreachable
from wodesk.models.system import MetricData, SystemMetrics, TimeRange

PARTS = ("cpu", "ram", "disk", "network_in", "network_out")


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplayAgent]:
    """The Netdata of this machine."""
    with ReplayAgent() as agent:
        monkeypatch.setenv("WODESK_NETDATA_URL", agent.url)
        yield agent


def points_of(data: MetricData) -> dict[int, float]:
    return {point.timestamp: point.value for point in data.points}


def test_the_functions_are_asynchronous_and_take_what_the_contract_says() -> None:
    assert inspect.iscoroutinefunction(fetch_metric)
    assert inspect.iscoroutinefunction(get_system_metrics)
    assert list(inspect.signature(fetch_metric).parameters)[:2] == ["context", "time_range"]
    assert next(iter(inspect.signature(get_system_metrics).parameters)) == "time_range"


@pytest.mark.anyio
@pytest.mark.parametrize("time_range", TimeRange)
@pytest.mark.parametrize("version", VERSIONS)
async def test_the_windows_and_points_of_the_contract_are_asked_for(
    agent: ReplayAgent, version: str, time_range: TimeRange
) -> None:
    agent.version = version
    await fetch_metric("system.cpu", time_range)
    path, params = agent.requests[-1]
    after, points = {"5m": (-300, 60), "1h": (-3600, 60), "24h": (-86400, 144)}[time_range]
    assert path.endswith("/data")
    assert (params["after"], params["points"]) == (str(after), str(points))
    assert "before" not in params


@pytest.mark.anyio
@pytest.mark.parametrize("context", ["system.cpu", "system.ram", "disk.space", "system.net"])
async def test_a_metric_has_the_same_numbers_through_every_version(
    agent: ReplayAgent, context: str
) -> None:
    answers = []
    for version in VERSIONS:
        agent.version = version
        answers.append(await fetch_metric(context, TimeRange.ONE_HOUR))
    assert len({(data.name, data.unit) for data in answers}) == 1
    times = set.intersection(*(set(points_of(data)) for data in answers))
    assert len(times) >= 58
    for moment in times:
        assert len({points_of(data)[moment] for data in answers}) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("time_range", TimeRange)
async def test_the_system_has_the_same_numbers_through_every_version(
    agent: ReplayAgent, time_range: TimeRange
) -> None:
    answers: list[SystemMetrics] = []
    for version in VERSIONS:
        agent.version = version
        answers.append(await get_system_metrics(time_range))
    for part in PARTS:
        found = [points_of(getattr(metrics, part)) for metrics in answers]
        times = set.intersection(*map(set, found))
        assert len(times) >= time_range.points - 3
        assert all(len({points[moment] for points in found}) == 1 for moment in times)


@pytest.mark.anyio
@pytest.mark.parametrize("time_range", TimeRange)
async def test_an_answer_has_as_many_points_as_the_contract_says(
    agent: ReplayAgent, time_range: TimeRange
) -> None:
    metrics = await get_system_metrics(time_range)
    bucket = time_range.seconds // time_range.points
    for part in PARTS:
        data: MetricData = getattr(metrics, part)
        assert time_range.points - 1 <= len(data.points) <= time_range.points
        times = list(points_of(data))
        assert {b - a for a, b in pairwise(times)} == {bucket}
        assert 0 <= time.time() - times[-1] < bucket + 60


@pytest.mark.anyio
async def test_percentages_are_percentages_and_networks_positive(agent: ReplayAgent) -> None:
    metrics = await get_system_metrics(TimeRange.FIVE_MIN)
    for share in (metrics.cpu, metrics.ram, metrics.disk):
        assert share.unit == "%"
        assert all(0 <= point.value <= 100.001 for point in share.points)
    for network in (metrics.network_in, metrics.network_out):
        assert network.unit == "kilobits/s"
        assert all(point.value >= 0 for point in network.points)
        assert max(point.value for point in network.points) > 0


@pytest.mark.anyio
async def test_a_source_of_ones_own_is_asked_in_place_of_this_machine(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", "http://127.0.0.1:1")
    async with netdata_at(agent.url) as source:
        await source.connect()
        data = await fetch_metric("system.cpu", TimeRange.FIVE_MIN, source=source)
        metrics = await get_system_metrics(TimeRange.FIVE_MIN, source=source)
    assert data.points
    assert metrics.cpu.points


@pytest.mark.anyio
async def test_an_unknown_context_is_a_failure_that_names_it(agent: ReplayAgent) -> None:
    with pytest.raises(BadAnswer, match=r"no\.such\.context"):
        await fetch_metric("no.such.context", TimeRange.FIVE_MIN)


@pytest.mark.anyio
async def test_a_machine_without_netdata_is_a_failure_that_names_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ReplayAgent() as agent:
        port = agent.port
    monkeypatch.setenv("WODESK_NETDATA_URL", f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}"):
        await get_system_metrics(TimeRange.FIVE_MIN)


@pytest.mark.anyio
async def test_a_silent_agent_is_given_up_after_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    with FaultServer("silence") as server:
        monkeypatch.setenv("WODESK_NETDATA_URL", server.url)
        asking = asyncio.create_task(fetch_metric("system.cpu", TimeRange.FIVE_MIN))
        while not server.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        clock.leap(2.0)
        await asyncio.sleep(0.05)
        assert not asking.done()
        clock.leap(3.0)
        with pytest.raises(SourceTimeout, match="5 s"):
            await asking


@pytest.mark.anyio
@pytest.mark.parametrize("url", ["nonsense", "ftp://web1", "http://[", "http://", "web1:x"])
async def test_an_environment_that_names_no_address_is_a_failure_that_shows_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", url)
    with pytest.raises(SourceError) as caught:
        await get_system_metrics(TimeRange.FIVE_MIN)
    said = caught.value.message + caught.value.advice
    assert url in said or "WODESK_NETDATA_URL" in said


@pytest.mark.anyio
async def test_a_password_in_the_environment_is_in_no_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ReplayAgent() as agent:
        port = agent.port
    monkeypatch.setenv("WODESK_NETDATA_URL", f"http://admin:hunter2@127.0.0.1:{port}")
    with pytest.raises(SourceError) as caught:
        await get_system_metrics(TimeRange.FIVE_MIN)
    assert "hunter2" not in caught.value.message + caught.value.advice
