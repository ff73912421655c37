"""The embedded source: this machine, measured by psutil under Netdata's own names."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import numpy as np

from wodesk.client.local_gauges import file_systems, gauges, this_host
from wodesk.client.rings import Recording
from wodesk.client.samples import empty
from wodesk.client.weights import changes_from_history
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.derive import newest_of
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Newest, Query, Series
from wodesk.models.pieces import added_up, with_columns

_FIRST_SPAN = 0.2
"""Seconds from the first reading of the counters to the first rate."""
_SPACE_EVERY = 10
_SPACE_PATIENCE = 2.0
"""Seconds that a file system may take to tell its size; a dead network mount never does."""


class LocalSource:
    """This machine, sampled each second for as long as the source is open.

    It has no past from before it was opened, and says so by `Series.first_entry`.
    """

    def __init__(self) -> None:
        self._gauges = gauges()
        self._space: Recording | None = None
        self._mounts_pending: asyncio.Task[dict[str, tuple[float, float]]] | None = None

    async def connect(self) -> Host:
        """What the platform tells about itself."""
        return await asyncio.to_thread(this_host)

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

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
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
            self._mounts_pending = asyncio.create_task(asyncio.to_thread(file_systems))
        done, _ = await asyncio.wait({self._mounts_pending}, timeout=_SPACE_PATIENCE)
        if not done:
            return
        sizes, self._mounts_pending = self._mounts_pending.result(), None
        if not sizes:
            return
        columns = tuple(Column(name, mount) for mount in sizes for name in ("avail", "used"))
        if self._space is None or self._space.columns != columns:
            self._space = Recording(
                Metric("disk.space", "mount_point", _SPACE_EVERY), columns, "GiB"
            )
        self._space.append(second, np.array([part for size in sizes.values() for part in size]))


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
