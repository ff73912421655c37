"""Series cut to a window, and pieces of one put together; pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Series


def between(series: Series, start: float, end: float) -> Series:
    """The rows later than `start`, up to `end`; views of the same samples."""
    first, last = np.searchsorted(series.times, (start, end), side="right")
    cut = {name: layer[first:last] for name, layer in series.layers().items()}
    return series.of(series.times[first:last], cut)


def laid_on(series: Series, times: Floats, columns: Sequence[Column]) -> Floats:
    """The values of a series (len(times), len(columns)) at other times and in other columns.

    What it does not have is NaN.
    """
    laid = np.full((times.size, len(columns)), np.nan)
    shared, rows, own_rows = np.intersect1d(
        times, series.times, assume_unique=True, return_indices=True
    )
    for place, column in enumerate(columns):
        if shared.size and column in series:
            laid[rows, place] = series[column][own_rows]
    return laid


def put_together(pieces: Sequence[Series]) -> Series:
    """Pieces of one metric as one series; of a row that several have, the last one counts.

    A column or a layer that a piece does not have is a gap there.  Units and cadence are those of
    the first piece that has columns.
    """
    columns = {column: 0 for piece in pieces for column in piece.columns}
    columns = {column: place for place, column in enumerate(columns)}
    times = np.unique(np.concatenate([piece.times for piece in pieces]))
    whole: dict[str, Floats] = {}
    for piece in pieces:
        rows = np.searchsorted(times, piece.times)
        places = np.array([columns[column] for column in piece.columns], dtype=np.intp)
        for name, layer in piece.layers().items():
            if name not in whole:
                whole[name] = np.full((times.size, len(columns)), np.nan)
            whole[name][rows[:, None], places] = layer
    like = next((piece for piece in pieces if piece.columns), pieces[0])
    return like.of(times, whole, tuple(columns))


def added_up(series: Series, columns: Sequence[Column]) -> Series:
    """The series with its columns called `columns`, those of one name added up in every layer."""
    unique = tuple(dict.fromkeys(columns))
    layers = {name: summed(layer, columns, unique) for name, layer in series.layers().items()}
    return series.of(series.times, layers, unique)


def summed(values: Floats, columns: Sequence[Column], unique: Sequence[Column]) -> Floats:
    """Values (n, len(unique)) of which those that have one name in `columns` are added up.

    A sum of gaps alone is a gap.
    """
    whole = np.full((values.shape[0], len(unique)), np.nan)
    for place, column in enumerate(unique):
        same = values[:, [i for i, other in enumerate(columns) if other == column]]
        present = ~np.isnan(same).all(axis=1)
        whole[present, place] = np.nansum(same[present], axis=1)
    return whole


def with_columns(series: Series, columns: Sequence[Column]) -> Series:
    """The series with some of its columns."""
    places = [place for column in columns if (place := series.place(column)) is not None]
    layers = {name: layer[:, places] for name, layer in series.layers().items()}
    return series.of(series.times, layers, tuple(columns))
