"""The state of each watch between two questions to its source."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct

from wodesk.models.metric import History, Metric, Query, Series, Watch, Window

_SETTLED = 3
"""Samples after one until it counts as written: so many rows are asked for again."""
_LAG = 1.0
"""Seconds that the newest row of an agent is behind its clock at the least."""


class Feed(Struct):
    """One watch and what has come of it so far.

    `due` is on the clock of the asyncio loop.  A window `is_settled` when nothing of it can change.
    """

    watch: Watch
    due: float = 0.0
    series: Series | None = None
    is_settled: bool = False

    def rows_wanted(self, now: float) -> int:
        """How many buckets to ask for, up to the source's `now`, to have no hole."""
        newest = self.series.newest if self.series is not None else None
        if newest is None or not self.watch.window.is_live:
            return self.watch.points
        # One at the least: the two clocks may differ.  The bucket that runs has no row yet.
        missing = max(1, math.floor((now - _LAG - newest) / self.watch.bucket))
        return min(self.watch.points, missing + _SETTLED)

    def take(self, answer: History) -> Series:
        """Join what came, and give the whole."""
        from wodesk.sampling.tail import joined  # noqa: PLC0415  brings numpy along

        new = answer.series[self.watch.metric]
        old = self.series if self.series is not None else new
        before = self.watch.window.before
        end = answer.now if before is None else before
        written = end + _SETTLED * self.watch.metric.every
        self.is_settled = before is not None and answer.now >= written
        self.series = joined(old, new, keep_from=end - self.watch.window.seconds, now=answer.now)
        return self.series

    def pace(self, interval: float) -> float:
        """Seconds from one question to the next: none for a window that is settled.

        One that ends now, as a page that was just paused, lacks samples that are being written.
        """
        if self.is_settled:
            return math.inf
        if not self.watch.window.is_live:
            return float(max(interval, self.watch.metric.every))
        return float(max(interval, self.watch.bucket, self.watch.metric.every))


def questions(feeds: Iterable[Feed], now: float) -> dict[Query, list[Feed]]:
    """The feeds by the one query that serves each of them, as few queries as possible."""
    groups: dict[tuple[int, int, float | None, bool, bool], list[Feed]] = {}
    for feed in feeds:
        watch = feed.watch
        rows = feed.rows_wanted(now)
        key = (watch.bucket, rows, watch.window.before, watch.band, watch.anomaly)
        groups.setdefault(key, []).append(feed)
    return {
        Query(_metrics(group), Window(bucket * rows, before), rows, band, anomaly): group
        for (bucket, rows, before, band, anomaly), group in groups.items()
    }


def _metrics(feeds: Iterable[Feed]) -> tuple[Metric, ...]:
    return tuple(dict.fromkeys(feed.watch.metric for feed in feeds))
