"""Series cut to a window, and pieces of one put together; pure functions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from wodesk.models.metric import Column, Series


def between(series: Series, start: float, end: float) -> Series:
    """The rows later than `start`, up to `end`; views of the same samples."""
    first, last = np.searchsorted(series.times, (start, end), side="right")
    return dataclasses.replace(
        series, times=series.times[first:last], values=series.values[first:last]
    )


def put_together(pieces: Sequence[Series]) -> Series:
    """Pieces of one metric as one series; of a row that several have, the last one counts.

    A column that a piece does not have is a gap there.  Units and cadence are those of the first
    piece that has columns.
    """
    columns: dict[Column, int] = {}
    for piece in pieces:
        for column in piece.columns:
            columns.setdefault(column, len(columns))
    times = np.unique(np.concatenate([piece.times for piece in pieces]))
    values = np.full((times.size, len(columns)), np.nan)
    for piece in pieces:
        rows = np.searchsorted(times, piece.times)
        places = np.array([columns[column] for column in piece.columns], dtype=np.intp)
        values[rows[:, None], places] = piece.values
    like = next((piece for piece in pieces if piece.columns), pieces[0])
    return dataclasses.replace(like, times=times, values=values, columns=tuple(columns))
