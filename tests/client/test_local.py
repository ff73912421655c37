"""This machine, measured by wodesk itself."""

from __future__ import annotations

import asyncio
import math
import os
import platform
import socket
import threading
import time
from dataclasses import dataclass

import numpy as np
import psutil
import pytest

from tests.client.asking import CPU, IO, LOAD, NET, PAGE, RAM, SPACE, assert_sound
from wodesk.client.local import LocalSource
from wodesk.models.derive import space_percent, total, used_percent
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Query, Window

UNKNOWN = Metric("no.such.context")
SECONDS = Query((*PAGE, UNKNOWN), Window(60), 60)
EACH_SECOND = (CPU, RAM, IO, NET, LOAD)
IN_A_ROW = 4
PATIENCE = 60.0
"""Seconds: a machine that is busy with other things may miss one now and then."""


@dataclass(frozen=True)
class Measured:
    """What a source told in its first seconds."""

    opened_at: float
    host: Host
    contexts: tuple[Context, ...]
    at_once: History
    later: History
    buckets: History
    day: History


@pytest.fixture(scope="module")
def measured() -> Measured:
    """A source watched until it has measured four seconds in a row, while one core works."""
    return asyncio.run(_measure())


async def _measure() -> Measured:
    opened_at = time.time()
    working = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(_work_until, working))
    async with LocalSource().sampling() as source:
        at_once = await source.history(SECONDS)
        host, contexts = await source.connect(), await source.contexts()
        async with asyncio.timeout(PATIENCE):
            # There is nothing to wait for but what the source answers.
            while not _in_a_row(later := await source.history(SECONDS)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        buckets = await source.history(Query(PAGE, Window(60), 30))
        day = await source.history(Query(PAGE, Window(86400), 144))
    working.set()
    await work
    return Measured(opened_at, host, contexts, at_once, later, buckets, day)


def _in_a_row(history: History) -> bool:
    """Whether the newest seconds of each metric follow each other without one missing."""
    newest = [history.series[metric].times[-IN_A_ROW:] for metric in EACH_SECOND]
    return all(each.size == IN_A_ROW and (np.diff(each) == 1).all() for each in newest)


def _work_until(done: threading.Event) -> None:
    while not done.is_set():
        sum(range(10_000))


def test_there_are_values_at_once(measured: Measured) -> None:
    series = measured.at_once.series
    assert all(len(series[metric]) >= 1 for metric in PAGE)
    assert all(np.isfinite(series[metric].values).all() for metric in PAGE)


def test_it_measures_each_second(measured: Measured) -> None:
    for metric in EACH_SECOND:
        times = measured.later.series[metric].times
        assert np.diff(times[-IN_A_ROW:]).tolist() == [1] * (IN_A_ROW - 1)
        assert (np.diff(times) >= 1).all()
        assert (times % 1 == 0).all()
        assert 0 <= measured.later.now - times[-1] < 25


def test_series_are_sound_and_name_netdatas_dimensions_and_units(measured: Measured) -> None:
    series = measured.later.series
    assert_sound({metric: series[metric] for metric in PAGE})
    told = {
        metric.context: (series[metric].units, [one.dimension for one in series[metric].columns])
        for metric in (CPU, RAM, IO, NET, LOAD)
    }
    kinds = ["guest_nice", "guest", "steal", "softirq", "irq", "user", "system", "nice", "iowait"]
    assert told == {
        "system.cpu": ("percentage", kinds),
        "system.ram": ("MiB", ["free", "used", "cached", "buffers"]),
        "system.io": ("KiB/s", ["reads", "writes"]),
        "system.net": ("kilobits/s", ["received", "sent"]),
        "system.load": ("load", ["load1", "load5", "load15"]),
    }
    assert series[SPACE].units == "GiB"


def test_cpu_kinds_are_percentages_of_all_cores(measured: Measured) -> None:
    cpu = measured.later.series[CPU]
    whole = total(cpu)
    assert (cpu.values >= 0).all()
    assert (whole <= 100.001).all()
    one_core = 100 / (os.cpu_count() or 1)
    assert whole[1:].mean() > one_core / 4


def test_memory_kinds_sum_up_to_all_of_it(measured: Measured) -> None:
    ram = measured.later.series[RAM]
    memory = psutil.virtual_memory().total / (1 << 20)
    assert total(ram).tolist() == pytest.approx([memory] * len(ram), rel=1e-6)
    assert (ram.values >= 0).all()
    assert ((used_percent(ram) > 0) & (used_percent(ram) <= 100)).all()


def test_disk_space_is_what_the_system_says_of_real_mount_points(measured: Measured) -> None:
    space = measured.later.series[SPACE]
    assert space.instances()
    shares = space_percent(space)
    assert shares.columns
    for mount in space.instances():
        usage = psutil.disk_usage(mount)
        used = space[Column("used", mount)][-1] * (1 << 30)
        avail = space[Column("avail", mount)][-1] * (1 << 30)
        assert 0 <= used <= usage.total
        assert avail <= usage.total
        assert shares[Column("used", mount)][-1] == pytest.approx(usage.percent, abs=2)


def test_rates_are_never_negative(measured: Measured) -> None:
    for metric in (IO, NET):
        assert (measured.later.series[metric].values >= 0).all()


def test_load_is_the_systems(measured: Measured) -> None:
    assert measured.later.series[LOAD].values.max() < 1000
    assert measured.later.series[LOAD][Column("load1")][-1] >= 0


def test_no_past_is_invented(measured: Measured) -> None:
    for metric in PAGE:
        series = measured.later.series[metric]
        assert series.first_entry == series.times[0]
        assert series.times[0] >= math.floor(measured.opened_at)


def test_an_hour_that_was_not_measured_is_not_there(measured: Measured) -> None:
    """After some seconds no bucket of ten minutes is over, but one that ended just then."""
    assert all(len(measured.day.series[metric]) <= 1 for metric in (CPU, RAM, IO, NET))


def test_buckets_are_means_on_whole_multiples(measured: Measured) -> None:
    cpu, seconds = measured.buckets.series[CPU], measured.later.series[CPU]
    assert cpu.every == 2
    assert (cpu.times % 2 == 0).all()
    # A second may have been measured between the two answers.
    both = cpu.times <= seconds.times[-1]
    assert both.any()
    for end, row in zip(cpu.times[both], cpu.values[both], strict=True):
        inside = seconds.values[(seconds.times > end - 2) & (seconds.times <= end)]
        assert row == pytest.approx(inside.mean(axis=0))


def test_an_unknown_metric_has_no_columns(measured: Measured) -> None:
    series = measured.later.series[UNKNOWN]
    assert (len(series), series.columns) == (0, ())


def test_every_metric_of_a_query_is_answered(measured: Measured) -> None:
    assert set(measured.later.series) == set(SECONDS.metrics)


def test_the_source_lists_what_it_measures(measured: Measured) -> None:
    assert {context.id for context in measured.contexts} == {metric.context for metric in PAGE}
    assert all(context.units for context in measured.contexts)


def test_the_machine_tells_who_it_is(measured: Measured) -> None:
    host = measured.host
    assert (host.hostname, host.api) == (socket.gethostname(), "embedded")
    assert host.agent.startswith("wodesk ")
    assert (host.cores, host.memory) == (psutil.cpu_count(), psutil.virtual_memory().total)
    assert platform.release() in host.kernel
    assert host.os
    assert host.booted_at is not None
    assert abs(host.booted_at - psutil.boot_time()) < 2
    assert host.booted_at < time.time()
    assert host.clock_offset == 0


def test_alerts_are_not_known_rather_than_none_raised(measured: Measured) -> None:
    assert measured.host.alerts is None


@pytest.mark.anyio
async def test_it_ends_its_task_when_it_is_closed() -> None:
    before = asyncio.all_tasks()
    async with LocalSource().sampling():
        assert len(asyncio.all_tasks() - before) == 1
    assert asyncio.all_tasks() == before


@pytest.mark.anyio
async def test_it_ends_its_task_when_the_block_fails() -> None:
    before = asyncio.all_tasks()
    with pytest.raises(ZeroDivisionError):
        async with LocalSource().sampling():
            raise ZeroDivisionError
    assert asyncio.all_tasks() == before


@pytest.mark.anyio
async def test_a_metric_asked_without_its_label_is_the_sum_of_its_instances() -> None:
    """As Netdata answers it; otherwise the same question has two meanings."""
    plain = Metric("disk.space")
    async with LocalSource().sampling() as source:
        series = (await source.history(Query((plain,), Window(60), 60))).series[plain]
    assert series.columns == (Column("avail"), Column("used"))


@pytest.mark.anyio
async def test_what_the_system_does_not_let_be_read_is_a_gap_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A container may hide files of /proc, and psutil raises at a line that it cannot read."""

    def hidden(**_: object) -> None:
        raise NotImplementedError("not sure how to interpret line")

    monkeypatch.setattr(psutil, "disk_io_counters", hidden)
    monkeypatch.setattr(psutil, "disk_partitions", hidden)
    async with LocalSource().sampling() as source:
        series = (await source.history(SECONDS)).series
        monkeypatch.undo()
        async with asyncio.timeout(PATIENCE):
            # There is nothing to wait for but what the source answers.
            while not len((await source.history(SECONDS)).series[IO]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert not len(series[IO])
    assert all(len(series[metric]) for metric in (CPU, RAM, NET, LOAD))
    assert series[SPACE].instances() == ("/",)
