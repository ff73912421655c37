"""What a window of a series comes to: the figures of each of its columns; pure functions."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Series

_PERCENTILE = 95.0
_EXTREMES = (np.fmin, np.fmax)
_VOLUMES = {
    "kilobits/s": ("B", 125.0),
    "megabits/s": ("B", 125_000.0),
    "bits/s": ("B", 0.125),
    "KiB/s": ("B", 1024.0),
    "MiB/s": ("B", 1024.0**2),
    "GiB/s": ("B", 1024.0**3),
    "KB/s": ("B", 1000.0),
    "MB/s": ("B", 1e6),
    "bytes/s": ("B", 1.0),
    "B/s": ("B", 1.0),
}
"""What the integral of a rate is in, and what a unit of it is in that: traffic is bytes."""


class Statistics(Struct, frozen=True):
    """The figures of one column, in the units of its series; NaN where there is no number.

    `mean` counts each bucket for as long as it is; `p95` is the value that 95 % of the rows do not
    exceed.  `total` is in the units of the summary, and NaN where the metric is no rate.
    `covered` is the seconds of the window of which there are numbers.
    """

    column: Column
    last: float
    least: float
    mean: float
    most: float
    p95: float
    total: float
    covered: float


class Summary(Struct, frozen=True):
    """The figures of all columns over the window from `start` to `end`, in epoch seconds.

    `total_units` are those of the totals, None where the metric is no rate.  `has_peaks` is
    whether `least` and `most` are of single samples rather than of the averages of buckets.
    """

    start: float
    end: float
    units: str
    total_units: str | None
    has_peaks: bool
    of: tuple[Statistics, ...]


def volume_of(units: str) -> tuple[str, float] | None:
    """The units of an integral over time, and the factor to them; None where that means nothing."""
    known = _VOLUMES.get(units)
    if known is None and units.endswith("/s") and len(units) > len("/s"):
        return units.removesuffix("/s"), 1.0
    return known


def summary(series: Series, start: float | None = None, end: float | None = None) -> Summary:
    """The figures of a window, which is the whole series where nothing else is said.

    A bucket that the window cuts counts with the part of it that is inside; a gap counts for
    nothing, neither as zero nor as what was before it.
    """
    lengths = _lengths(series)
    if series.times.size:
        start = float(series.times[0] - lengths[0]) if start is None else start
        end = float(series.times[-1]) if end is None else end
    start, end = start or 0.0, end or 0.0
    first = int(np.searchsorted(series.times, start, side="right"))
    last = int(np.searchsorted(series.times - lengths, end, side="left"))
    # Of no length it would still have the bucket that it is in.
    inside = slice(first, max(first, last) if start < end else first)
    ends, begins = series.times[inside], series.times[inside] - lengths[inside]
    seconds = np.minimum(ends, end) - np.maximum(begins, start)
    volume = volume_of(series.units)
    factor = np.nan if volume is None else volume[1]
    # Numbers that no metric has come to infinity in sums.
    with np.errstate(over="ignore", invalid="ignore"):
        figures = _statistics(series, inside, seconds, factor)
    return Summary(
        start=start,
        end=end,
        units=series.units,
        total_units=None if volume is None else volume[0],
        has_peaks=series.lows is not None or not series.is_averaged,
        of=figures,
    )


def _lengths(series: Series) -> Floats:
    """Seconds that each row stands for: a bucket, or less where the row before is nearer."""
    every = np.full(series.times.size, float(series.every))
    every[1:] = np.minimum(every[1:], np.diff(series.times))
    return every


def _statistics(
    series: Series, inside: slice, seconds: Floats, factor: float
) -> tuple[Statistics, ...]:
    # Columns in one piece each: going through them is then several times as fast.
    columns = np.ascontiguousarray(series.values[inside].T)
    peaks = (series.values if one is None else one for one in (series.lows, series.highs))
    least, most = (_extremes(of, peak[inside]) for of, peak in zip(_EXTREMES, peaks, strict=True))
    figures = []
    for place, column in enumerate(series.columns):
        known = ~np.isnan(columns[place])
        numbers, lengths = columns[place][known], seconds[known]
        covered = float(lengths.sum())
        # Not `@`, for which BLAS starts threads that cost more than they bring.
        integral = float((lengths * numbers).sum())
        is_there = numbers.size > 0
        figures.append(
            Statistics(
                column=column,
                last=float(numbers[-1]) if is_there else np.nan,
                least=float(least[place]),
                mean=integral / covered if is_there else np.nan,
                most=float(most[place]),
                p95=float(np.percentile(numbers, _PERCENTILE)) if is_there else np.nan,
                total=integral * factor if is_there else np.nan,
                covered=covered,
            )
        )
    return tuple(figures)


def _extremes(of: np.ufunc, values: Floats) -> Floats:
    """The least or greatest number of each column; NaN where there is none."""
    nothing = np.full(values.shape[1], np.nan)
    return nothing if not len(values) else np.asarray(of.reduce(values, axis=0))
