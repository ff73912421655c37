"""The least and the greatest sample of each bucket, from answers grouped by minimum and maximum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wodesk.client.dialect import OUTWARD
from wodesk.models.arrays import Floats
from wodesk.models.metric import Metric, Series
from wodesk.models.pieces import laid_on

MOST_SAMPLES = 1_000_000
"""Samples of one metric that an agent goes through for the extremes of its buckets.

A week of one column; a slow agent takes half a second for it.
"""
_MINUTE = 60
"""Samples of which an agent makes one of its second tier; it answers long buckets from those."""


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
