"""What the legend of a chart says of a row of its samples."""

from __future__ import annotations

from wodesk.ui.legend import Row
from wodesk.ui.picture import Picture
from wodesk.ui.theme import Theme, series_color
from wodesk.ui.units import quantity

NEWEST, NOWHERE = -1, -2
"""Rows: the last of them, and one where nothing was measured."""


def rows_of(shown: Picture, row: int, theme: Theme) -> list[Row]:
    """A line for each trace of a picture, with its value in a row."""
    rows = []
    for trace in shown.traces:
        known = row != NOWHERE and -trace.values.size <= row < trace.values.size
        value = float(trace.values[row]) if known else float("nan")
        color = series_color(theme, trace.name)
        rows.append(Row(color, trace.name, str(quantity(value, shown.unit))))
    return rows
