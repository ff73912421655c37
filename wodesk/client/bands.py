"""The least and the greatest sample of each bucket, from answers grouped by minimum and maximum."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from wodesk.client.dialect import OUTWARD
from wodesk.models.arrays import Floats
from wodesk.models.metric import Metric, Query, Series, Window
from wodesk.models.pieces import laid_on

MOST_SAMPLES = 1_000_000
"""Samples of one metric that an agent goes through for the extremes of its buckets.

A week of one column; a slow agent takes half a second for it.
"""
_MINUTE = 60
"""Samples of which an agent makes one of its second tier; it answers long buckets from those."""
_FEW = 120
"""Samples that are asked for at once rather than their averages, minima and maxima in three."""


def samples_query(batch: Sequence[Metric], query: Query) -> Query | None:
    """The question for the samples of a live window, where its band can be made of few of them.

    It begins a bucket earlier, as only the agent's own buckets are whole from the start.
    """
    every, seconds = batch[0].every, query.window.seconds + query.bucket
    is_few = query.bucket > every and query.bucket % every == 0 and seconds <= _FEW * every
    if not (query.band and query.window.is_live and is_few):
        return None
    return replace(query, window=Window(seconds), points=seconds // every, band=False)


def condensed(series: Series, query: Query) -> Series:
    """Samples as the averages with their band that `query` asks for, in an agent's own buckets.

    A bucket that has not begun or not ended among them is left out.
    """
    bucket = query.bucket
    if series.every >= bucket or not len(series):
        return series
    ends = np.ceil(series.times / bucket) * bucket
    starts = np.flatnonzero(np.diff(ends, prepend=-np.inf))
    ends, layers = ends[starts], series.layers()
    values, known = layers.pop("values"), ~np.isnan(series.values)
    whole = {
        "lows": np.fmin.reduceat(values, starts, axis=0),
        "highs": np.fmax.reduceat(values, starts, axis=0),
    }
    for name, layer in {"values": values, **layers}.items():
        sums = np.add.reduceat(np.where(known, layer, 0.0), starts, axis=0)
        with np.errstate(invalid="ignore"):
            whole[name] = sums / np.add.reduceat(known.astype(float), starts, axis=0)
    first, last = series.times[0] - series.every, series.times[-1] + series.every
    is_whole = np.flatnonzero((ends - bucket >= first) & (ends < last))[-query.points :]
    rows = {name: layer[is_whole] for name, layer in whole.items()}
    return dataclasses.replace(series.of(ends[is_whole], rows), every=float(bucket))


def outward(averages: Mapping[Metric, Series]) -> tuple[Metric, ...]:
    """The metrics of whose outgoing traffic the samples themselves are to be asked for.

    Of what it has condensed, an agent takes as maximum the sample of each minute that is greatest
    by its sign, which of a negative one is the nearest to zero: a second of much traffic is lost.
    Where there are more samples than `MOST_SAMPLES` the band is as told, and may be too narrow.
    """
    return tuple(metric for metric, series in averages.items() if _is_outward(series))


def _is_outward(series: Series) -> bool:
    cadence = series.cadence or 1.0
    columns = sum(column.dimension in OUTWARD for column in series.columns)
    samples = columns * len(series) * series.every / cadence
    return series.every >= _MINUTE * cadence and 0 < samples <= MOST_SAMPLES


def banded(
    averages: dict[Metric, Series], extremes: Sequence[Mapping[Metric, Series]]
) -> dict[Metric, Series]:
    """The averages with a band around each that every one of the answers lies in.

    Netdata takes as minimum the sample that is nearest to zero, and as maximum the one that is
    farthest from it.  So the greatest outgoing traffic, which is negative, comes as the maximum;
    and of a bucket with samples on both sides of zero one end is known, that farther from it.
    """
    if not extremes:
        return averages
    return {
        metric: _banded(series, [answer[metric] for answer in extremes if metric in answer])
        for metric, series in averages.items()
    }


def _banded(average: Series, extremes: Sequence[Series]) -> Series:
    lows, highs = average.values.copy(), average.values.copy()
    for series in extremes:
        values = _where_known(laid_on(series, average.times, average.columns), average.values)
        lows, highs = np.fmin(lows, values), np.fmax(highs, values)
    return average.of(average.times, average.layers() | {"lows": lows, "highs": highs})


def _where_known(values: Floats, average: Floats) -> Floats:
    """Values as they are but for gaps of the average, which are gaps here too."""
    return np.where(np.isnan(average), np.nan, values)
