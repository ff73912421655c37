"""Samples kept in memory, in two resolutions, for the embedded source."""

from __future__ import annotations

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Context, Metric, Query, Series

_FINE_ROWS = 3 * 3600
_COARSE_SECONDS = 60
_COARSE_ROWS = 8 * 24 * 60


class Ring:
    """The newest `capacity` rows of (time, values); older ones are overwritten."""

    def __init__(self, capacity: int, width: int) -> None:
        self._rows = np.full((capacity, width + 1), np.nan)
        self._count = 0

    def append(self, time: float, values: Floats) -> None:
        """Add a row; `time` is later than that of every row before."""
        row = self._rows[self._count % len(self._rows)]
        row[0] = time
        row[1:] = values
        self._count += 1

    def since(self, start: float) -> tuple[Floats, Floats]:
        """Times and values of the rows later than `start`, oldest first, as copies."""
        size = len(self._rows)
        if self._count <= size:
            rows = self._rows[: self._count]
        else:
            rows = np.roll(self._rows, -(self._count % size), axis=0)
        rows = rows[np.searchsorted(rows[:, 0], start, side="right") :]
        return rows[:, 0].copy(), rows[:, 1:].copy()


class Recording:
    """One metric since the start: each second for three hours, each minute for eight days."""

    def __init__(self, metric: Metric, columns: tuple[Column, ...], units: str) -> None:
        self.metric = metric
        self.columns = columns
        self.units = units
        self._fine = Ring(_FINE_ROWS, len(columns))
        self._coarse = Ring(_COARSE_ROWS, 3 * len(columns))
        self._minute: list[Floats] = []
        self._minute_end = 0.0
        self._first: float | None = None

    def append(self, time: float, values: Floats) -> None:
        """Add the sample of whole second `time`."""
        if self._first is None:
            self._first = time
        end = -(-time // _COARSE_SECONDS) * _COARSE_SECONDS
        if end != self._minute_end and self._minute:
            minute = (of(self._minute, axis=0) for of in (np.mean, np.min, np.max))
            self._coarse.append(self._minute_end, np.concatenate([*minute]))
            self._minute = []
        self._minute_end = end
        self._minute.append(values)
        self._fine.append(time, values)

    def described(self) -> Context:
        """The metric as a catalogue has it."""
        mounts = tuple(dict.fromkeys(one.instance for one in self.columns if one.instance))
        return Context(
            id=self.metric.context,
            units=self.units,
            dimensions=tuple(dict.fromkeys(one.dimension for one in self.columns)),
            instances=mounts,
            labels=((self.metric.label, mounts),) if self.metric.label is not None else (),
            first_entry=self._first,
            every=self.metric.every,
        )

    def series(self, query: Query, now: float) -> Series:
        """The samples in the window of `query`, averaged where its buckets hold several.

        Buckets end on multiples of their length; the unfinished one is left out.
        """
        bucket = query.bucket
        before = query.window.before if query.window.before is not None else now
        # A bucket that the window cuts is averaged whole, so that it stays what it was.
        start = (before - query.window.seconds) // bucket * bucket
        every = max(bucket, self.metric.every)
        coarse = bucket >= _COARSE_SECONDS and query.window.seconds > _FINE_ROWS
        times, values = (self._coarse if coarse else self._fine).since(start)
        times, values = times[times <= before], values[times <= before]
        means, lows, highs = np.split(values, 3, axis=1) if coarse else (values, values, values)
        layers = {"values": means}
        if bucket > self.metric.every:
            ends, layers["values"] = averaged(times, means, bucket, before)
            if query.band:
                _, layers["lows"] = folded(times, lows, bucket, before, np.minimum)
                _, layers["highs"] = folded(times, highs, bucket, before, np.maximum)
            times = ends
        like = Series(
            np.empty(0),
            np.empty((0, len(self.columns))),
            self.columns,
            self.units,
            every,
            self._first,
            self.metric.every,
        )
        return like.of(times, layers)


def averaged(times: Floats, values: Floats, bucket: int, before: float) -> tuple[Floats, Floats]:
    """Rows averaged into the buckets that end at multiples of `bucket`, up to `before`."""
    ends, sums = folded(times, values, bucket, before, np.add)
    _, counts = folded(times, np.ones((times.size, 1)), bucket, before, np.add)
    return ends, sums / counts


def folded(
    times: Floats, values: Floats, bucket: int, before: float, of: np.ufunc
) -> tuple[Floats, Floats]:
    """The ends of the buckets up to `before`, and what `of` makes of the rows in each."""
    ends = np.ceil(times / bucket) * bucket
    closed = ends <= before
    ends, values = ends[closed], values[closed]
    if not ends.size:
        return ends, values
    borders, starts = np.unique(ends, return_index=True)
    return borders, of.reduceat(values, starts, axis=0)
