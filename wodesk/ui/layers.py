"""Where samples are drawn in each style of chart: borders, bands and gaps as arrays, without Qt."""

from __future__ import annotations

import math
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from wodesk.models.arrays import Floats
from wodesk.models.metric import Series
from wodesk.models.page import Style

GAP_FACTOR = 2.5
"""Rows further apart than this many times their cadence have a gap between them."""

Chosen = NDArray[np.bool_]
"""Which rows or columns."""
Borders = tuple[Floats, Floats]
"""What bounds each trace or band below and above, (n, columns) each."""


def runs(known: Chosen) -> list[slice]:
    """The stretches of rows without a gap."""
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
    return [slice(start, end) for start, end in borders.reshape(-1, 2).tolist()]


def with_gaps(series: Series) -> Series:
    """The series with a row of NaN, in every layer, wherever rows are missing."""
    steps = series.times[1:] - series.times[:-1]
    widest = GAP_FACTOR * series.every
    if not steps.size or np.maximum.reduce(steps) <= widest:
        return series
    holes = np.flatnonzero(steps > widest) + 1
    times = np.insert(series.times, holes, series.times[holes - 1] + series.every)
    layers = series.layers().items()
    return series.of(times, {name: np.insert(one, holes, np.nan, axis=0) for name, one in layers})


def borders(style: Style, rows: Floats, drawn: Chosen, below: Chosen) -> Borders:
    """What bounds each trace of `rows` (n, columns), of which those in `drawn` take room.

    Of directions those in `below` are under the zero line.
    """
    match style:
        case Style.STACKED:
            return _stacked(rows, drawn)
        case Style.MIRRORED:
            return _mirrored(rows, rows, below)
        case Style.LINES:
            return rows, rows
        case _:
            assert_never(style)


def bands(style: Style, rows: Floats, extremes: Borders, drawn: Chosen, below: Chosen) -> Borders:
    """What bounds the least and the greatest sample of each trace, as it is drawn.

    Where the extremes are not known they are the average, and a gap of that is theirs.  Layers on
    each other have one band alone (n, 1), that of their sum, from its average up.  When each of
    them was at its greatest is not known, so neither is the peak of the sum; but at the greatest
    sample of one layer none of the others was below its own least.  The band ends there: the sum
    has surely been as high, and may have been higher.
    """
    gaps = np.isnan(rows)
    lows, highs = (np.where(np.isnan(one) | gaps, rows, one) for one in extremes)
    match style:
        case Style.STACKED:
            return _peak(rows, lows, highs, drawn)
        case Style.MIRRORED:
            return _mirrored(highs, lows, below)
        case Style.LINES:
            return lows, highs
        case _:
            assert_never(style)


def extreme(of: np.ufunc, values: Floats) -> float:
    """The number in `values` that is furthest from zero to one side, or zero."""
    found = float(of.reduce(values, axis=None, initial=0.0))
    return found if math.isfinite(found) else 0.0


def _stacked(rows: Floats, drawn: Chosen) -> Borders:
    """Layers on each other; a row without any number is a gap in all of them."""
    upper = np.cumsum(np.where(drawn, np.nan_to_num(rows), 0.0), axis=1)
    lower = np.zeros_like(upper)
    lower[:, 1:] = upper[:, :-1]
    gaps = np.isnan(rows).all(axis=1)
    upper[gaps] = lower[gaps] = np.nan
    return lower, upper


def _peak(rows: Floats, lows: Floats, highs: Floats, drawn: Chosen) -> Borders:
    """The average of the sum, and what it has reached at least."""
    average, least, most = (np.where(drawn, np.nan_to_num(one), 0.0) for one in (rows, lows, highs))
    mean = average.sum(axis=1, keepdims=True)
    above = (most - least).max(axis=1, keepdims=True, initial=0.0)
    peak = np.maximum(mean, least.sum(axis=1, keepdims=True) + above)
    gaps = np.isnan(rows).all(axis=1)
    mean[gaps] = peak[gaps] = np.nan
    return mean, peak


def _mirrored(outer: Floats, inner: Floats, below: Chosen) -> Borders:
    """Directions, each from `inner` to `outer`, or from the zero line where they are the same."""
    if inner is outer:
        inner = np.where(np.isnan(outer), np.nan, 0.0)
    return np.where(below, -outer, inner), np.where(below, -inner, outer)
