"""The embedded source: this machine, measured by psutil under Netdata's own names."""

from __future__ import annotations

import asyncio
import math
import platform
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import numpy as np
import psutil

from wodesk import __version__
from wodesk.client.rings import Recording
from wodesk.client.samples import empty
from wodesk.client.weights import changes_from_history
from wodesk.models.change import Change, Comparison
from wodesk.models.derive import is_real_mount, newest_of
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Newest, Query, Series
from wodesk.models.pieces import added_up, with_columns

_MIB = 1 << 20
_GIB = 1 << 30
_FIRST_SPAN = 0.2
"""Seconds from the first reading of the counters to the first rate."""
_SPACE_EVERY = 10
_SPACE_PATIENCE = 2.0
"""Seconds that a file system may take to tell its size; a dead network mount never does."""

_CPU_KINDS = ("guest_nice", "guest", "steal", "softirq", "irq", "user", "system", "nice", "iowait")
_VIRTUAL_DISKS = ("loop", "ram", "zram", "dm-", "md", "sr", "fd")
_VIRTUAL_NICS = ("lo", "veth", "docker", "br-", "virbr", "ifb", "dummy", "tun", "tap", "wg")


class LocalSource:
    """This machine, sampled each second for as long as the source is open.

    It has no past from before it was opened, and says so by `Series.first_entry`.
    """

    def __init__(self) -> None:
        self._gauges: tuple[Gauge, ...] = (
            Gauge("system.cpu", _CPU_KINDS, "percentage", _Cpu().read),
            Gauge("system.ram", ("free", "used", "cached", "buffers"), "MiB", _memory),
            Gauge("system.io", ("reads", "writes"), "KiB/s", _Rate(_disk_bytes, 1024).read),
            Gauge("system.net", ("received", "sent"), "kilobits/s", _Rate(_net_bytes, 125).read),
            Gauge("system.load", ("load1", "load5", "load15"), "load", psutil.getloadavg),
        )
        self._space: Recording | None = None
        self._mounts_pending: asyncio.Task[dict[str, tuple[float, float]]] | None = None

    async def connect(self) -> Host:
        """What the platform tells about itself."""
        return await asyncio.to_thread(_host)

    async def contexts(self) -> tuple[Context, ...]:
        """The contexts that are measured here."""
        known = [gauge.context for gauge in self._gauges]
        if self._space is not None:
            known.append(Context("disk.space", self._space.units))
        return tuple(known)

    async def catalogue(self) -> tuple[Context, ...]:
        """The same with dimensions and mount points."""
        recordings = [gauge.recording for gauge in self._gauges]
        if self._space is not None:
            recordings.append(self._space)
        return tuple(recording.described() for recording in recordings)

    async def newest(self, query: Query) -> Newest:
        """The newest sample of its history."""
        return newest_of(await self.history(query), query.metrics[0])

    async def changes(self, comparison: Comparison) -> tuple[Change, ...]:
        """How much each dimension changed, from the samples that are here."""
        return await changes_from_history(self, comparison)

    async def history(self, query: Query) -> History:
        """What was measured since the source was opened."""
        now = time.time()
        recordings = {gauge.context.id: gauge.recording for gauge in self._gauges}
        if self._space is not None:
            recordings["disk.space"] = self._space
        series = {
            metric: recordings[metric.context].series(query, now)
            if metric.context in recordings
            else empty(metric, query)
            for metric in query.metrics
        }
        return History({metric: _labelled(metric, s) for metric, s in series.items()}, now)

    async def alerts(self, cursor: int) -> None:
        """None: this source evaluates nothing; the user's own rules may."""

    @asynccontextmanager
    async def sampling(self) -> AsyncIterator[LocalSource]:
        """Measure in the background until the block is left."""
        await asyncio.to_thread(self._sample, 0)
        await asyncio.sleep(_FIRST_SPAN)
        await asyncio.to_thread(self._sample, math.floor(time.time()))
        await self._sample_space(math.floor(time.time()))
        task = asyncio.create_task(self._sample_forever(), name="local-sampling")
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _sample_forever(self) -> None:
        while True:
            await asyncio.sleep(1.0 - time.time() % 1.0 + 0.01)
            second = math.floor(time.time())
            await asyncio.to_thread(self._sample, second)
            if second % _SPACE_EVERY == 0:
                await self._sample_space(second)

    def _sample(self, second: int) -> None:
        for gauge in self._gauges:
            gauge.sample(second)

    async def _sample_space(self, second: int) -> None:
        """Measure the file systems; one that hangs is waited for only once at a time."""
        if self._mounts_pending is None:
            self._mounts_pending = asyncio.create_task(asyncio.to_thread(_file_systems))
        done, _ = await asyncio.wait({self._mounts_pending}, timeout=_SPACE_PATIENCE)
        if not done:
            return
        sizes, self._mounts_pending = self._mounts_pending.result(), None
        columns = tuple(Column(name, mount) for mount in sizes for name in ("avail", "used"))
        if self._space is None or self._space.columns != columns:
            self._space = Recording(
                Metric("disk.space", "mount_point", _SPACE_EVERY), columns, "GiB"
            )
        self._space.append(second, np.array([part for size in sizes.values() for part in size]))


