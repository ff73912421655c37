"""A Netdata source at the real netdata 1.37.1."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.client.asking import CPU, IO, LOAD, NET, PAGE, RAM, SPACE, assert_sound, netdata_at
from tests.servers.netdata import HOSTNAME, LiveNetdata
from wodesk.client.agent import NetdataSource
from wodesk.client.netdata import get_system_metrics
from wodesk.models.change import Comparison
from wodesk.models.derive import space_percent, total, used_percent
from wodesk.models.metric import Column, Metric, Query, Series, Window
from wodesk.models.system import TimeRange

PATIENCE = 60.0


@pytest.fixture(scope="module")
def live() -> Iterator[LiveNetdata]:
    """One agent for all tests here: none of them changes it."""
    with LiveNetdata() as live:
        yield live


async def first_values(source: NetdataSource, metric: Metric) -> Series:
    """The series of a metric, as soon as it has a row that is not only zeros, as the first is.

    The network of a machine may be quiet for longer.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await source.history(Query((metric,), Window(60), 60))
            series = answer.series[metric]
            known = ~np.isnan(series.values)
            if known.any() and (metric in (NET, IO) or series.values[known].max() > 0):
                return series
            await asyncio.sleep(0.05)


@pytest.mark.anyio
async def test_a_live_agent_tells_who_it_is(live: LiveNetdata) -> None:
    async with netdata_at(live.url) as source:
        host = await source.connect()
    assert (host.hostname, host.api) == (HOSTNAME, "v1")
    assert host.agent.lstrip("v").startswith("1.37")
    assert host.machine_guid
    assert host.booted_at is not None
    assert host.booted_at < time.time()
    assert host.clock_offset == 0


@pytest.mark.anyio
@pytest.mark.parametrize("metric", PAGE, ids=lambda metric: metric.context)
async def test_a_live_agent_has_a_history_of_each_chart_of_the_page(
    live: LiveNetdata, metric: Metric
) -> None:
    columns = {
        CPU: {"user", "system", "iowait"},
        RAM: {"free", "used", "cached", "buffers"},
        IO: {"reads", "writes"},
        NET: {"received", "sent"},
        SPACE: {"avail", "used"},
        LOAD: {"load1", "load5", "load15"},
    }
    async with netdata_at(live.url) as source:
        await source.connect()
        series = await first_values(source, metric)
    assert_sound({metric: series})
    assert columns[metric] <= {column.dimension for column in series.columns}
    assert series.units
    assert series.first_entry is not None
    assert np.nanmin(series.values) >= 0


@pytest.mark.anyio
async def test_a_live_agent_measures_this_machine_sanely(live: LiveNetdata) -> None:
    async with netdata_at(live.url) as source:
        await source.connect()
        cpu = await first_values(source, CPU)
        ram = await first_values(source, RAM)
        space = await first_values(source, SPACE)
    busy = total(cpu)
    assert 0 <= np.nanmin(busy) <= np.nanmax(busy) <= 100.5
    shares = used_percent(ram)
    assert 0 < np.nanmin(shares) <= np.nanmax(shares) < 100
    mounts = space_percent(space)
    assert Column("used", "/") in mounts
    assert 0 <= np.nanmin(mounts.values) <= np.nanmax(mounts.values) <= 100


@pytest.mark.anyio
async def test_a_live_agent_answers_the_contract(live: LiveNetdata) -> None:
    async with netdata_at(live.url) as source:
        await source.connect()
        for metric in (SPACE, NET):
            await first_values(source, metric)
        metrics = await get_system_metrics(TimeRange.FIVE_MIN, source=source)
    for share in (metrics.cpu, metrics.ram, metrics.disk):
        assert share.unit == "%"
        assert 0 <= share.current <= 100.5
    for network in (metrics.network_in, metrics.network_out):
        assert network.unit == "kilobits/s"
        assert network.current >= 0


@pytest.mark.anyio
async def test_a_live_agent_lists_its_contexts(live: LiveNetdata) -> None:
    async with netdata_at(live.url) as source:
        await source.connect()
        units = {context.id: context.units for context in await source.contexts()}
    assert units["system.cpu"] == "percentage"


@pytest.mark.anyio
async def test_an_unknown_context_of_a_live_agent_has_no_columns(live: LiveNetdata) -> None:
    unknown = Metric("no.such.context")
    async with netdata_at(live.url) as source:
        await source.connect()
        answer = await source.history(Query((unknown, CPU), Window(10), 10))
    assert answer.series[unknown].columns == ()
    assert len(answer.series[CPU])


@pytest.mark.anyio
@pytest.mark.parametrize("metric", [CPU, NET], ids=lambda metric: metric.context)
async def test_the_band_of_a_live_agent_is_that_of_its_seconds(
    live: LiveNetdata, metric: Metric
) -> None:
    async with netdata_at(live.url) as source:
        await source.connect()
        seconds = await settled_seconds(source, metric, 8)
        window = Window(8, seconds.times[-1])
        answer = await source.history(Query((metric,), window, 2, band=True))
    band = answer.series[metric]
    assert band.times.tolist() == [seconds.times[3], seconds.times[7]]
    assert band.lows is not None
    assert band.highs is not None
    halves = seconds.values.reshape(2, 4, len(seconds.columns))
    assert band.lows == pytest.approx(halves.min(axis=1), abs=1e-4)
    assert band.highs == pytest.approx(halves.max(axis=1), abs=1e-4)


async def settled_seconds(source: NetdataSource, metric: Metric, count: int) -> Series:
    """So many seconds without a gap, up to a multiple of four that is well in the past."""
    async with asyncio.timeout(PATIENCE + count):
        while True:
            end = (time.time() - 3) // 4 * 4
            series = (await source.history(Query((metric,), Window(count, end), count))).series
            found = series[metric]
            if len(found) == count and not np.isnan(found.values).any():
                return found
            await asyncio.sleep(0.1)


@pytest.mark.anyio
async def test_a_live_agent_lists_what_can_be_chosen_and_gives_what_was(live: LiveNetdata) -> None:
    async with netdata_at(live.url) as source:
        await source.connect()
        await first_values(source, SPACE)
        found = {context.id: context for context in await source.catalogue()}
        space = found["disk.space"]
        wanted = Metric(
            "disk.space",
            "mount_point",
            dimensions=("used",),
            labels=(("mount_point", "/"), ("filesystem", dict(space.labels)["filesystem"][0])),
        )
        by_instance = Metric("disk.space", by_instance=True)
        intr = Metric("system.intr")
        answer = await source.history(Query((wanted, by_instance, intr), Window(10), 1))
    assert {"avail", "used"} <= set(space.dimensions)
    assert set(answer.series[by_instance].instances()) == set(space.instances)
    assert answer.series[wanted].columns in ((), (Column("used", "/"),))
    assert found["system.load"].every == 5
    assert answer.series[intr].units == "interrupts/s"


@pytest.mark.anyio
async def test_a_live_agent_tells_what_changed(live: LiveNetdata) -> None:
    async with netdata_at(live.url) as source:
        await source.connect()
        seconds = await settled_seconds(source, CPU, 16)
        end = float(seconds.times[-1])
        changed = await source.changes(Comparison(end - 16, end - 5, end))
        known = {context.id for context in await source.contexts()}
    assert changed
    assert {one.context for one in changed} <= known
    assert all(0 < one.weight <= 1 for one in changed)
