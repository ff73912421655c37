"""Metrics and the samples of them: what is asked for, and what comes back.

numpy is imported for the type checker only: the window shows itself before numpy is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from wodesk.models.arrays import Floats

NICE_BUCKETS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 86400)
"""Bucket lengths in seconds whose borders fall on whole minutes, hours and days."""


class Metric(Struct, frozen=True):
    """A Netdata context as one chart reads it.

    `label` names a label whose values become instances (one line per mount point).  `every` is
    the metric's own cadence in seconds: it is never asked for in finer steps, since API v3
    would answer such a question with interpolated values.  With `by_instance` the instances are
    those of the agent itself, a chart each; else those of one dimension are added up.

    `dimensions` and `instances` are the only ones wanted, none meaning all; an instance must have
    one of the values that `labels` has for each of its keys.
    """

    context: str
    label: str | None = None
    every: int = 1
    by_instance: bool = False
    dimensions: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def is_split(self) -> bool:
        """Whether its columns are of instances."""
        return self.label is not None or self.by_instance

    @property
    def is_plain(self) -> bool:
        """Whether it is all of the context, by dimension alone."""
        return not (self.is_split or self.dimensions or self.instances or self.labels)


class Window(Struct, frozen=True):
    """A stretch of time: `seconds` long, up to `before` (epoch seconds) or, if None, up to now."""

    seconds: int
    before: float | None = None

    @property
    def is_live(self) -> bool:
        """Whether the window follows the clock."""
        return self.before is None

    def bucket(self, points: int) -> int:
        """Whole seconds of each part, when it is divided into `points`."""
        return max(1, self.seconds // points)


class Watch(Struct, frozen=True):
    """What a chart wants to see of one server; the key under which its frames come back.

    `band` asks for the least and the greatest sample of each bucket besides the average, and
    `anomaly` for how unusual the agent finds it: `lows`, `highs` and `anomaly` of the series.
    """

    server: str
    metric: Metric
    window: Window
    points: int
    band: bool = False
    anomaly: bool = False

    def __hash__(self) -> int:
        # A key that is looked up for each chart each second, and seldom has more to it than this.
        return hash((self.server, self.metric.context, self.points))

    @property
    def bucket(self) -> int:
        """Seconds that one point stands for."""
        return self.window.bucket(self.points)


class Query(Struct, frozen=True):
    """Several metrics over one window: what a source answers at once.

    `band` and `anomaly` are as in `Watch`; a source that cannot tell leaves them out, and nobody
    tells a band where a bucket holds one sample.
    """

    metrics: tuple[Metric, ...]
    window: Window
    points: int
    band: bool = False
    anomaly: bool = False

    @property
    def bucket(self) -> int:
        """Seconds that one point stands for."""
        return self.window.bucket(self.points)


class Column(Struct, frozen=True):
    """One line of a series: a dimension, of an instance where the metric was split by a label."""

    dimension: str
    instance: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Samples of one metric.

    `times` (n,) holds epoch seconds, strictly ascending, each the end of its bucket; `values`
    (n, len(columns)) holds floats, a gap being NaN.  Directions that Netdata reports as negative
    (sent, writes) are positive here.  `every` is the seconds between two rows; `first_entry` is
    the oldest time that the source still has, and `cadence` the seconds between two of its
    samples, if it says so.

    What was asked for besides has the shape of `values`: `lows` and `highs` are the least and the
    greatest sample in each bucket, of which `values` is the average; `anomaly` is the part of the
    bucket, in %, that the agent finds unusual.  Where columns add up several instances, so do
    these: the band is then as wide as the true one or wider.  All arrays are read-only float64.
    """

    times: Floats
    values: Floats
    columns: tuple[Column, ...]
    units: str
    every: float
    first_entry: float | None = None
    cadence: float | None = None
    lows: Floats | None = None
    highs: Floats | None = None
    anomaly: Floats | None = None
    _index: dict[Column, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (self.times.size, len(self.columns))
        self.times.flags.writeable = False
        for name, layer in self.layers().items():
            if layer.shape != shape:
                raise ValueError(f"{layer.shape} {name} for {self.times.size} times")
            layer.flags.writeable = False
        object.__setattr__(self, "_index", {name: i for i, name in enumerate(self.columns)})

    def layers(self) -> dict[str, Floats]:
        """The arrays (n, len(columns)) that are there, by name; `values` is the first of them."""
        every = {"values": self.values}
        more = {"lows": self.lows, "highs": self.highs, "anomaly": self.anomaly}
        return every | {name: layer for name, layer in more.items() if layer is not None}

    def of(
        self, times: Floats, layers: Mapping[str, Floats], columns: tuple[Column, ...] | None = None
    ) -> Series:
        """Other rows, or other columns, of the same metric."""
        return Series(
            times,
            layers["values"],
            self.columns if columns is None else columns,
            self.units,
            self.every,
            self.first_entry,
            self.cadence,
            layers.get("lows"),
            layers.get("highs"),
            layers.get("anomaly"),
        )

    def __len__(self) -> int:
        return int(self.times.size)

    def __contains__(self, column: Column) -> bool:
        return column in self._index

    def place(self, column: Column) -> int | None:
        """Where a column is in the arrays, if it is there."""
        return self._index.get(column)

    def __getitem__(self, column: Column) -> Floats:
        return self.values[:, self._index[column]]

    @property
    def is_averaged(self) -> bool:
        """Whether a row stands for several samples, as far as the source tells its cadence."""
        return self.cadence is not None and self.every > self.cadence

    @property
    def newest(self) -> float | None:
        """The time of the newest row, or None if there is none."""
        return float(self.times[-1]) if self.times.size else None

    def instances(self) -> tuple[str, ...]:
        """Each instance once, in the order of the columns."""
        return tuple(dict.fromkeys(column.instance for column in self.columns))


NOW = Window(60)
"""The window that current values are taken from."""


def bucket_for(seconds: int, pixels: int, every: int = 1) -> int:
    """The finest bucket with at most one point a pixel column, but none finer than `every`."""
    wanted = max(every, math.ceil(seconds / max(1, pixels)))
    fitting = (bucket for bucket in NICE_BUCKETS if bucket >= wanted and bucket % every == 0)
    return next(fitting, NICE_BUCKETS[-1])


def watch_for(
    server: str,
    metric: Metric,
    window: Window,
    pixels: int,
    *,
    band: bool = False,
    anomaly: bool = False,
) -> Watch:
    """A watch on `window` at the resolution that `pixels` columns can show."""
    bucket = bucket_for(window.seconds, pixels, metric.every)
    points = max(1, window.seconds // bucket)
    return Watch(server, metric, window, points, band, anomaly)


class Context(Struct, frozen=True):
    """A context that a source has, as it describes it; only `id` and `units` are always there.

    `dimensions`, `instances` and `labels` (each key with its values) come with a catalogue alone.
    A smaller `priority` comes first on a page; `first_entry` is the oldest time of it, and `every`
    the seconds between two samples, if the source says so.  `is_live` is whether it is measured
    now.  `hidden` are the dimensions that are answered only where they are named, such as `idle` of
    `system.cpu`; no list tells them, and None is before anything was answered.
    """

    id: str
    units: str
    title: str = ""
    family: str = ""
    dimensions: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    priority: int = 0
    first_entry: float | None = None
    every: int | None = None
    is_live: bool = True
    hidden: tuple[str, ...] | None = None


class History(Struct, frozen=True):
    """A source's answer to a query: a series for each metric asked for, and its own clock."""

    series: dict[Metric, Series]
    now: float


class Newest(Struct, frozen=True):
    """The newest sample of a metric, its columns added up.

    `time` is None where there is none, `every` the seconds between two rows, `now` the source's
    own clock.
    """

    time: float | None
    value: float
    every: float
    now: float
