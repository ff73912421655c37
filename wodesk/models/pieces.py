"""Series cut to a window, and pieces of one put together; pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wodesk.models.arrays import Floats
from wodesk.models.metric import Series


def between(series: Series, start: float, end: float) -> Series:
    """The rows later than `start`, up to `end`; views of the same samples."""
    first, last = np.searchsorted(series.times, (start, end), side="right")
    cut = {name: layer[first:last] for name, layer in series.layers().items()}
    return series.of(series.times[first:last], cut)


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
            target = whole.setdefault(name, np.full((times.size, len(columns)), np.nan))
            target[rows[:, None], places] = layer
    like = next((piece for piece in pieces if piece.columns), pieces[0])
    return like.of(times, whole, tuple(columns))
