"""The least and the greatest sample of each bucket, from answers grouped by minimum and maximum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Metric, Series
from wodesk.models.pieces import laid_on


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
