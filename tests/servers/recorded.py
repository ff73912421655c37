"""The recorded answers of `tests/data` as endless signals, and the contexts that they belong to.

A signal repeats its recorded rows for ever: half of a value is the row of the moment, the other
half the row of the quarter of an hour, so that a window of days has a shape, too.  Sums of
columns stay what they were (CPU never exceeds 100 %, memory keeps its total).  All arithmetic is
on integers, so that the mean of a week costs as much as that of a second, and is exact.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

DATA = Path(__file__).resolve().parents[1] / "data"
BOOTED_AT = 1_700_000_000
"""When the replayed machine started, in epoch seconds."""

Json = Any
_DECIMALS = 7
_SCALE = 10_000_000
_SLOW = 900


class Signal(Protocol):
    """A value for each sample, the sample number being its time divided by its cadence."""

    def until(self, sample: int) -> int:
        """The sum of all samples before `sample`, in halves of 1e-7."""
        ...


@dataclass(frozen=True, slots=True)
class Repeated:
    """Recorded rows, oldest first, each standing for `hold` samples now and `slow` samples ago."""

    rows: tuple[int, ...]
    prefix: tuple[int, ...]
    hold: int
    slow: int

    def until(self, sample: int) -> int:
        """As `Signal` says."""
        return self._until(sample, self.hold) + self._until(sample, self.slow)

    def _until(self, sample: int, hold: int) -> int:
        blocks, rest = divmod(sample, hold)
        rounds, place = divmod(blocks, len(self.rows))
        whole = rounds * self.prefix[-1] + self.prefix[place]
        return hold * whole + rest * self.rows[place]


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since the machine started."""

    def until(self, sample: int) -> int:
        """As `Signal` says."""
        return _SCALE * (sample * (sample - 1) - 2 * BOOTED_AT * sample)


def value(total: int, count: int) -> float | int:
    """The mean of `count` samples as the agent prints it: 7 decimals, no `.0`."""
    mean = round(total / (2 * _SCALE * count), _DECIMALS)
    return int(mean) if mean == int(mean) else mean


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A chart of a context; 1.37 spells the ids of some differently, and lacks a few."""

    id: str
    labels: Mapping[str, str]
    old_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """A line of a chart; 2.x shows the name where 1.37 also tells the id."""

    id: str
    name: str
    priority: int
    instance: Instance
    signal: Signal


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What a replayed agent measures."""

    id: str
    title: str
    units: str
    chart_type: str
    every: int
    dimensions: tuple[Dimension, ...]
    hidden: tuple[str, ...] = ()
    """Names of dimensions that are listed and not shown."""


def load(name: str) -> Json:
    """A recorded answer by its file name; the caller may change it."""
    return copy.deepcopy(_load(name))


@cache
def _load(name: str) -> Json:
    return json.loads((DATA / name).read_bytes())


@cache
def contexts() -> tuple[Context, ...]:
    """Every context that is replayed, in the order in which agents list their columns."""
    return (
        _context("disk.space", "disk_space_5m_5_by_mount", hold=60, label="mount_point"),
        _context("system.cpu", "cpu_5m_300"),
        _uptime(),
        _context("system.load", "load_5m_60", every=5),
        _context("system.ram", "ram_5m_60"),
        _context("system.io", "io_5m_60"),
        _context("system.net", "net_5m_60"),
    )


_OLD_IDS = {
    "reads": "in",
    "writes": "out",
    "received": "InOctets",
    "sent": "OutOctets",
    "reserved for root": "reserved_for_root",
}


def _context(
    id: str,
    file: str,
    *,
    hold: int = 1,
    every: int = 1,
    label: str | None = None,
) -> Context:
    answer = load(f"2.11.0/data/{file}.json")
    view, result = answer["view"], answer["result"]
    instances: dict[str, Instance] = {}
    dimensions = []
    for place, (name, priority) in enumerate(
        zip(view["dimensions"]["ids"], view["dimensions"]["priorities"], strict=True)
    ):
        dimension, _, part = name.partition(",")
        instance = instances.setdefault(
            part, _instance(id, part, answer["summary"]["labels"], label)
        )
        rows = [row[place + 1][0] for row in reversed(result["data"])]
        signal = _repeated(rows, hold, _SLOW // every)
        old = _OLD_IDS.get(dimension, dimension)
        dimensions.append(Dimension(old, dimension, priority, instance, signal))
    shown = {one.name for one in dimensions}
    listed = [entry["id"] for entry in answer["summary"]["dimensions"]]
    hidden = tuple(name for name in listed if name not in shown)
    return Context(
        id, view["title"], view["units"], view["chart_type"], every, tuple(dimensions), hidden
    )


def _repeated(rows: Sequence[float], hold: int, slow: int) -> Repeated:
    scaled = tuple(round(number * _SCALE) for number in rows)
    return Repeated(scaled, tuple(accumulate(scaled, initial=0)), hold, slow)


def _instance(context: str, part: str, labels: Json, label: str | None) -> Instance:
    if label is None:
        values = {entry["id"]: entry["vl"][0]["id"] for entry in labels}
        return Instance(context, values, context)
    values = {entry["id"]: entry["vl"][0]["id"] for entry in labels} | {label: part}
    if part != "/":
        values["filesystem"] = "tmpfs"
    id = "disk_space." + part.replace(" ", "_")
    old = "disk_space." + part.replace("/", "_").replace(" ", "_").lower()
    return Instance(id, values, old if part.isascii() else None)


def _uptime() -> Context:
    labels = {"_collect_module": "/proc/uptime", "_collect_plugin": "proc.plugin"}
    instance = Instance("system.uptime", labels, "system.uptime")
    dimension = Dimension("uptime", "uptime", 0, instance, Uptime())
    return Context("system.uptime", "System Uptime", "seconds", "line", 1, (dimension,))