class Gauge:
    """One context: how it is read, and what was read so far."""

    def __init__(
        self,
        context: str,
        dimensions: tuple[str, ...],
        units: str,
        read: Callable[[], tuple[float, ...] | None],
    ) -> None:
        self.context = Context(context, units)
        self.recording = Recording(Metric(context), tuple(map(Column, dimensions)), units)
        self._read = read
        self._newest = 0

    def sample(self, second: int) -> None:
        """Read it now, and keep it unless `second` is over already or there is no rate yet."""
        values = self._read()
        if values is None or second <= self._newest:
            return
        self._newest = second
        self.recording.append(second, np.array(values, dtype=np.float64))


def _labelled(metric: Metric, series: Series) -> Series:
    """What is wanted of the series, its instances added up where they are not asked for."""
    if not metric.is_plain:
        series = with_columns(series, [one for one in series.columns if _is_wanted(metric, one)])
    if metric.is_split or not any(column.instance for column in series.columns):
        return series
    return added_up(series, [Column(column.dimension) for column in series.columns])


def _is_wanted(metric: Metric, column: Column) -> bool:
    """Whether a column passes the filters; mount points are the only instances and labels."""
    mounts = [value for key, value in metric.labels if key == "mount_point"]
    keys = {key for key, _ in metric.labels}
    return (
        column.dimension in (metric.dimensions or (column.dimension,))
        and column.instance in (metric.instances or (column.instance,))
        and keys <= {"mount_point"}
        and column.instance in (mounts or (column.instance,))
    )


class _Cpu:
    """CPU utilisation by kind, in % of all cores, since the reading before."""

    def __init__(self) -> None:
        self._before: dict[str, float] | None = None

    def read(self) -> tuple[float, ...] | None:
        times = psutil.cpu_times()._asdict()
        # The kernel counts guest time within user time, and Netdata shows it apart.
        times["user"] -= times.get("guest", 0.0)
        times["nice"] = times.get("nice", 0.0) - times.get("guest_nice", 0.0)
        before, self._before = self._before, times
        if before is None:
            return None
        spent = {kind: max(0.0, times[kind] - before[kind]) for kind in times}
        whole = sum(spent.values())
        if whole <= 0:
            return None
        return tuple(100.0 * spent.get(kind, 0.0) / whole for kind in _CPU_KINDS)


class _Rate:
    """Counters as amounts a second, in units of `unit` bytes."""

    def __init__(self, count: Callable[[], tuple[int, int]], unit: int) -> None:
        self._count = count
        self._unit = unit
        self._before: tuple[tuple[int, int], float] | None = None

    def read(self) -> tuple[float, float] | None:
        counts, now = self._count(), time.monotonic()
        before, self._before = self._before, (counts, now)
        if before is None or now <= before[1]:
            return None
        seconds = (now - before[1]) * self._unit
        first, second = (
            max(0, new - old) / seconds for new, old in zip(counts, before[0], strict=True)
        )
        return first, second


def _memory() -> tuple[float, ...]:
    memory = psutil.virtual_memory()
    buffers, cached = getattr(memory, "buffers", 0), getattr(memory, "cached", 0)
    used = max(0, memory.total - memory.free - buffers - cached)
    return tuple(part / _MIB for part in (memory.free, used, cached, buffers))


def _disk_bytes() -> tuple[int, int]:
    disks = psutil.disk_io_counters(perdisk=True) or {}
    whole = [counts for name, counts in disks.items() if _is_whole_disk(name)]
    return sum(disk.read_bytes for disk in whole), sum(disk.write_bytes for disk in whole)


def _is_whole_disk(name: str) -> bool:
    """Whether a block device is a disk of its own, so that nothing is counted twice."""
    if name.startswith(_VIRTUAL_DISKS):
        return False
    blocks = Path("/sys/block")
    return (blocks / name).exists() if blocks.exists() else True


def _net_bytes() -> tuple[int, int]:
    nics = psutil.net_io_counters(pernic=True) or {}
    real = [counts for name, counts in nics.items() if not name.startswith(_VIRTUAL_NICS)]
    return sum(nic.bytes_recv for nic in real), sum(nic.bytes_sent for nic in real)


def _file_systems() -> dict[str, tuple[float, float]]:
    """GiB available and used by mount point, of real file systems, each device once."""
    sizes: dict[str, tuple[float, float]] = {}
    devices: set[str] = set()
    for partition in psutil.disk_partitions(all=False):
        if partition.device in devices or not is_real_mount(partition.mountpoint):
            continue
        with suppress(OSError):
            usage = psutil.disk_usage(partition.mountpoint)
            if usage.total > 0:
                devices.add(partition.device)
                sizes[partition.mountpoint] = (usage.free / _GIB, usage.used / _GIB)
    if not sizes:
        root = psutil.disk_usage("/")
        sizes["/"] = (root.free / _GIB, root.used / _GIB)
    return dict(sorted(sizes.items()))


def _host() -> Host:
    return Host(
        hostname=socket.gethostname(),
        machine_guid=f"embedded:{socket.gethostname()}",
        agent=f"wodesk {__version__}",
        api="embedded",
        os=_os_name(),
        kernel=f"{platform.system()} {platform.release()}",
        architecture=platform.machine(),
        cores=psutil.cpu_count(),
        memory=psutil.virtual_memory().total,
        booted_at=psutil.boot_time(),
    )


def _os_name() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return f"{platform.system()} {platform.release()}"
