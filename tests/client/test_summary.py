"""Any source's metrics brought to the SystemMetrics contract."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from tests.client.asking import netdata_at
from tests.servers.replay import ReplayAgent
from wodesk.client.local import LocalSource
from wodesk.client.summary import CPU, NET, RAM, SPACE, fullest, metric_data, system_metrics
from wodesk.models.derive import total, used_percent
from wodesk.models.errors import BadAnswer, Hop
from wodesk.models.metric import Column, Query, Series, Window
from wodesk.models.system import MetricData, TimeRange

PARTS = ("cpu", "ram", "disk", "network_in", "network_out")


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


def space(*rows: list[float]) -> Series:
    """Used and available GiB of / and of /home and of /run."""
    columns = [
        Column(name, mount) for mount in ("/", "/home", "/run") for name in ("used", "avail")
    ]
    values = np.array(rows, dtype=np.float64)
    return Series(np.arange(1.0, len(rows) + 1), values, tuple(columns), "GiB", 10)


def test_the_fullest_file_system_is_the_one_that_is_the_fullest_now() -> None:
    shares = fullest(space([9, 1, 1, 9, 0, 1], [2, 8, 3, 7, 0, 1]))
    assert shares.tolist() == [10, 30]


def test_a_file_system_of_the_kernel_is_never_the_fullest() -> None:
    assert fullest(space([1, 9, 2, 8, 99, 1])).tolist() == [20]


def test_a_gap_does_not_hide_the_fullest_file_system() -> None:
    assert fullest(space([1, 9, math.nan, math.nan, 0, 1])).tolist() == [10]


def test_no_file_system_at_all_is_a_gap() -> None:
    none = Series(np.array([1.0]), np.empty((1, 0)), (), "GiB", 10)
    assert np.isnan(fullest(none)).tolist() == [True]


@pytest.mark.anyio
async def test_the_parts_are_what_the_charts_show(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        metrics = await system_metrics(source, TimeRange.FIVE_MIN)
        query = Query((CPU, RAM, SPACE, NET), Window(300), 60)
        series = (await source.history(query)).series
    wanted = {
        "cpu": (series[CPU].times, total(series[CPU])),
        "ram": (series[RAM].times, used_percent(series[RAM])),
        "disk": (series[SPACE].times, fullest(series[SPACE])),
        "network_in": (series[NET].times, series[NET][Column("received")]),
        "network_out": (series[NET].times, series[NET][Column("sent")]),
    }
    for name, (times, values) in wanted.items():
        shown = dict(zip(times.astype(int).tolist(), values.tolist(), strict=True))
        points = {point.timestamp: point.value for point in getattr(metrics, name).points}
        both = shown.keys() & points.keys()
        assert len(both) >= 58
        assert all(points[time] == pytest.approx(shown[time], abs=6e-4) for time in both)


@pytest.mark.anyio
async def test_each_part_has_its_name_and_unit(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        metrics = await system_metrics(source, TimeRange.FIVE_MIN)
    told = {name: (getattr(metrics, name).name, getattr(metrics, name).unit) for name in PARTS}
    assert told == {
        "cpu": ("cpu", "%"),
        "ram": ("ram", "%"),
        "disk": ("disk", "%"),
        "network_in": ("network_in", "kilobits/s"),
        "network_out": ("network_out", "kilobits/s"),
    }


@pytest.mark.anyio
async def test_points_are_ascending_and_the_last_is_the_current_value(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        metrics = await system_metrics(source, TimeRange.ONE_HOUR)
    for name in PARTS:
        data: MetricData = getattr(metrics, name)
        times = [point.timestamp for point in data.points]
        assert times == sorted(set(times))
        assert data.current == data.points[-1].value


@pytest.mark.anyio
async def test_gaps_are_left_out_and_never_zero(agent: ReplayAgent) -> None:
    now = math.floor(agent.now)
    agent.gap = (now - 120, now - 60)
    async with netdata_at(agent.url) as source:
        await source.connect()
        data = await metric_data(source, "system.ram", TimeRange.FIVE_MIN)
    assert 45 <= len(data.points) <= 50
    assert not any(now - 112 < point.timestamp < now - 60 for point in data.points)
    assert min(point.value for point in data.points) > 0


@pytest.mark.anyio
@pytest.mark.parametrize("context", ["system.cpu", "system.ram", "system.net", "disk.space"])
async def test_a_part_that_is_not_measured_is_a_failure_and_not_a_zero(
    agent: ReplayAgent, context: str
) -> None:
    agent.missing = {context}
    async with netdata_at(agent.url) as source:
        await source.connect()
        with pytest.raises(BadAnswer) as caught:
            await system_metrics(source, TimeRange.FIVE_MIN)
    assert caught.value.hop is Hop.DATA
    assert "no value" in caught.value.message


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("context", "unit"),
    [
        ("system.cpu", "%"),
        ("system.ram", "%"),
        ("disk.space", "%"),
        ("system.io", "KiB/s"),
        ("system.net", "kilobits/s"),
        ("system.load", "load"),
    ],
)
async def test_the_headline_of_a_context_says_its_unit(
    agent: ReplayAgent, context: str, unit: str
) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        data = await metric_data(source, context, TimeRange.FIVE_MIN)
    assert (data.name, data.unit) == (context, unit)
    assert len(data.points) >= 58
    if unit == "%":
        assert all(0 <= point.value <= 100.001 for point in data.points)


@pytest.mark.anyio
@pytest.mark.parametrize("time_range", TimeRange)
async def test_a_source_younger_than_a_bucket_answers_with_what_it_has(
    time_range: TimeRange,
) -> None:
    async with LocalSource().sampling() as source:
        metrics = await system_metrics(source, time_range)
    for name in PARTS:
        assert len(getattr(metrics, name).points) >= 1
    assert 0 <= metrics.cpu.current <= 100.001
    assert 0 < metrics.ram.current < 100


@pytest.mark.anyio
async def test_an_agent_that_has_just_started_answers_with_what_it_has(agent: ReplayAgent) -> None:
    agent.retention = 3.0
    async with netdata_at(agent.url) as source:
        await source.connect()
        data = await metric_data(source, "system.cpu", TimeRange.ONE_DAY)
    assert 1 <= len(data.points) <= 4
