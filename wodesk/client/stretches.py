"""History of any length at any resolution, by several requests where one would be too large."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from wodesk.client.source import Source
from wodesk.models.errand import Stretch
from wodesk.models.errors import BadAnswer, Hop
from wodesk.models.metric import History, Metric, Query, Series, Window
from wodesk.models.pieces import between, put_together
from wodesk.models.when import zoned

MOST_VALUES = 30_000_000
"""Values that are held at once: 240 MB."""
_MOST_ROWS = 3_600
"""Rows of one request, which an agent answers in some 10 ms."""
_VALUES = 100_000
"""Values of one request: below the size of an answer that is accepted."""
_PROBE_POINTS = 60
_ADVICE = "Look at the spelling of the context, and at how far back the server goes."
_FEW = 2
"""Samples that a window has room for, and that may be missing at its ends."""
_LAG = 2
"""Seconds by which the newest row of an agent may be behind its clock."""


OnProgress = Callable[[int, int], object]
"""Called with the rows that are there, and the rows that will be there in the end."""


async def fetched(
    source: Source, stretch: Stretch, on_progress: OnProgress = lambda done, rows: None
) -> Series:
    """The samples of a stretch, every bucket of it; raises `SourceError`.

    Buckets are as long as the source's own cadence, or multiples of that, and end at multiples of
    their length.  What is older than the source's retention, or newer than its newest row, is not
    in it.  Cancelling it leaves nothing behind.
    """
    seconds = math.ceil((stretch.before or time.time()) - stretch.after)
    if seconds <= 0:
        raise BadAnswer("The window ends before it begins.", hop=Hop.DATA)
    window = Window(seconds, stretch.before)
    probe = await source.history(Query((stretch.metric,), window, min(_PROBE_POINTS, seconds)))
    found = probe.series[stretch.metric]
    if not found.columns:
        raise _nothing(stretch, _ADVICE)
    plan = _planned(stretch, probe)
    if plan.rows * len(found.columns) > MOST_VALUES:
        raise BadAnswer(
            f"{plan.rows:,} rows of {len(found.columns)} columns are too many at once.",
            hop=Hop.DATA,
            advice="Ask for fewer points or for a shorter window.",
        )
    pieces = await _pieces(source, plan, max(1, _VALUES // len(found.columns)), on_progress)
    series = _settled(put_together(pieces), plan)
    if not len(series):
        raise _nothing(stretch, _why_none(found, stretch, seconds))
    return series


def _nothing(stretch: Stretch, advice: str) -> BadAnswer:
    return BadAnswer(
        f"The server has no samples of {stretch.metric.context} in this window.",
        hop=Hop.DATA,
        advice=advice,
    )


def _why_none(found: Series, stretch: Stretch, seconds: int) -> str:
    """Why a window of so many seconds has no samples, and what to do about it."""
    first, end = found.first_entry, stretch.before or math.inf
    every = found.cadence or found.every
    if first is not None and first > min(end, stretch.after):
        return f"Its samples begin on {zoned(first):%Y-%m-%d at %H:%M:%S}."
    if seconds < _FEW * every:
        return f"It has a sample every {every:g} s: ask for a longer window."
    return "It may not have measured then, or not yet: ask for a longer window."


class _Plan(Struct, frozen=True):
    """Buckets from `start` to `end`; rows later than `newest` are not of the stretch."""

    metric: Metric
    bucket: int
    start: int
    end: int
    newest: float
    now: float
    band: bool

    @property
    def rows(self) -> int:
        return (self.end - self.start) // self.bucket


def _planned(stretch: Stretch, probe: History) -> _Plan:
    """The buckets to ask for, of which the source has anything."""
    found = probe.series[stretch.metric]
    cadence = max(1, math.ceil(found.cadence or found.every))
    bucket = cadence
    if stretch.points is not None:
        wanted = ((stretch.before or probe.now) - stretch.after) / max(1, stretch.points)
        bucket = max(1, math.ceil(wanted / cadence)) * cadence
    # An agent closes a bucket of several samples at its end, whether the last has come or not.
    lag = _LAG if bucket > cadence else 0
    newest = min(stretch.before or probe.now, probe.now - lag)
    after = max(stretch.after, (found.first_entry or 0) - bucket)
    start = math.floor(after / bucket) * bucket
    end = (math.floor if bucket > cadence else math.ceil)(newest / bucket) * bucket
    metric = replace(stretch.metric, every=cadence)
    # A window within one bucket has the last one that is over.
    start = min(start, end - bucket)
    return _Plan(metric, bucket, start, end, newest, probe.now, stretch.band)


async def _pieces(
    source: Source, plan: _Plan, rows_at_once: int, on_progress: OnProgress
) -> list[Series]:
    pieces = []
    step = min(_MOST_ROWS, rows_at_once) * plan.bucket
    on_progress(0, plan.rows)
    for start in range(plan.start, plan.end, step):
        end = min(plan.end, start + step)
        window, rows = Window(end - start, float(end)), (end - start) // plan.bucket
        answer = await source.history(Query((plan.metric,), window, rows, plan.band))
        pieces.append(between(answer.series[plan.metric], start, min(end, plan.newest)))
        on_progress((end - plan.start) // plan.bucket, plan.rows)
    return pieces


def _settled(series: Series, plan: _Plan) -> Series:
    """With a gap where the source has lost a row, but where it may only not have stored it yet."""
    if (series.times % plan.bucket == 0).all():
        first = plan.start + plan.bucket
        times = np.arange(first, plan.newest + 1, plan.bucket, dtype=np.float64)
        grid = Series(times, np.empty((times.size, 0)), (), "", plan.bucket)
        series = between(put_together([grid, series]), plan.start, plan.newest)
    lasting = ~np.isnan(series.values).all(axis=1) | (series.times <= plan.now - plan.bucket - _LAG)
    last = np.flatnonzero(lasting)
    return between(series, 0, float(series.times[last[-1]]) if last.size else 0)
