"""What psutil reads of this machine, under Netdata's own names and in its units."""

from __future__ import annotations

import logging
import platform
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil

from wodesk import __version__
from wodesk.client.rings import Recording
from wodesk.models.derive import is_real_mount
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, Metric

log = logging.getLogger(__name__)

_MIB = 1 << 20
_GIB = 1 << 30
_CPU_KINDS = ("guest_nice", "guest", "steal", "softirq", "irq", "user", "system", "nice", "iowait")
_VIRTUAL_DISKS = ("loop", "ram", "zram", "dm-", "md", "sr", "fd")
_VIRTUAL_NICS = ("lo", "veth", "docker", "br-", "virbr", "ifb", "dummy", "tun", "tap", "wg")
_UNREADABLE = (OSError, NotImplementedError, ValueError)
"""What psutil raises where the system hides a file of it, or writes one in another form."""


def gauges() -> tuple[Gauge, ...]:
    """One for each context but that of file systems; their rates begin with this moment."""
    return (
        Gauge("system.cpu", _CPU_KINDS, "percentage", _Cpu().read),
        Gauge("system.ram", ("free", "used", "cached", "buffers"), "MiB", _memory),
        Gauge("system.io", ("reads", "writes"), "KiB/s", _Rate(_disk_bytes, 1024).read),
        Gauge("system.net", ("received", "sent"), "kilobits/s", _Rate(_net_bytes, 125).read),
        Gauge("system.load", ("load1", "load5", "load15"), "load", psutil.getloadavg),
    )


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
        self._is_hidden = False

    def sample(self, second: int) -> None:
        """Read it now, and keep it unless `second` is over already or there is no rate yet.

        What the system does not let be read is a gap, and no reason to measure nothing else.
        """
        values = self._values()
        if values is None or second <= self._newest:
            return
        self._newest = second
        self.recording.append(second, np.array(values, dtype=np.float64))

    def _values(self) -> tuple[float, ...] | None:
        try:
            values = self._read()
        except _UNREADABLE as exc:
            if not self._is_hidden:
                log.warning("%s of this machine cannot be read: %s", self.context.id, exc)
            self._is_hidden = True
            return None
        self._is_hidden = False
        return values


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


def file_systems() -> dict[str, tuple[float, float]]:
    """GiB available and used by mount point, of real file systems, each device once.

    Nothing where the system tells of none.
    """
    sizes: dict[str, tuple[float, float]] = {}
    devices: set[str] = set()
    for device, mount in _mounted():
        if device in devices or not is_real_mount(mount):
            continue
        with suppress(OSError):
            usage = psutil.disk_usage(mount)
            if usage.total > 0:
                devices.add(device)
                sizes[mount] = (usage.free / _GIB, usage.used / _GIB)
    if not sizes:
        with suppress(OSError):
            root = psutil.disk_usage("/")
            sizes["/"] = (root.free / _GIB, root.used / _GIB)
    return dict(sorted(sizes.items()))


def _mounted() -> list[tuple[str, str]]:
    """Devices and where they are mounted, as far as the system tells."""
    with suppress(*_UNREADABLE):
        return [(one.device, one.mountpoint) for one in psutil.disk_partitions(all=False)]
    return []


def this_host() -> Host:
    """What the platform tells about itself."""
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
