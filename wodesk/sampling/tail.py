"""New samples joined to the ones already there; pure functions."""

from __future__ import annotations

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Series

_CLOCK_NOISE = 5.0
"""Seconds by which a row may be ahead of a clock that is known in whole seconds only."""


def joined(old: Series, new: Series, *, keep_from: float, now: float) -> Series:
    """`new` over `old`, by time, from `keep_from` (exclusive) on.

    A number never gives way to a gap.  Rows without any number at the very end are left out while
    they are so recent that the source may simply not have stored them yet, and rows of the future
    are when the source's clock was set back.  A column without any number left is gone.
    """
    columns = tuple(dict.fromkeys((*old.columns, *new.columns)))
    times = _either(old.times, new.times)
    layers: dict[str, Floats] = {}
    for series in (old, new):
        for name, layer in series.layers().items():
            if name not in layers:
                layers[name] = np.full((times.size, len(columns)), np.nan)
            _lay(series, layer, times, columns, layers[name])
    values = layers["values"]
    start = int(np.searchsorted(times, keep_from, side="right"))
    future = int(np.searchsorted(times, now + max(new.every, _CLOCK_NOISE), side="right"))
    end = _end_of_known(times[:future], values[:future], now - 2 * new.every - 2)
    values = values[start:end]
    here = np.array(np.isfinite(values).any(axis=0))
    if not here.any():
        here[:] = True
    return Series(
        times[start:end].copy(),
        values[:, here],
        tuple(column for column, is_here in zip(columns, here, strict=True) if is_here),
        new.units or old.units,
        new.every,
        new.first_entry if new.first_entry is not None else old.first_entry,
        new.cadence,
        **{name: layer[start:end][:, here] for name, layer in layers.items() if name != "values"},
    )


def _either(old: Floats, new: Floats) -> Floats:
    """The times that are in one of them or in both; `np.union1d` would load masked arrays."""
    times = np.concatenate((old, new))
    times.sort(kind="stable")
    return times[np.diff(times, prepend=-np.inf) > 0]


def _lay(
    series: Series, layer: Floats, times: Floats, columns: tuple[Column, ...], target: Floats
) -> None:
    """Write the numbers of a layer of `series` over `target`, whose rows are `times`."""
    rows = np.searchsorted(times, series.times)
    for position, column in enumerate(columns):
        place = series.place(column)
        if place is not None:
            numbers = layer[:, place]
            known = ~np.isnan(numbers)
            target[rows[known], position] = numbers[known]


def _end_of_known(times: Floats, values: Floats, settled: float) -> int:
    """One past the last row that has a number or is older than `settled`."""
    lasting = ~np.isnan(values).all(axis=1) | (times < settled)
    known = np.flatnonzero(lasting)
    return int(known[-1]) + 1 if known.size else 0
